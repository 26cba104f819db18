//! A small kernel that is no product of a row and a column: motion blur, sharpening, emboss.
//!
//! The engine asks row by row. Taps of weight zero are skipped, since most taps of a motion kernel are.

use super::padded;
use crate::rows::weighted;
use variegate_picture::{Border, View};

/// Output row `y` of a picture under `kh` rows of `kw` weights.
///
/// `out` has width × channels elements; `fill` holds a value for each channel in stored units.
pub fn kernel2d_row(
    source: &View<'_>,
    weights: &[f32],
    kw: usize,
    kh: usize,
    border: Border,
    fill: &[f32],
    y: usize,
    out: &mut [f32],
) {
    debug_assert!(weights.len() == kw * kh && kw > 0 && kh > 0);
    let (width, channels) = (source.size().width, source.channels());
    let before = kw / 2;
    let len = (width + kw - 1) * channels;
    let mut rows = vec![0.0f32; len * kh];
    let (mut starts, mut kept) = (Vec::with_capacity(weights.len()), Vec::with_capacity(weights.len()));
    for (j, line) in weights.chunks_exact(kw).enumerate() {
        if line.iter().all(|w| *w == 0.0) {
            continue;
        }
        let at = y as i64 + j as i64 - (kh / 2) as i64;
        padded(source, at, border, fill, before, kw - 1 - before, &mut rows[j * len..(j + 1) * len]);
        for (i, weight) in line.iter().enumerate().filter(|(_, w)| **w != 0.0) {
            starts.push(j * len + i * channels);
            kept.push(*weight);
        }
    }
    weighted(&rows, &starts, &kept, out);
}
