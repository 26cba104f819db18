use crate::support::{Numbers, close, levels};
use variegate_kernels::blend::{BlendMode, blend};
use variegate_kernels::hsv::hsv;
use variegate_kernels::lut::{lut8, lut16};
use variegate_kernels::matrix::{mix3, scale_rows};
use variegate_kernels::measure::{channel_sums, histogram8, histogram16, luma_sum};
use variegate_kernels::noise::{add_normal, add_uniform, multiply_normal, multiply_uniform};
use variegate_kernels::region::{Outline, SpanNoise, fill_span, noise_span, spans};
use variegate_picture::{FieldKey, Point};

/// Runs a kernel on a copy of a row at every level.
fn on(row: &[f32], kernel: impl Fn(&mut [f32])) -> Vec<f32> {
    levels(|| {
        let mut copy = row.to_vec();
        kernel(&mut copy);
        copy
    })
}

#[test]
fn gains_and_matrices_equal_their_formulas() {
    let mut numbers = Numbers::new(2);
    let m = [[0.4, 0.5, 0.1, 3.0], [0.1, 0.8, 0.1, -30.0], [0.2, 0.2, 1.6, 1.0]];
    for width in 1..=67 {
        for channels in [1, 3, 4, 7] {
            let row = numbers.reals(width * channels, 255.0);
            let (gain, offset) = ([1.5f32, 0.5, 2.0], [1.0f32, -60.0]);
            for ends in [None, Some((0.0, 255.0))] {
                let clamp = |v: f64| ends.map_or(v, |(lo, hi): (f32, f32)| v.clamp(lo.into(), hi.into()));
                let got = on(&row, |r| scale_rows(r, channels, &gain, &offset, ends));
                let expected: Vec<f64> = (0..row.len())
                    .map(|e| {
                        let c = e % channels;
                        clamp(f64::from(row[e]) * f64::from(gain[c.min(2)]) + f64::from(offset[c.min(1)]))
                    })
                    .collect();
                close(&got, &expected, 1e-4, "scale_rows");
                if channels != 3 && channels != 4 {
                    continue;
                }
                let got = on(&row, |r| mix3(r, channels, &m, ends));
                let expected: Vec<f64> = (0..row.len())
                    .map(|e| {
                        let (c, p) = (e % channels, &row[e - e % channels..]);
                        if c == 3 {
                            return f64::from(row[e]);
                        }
                        let sum: f64 = (0..3).map(|k| f64::from(m[c][k]) * f64::from(p[k])).sum();
                        clamp(sum + f64::from(m[c][3]))
                    })
                    .collect();
                close(&got, &expected, 1e-4, "mix3");
            }
        }
    }
}

/// Smith's hexcone in f64.
fn hexcone(rgb: [f64; 3], hue: f64, saturation: f64, value: f64) -> [f64; 3] {
    let (max, min) = (rgb.into_iter().fold(0.0, f64::max), rgb.into_iter().fold(f64::MAX, f64::min));
    let d = max - min;
    let h = match max {
        _ if d == 0.0 => 0.0,
        m if m == rgb[0] => (rgb[1] - rgb[2]) / d,
        m if m == rgb[1] => 2.0 + (rgb[2] - rgb[0]) / d,
        _ => 4.0 + (rgb[0] - rgb[1]) / d,
    };
    let h = (h / 6.0 + hue).rem_euclid(1.0) * 6.0;
    let s = if max == 0.0 { 0.0 } else { (d / max * saturation).clamp(0.0, 1.0) };
    let v = (max * value).clamp(0.0, 255.0);
    [5.0, 3.0, 1.0].map(|n: f64| {
        let k = (n + h).rem_euclid(6.0);
        v - v * s * k.min(4.0 - k).clamp(0.0, 1.0)
    })
}

#[test]
fn hsv_equals_the_hexcone_and_neutral_values_change_nothing() {
    let mut numbers = Numbers::new(4);
    for width in 1..=67 {
        for channels in [3, 4] {
            let mut row = numbers.reals(width * channels, 255.0);
            row[..3].fill(128.0);
            for (hue, saturation, value) in [(0.0, 1.0, 1.0), (0.3, 1.5, 0.8), (-0.7, 0.0, 1.2), (1.9, 0.4, 1.0)] {
                let got = on(&row, |r| hsv(r, channels, 255.0, hue, saturation, value));
                let expected: Vec<f64> = row
                    .chunks(channels)
                    .flat_map(|p| {
                        let rgb = [p[0], p[1], p[2]].map(f64::from);
                        let mut out = hexcone(rgb, hue.into(), saturation.into(), value.into()).to_vec();
                        out.extend(p[3..].iter().map(|v| f64::from(*v)));
                        out
                    })
                    .collect();
                close(&got, &expected, 1e-3, "hsv");
                if (hue, saturation, value) == (0.0, 1.0, 1.0) {
                    close(&got, &row.iter().map(|v| f64::from(*v)).collect::<Vec<_>>(), 1e-3, "neutral");
                }
            }
        }
    }
}

