//! Asks for the source pixels of a later row, so that they are in the cache when its turn comes.
//!
//! The engine calls it once a row, some rows ahead. Pictures come from a decoder or a trainer's memory and are cold; a turned
//! line crosses them in a way no processor guesses.

use super::Line;
use crate::cache::prefetch;
use variegate_picture::{PixelsView, View};

/// Bytes of a picture between two places that are asked for: no cache line that a row crosses is missed.
const EVERY: usize = 60;

/// Asks for what an affine line of `width` columns will read. Changes nothing but the time.
pub fn ask_ahead(source: &View<'_>, line: &Line, width: usize) {
    if !line.is_affine() {
        return;
    }
    match source.pixels() {
        PixelsView::U8(pixels) => ask(pixels, source, line, width),
        PixelsView::U16(pixels) => ask(pixels, source, line, width),
        PixelsView::F32(pixels) => ask(pixels, source, line, width),
    }
}

fn ask<T>(pixels: &[T], source: &View<'_>, line: &Line, width: usize) {
    let size = source.size();
    let every = (EVERY / (size_of::<T>() * source.channels())).max(1);
    let (mut x, mut y) = (line.x[0], line.y[0]);
    for _ in (0..width).step_by(every) {
        // Saturating: what lies before the first pixel asks for that one, what lies beyond is not asked for.
        let (column, row) = (x as usize, y as usize);
        if column < size.width && row < size.height {
            let at = row * source.stride() + column * source.channels();
            prefetch(pixels.get(at..at + 1).unwrap_or_default());
        }
        x += line.x[1] * every as f64;
        y += line.y[1] * every as f64;
    }
}
