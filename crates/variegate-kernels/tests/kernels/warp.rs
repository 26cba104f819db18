use crate::support::{BORDERS, Numbers, close, levels, picture, value, white};
use proptest::prelude::*;
use variegate_kernels::permute::permute_row;
use variegate_kernels::warp::{CodeEdge, Edge, Line, Spots, Window, gather, gather_elements, gather_nearest};
use variegate_picture::{Border, Dtype, Filter, Picture, Pixels, Size};

const FILL: [f32; 7] = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7];

/// One column of a gather, evaluated tap by tap.
fn naive(p: &Picture, line: &Line, filter: Filter, edge: &Edge<'_>, k: usize, c: usize) -> f64 {
    let w = edge.window;
    let tap = |x: i64, y: i64| match w.fold(edge.border, x, y) {
        Some((x, y)) => value(p, x, y, c),
        None => f64::from(FILL[c]),
    };
    let Some((x, y)) = line.at(k) else {
        return if edge.border == Border::Constant { f64::from(FILL[c]) } else { tap(w.x0, w.y0) };
    };
    if matches!(filter, Filter::Nearest | Filter::Box) {
        return tap(x.floor() as i64, y.floor() as i64);
    }
    let axis = |p: f64| -> Vec<(i64, f64)> {
        let reach = filter.support().ceil() as i64;
        let base = (p - 0.5).floor() as i64;
        let taps: Vec<(i64, f64)> =
            (base + 1 - reach..=base + reach).map(|i| (i, filter.weight(i as f64 + 0.5 - p))).collect();
        let sum: f64 = taps.iter().map(|t| t.1).sum();
        taps.into_iter().map(|(i, v)| (i, v / sum)).collect()
    };
    let (xs, ys) = (axis(x), axis(y));
    ys.iter().map(|(j, v)| v * xs.iter().map(|(i, u)| u * tap(*i, *j)).sum::<f64>()).sum()
}

fn check(p: &Picture, line: &Line, filter: Filter, edge: &Edge<'_>, width: usize) {
    let channels = p.channels();
    let got = levels(|| {
        let mut row = vec![-1.0f32; width * channels];
        gather(&p.view(), line, filter, edge, &mut row);
        row
    });
    let expected: Vec<f64> =
        (0..width * channels).map(|e| naive(p, line, filter, edge, e / channels, e % channels)).collect();
    let tolerance = match filter {
        Filter::Nearest | Filter::Box => 0.0,
        // Bytes are weighted in steps of 2⁻¹⁴.
        Filter::Bilinear if p.dtype() == Dtype::U8 => 1.0 / 128.0 / 255.0,
        Filter::Bilinear => 2e-6,
        Filter::Gaussian => 0.03,
        // Weights of bytes are rounded to 2⁻¹⁵ across and 2⁻¹⁹ down, and lie on smooth curves.
        _ if p.dtype() == Dtype::U8 && matches!(channels, 3 | 4) => 1.0 / 50.0 / 255.0,
        _ => 3e-4,
    };
    close(&got, &expected, tolerance * white(p.dtype()), &format!("{filter:?} {edge:?} {line:?}"));
}

#[test]
fn gathers_equal_the_naive_evaluation_for_every_type_border_filter_and_width() {
    let mut numbers = Numbers::new(3);
    let filters = Filter::NAMES.iter().map(|n| n.1);
    for (filter, border) in filters.flat_map(|f| BORDERS.map(|b| (f, b))) {
        for dtype in [Dtype::U8, Dtype::U16, Dtype::F32] {
            for channels in [1, 3, 4, 7] {
                let width = 1 + numbers.word() as usize % 67;
                let p = picture(
                    1 + numbers.word() as usize % 24,
                    1 + numbers.word() as usize % 24,
                    channels,
                    dtype,
                    width as u64,
                );
                let (w, h) = (p.size().width as f64, p.size().height as f64);
                let mut between = |lo: f64, hi: f64| lo + (hi - lo) * numbers.unit();
                let line = Line {
                    x: [between(-3.0, w), between(-1.0, 1.0)],
                    y: [between(-3.0, h), between(-1.0, 1.0)],
                    w: if between(0.0, 1.0) < 0.5 { [1.0, 0.0] } else { [between(0.5, 1.0), between(-0.01, 0.01)] },
                };
                let edge = Edge { window: Window::of(p.size()), border, fill: &FILL };
                check(&p, &line, filter, &edge, width);
            }
        }
    }
}

#[test]
fn positions_one_by_one_give_what_their_line_gives() {
    // A perspective's positions come from the same divisions, so that nothing at all may differ.
    let line = Line { x: [-2.0, 0.61], y: [-1.5, 0.4], w: [1.0, 0.004] };
    let (x, y): (Vec<f64>, Vec<f64>) = (0..70).map(|k| line.at(k).unwrap_or_default()).unzip();
    for (dtype, channels) in [Dtype::U8, Dtype::U16, Dtype::F32].into_iter().flat_map(|d| [1, 3, 4, 7].map(|c| (d, c)))
    {
        let p = picture(21, 33, channels, dtype, 4);
        for (filter, border) in Filter::NAMES.iter().flat_map(|f| BORDERS.map(|b| (f.1, b))) {
            let edge = Edge { window: Window::of(p.size()), border, fill: &FILL };
            for width in [1, 2, 31, 32, 33, 70] {
                let both = levels(|| {
                    let (mut a, mut b) = (vec![-1.0f32; width * channels], vec![-2.0f32; width * channels]);
                    gather(&p.view(), &line, filter, &edge, &mut a);
                    gather(&p.view(), Spots { x: &x[..width], y: &y[..width] }, filter, &edge, &mut b);
                    assert_eq!(a, b, "{dtype:?} {channels} {filter:?} {border:?} {width}");
                    b
                });
                assert_eq!(both.len(), width * channels);
            }
        }
    }
}

