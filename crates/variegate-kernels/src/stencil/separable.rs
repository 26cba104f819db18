//! A kernel that is a row times a column.
//!
//! The engine asks row by row. Each source row is filtered horizontally once, into a ring; the vertical sum takes
//! its rows from there. Along a padded row the taps of all elements lie `channels` apart, so that one loop without
//! shuffles serves every channel count. Bytes under symmetric weights go in whole numbers ([`super::symmetric`]).

use super::symmetric::{self, BLOCK, Shares};
use super::{padded, padded_by};
use crate::rows::{Ring, weighted};
use variegate_picture::{Border, PixelsView, View};

/// Memory a stencil works in, used again from picture to picture.
#[derive(Debug, Default)]
pub struct StencilScratch {
    ring: Ring,
    padded: Vec<f32>,
    words: Ring<i16>,
    codes: Vec<i16>,
    summed: Vec<i16>,
    across: Shares,
    down: Shares,
    offsets: Vec<usize>,
    starts: Vec<usize>,
    needed: Vec<usize>,
    order: Vec<usize>,
}

/// One picture on its way through a separable kernel.
#[derive(Debug)]
pub struct Separable<'a> {
    source: View<'a>,
    x: &'a [f32],
    y: &'a [f32],
    border: Border,
    fill: &'a [f32],
    /// The fill in whole numbers, where everything is.
    whole: Option<Vec<i16>>,
    scratch: &'a mut StencilScratch,
}

impl<'a> Separable<'a> {
    /// Joins a source and the weights along x and y (at least one each); `fill` holds a value for each channel in
    /// stored units.
    pub fn new(
        source: View<'a>,
        x: &'a [f32],
        y: &'a [f32],
        border: Border,
        fill: &'a [f32],
        scratch: &'a mut StencilScratch,
    ) -> Self {
        debug_assert!(!x.is_empty() && !y.is_empty());
        let (width, channels) = (source.size().width, source.channels());
        let bytes = matches!(source.pixels(), PixelsView::U8(_));
        let fits = bytes && fill.iter().all(|v| (0.0..=255.0).contains(v) && v.fract() == 0.0);
        let whole = (fits && scratch.across.set(x) && scratch.down.set(y))
            .then(|| fill.iter().map(|v| (*v as i16) << 7).collect::<Vec<_>>());
        let (row, line) = (width * channels, (width + x.len() - 1) * channels);
        if whole.is_some() {
            // Whole blocks are read and written.
            let blocks = row.next_multiple_of(BLOCK);
            scratch.words.reset(y.len(), blocks);
            scratch.codes.resize(line + blocks - row, 0);
            scratch.summed.resize(blocks, 0);
        } else {
            scratch.ring.reset(y.len(), row);
            scratch.padded.resize(line, 0.0);
        }
        scratch.offsets.clear();
        scratch.offsets.extend((0..x.len()).map(|i| i * channels));
        Self { source, x, y, border, fill, whole, scratch }
    }

    /// Output row `y`; asked in order, no source row is filtered twice.
    pub fn row(&mut self, y: usize, out: &mut [f32]) {
        if self.whole.is_some() {
            self.whole_row(y);
            return symmetric::to_reals(&self.scratch.summed, out);
        }
        self.need(y);
        let (before, after) = reach(self.x);
        let (height, source, border) = (self.source.size().height, &self.source, self.border);
        let StencilScratch { ring, padded: line, offsets, starts, needed, order, .. } = &mut *self.scratch;
        let (x, fill) = (self.x, self.fill);
        ring.ensure(needed, starts, |row, out| {
            padded(source, named(row, height), border, fill, before, after, line);
            weighted(line, offsets, x, out);
        });
        place(order, starts);
        weighted(&ring.rows, order, self.y, out);
    }

    /// The same as codes, rounded as the reals would be; says whether it could, which depends on nothing but the picture's
    /// type and the weights.
    pub fn codes(&mut self, y: usize, out: &mut [u8]) -> bool {
        if self.whole.is_some() {
            self.whole_row(y);
            symmetric::to_codes(&self.scratch.summed, out);
        }
        self.whole.is_some()
    }

    /// Filters output row `y` in whole numbers.
    fn whole_row(&mut self, y: usize) {
        self.need(y);
        let (before, after) = reach(self.x);
        let (height, source, border) = (self.source.size().height, &self.source, self.border);
        let StencilScratch { words, codes, summed, across, down, offsets, starts, needed, order, .. } =
            &mut *self.scratch;
        let (Some(fill), PixelsView::U8(pixels)) = (&self.whole, source.pixels()) else { return };
        let load = |y: usize, row: &mut [i16]| symmetric::widen(&pixels[y * source.stride()..][..row.len()], row);
        words.ensure(needed, starts, |row, out| {
            padded_by(source, named(row, height), border, fill, before, after, codes, load);
            symmetric::filter(codes, offsets, across, out);
        });
        place(order, starts);
        symmetric::filter(&words.rows, order, down, summed);
    }

    /// Lists the rows that output row `y` needs, each once, and the place of each tap in that list.
    fn need(&mut self, y: usize) {
        let height = self.source.size().height;
        let StencilScratch { needed, order, .. } = &mut *self.scratch;
        needed.clear();
        order.clear();
        let first = y as i64 - reach(self.y).0 as i64;
        for at in first..first + self.y.len() as i64 {
            // Inside the picture every tap has a row of its own.
            if first >= 0 && at < height as i64 {
                order.push(needed.len());
                needed.push(at as usize);
                continue;
            }
            // The row of fill has the name no row can have.
            let row = self.border.fold(at, height as i64).map_or(height, |row| row as usize);
            let place = needed.iter().position(|&have| have == row).unwrap_or_else(|| {
                needed.push(row);
                needed.len() - 1
            });
            order.push(place);
        }
    }
}

/// The taps of a kernel before and after its anchor.
fn reach(weights: &[f32]) -> (usize, usize) {
    let before = weights.len() / 2;
    (before, weights.len() - 1 - before)
}

/// The row of a name in the list of needed rows; the row of fill lies outside.
fn named(row: usize, height: usize) -> i64 {
    if row == height { -1 } else { row as i64 }
}

/// Turns places in the list of needed rows into where these rows start.
fn place(order: &mut [usize], starts: &[usize]) {
    for place in order {
        *place = starts[*place];
    }
}
