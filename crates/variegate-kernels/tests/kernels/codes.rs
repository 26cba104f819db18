//! What goes from codes to codes equals the way through reals, at every instruction set.

use crate::support::{BORDERS, Numbers, levels, picture, value};
use variegate_kernels::chain::{Link, chain, chain_from_codes};
use variegate_kernels::convert::{load, round_row};
use variegate_kernels::hsv::{hsv, hsv_codes};
use variegate_kernels::lut::{Tables8, lut8};
use variegate_kernels::matrix::{mix3, mix3_codes, scale_rows};
use variegate_kernels::measure::{channel_sums, code_sums};
use variegate_kernels::permute::permute_row;
use variegate_kernels::region::{Outline, rows, spans};
use variegate_kernels::stencil::{Separable, StencilScratch, gaussian_weights};
use variegate_kernels::warp::{CodeEdge, Window};
use variegate_picture::{Border, Dtype, Pixels, Point};

/// Every code in every place of a vector, and random ones behind.
fn codes(len: usize) -> Vec<u8> {
    let mut numbers = Numbers::new(len as u64);
    (0..len).map(|e| if e < 256 { e as u8 } else { numbers.word() as u8 }).collect()
}

/// A table of each shape a prepared table may have.
fn tables() -> Vec<[u8; 256]> {
    let mut numbers = Numbers::new(3);
    let of = |f: &dyn Fn(u8) -> u8| std::array::from_fn(|code| f(code as u8));
    let mut all = vec![of(&|v| v), of(&|v| !v), of(&|_| 77), of(&|v| (v & 0xf0) | 5), of(&|v| v & 0x55)];
    for from in [1, 2, 100, 128, 255] {
        all.push(of(&|v| if v < from { v } else { !v }));
    }
    // Nearly a rule.
    for odd in [0usize, 1, 127, 128, 255] {
        let mut table: [u8; 256] = of(&|v| !v);
        table[odd] ^= 64;
        all.push(table);
    }
    all.push(of(&|v| (u16::from(v) * u16::from(v) / 255) as u8));
    all.push(std::array::from_fn(|_| numbers.word() as u8));
    all
}

#[test]
fn prepared_tables_are_the_tables() {
    let all = tables();
    for (k, table) in all.iter().enumerate() {
        for (channels, list) in [
            (1, vec![*table]),
            (3, vec![*table]),
            (3, vec![*table, all[(k + 1) % all.len()], all[(k + 2) % all.len()]]),
            (3, vec![all[0], *table]),
            (4, vec![*table, *table, *table, all[0]]),
            (4, vec![*table, all[1], *table, all[0]]),
            (7, vec![*table]),
            (7, vec![*table, all[(k + 3) % all.len()]]),
        ] {
            let prepared = Tables8::new(list.clone(), channels);
            for pixels in [1, 2, 11, 40, 300] {
                let row = codes(pixels * channels);
                let got = levels(|| {
                    let mut row = row.clone();
                    prepared.apply(&mut row, channels);
                    row
                });
                let mut expected = row;
                lut8(&mut expected, channels, &list);
                assert_eq!(got, expected, "table {k}, {channels} channels, {pixels} pixels");
            }
        }
    }
}

#[test]
fn matrices_and_hue_turns_of_codes_are_rounded_reals() {
    let grey = [[0.299, 0.587, 0.114, 0.0]; 3];
    let m = [[0.4, 0.5, 0.1, 3.0], [0.1, 0.8, 0.1, -30.0], [0.2, 0.2, 1.6, 1.0]];
    for pixels in [1, 7, 8, 9, 64, 301] {
        let row = codes(pixels * 3);
        let real = |f: &dyn Fn(&mut [f32])| {
            let mut reals = vec![0.0f32; row.len()];
            load(&row, &mut reals);
            f(&mut reals);
            let mut out = vec![0u8; row.len()];
            round_row(&reals, &mut out);
            out
        };
        let code = |f: &dyn Fn(&mut [u8])| {
            levels(|| {
                let mut row = row.clone();
                f(&mut row);
                row
            })
        };
        for m in [grey, m] {
            for clamp in [None, Some((0.0, 255.0)), Some((20.0, 200.0))] {
                assert_eq!(code(&|row| mix3_codes(row, &m, clamp)), real(&|row| mix3(row, 3, &m, clamp)));
            }
        }
        for (hue, saturation, value) in [(0.0, 1.0, 1.0), (0.3, 1.5, 0.8), (-0.7, 0.0, 1.2)] {
            let turned = code(&|row| hsv_codes(row, hue, saturation, value));
            assert_eq!(turned, real(&|row| hsv(row, 3, 255.0, hue, saturation, value)));
        }
    }
}