#[test]
fn noise_is_the_number_of_its_element() {
    let key = FieldKey(5, 6);
    for (width, channels, y) in [(1, 1, 0), (17, 3, 1), (67, 4, 3), (200, 7, 2), (70_000, 1, 61_400)] {
        let row = Numbers::new(y as u64).reals(width * channels, 1.0);
        for per_channel in [true, false] {
            let word = |e: usize| {
                let index = if per_channel { y * width * channels + e } else { y * width + e / channels } as u64;
                (index as u32, (index >> 32) as u32)
            };
            let normal = |e: usize| key.normal(word(e).0, word(e).1);
            let unit = |e: usize| {
                let (index, plane) = word(e);
                (key.words(index / 4, plane)[index as usize % 4] >> 8) as f32 / 16_777_216.0
            };
            let each = |f: &dyn Fn(usize) -> f32| (0..row.len()).map(f).collect::<Vec<_>>();
            let ends = Some((0.0, 1.0));
            let got = on(&row, |r| add_normal(r, channels, y, width, key, 0.3, 0.1, per_channel, ends));
            assert_eq!(got, each(&|e| (row[e] + (0.1 + 0.3 * normal(e))).clamp(0.0, 1.0)));
            let got = on(&row, |r| multiply_normal(r, channels, y, width, key, 0.3, 1.0, per_channel, None));
            assert_eq!(got, each(&|e| row[e] * (1.0 + 0.3 * normal(e))));
            let got = on(&row, |r| add_uniform(r, channels, y, width, key, -0.2, 0.4, per_channel, None));
            assert_eq!(got, each(&|e| row[e] + (-0.2 + (0.4f32 - -0.2) * unit(e))));
            let got = on(&row, |r| multiply_uniform(r, channels, y, width, key, 0.5, 1.5, per_channel, None));
            assert_eq!(got, each(&|e| row[e] * (0.5 + unit(e))));
            let (noise, span) = (SpanNoise::Normal { mean: 0.5, sigma: 0.1 }, (width / 3, width));
            let got = on(&row, |r| noise_span(r, channels, y, width, span, key, noise, per_channel, None));
            assert_eq!(got, each(&|e| if e / channels < span.0 { row[e] } else { 0.5 + 0.1 * normal(e) }));
        }
    }
}

#[test]
fn blending_equals_its_formulas() {
    let mut numbers = Numbers::new(8);
    use BlendMode::*;
    for mode in [Normal, Multiply, Screen, Overlay, SoftLight, Add, Subtract, Difference, Lighten, Darken] {
        for (width, channels) in [(1, 1), (5, 3), (33, 4), (9, 7)] {
            let n = width * channels;
            let (row, other, mask) = (numbers.reals(n, 255.0), numbers.reals(n, 255.0), numbers.reals(width, 1.0));
            for (opacity, mask) in [(1.0, None), (0.3, None), (0.7, Some(&mask[..]))] {
                let got = on(&row, |r| blend(r, &other, 255.0, mode, opacity, mask, channels));
                let expected: Vec<f64> = (0..n)
                    .map(|e| {
                        let (a, b) = (f64::from(row[e]) / 255.0, f64::from(other[e]) / 255.0);
                        let met = match mode {
                            Normal => b,
                            Multiply => a * b,
                            Screen => 1.0 - (1.0 - a) * (1.0 - b),
                            Overlay if a < 0.5 => 2.0 * a * b,
                            Overlay => 1.0 - 2.0 * (1.0 - a) * (1.0 - b),
                            SoftLight => (1.0 - 2.0 * b) * a * a + 2.0 * a * b,
                            Add => (a + b).min(1.0),
                            Subtract => (a - b).max(0.0),
                            Difference => (a - b).abs(),
                            Lighten => a.max(b),
                            Darken => a.min(b),
                        };
                        let weight = f64::from(opacity) * mask.map_or(1.0, |m| f64::from(m[e / channels]));
                        255.0 * (a + (met - a) * weight)
                    })
                    .collect();
                close(&got, &expected, 1e-3, &format!("{mode:?}"));
            }
        }
    }
}