#[test]
fn a_window_hides_what_lies_outside_it() {
    let p = picture(20, 30, 3, Dtype::U8, 1);
    let window = Window { x0: 5, y0: 4, x1: 21, y1: 15 };
    for border in BORDERS {
        for filter in [Filter::Nearest, Filter::Bilinear, Filter::Bicubic, Filter::Lanczos3] {
            let line = Line { x: [1.2, 0.9], y: [2.1, 0.3], w: [1.0, 0.0] };
            check(&p, &line, filter, &Edge { window, border, fill: &FILL }, 40);
        }
    }
}

#[test]
fn the_identity_returns_the_row_of_every_width() {
    for width in 1..=67 {
        for channels in [1, 3, 4, 7] {
            let p = picture(3, width, channels, Dtype::U8, width as u64);
            let edge = Edge { window: Window::of(p.size()), border: Border::Edge, fill: &[] };
            for filter in [Filter::Nearest, Filter::Bilinear, Filter::Bicubic] {
                check(&p, &Line { x: [0.5, 1.0], y: [1.5, 0.0], w: [1.0, 0.0] }, filter, &edge, width);
            }
        }
    }
}

#[test]
fn strange_positions_show_the_fill_or_the_corner() {
    let p = picture(4, 4, 3, Dtype::U8, 2);
    let lines = [
        Line { x: [1.0, 0.0], y: [1.0, 0.0], w: [0.0, 0.0] },
        Line { x: [f64::NAN, 0.0], y: [1.0, 0.0], w: [1.0, 0.0] },
        Line { x: [f64::INFINITY, 0.0], y: [1.0, 0.0], w: [1.0, 0.0] },
        Line { x: [1e300, 1e299], y: [-1e300, 0.0], w: [1.0, 0.0] },
        Line { x: [2.0, 0.0], y: [2.0, 0.0], w: [1.0, -0.25] },
    ];
    for line in lines {
        for border in BORDERS {
            for filter in [Filter::Nearest, Filter::Bilinear, Filter::Bicubic] {
                check(&p, &line, filter, &Edge { window: Window::of(p.size()), border, fill: &FILL }, 9);
            }
        }
    }
    let empty = Window { x0: 3, y0: 3, x1: 3, y1: 9 };
    let mut row = [9.0f32; 6];
    gather(
        &p.view(),
        &lines[0],
        Filter::Bilinear,
        &Edge { window: empty, border: Border::Wrap, fill: &FILL },
        &mut row,
    );
    assert_eq!(row, [0.1, 0.2, 0.3, 0.1, 0.2, 0.3]);
}

#[test]
fn codes_and_elements_move_like_the_nearest_reals() {
    let p = picture(9, 11, 1, Dtype::U8, 5);
    let Pixels::U8(codes) = p.pixels() else { return };
    let line = Line { x: [-1.3, 0.37], y: [-0.6, 0.2], w: [1.0, 0.001] };
    for border in BORDERS {
        let window = Window::of(p.size());
        let mut reals = vec![0.0f32; 50];
        gather(&p.view(), &line, Filter::Nearest, &Edge { window, border, fill: &[77.0] }, &mut reals);
        let got = levels(|| {
            let mut row = vec![0u8; 50];
            gather_nearest(codes, 11, 1, &line, &CodeEdge { window, border, fill: &[77] }, &mut row);
            row
        });
        assert!(got.iter().zip(&reals).all(|(g, r)| f32::from(*g) == *r));
        for element in [1usize, 2, 3, 4, 5, 8] {
            let source: Vec<u8> = codes.iter().flat_map(|v| vec![*v; element]).collect();
            let row = levels(|| {
                let mut row = vec![0u8; 50 * element];
                let fill = vec![77u8; element];
                gather_elements(&source, Size::new(9, 11), element, &line, window, border, &fill, &mut row);
                row
            });
            assert!(row.chunks(element).zip(&got).all(|(e, g)| e.iter().all(|b| b == g)));
        }
    }
}

proptest! {
    #[test]
    fn permutations_copy_the_pixel_they_name(
        w in 1usize..20, h in 1usize..20, channels in prop::sample::select(vec![1usize, 3, 4, 7]),
        x in -25i64..25, y in -25i64..25, step in prop::sample::select(vec![(1i64, 0i64), (-1, 0), (0, 1), (0, -1), (1, 1), (-2, 1)]),
        border in prop::sample::select(BORDERS.to_vec()), width in 1usize..40, seed in 0u64..9,
    ) {
        let p = picture(h, w, channels, Dtype::U16, seed);
        let Pixels::U16(codes) = p.pixels() else { return Ok(()) };
        let window = Window { x0: (w / 4) as i64, y0: (h / 4) as i64, x1: w as i64, y1: h as i64 };
        let mut row = vec![0u16; width * channels];
        permute_row(codes, w * channels, channels, (x, y), step, &CodeEdge { window, border, fill: &[9] }, &mut row);
        for (k, pixel) in row.chunks(channels).enumerate() {
            let at = window.fold(border, x + k as i64 * step.0, y + k as i64 * step.1);
            for (c, v) in pixel.iter().enumerate() {
                prop_assert_eq!(f64::from(*v), at.map_or(9.0, |(x, y)| value(&p, x, y, c)));
            }
        }
    }
}
