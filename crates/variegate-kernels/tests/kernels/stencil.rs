use crate::support::{BORDERS, Numbers, close, levels, picture, value, white};
use variegate_kernels::stencil::{Rank, Separable, StencilScratch, gaussian_weights, kernel2d_row};
use variegate_picture::{Border, Dtype, Picture};

fn tap(p: &Picture, border: Border, fill: &[f32], x: i64, y: i64, c: usize) -> f64 {
    match (border.fold(x, p.size().width as i64), border.fold(y, p.size().height as i64)) {
        (Some(x), Some(y)) => value(p, x as usize, y as usize, c),
        _ => f64::from(fill[c]),
    }
}

#[test]
fn separable_and_square_kernels_equal_the_naive_sum() {
    let mut numbers = Numbers::new(7);
    let fill = [0.3f32, 0.2, 0.1, 0.9, 0.8, 0.7, 0.6];
    for border in BORDERS {
        for channels in [1, 3, 4, 7] {
            for dtype in [Dtype::U8, Dtype::U16, Dtype::F32] {
                let (h, w) = (1 + numbers.word() as usize % 9, 1 + numbers.word() as usize % 67);
                let p = picture(h, w, channels, dtype, h as u64);
                let (kw, kh) = (1 + numbers.word() as usize % 6, 1 + numbers.word() as usize % 6);
                let (x, y) = (numbers.reals(kw, 0.3), numbers.reals(kh, 0.3));
                let expected: Vec<f64> = (0..h * w * channels)
                    .map(|e| {
                        let (c, ox, oy) = (e % channels, e / channels % w, e / channels / w);
                        let mut sum = 0.0;
                        for (j, v) in y.iter().enumerate() {
                            for (i, u) in x.iter().enumerate() {
                                let at = (ox as i64 + i as i64 - kw as i64 / 2, oy as i64 + j as i64 - kh as i64 / 2);
                                sum += f64::from(u * v) * tap(&p, border, &fill, at.0, at.1, c);
                            }
                        }
                        sum
                    })
                    .collect();
                let tolerance = 1e-5 * white(dtype);
                let got = levels(|| {
                    let mut scratch = StencilScratch::default();
                    let mut stencil = Separable::new(p.view(), &x, &y, border, &fill, &mut scratch);
                    let mut all = vec![0.0f32; h * w * channels];
                    all.chunks_mut(w * channels).enumerate().for_each(|(y, row)| stencil.row(y, row));
                    all
                });
                close(&got, &expected, tolerance, "separable");
                let square: Vec<f32> = y.iter().flat_map(|v| x.iter().map(move |u| u * v)).collect();
                let got = levels(|| {
                    let mut all = vec![0.0f32; h * w * channels];
                    for (y, row) in all.chunks_mut(w * channels).enumerate() {
                        kernel2d_row(&p.view(), &square, kw, kh, border, &fill, y, row);
                    }
                    all
                });
                close(&got, &expected, tolerance, "square");
            }
        }
    }
}

#[test]
fn ranks_equal_a_sorted_neighbourhood() {
    for (size, rank) in [(1, 0), (3, 0), (3, 4), (3, 8), (5, 12), (2, 1), (5, 24), (7, 24), (4, 9), (15, 100)] {
        for border in BORDERS {
            for (w, channels) in [(1, 1), (17, 3), (40, 4), (9, 7)] {
                let p = picture(5, w, channels, Dtype::U8, w as u64);
                let border_used = if border == Border::Constant { Border::Edge } else { border };
                for y in 0..5 {
                    let got = levels(|| {
                        let mut row = vec![0.0f32; w * channels];
                        let filter = Rank::new(size, rank);
                        filter.row(&p.view(), border, y, &mut row);
                        let mut bytes = vec![0u8; w * channels];
                        assert!(filter.codes(&p.view(), border, y, &mut bytes));
                        assert!(row.iter().zip(&bytes).all(|(v, b)| *v == f32::from(*b)));
                        row
                    });
                    for (e, v) in got.iter().enumerate() {
                        let mut all: Vec<f64> = (0..size * size)
                            .map(|k| {
                                let x = (e / channels + k % size) as i64 - size as i64 / 2;
                                let y = (y + k / size) as i64 - size as i64 / 2;
                                tap(&p, border_used, &[], x, y, e % channels)
                            })
                            .collect();
                        all.sort_by(f64::total_cmp);
                        assert_eq!(f64::from(*v), all[rank], "size {size} rank {rank}");
                    }
                }
            }
        }
    }
}

#[test]
fn a_gaussian_is_symmetric_and_sums_to_one() {
    for (sigma, radius) in [(0.0, 2), (0.5, 1), (2.0, 6)] {
        let weights = gaussian_weights(sigma, radius);
        assert!((weights.iter().sum::<f32>() - 1.0).abs() < 1e-6);
        assert!((0..weights.len()).all(|i| weights[i] == weights[weights.len() - 1 - i]));
    }
    assert_eq!(gaussian_weights(0.0, 1), [0.0, 1.0, 0.0]);
}