#[test]
fn tables_serve_their_channels() {
    let inverse: [u8; 256] = std::array::from_fn(|i| 255 - i as u8);
    let same: [u8; 256] = std::array::from_fn(|i| i as u8);
    for (channels, tables) in
        [(1, vec![inverse]), (3, vec![same, inverse, same]), (4, vec![same, inverse]), (3, vec![inverse])]
    {
        let row: Vec<u8> = (0..24).map(|i| i * 9).collect();
        let mut got = row.clone();
        lut8(&mut got, channels, &tables);
        let mut wide: Vec<u16> = row.iter().map(|v| u16::from(*v)).collect();
        lut16(&mut wide, channels, &tables.iter().map(|t| t.map(u16::from).to_vec()).collect::<Vec<_>>());
        for e in 0..row.len() {
            let table = tables[(e % channels).min(tables.len() - 1)];
            assert_eq!(got[e], table[usize::from(row[e])]);
            assert_eq!(wide[e], u16::from(got[e]));
        }
    }
}

#[test]
fn measures_equal_plain_sums() {
    let mut numbers = Numbers::new(12);
    for width in 1..=67 {
        for channels in [1, 3, 4, 7] {
            let row = numbers.reals(width * channels, 255.0);
            let mut sums = vec![0.0f64; channels];
            let mut plain = vec![0.0f64; channels];
            row.iter().enumerate().for_each(|(e, v)| plain[e % channels] += f64::from(*v));
            levels(|| {
                let mut sums = vec![0.0f64; channels];
                channel_sums(&row, channels, &mut sums);
                sums.push(luma_sum(&row, channels));
                sums
            });
            channel_sums(&row, channels, &mut sums);
            assert!(sums.iter().zip(&plain).all(|(a, b)| (a - b).abs() < 1e-6));
            let luma = match channels {
                3 | 4 => 0.299 * plain[0] + 0.587 * plain[1] + 0.114 * plain[2],
                n => plain.iter().sum::<f64>() / n as f64,
            };
            assert!((luma_sum(&row, channels) - luma).abs() < 1e-6);
        }
    }
    let codes = [1u8, 2, 3, 1, 5, 3];
    let mut counts = [[0u32; 256]; 3];
    histogram8(&codes, 3, &mut counts);
    assert_eq!((counts[0][1], counts[1][2], counts[1][5], counts[2][3]), (2, 1, 1, 2));
    let mut counts = vec![vec![0u32; 4]; 1];
    histogram16(&[1, 9, 3], 1, &mut counts);
    assert_eq!(counts[0], [0, 1, 0, 2]);
}

#[test]
fn spans_hold_the_pixels_whose_centres_are_inside() {
    let triangle = vec![Point::new(2.2, 1.0), Point::new(17.0, 6.5), Point::new(5.0, 13.0)];
    let star = vec![Point::new(1.0, 1.0), Point::new(18.0, 9.0), Point::new(1.0, 9.0), Point::new(18.0, 1.0)];
    let outlines = [
        Outline::Rect { x0: 2.5, y0: 1.4, x1: 9.5, y1: 7.0 },
        Outline::Rect { x0: -9.0, y0: -3.0, x1: 99.0, y1: 99.0 },
        Outline::Ellipse { cx: 9.0, cy: 7.0, rx: 8.0, ry: 3.0, degrees: 30.0 },
        Outline::Ellipse { cx: 0.0, cy: 0.0, rx: 4.0, ry: 4.0, degrees: 0.0 },
        Outline::Polygon(triangle.clone()),
        Outline::Polygon(star.clone()),
        Outline::Polygon(Vec::new()),
    ];
    let (width, mut out) = (20usize, Vec::new());
    for outline in &outlines {
        for y in 0..16 {
            spans(outline, y, width, &mut out);
            assert!(out.iter().all(|s| s.0 < s.1 && s.1 <= width) && out.windows(2).all(|p| p[0].1 < p[1].0));
            let mut row = vec![0u8; width];
            out.iter().for_each(|span| fill_span(&mut row, 1, *span, &[1]));
            for (x, covered) in row.iter().enumerate() {
                let (px, py) = (x as f64 + 0.5, y as f64 + 0.5);
                let inside = match outline {
                    Outline::Rect { x0, y0, x1, y1 } => px >= *x0 && px < *x1 && py >= *y0 && py < *y1,
                    Outline::Ellipse { cx, cy, rx, ry, degrees } => {
                        let (sin, cos) = degrees.to_radians().sin_cos();
                        let (dx, dy) = (px - cx, py - cy);
                        let (u, v) = ((cos * dx + sin * dy) / rx, (cos * dy - sin * dx) / ry);
                        u * u + v * v <= 1.0
                    }
                    Outline::Polygon(points) => {
                        let crossings = (0..points.len()).filter(|k| {
                            let (p, q) = (points[*k], points[(k + 1) % points.len()]);
                            (p.y <= py) != (q.y <= py) && px >= p.x + (py - p.y) / (q.y - p.y) * (q.x - p.x)
                        });
                        crossings.count() % 2 == 1
                    }
                };
                assert_eq!(*covered == 1, inside, "{outline:?} at {x}, {y}");
            }
        }
    }
}
