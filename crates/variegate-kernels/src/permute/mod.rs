//! Exact copies: flips, quarter turns, transpositions, whole-pixel shifts.
//!
//! The engine calls it where a warp moves pixels without mixing them. Codes go through untouched; nothing here
//! computes with them.

mod reverse;

use crate::channel;
use crate::warp::CodeEdge;
use variegate_picture::Sample;

/// Fills a row: its column `k` is the source pixel `start + k · step` (x, y).
///
/// `stride` is the distance of source rows in elements; the window of `edge` must lie in the source. Pixels outside
/// the window go through the border.
pub fn permute_row<T: Sample>(
    source: &[T],
    stride: usize,
    channels: usize,
    start: (i64, i64),
    step: (i64, i64),
    edge: &CodeEdge<'_, T>,
    row: &mut [T],
) {
    let width = row.len() / channels;
    let window = edge.window;
    let across = within(start.0, step.0, window.x0, window.x1, width);
    let down = within(start.1, step.1, window.y0, window.y1, width);
    let (first, end) = (across.0.max(down.0), across.1.min(down.1));
    let (first, end) = if first < end { (first, end) } else { (width, width) };
    for k in (0..first).chain(end..width) {
        let (x, y) = (start.0 + k as i64 * step.0, start.1 + k as i64 * step.1);
        let from = if window.is_empty() { None } else { window.fold(edge.border, x, y) };
        let out = &mut row[k * channels..(k + 1) * channels];
        match from {
            Some((x, y)) => out.copy_from_slice(&source[y * stride + x * channels..][..channels]),
            None => out.iter_mut().enumerate().for_each(|(c, value)| *value = channel(edge.fill, c)),
        }
    }
    if first == end {
        return;
    }
    let at =
        (start.1 + first as i64 * step.1) as usize * stride + (start.0 + first as i64 * step.0) as usize * channels;
    let pace = step.1 * stride as i64 + step.0 * channels as i64;
    let row = &mut row[first * channels..end * channels];
    if step == (1, 0) {
        row.copy_from_slice(&source[at..at + row.len()]);
        return;
    }
    match channels {
        1 => copy::<T, 1>(source, at, pace, row),
        3 => copy::<T, 3>(source, at, pace, row),
        4 => copy::<T, 4>(source, at, pace, row),
        _ => {
            for (k, out) in row.chunks_exact_mut(channels).enumerate() {
                let from = (at as i64 + k as i64 * pace) as usize;
                out.copy_from_slice(&source[from..from + channels]);
            }
        }
    }
}

fn copy<T: Sample, const C: usize>(source: &[T], at: usize, pace: i64, row: &mut [T]) {
    if pace == -(C as i64) {
        // Backwards along a row: both sides are runs of pixels, so that no index needs a check.
        let count = row.len() / C;
        let run = &source[at + C - count * C..at + C];
        let (run, row) = reverse::pixels::<T, C>(run, row);
        for (out, pixel) in row.as_chunks_mut::<C>().0.iter_mut().zip(run.as_chunks::<C>().0.iter().rev()) {
            *out = *pixel;
        }
        return;
    }
    let mut from = at as i64;
    for out in row.as_chunks_mut::<C>().0 {
        out.copy_from_slice(&source[from as usize..from as usize + C]);
        from += pace;
    }
}

/// The columns `k` in `0..width` for which `lo ≤ start + k · step < hi`, half-open.
fn within(start: i64, step: i64, lo: i64, hi: i64, width: usize) -> (usize, usize) {
    let n = width as i64;
    let clip = |k: i64| k.clamp(0, n) as usize;
    let up = |a: i64, b: i64| -((-a).div_euclid(b));
    match step {
        0 if (lo..hi).contains(&start) => (0, width),
        0 => (0, 0),
        // What almost every move is, without a division.
        1 => (clip(lo - start), clip(hi - start)),
        -1 => (clip(start - hi + 1), clip(start - lo + 1)),
        s if s > 0 => (clip(up(lo - start, s)), clip(up(hi - start, s))),
        s => (clip(up(start - hi + 1, -s)), clip(up(start - lo + 1, -s))),
    }
}