#[test]
fn rounding_goes_to_the_nearest_even_and_saturates() {
    let special = [f32::NAN, -f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 1e30, -1e30, 254.5, 255.5, -0.5, -0.0, 0.5];
    let mut numbers = Numbers::new(5);
    let halves = (0..600).map(|k| k as f32 / 2.0 - 20.0);
    let mut row: Vec<f32> = special.into_iter().chain(halves).collect();
    row.extend((0..400).map(|_| numbers.unit() as f32 * 300.0 - 20.0));
    for len in [row.len(), 31, 32, 33, 1] {
        let got = levels(|| {
            let mut out = vec![0u8; len];
            round_row(&row[..len], &mut out);
            out
        });
        for (got, v) in got.iter().zip(&row) {
            let expected = if v.is_nan() { 0.0 } else { v.clamp(0.0, 255.0).round_ties_even() };
            assert_eq!(f32::from(*got), expected, "{v}");
        }
    }
}

#[test]
fn moved_pixels_are_the_pixels_they_were() {
    for (width, channels) in [(1, 3), (5, 3), (21, 1), (22, 3), (67, 3), (224, 3), (300, 1), (40, 4), (9, 7)] {
        for dtype in [Dtype::U8, Dtype::U16] {
            let p = picture(4, width, channels, dtype, width as u64);
            let (n, stride) = (width as i64, width * channels);
            let window = Window { x0: 0, y0: 0, x1: n, y1: 4 };
            for (start, step) in [((n - 1, 1), (-1, 0)), ((n - 2, 2), (-1, 0)), ((n + 1, 0), (-1, 0)), ((2, 1), (1, 0))]
            {
                let source = |k: usize| ((start.0 + k as i64 * step.0).clamp(0, n - 1) as usize, start.1 as usize);
                let got = levels(|| match p.pixels() {
                    Pixels::U8(all) => {
                        let edge = CodeEdge { window, border: Border::Edge, fill: &[0] };
                        let mut row = vec![0u8; stride];
                        permute_row(all, stride, channels, start, step, &edge, &mut row);
                        row.into_iter().map(u16::from).collect()
                    }
                    Pixels::U16(all) => {
                        let edge = CodeEdge { window, border: Border::Edge, fill: &[0] };
                        let mut row = vec![0u16; stride];
                        permute_row(all, stride, channels, start, step, &edge, &mut row);
                        row
                    }
                    Pixels::F32(_) => Vec::new(),
                });
                for (e, v) in got.iter().enumerate() {
                    let (x, y) = source(e / channels);
                    assert_eq!(f64::from(*v), value(&p, x, y, e % channels), "{width} × {channels}, element {e}");
                }
            }
        }
    }
}

#[test]
fn sums_of_codes_are_sums_of_their_reals() {
    for (pixels, channels) in [(1, 1), (15, 3), (16, 3), (17, 3), (40_000, 3), (70_000, 1), (33, 4), (9, 7)] {
        let row = codes(pixels * channels);
        let got = levels(|| {
            let mut sums = vec![1u64; channels];
            code_sums(&row, channels, &mut sums);
            sums
        });
        let mut reals = vec![0.0f32; row.len()];
        load(&row, &mut reals);
        let mut sums = vec![1.0f64; channels];
        channel_sums(&reals, channels, &mut sums);
        assert_eq!(got.iter().map(|v| *v as f64).collect::<Vec<_>>(), sums);
    }
    let white = vec![255u8; 3 * 70_000];
    let mut sums = [0u64; 3];
    code_sums(&white, 3, &mut sums);
    assert_eq!(sums, [255 * 70_000; 3]);
}

#[test]
fn a_gaussian_of_bytes_is_the_exact_sum_within_a_few_hundredths() {
    for (sigma, radius, most) in [(0.4, 2, 0.03), (1.0, 3, 0.035), (2.0, 6, 0.05), (5.0, 15, 0.08), (0.1, 1, 0.03)] {
        let weights = gaussian_weights(sigma, radius);
        for border in BORDERS {
            for (h, w, channels) in [(9, 50, 3), (1, 1, 3), (40, 33, 1), (5, 70, 4)] {
                let p = picture(h, w, channels, Dtype::U8, h as u64);
                let fill = [7.0, 250.0, 30.0, 0.0];
                let row = |y: usize| {
                    levels(|| {
                        let mut scratch = StencilScratch::default();
                        let mut blur = Separable::new(p.view(), &weights, &weights, border, &fill, &mut scratch);
                        let mut out = vec![0.0f32; w * channels];
                        blur.row(y, &mut out);
                        let mut codes = vec![0u8; out.len()];
                        if blur.codes(y, &mut codes) {
                            let mut rounded = codes.clone();
                            round_row(&out, &mut rounded);
                            assert_eq!(codes, rounded);
                        }
                        out
                    })
                };
                for y in 0..h {
                    for (e, got) in row(y).into_iter().enumerate() {
                        let (x, c) = (e / channels, e % channels);
                        let reach = 0..=2 * radius as i64;
                        let tap = |i: i64, j: i64| {
                            let at = |v: usize, k: i64| v as i64 + k - radius as i64;
                            match (border.fold(at(x, i), w as i64), border.fold(at(y, j), h as i64)) {
                                (Some(x), Some(y)) => value(&p, x as usize, y as usize, c),
                                _ => f64::from(fill[c]),
                            }
                        };
                        let weight = |i: i64, j: i64| f64::from(weights[i as usize]) * f64::from(weights[j as usize]);
                        let exact: f64 = reach
                            .clone()
                            .flat_map(|j| reach.clone().map(move |i| (i, j)))
                            .map(|(i, j)| weight(i, j) * tap(i, j))
                            .sum();
                        assert!((f64::from(got) - exact).abs() < most, "σ {sigma}: {got}, exactly {exact}");
                    }
                }
            }
        }
    }
}

