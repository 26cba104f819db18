//! The pixel that contains the position, moved and never mixed.
//!
//! Called by [`super::gather`] (as reals), by the engine for codes, and by [`super::gather_elements`]. It never
//! reads outside the window.

use super::locate::{BLOCK, Block, Bounds, split};
use super::{CodeEdge, Edge, Line, Source, Window};
use crate::channel;
use crate::four::Four;
use variegate_picture::{Border, Sample};

/// Fills a real row from the nearest pixels.
pub(super) fn real<T: Sample>(source: Source<'_, T>, line: &Line, edge: &Edge<'_>, row: &mut [f32]) {
    loaded(source, line, edge, row);
}

levels! {
    fn loaded<T: Sample>(source: Source<'_, T>, line: &Line, edge: &Edge<'_>, row: &mut [f32]) {
        match source.channels {
            1 => load::<T, 1>(source, line, edge, row),
            3 => load::<T, 3>(source, line, edge, row),
            4 => load::<T, 4>(source, line, edge, row),
            _ => load::<T, 0>(source, line, edge, row),
        }
    }

    fn moved<T: Copy>(
        source: &[T],
        stride: usize,
        channels: usize,
        line: &Line,
        window: Window,
        border: Border,
        fill: &[T],
        row: &mut [T],
    ) {
        match channels {
            1 => copy::<T, 1>(source, stride, line, window, border, fill, row),
            3 => copy::<T, 3>(source, stride, line, window, border, fill, row),
            4 => copy::<T, 4>(source, stride, line, window, border, fill, row),
            _ => each(stride, channels, line, window, border, row.len() / channels, |k, from| {
                row[k * channels..(k + 1) * channels].copy_from_slice(match from {
                    Some(from) => &source[from..from + channels],
                    None => fill,
                });
            }),
        }
    }
}

/// `C` channels; 0 stands for any count.
#[inline(always)]
fn load<T: Sample, const C: usize>(source: Source<'_, T>, line: &Line, edge: &Edge<'_>, row: &mut [f32]) {
    let channels = if C == 0 { source.channels } else { C };
    each(source.stride, channels, line, edge.window, edge.border, row.len() / channels, |k, from| {
        let out = &mut row[k * channels..];
        match from {
            Some(from) => {
                let pixel = &source.pixels[from..];
                match (pixel.first_chunk::<4>(), out.first_chunk_mut::<4>()) {
                    // The fourth lane of three channels is overwritten by the next pixel.
                    (Some(pixel), Some(out)) if C == 3 || C == 4 => *out = Four::load(pixel).get(),
                    _ => {
                        for (out, value) in out[..channels].iter_mut().zip(&pixel[..channels]) {
                            *out = value.load();
                        }
                    }
                }
            }
            None => fill_row(&mut out[..channels], channels, edge.fill),
        }
    });
}

#[inline(always)]
fn copy<T: Copy, const C: usize>(
    source: &[T],
    stride: usize,
    line: &Line,
    window: Window,
    border: Border,
    fill: &[T],
    row: &mut [T],
) {
    each(stride, C, line, window, border, row.len() / C, |k, from| {
        let pixel = match from {
            Some(from) => &source[from..from + C],
            None => &fill[..C],
        };
        row[k * C..(k + 1) * C].copy_from_slice(pixel);
    });
}

/// Fills a row of codes from the nearest pixels: codes are moved, not mixed.
///
/// `stride` is the distance of source rows in elements; rows are as many as the source holds. The window must lie
/// in the source. Where a position does not exist, the fill shows, or with another border the first pixel of the
/// window.
pub fn gather_nearest<T: Sample>(
    source: &[T],
    stride: usize,
    channels: usize,
    line: &Line,
    edge: &CodeEdge<'_, T>,
    row: &mut [T],
) {
    debug_assert_eq!(row.len() % channels, 0);
    let fill: Vec<T> = (0..channels).map(|c| channel(edge.fill, c)).collect();
    if edge.window.is_empty() {
        row.chunks_exact_mut(channels).for_each(|pixel| pixel.copy_from_slice(&fill));
        return;
    }
    moved(source, stride, channels, line, edge.window, edge.border, &fill, row);
}

/// The same for pixels of any type without channels; `fill` is one value, the window not empty.
pub(super) fn gather_values<T: Copy>(
    source: &[T],
    width: usize,
    channels: usize,
    line: &Line,
    window: Window,
    border: Border,
    fill: &[T],
    row: &mut [T],
) {
    moved(source, width * channels, channels, line, window, border, fill, row);
}

/// Writes the fill into every pixel of a row.
pub(super) fn fill_row(row: &mut [f32], channels: usize, fill: &[f32]) {
    for pixel in row.chunks_exact_mut(channels) {
        for (c, value) in pixel.iter_mut().enumerate() {
            *value = channel(fill, c);
        }
    }
}

/// Calls `put(column, offset of its pixel)` for every column; no offset where the fill shows.
#[inline(always)]
fn each(
    stride: usize,
    channels: usize,
    line: &Line,
    window: Window,
    border: Border,
    width: usize,
    mut put: impl FnMut(usize, Option<usize>),
) {
    let bounds = Bounds::new(window, 0);
    let mut block = Block::new();
    for k0 in (0..width).step_by(BLOCK) {
        block.place(line, k0, &bounds);
        for j in 0..BLOCK.min(width - k0) {
            let from = if block.inside[j] != 0 {
                Some(block.y[j] as usize * stride + block.x[j] as usize * channels)
            } else {
                outer(line, window, border, k0 + j).map(|(x, y)| y * stride + x * channels)
            };
            put(k0 + j, from);
        }
    }
}

#[inline(never)]
fn outer(line: &Line, window: Window, border: Border, k: usize) -> Option<(usize, usize)> {
    match line.at(k) {
        Some((x, y)) => window.fold(border, split(x).0, split(y).0),
        None if border == Border::Constant => None,
        None => Some((window.x0 as usize, window.y0 as usize)),
    }
}
