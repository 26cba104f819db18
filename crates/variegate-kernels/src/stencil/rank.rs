//! Rank filters: median, minimum (erosion), maximum (dilation) and what lies between.
//!
//! The engine asks row by row. Values are moved, never mixed, so that the result is exact for every type.

use super::{element, padded};
use variegate_picture::{Border, View};

/// Output row `y`: for each channel the value of rank `rank` (0 is the smallest, `size² / 2` the median of an odd
/// square) among `size × size` pixels. [`Border::Constant`] acts as [`Border::Edge`]: a fill has no rank of its own.
pub fn rank_row(source: &View<'_>, size: usize, rank: usize, border: Border, y: usize, out: &mut [f32]) {
    debug_assert!(size > 0 && rank < size * size);
    let border = if border == Border::Constant { Border::Edge } else { border };
    let (width, channels) = (source.size().width, source.channels());
    if size == 1 {
        for (e, v) in out.iter_mut().enumerate() {
            *v = element(source, y * source.stride() + e);
        }
        return;
    }
    let (before, len) = (size / 2, (width + size - 1) * channels);
    let mut rows = vec![0.0f32; len * size];
    for (j, row) in rows.chunks_exact_mut(len).enumerate() {
        let at = y as i64 + j as i64 - before as i64;
        padded(source, at, border, &[], before, size - 1 - before, row);
    }
    match rank {
        0 => extreme(&rows, len, size, channels, false, out),
        r if r + 1 == size * size => extreme(&rows, len, size, channels, true, out),
        4 if size == 3 => median3(&rows, len, channels, out),
        _ => {
            let mut taps = vec![0.0f32; size * size];
            for (e, v) in out.iter_mut().enumerate() {
                for (k, tap) in taps.iter_mut().enumerate() {
                    *tap = rows[k / size * len + k % size * channels + e];
                }
                *v = *taps.select_nth_unstable_by(rank, f32::total_cmp).1;
            }
        }
    }
}

levels! {
    fn extreme(rows: &[f32], len: usize, size: usize, channels: usize, largest: bool, out: &mut [f32]) {
        let count = out.len();
        out.copy_from_slice(&rows[..count]);
        for k in 1..size * size {
            let from = k / size * len + k % size * channels;
            let taps = &rows[from..from + count];
            if largest {
                for (v, tap) in out.iter_mut().zip(taps) {
                    *v = if *tap > *v { *tap } else { *v };
                }
            } else {
                for (v, tap) in out.iter_mut().zip(taps) {
                    *v = if *tap < *v { *tap } else { *v };
                }
            }
        }
    }

    /// The median of nine by the network of Paeth (Graphics Gems, 1990) in its form of 19 exchanges.
    fn median3(rows: &[f32], len: usize, channels: usize, out: &mut [f32]) {
        const EXCHANGES: [(usize, usize); 19] = [
            (1, 2), (4, 5), (7, 8), (0, 1), (3, 4), (6, 7), (1, 2), (4, 5), (7, 8), (0, 3),
            (5, 8), (4, 7), (3, 6), (1, 4), (2, 5), (4, 7), (4, 2), (6, 4), (4, 2),
        ];
        const LANES: usize = 16;
        let count = out.len();
        for at in (0..count).step_by(LANES) {
            let lanes = LANES.min(count - at);
            let mut p = [[0.0f32; LANES]; 9];
            for (k, p) in p.iter_mut().enumerate() {
                let from = k / 3 * len + k % 3 * channels + at;
                match rows[from..].first_chunk::<LANES>() {
                    Some(taps) => *p = *taps,
                    None => p[..lanes].copy_from_slice(&rows[from..from + lanes]),
                }
            }
            for (a, b) in EXCHANGES {
                for l in 0..LANES {
                    let (x, y) = (p[a][l], p[b][l]);
                    let swap = y < x;
                    p[a][l] = if swap { y } else { x };
                    p[b][l] = if swap { x } else { y };
                }
            }
            out[at..at + lanes].copy_from_slice(&p[4][..lanes]);
        }
    }
}