#[test]
fn flat_colour_stays_under_a_gaussian() {
    for sigma in [0.3, 0.7, 1.0, 1.9, 4.2] {
        let weights = gaussian_weights(sigma, (3.0f64 * sigma).ceil() as usize);
        for code in [0u8, 1, 127, 254, 255] {
            let mut p = picture(6, 40, 3, Dtype::U8, 1);
            if let Pixels::U8(all) = p.pixels_mut() {
                all.fill(code);
            }
            let mut scratch = StencilScratch::default();
            let mut blur = Separable::new(p.view(), &weights, &weights, Border::Mirror, &[0.0], &mut scratch);
            let mut row = vec![0u8; 120];
            assert!(blur.codes(3, &mut row));
            assert_eq!(row, vec![code; 120], "σ {sigma}");
        }
    }
}

#[test]
fn rows_of_a_shape_hold_all_its_spans() {
    let outlines = [
        Outline::Rect { x0: 2.5, y0: 3.4, x1: 9.5, y1: 7.0 },
        Outline::Rect { x0: -9.0, y0: -30.0, x1: 99.0, y1: -3.0 },
        Outline::Ellipse { cx: 9.0, cy: 17.0, rx: 8.0, ry: 3.0, degrees: 30.0 },
        Outline::Polygon(vec![Point::new(2.2, 1.0), Point::new(17.0, 6.5), Point::new(5.0, 13.0)]),
        Outline::Polygon(Vec::new()),
    ];
    for outline in outlines {
        let (first, end) = rows(&outline, 20);
        assert!(first <= end && end <= 20);
        let mut found = Vec::new();
        for y in (0..20).filter(|y| !(first..end).contains(y)) {
            spans(&outline, y, 20, &mut found);
            assert!(found.is_empty(), "{outline:?}, row {y}");
        }
    }
}

#[test]
fn a_chain_is_its_links_one_after_another() {
    let matrix = [[0.4, 0.5, 0.1, 3.0], [0.1, 0.8, 0.1, -30.0], [0.2, 0.2, 1.6, 1.0]];
    let (gain, offset) = ([1.3, 0.7, 1.1], [4.0, -9.0, 0.5]);
    let ends = Some((0.0, 255.0));
    let links = [
        Link::Scale { gain, offset, clamp: ends },
        Link::Hsv { white: 255.0, hue: 0.3, saturation: 1.0, value: 1.0 },
        Link::Mix { matrix, clamp: ends },
        Link::Hsv { white: 255.0, hue: -0.2, saturation: 1.4, value: 0.9 },
        Link::Mix { matrix, clamp: None },
        Link::Scale { gain: [1.0 / 255.0; 3], offset, clamp: None },
    ];
    for pixels in [1, 7, 8, 9, 64, 301] {
        let row = codes(pixels * 3);
        let mut expected = vec![0.0f32; row.len()];
        load(&row, &mut expected);
        scale_rows(&mut expected, 3, &gain, &offset, ends);
        hsv(&mut expected, 3, 255.0, 0.3, 1.0, 1.0);
        mix3(&mut expected, 3, &matrix, ends);
        hsv(&mut expected, 3, 255.0, -0.2, 1.4, 0.9);
        mix3(&mut expected, 3, &matrix, None);
        scale_rows(&mut expected, 3, &[1.0 / 255.0], &offset, None);
        let from_codes = levels(|| {
            let mut out = vec![0.0f32; row.len()];
            chain_from_codes(&row, &links, &mut out);
            out
        });
        let in_place = levels(|| {
            let mut reals = vec![0.0f32; row.len()];
            load(&row, &mut reals);
            chain(&mut reals, &links);
            reals
        });
        assert_eq!(from_codes, expected);
        assert_eq!(in_place, expected);
    }
}
