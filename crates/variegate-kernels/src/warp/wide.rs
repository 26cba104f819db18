//! K by K taps with separable weights: bicubic, Lanczos and their kin.
//!
//! Called by [`super::gather`]. Weights lie in a table of phases made once for each filter, since a sine a tap
//! would cost more than everything else. Taps are summed left to right, then rows top to bottom.

use super::locate::{BLOCK, Block, Bounds, split};
use super::{Course, Edge, Source};
use crate::channel;
use crate::four::Four;
use std::sync::OnceLock;
use variegate_picture::{Border, Filter, Sample};

/// Phases of a table. Linear interpolation errs by at most h²/8 · max |w″|; the steepest kernel here has |w″| < 14,
/// so that 256 phases leave 3e-5 in a weight, and the table of `Lanczos3` takes 6 KB of the innermost cache.
const PHASES: usize = 256;

/// Taps on an axis of the widest kernel.
const MOST: usize = 10;

/// The tabled weights of a filter.
pub(super) struct Kernel {
    taps: usize,
    weights: Vec<f32>,
}

/// The table of a filter, made at its first use.
pub(super) fn kernel(filter: Filter) -> &'static Kernel {
    static TABLES: [OnceLock<Kernel>; 9] = [const { OnceLock::new() }; 9];
    TABLES[filter as usize].get_or_init(|| {
        let half = libm::ceil(filter.support()) as i64;
        let taps = (2 * half) as usize;
        let weights = (0..=PHASES).flat_map(|phase| {
            let f = phase as f64 / PHASES as f64;
            let row: Vec<f64> = (1 - half..=half).map(|t| filter.weight(t as f64 - f)).collect();
            let sum: f64 = row.iter().sum();
            row.into_iter().map(move |w| (w / sum) as f32)
        });
        Kernel { taps, weights: weights.collect() }
    })
}

impl Kernel {
    /// The weights of the first `K` taps, all of them.
    #[inline(always)]
    fn at<const K: usize>(&self, fraction: f32) -> [f32; K] {
        let position = fraction * PHASES as f32;
        let phase = (position as i32 as usize).min(PHASES - 1);
        let rest = position - phase as f32;
        let table = &self.weights[phase * K..(phase + 2) * K];
        std::array::from_fn(|i| table[i] + (table[K + i] - table[i]) * rest)
    }
}

levels! {
    /// Fills a real row; the window lies inside the source and is not empty.
    pub(super) fn row<T: Sample>(
        source: Source<'_, T>,
        course: &Course<'_>,
        kernel: &Kernel,
        edge: &Edge<'_>,
        row: &mut [f32],
    ) {
        match kernel.taps {
            2 => taps::<T, 2>(source, course, kernel, edge, row),
            4 => taps::<T, 4>(source, course, kernel, edge, row),
            6 => taps::<T, 6>(source, course, kernel, edge, row),
            _ => taps::<T, MOST>(source, course, kernel, edge, row),
        }
    }
}

#[inline(always)]
fn taps<T: Sample, const K: usize>(
    source: Source<'_, T>,
    course: &Course<'_>,
    kernel: &Kernel,
    edge: &Edge<'_>,
    row: &mut [f32],
) {
    match source.channels {
        1 => run::<T, K, 1>(source, course, kernel, edge, row),
        3 => run::<T, K, 3>(source, course, kernel, edge, row),
        4 => run::<T, K, 4>(source, course, kernel, edge, row),
        _ => run::<T, K, 0>(source, course, kernel, edge, row),
    }
}

