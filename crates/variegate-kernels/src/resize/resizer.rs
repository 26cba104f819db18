//! A picture resized row by row.
//!
//! The engine asks for output rows, best in order. Which axis goes first follows from the geometry alone, so that
//! every machine takes the same: where rows get fewer, columns are summed first (whole rows at a time, no shuffling,
//! and one horizontal pass, the dear part, for each *output* row); where they get more, each source row is filtered
//! horizontally once, into a ring. Bytes of three or four channels go through [`super::whole`], everything else
//! through reals.

use super::Taps;
use super::horizontal::{horizontal, horizontal_from};
use super::whole::{Axis, PAD, STRETCH, Turn, Whole, across_bytes, across_words, sum_bytes, sum_words};
use crate::cache::prefetch;
use crate::levels::{Levels, PLAIN};
use crate::rows::{Ring, add_fill, weighted};
use variegate_picture::{PixelsView, Sample, View};

/// Output rows between asking for a source row and using it.
const AHEAD: usize = 2;

/// Memory a resizer works in, used again from picture to picture.
#[derive(Debug, Default)]
pub struct ResizeScratch {
    ring: Ring<f32>,
    column: Vec<f32>,
    starts: Vec<usize>,
    needed: Vec<usize>,
    across: Whole,
    down: Whole,
    words: Ring<i16>,
    word_column: Vec<i16>,
    padded: Vec<u8>,
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
    in_words: bool,
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
        let mut made = Self { source, x, y, fill, scratch, rows_first, in_words: false, span };
        made.in_words = made.take_words();
        let channels = source.channels();
        let ResizeScratch { ring, column, words, word_column, .. } = &mut *made.scratch;
        let used = (span.1 - span.0) * channels;
        match (made.in_words, rows_first) {
            // The pad lets the last pixel of three channels be read in four lanes.
            (false, true) => column.resize(used + 1, 0.0),
            (false, false) => ring.reset(y.most(), x.len() * channels),
            (true, true) => word_column.resize(used + PAD, 0),
            (true, false) => words.reset(y.most() + 1, x.len() * channels + PAD),
        }
        made
    }

    /// Makes the taps in whole numbers, where the picture and the taps allow it.
    fn take_words(&mut self) -> bool {
        let channels = self.source.channels();
        if !matches!(self.source.pixels(), PixelsView::U8(_)) || !matches!(channels, 3 | 4) {
            return false;
        }
        let length = if self.rows_first { self.span.1 - self.span.0 } else { self.x.len() };
        // A word holds 255 levels in steps of 1/128, or twice that range in steps of 1/64 for weights below zero.
        let fine = if self.x.is_positive() && self.y.is_positive() { 7 } else { 6 };
        let (x, y) = if self.rows_first { (Turn::Second, Turn::First) } else { (Turn::First, Turn::Second) };
        length * channels >= STRETCH
            && self.scratch.across.take(self.x, Axis::Across, x, fine)
            && self.scratch.down.take(self.y, Axis::Down, y, fine)
    }

    /// Output row `o`: `out` has the width of the x taps. Any order works; asked in order (either way), no source
    /// row is filtered horizontally twice.
    pub fn row(&mut self, o: usize, out: &mut [f32]) {
        debug_assert_eq!(out.len(), self.x.len() * self.source.channels());
        match self.source.pixels() {
            PixelsView::U8(_) if self.in_words => self.levelled(o, &PLAIN, out),
            PixelsView::U8(pixels) => self.typed(pixels, o, out),
            PixelsView::U16(pixels) => self.typed(pixels, o, out),
            PixelsView::F32(pixels) => self.typed(pixels, o, out),
        }
    }

    /// Whether [`Resizer::levelled`] can be asked: the source is bytes of three or four channels and the taps fit; no
    /// weight is below zero, so that nothing overshoots; and there is no scale before, where rows go last.
    pub fn levels(&self, levels: &Levels) -> bool {
        self.in_words && self.x.is_positive() && self.y.is_positive() && (self.rows_first || levels.first.is_none())
    }

    /// Output row `o` in final numbers.
    pub fn levelled(&mut self, o: usize, levels: &Levels, out: &mut [f32]) {
        match (self.source.pixels(), self.source.channels()) {
            (PixelsView::U8(pixels), 3) => self.bytes::<3>(pixels, o, levels, out),
            (PixelsView::U8(pixels), _) => self.bytes::<4>(pixels, o, levels, out),
            _ => {}
        }
    }

    fn bytes<const C: usize>(&mut self, pixels: &[u8], o: usize, levels: &Levels, out: &mut [f32]) {
        let stride = self.source.stride();
        let ResizeScratch { starts, needed, across, down, words, word_column, padded, .. } = &mut *self.scratch;
        let first = down.first[o] as usize;
        let taps = down.of(o);
        let (from, to) = (self.span.0 * C, self.span.1 * C);
        ask(pixels, stride, down.fresh(o + AHEAD), from..to);
        if self.rows_first {
            starts.clear();
            starts.extend((first..first + 2 * down.pairs).map(|y| y * stride + from));
            sum_bytes(pixels, starts, taps, down.shift - down.fine, &mut word_column[..to - from]);
            across_words::<C>(word_column, across, levels, out);
        } else {
            needed.clear();
            needed.extend(first..first + 2 * down.pairs);
            words.ensure(needed, starts, |y, row| {
                let line = &pixels[y * stride + from..];
                if line.len() >= to - from + PAD {
                    across_bytes::<C>(line, across, row);
                } else {
                    padded.clear();
                    padded.extend_from_slice(&line[..to - from]);
                    padded.resize(to - from + PAD, 0);
                    across_bytes::<C>(padded, across, row);
                }
            });
            sum_words(&words.rows, starts, taps, down.factor(), levels, out);
        }
    }

    fn typed<T: Sample>(&mut self, pixels: &[T], o: usize, out: &mut [f32]) {
        let (stride, channels) = (self.source.stride(), self.source.channels());
        let run = self.y.of(o);
        let ResizeScratch { ring, column, starts, needed, .. } = &mut *self.scratch;
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

/// Asks for source rows `rows`, of which the bytes `bytes` will be read.
fn ask(pixels: &[u8], stride: usize, rows: std::ops::Range<usize>, bytes: std::ops::Range<usize>) {
    for y in rows {
        if let Some(stretch) = pixels.get(y * stride + bytes.start..y * stride + bytes.end) {
            prefetch(stretch);
        }
    }
}
