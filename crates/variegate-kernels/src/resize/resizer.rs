//! A picture resized row by row.
//!
//! The engine asks for output rows, best in order. Which axis goes first follows from the geometry alone, so that
//! every machine takes the same: where rows get fewer, columns are summed first (whole rows at a time, no shuffling,
//! and one horizontal pass, the dear part, for each *output* row); where they get more, each source row is filtered
//! horizontally once, into a ring.

use super::Taps;
use super::horizontal::{horizontal, horizontal_from};
use crate::rows::{Ring, add_fill, weighted};
use variegate_picture::{PixelsView, Sample, View};

/// Memory a resizer works in, used again from picture to picture.
#[derive(Debug, Default)]
pub struct ResizeScratch {
    ring: Ring,
    column: Vec<f32>,
    starts: Vec<usize>,
    needed: Vec<usize>,
}

/// One picture on its way to another size.
#[derive(Debug)]
pub struct Resizer<'a> {
    source: View<'a>,
    x: &'a Taps,
    y: &'a Taps,
    fill: &'a [f32],
    scratch: &'a mut ResizeScratch,
    rows_first: bool,
    span: (usize, usize),
}

impl<'a> Resizer<'a> {
    /// Joins a source and the taps of its axes, which must have been made for windows inside it; `fill` holds a
    /// value for each channel in stored units.
    pub fn new(source: View<'a>, x: &'a Taps, y: &'a Taps, fill: &'a [f32], scratch: &'a mut ResizeScratch) -> Self {
        let (first, end) = y.span();
        let rows_first = end - first > y.len();
        let span = x.span();
        debug_assert!(span.1 <= source.size().width && end <= source.size().height);
        if rows_first {
            // The pad lets the last pixel of three channels be read in four lanes.
            scratch.column.resize((span.1 - span.0) * source.channels() + 1, 0.0);
        } else {
            scratch.ring.reset(y.most(), x.len() * source.channels());
        }
        Self { source, x, y, fill, scratch, rows_first, span }
    }

    /// Output row `o`: `out` has the width of the x taps. Any order works; asked in order (either way), no source
    /// row is filtered horizontally twice.
    pub fn row(&mut self, o: usize, out: &mut [f32]) {
        debug_assert_eq!(out.len(), self.x.len() * self.source.channels());
        match self.source.pixels() {
            PixelsView::U8(pixels) => self.typed(pixels, o, out),
            PixelsView::U16(pixels) => self.typed(pixels, o, out),
            PixelsView::F32(pixels) => self.typed(pixels, o, out),
        }
    }

    fn typed<T: Sample>(&mut self, pixels: &[T], o: usize, out: &mut [f32]) {
        let (stride, channels) = (self.source.stride(), self.source.channels());
        let run = self.y.of(o);
        let ResizeScratch { ring, column, starts, needed } = &mut *self.scratch;
        if self.rows_first {
            let used = (self.span.1 - self.span.0) * channels;
            starts.clear();
            starts.extend((0..run.weights.len()).map(|j| run.index(j) * stride + self.span.0 * channels));
            weighted(pixels, starts, run.weights, &mut column[..used]);
            if run.fill != 0.0 {
                add_fill(&mut column[..used], channels, self.fill, run.fill);
            }
            horizontal_from(column, self.span.0, channels, self.x, self.fill, out);
        } else {
            needed.clear();
            needed.extend((0..run.weights.len()).map(|j| run.index(j)));
            let width = self.source.size().width * channels;
            ring.ensure(needed, starts, |y, row| {
                horizontal(&pixels[y * stride..y * stride + width], channels, self.x, self.fill, row);
            });
            weighted(&ring.rows, starts, run.weights, out);
            if run.fill != 0.0 {
                add_fill(out, channels, self.fill, run.fill);
            }
        }
    }
}