/// `C` channels; 0 stands for any count.
#[inline(always)]
fn run<T: Sample, const K: usize, const C: usize>(
    source: Source<'_, T>,
    course: &Course<'_>,
    kernel: &Kernel,
    edge: &Edge<'_>,
    row: &mut [f32],
) {
    let channels = if C == 0 { source.channels } else { C };
    let half = K / 2;
    let bounds = Bounds::new(edge.window, half as i64);
    let width = row.len() / channels;
    let mut block = Block::new();
    for k0 in (0..width).step_by(BLOCK) {
        block.place(course, k0, &bounds);
        for j in 0..BLOCK.min(width - k0) {
            let out = &mut row[(k0 + j) * channels..(k0 + j + 1) * channels];
            if block.inside[j] == 0 {
                outer::<T, K>(source, course, kernel, edge, k0 + j, out);
                continue;
            }
            let (wx, wy) = (kernel.at::<K>(block.fx[j]), kernel.at::<K>(block.fy[j]));
            let corner = (block.y[j] as usize + 1 - half) * source.stride + (block.x[j] as usize + 1 - half) * channels;
            let end = corner + (K - 1) * (source.stride + channels) + 4;
            if (C == 3 || C == 4) && end <= source.pixels.len() {
                out.copy_from_slice(&square::<T, K, C>(source, corner, &wx, &wy)[..C]);
                continue;
            }
            for (c, out) in out.iter_mut().enumerate() {
                *out = 0.0;
                for j in 0..K {
                    let from = corner + j * source.stride + c;
                    let taps = &source.pixels[from..from + (K - 1) * channels + 1];
                    let mut sum = 0.0f32;
                    for i in 0..K {
                        sum += wx[i] * taps[i * channels].load();
                    }
                    *out += wy[j] * sum;
                }
            }
        }
    }
}

#[inline(always)]
fn square<T: Sample, const K: usize, const C: usize>(
    source: Source<'_, T>,
    corner: usize,
    wx: &[f32; K],
    wy: &[f32; K],
) -> [f32; 4] {
    let mut sum = Four::splat(0.0);
    for j in 0..K {
        let from = corner + j * source.stride;
        let taps = &source.pixels[from..from + (K - 1) * C + 4];
        let mut line = Four::splat(0.0);
        for i in 0..K {
            let Some(pixel) = taps[i * C..].first_chunk::<4>() else { break };
            line = line.plus(Four::load(pixel).times(Four::splat(wx[i])));
        }
        sum = sum.plus(line.times(Four::splat(wy[j])));
    }
    sum.get()
}

/// One pixel with taps beyond the window.
#[inline(never)]
fn outer<T: Sample, const K: usize>(
    source: Source<'_, T>,
    course: &Course<'_>,
    kernel: &Kernel,
    edge: &Edge<'_>,
    k: usize,
    out: &mut [f32],
) {
    let window = edge.window;
    let half = K as i64 / 2;
    let position = match course.at(k) {
        Some(position) => Some(position),
        None if edge.border == Border::Constant => None,
        None => Some((window.x0 as f64 + 0.5, window.y0 as f64 + 0.5)),
    };
    let far = |i: i64, lo: i64, hi: i64| i + half < lo || i - half + 1 >= hi;
    let Some(((x, fx), (y, fy))) = position.map(|(x, y)| (split(x - 0.5), split(y - 0.5))) else {
        return super::nearest::fill_row(out, source.channels, edge.fill);
    };
    if edge.border == Border::Constant && (far(x, window.x0, window.x1) || far(y, window.y0, window.y1)) {
        return super::nearest::fill_row(out, source.channels, edge.fill);
    }
    let (wx, wy) = (kernel.at::<K>(fx), kernel.at::<K>(fy));
    let fold = |i: i64, lo: i64, hi: i64| edge.border.fold(i - lo, hi - lo).map(|i| (i + lo) as usize);
    let mut columns = [None; K];
    for (i, column) in columns.iter_mut().enumerate() {
        *column = fold(x + 1 - half + i as i64, window.x0, window.x1);
    }
    out.fill(0.0);
    for (j, wy) in wy.iter().enumerate() {
        let from = fold(y + 1 - half + j as i64, window.y0, window.y1).map(|y| y * source.stride);
        for (c, out) in out.iter_mut().enumerate() {
            let mut sum = 0.0f32;
            for (wx, column) in wx.iter().zip(&columns) {
                sum += wx
                    * match (from, column) {
                        (Some(from), Some(x)) => source.pixels[from + x * source.channels + c].load(),
                        _ => channel(edge.fill, c),
                    };
            }
            *out += wy * sum;
        }
    }
}
