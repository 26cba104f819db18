//! A kernel that is a row times a column.
//!
//! The engine asks row by row. Each source row is filtered horizontally once, into a ring; the vertical sum takes
//! its rows from there. Along a padded row the taps of all elements lie `channels` apart, so that one loop without
//! shuffles serves every channel count.

use super::padded;
use crate::rows::{Ring, weighted};
use variegate_picture::{Border, View};

/// Memory a stencil works in, used again from picture to picture.
#[derive(Debug, Default)]
pub struct StencilScratch {
    ring: Ring,
    padded: Vec<f32>,
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
        scratch.ring.reset(y.len(), width * channels);
        scratch.padded.resize((width + x.len() - 1) * channels, 0.0);
        scratch.offsets.clear();
        scratch.offsets.extend((0..x.len()).map(|i| i * channels));
        Self { source, x, y, border, fill, scratch }
    }

    /// Output row `y`; asked in order, no source row is filtered twice.
    pub fn row(&mut self, y: usize, out: &mut [f32]) {
        let height = self.source.size().height;
        let before = self.x.len() / 2;
        let after = self.x.len() - 1 - before;
        let StencilScratch { ring, padded: line, offsets, starts, needed, order } = &mut *self.scratch;
        needed.clear();
        order.clear();
        for j in 0..self.y.len() {
            let at = y as i64 + j as i64 - (self.y.len() / 2) as i64;
            // The row of fill has the name no row can have.
            let row = self.border.fold(at, height as i64).map_or(height, |row| row as usize);
            let place = needed.iter().position(|&have| have == row).unwrap_or_else(|| {
                needed.push(row);
                needed.len() - 1
            });
            order.push(place);
        }
        let (source, x, border, fill) = (&self.source, self.x, self.border, self.fill);
        ring.ensure(needed, starts, |row, out| {
            padded(source, if row == height { -1 } else { row as i64 }, border, fill, before, after, line);
            weighted(line, offsets, x, out);
        });
        for place in order.iter_mut() {
            *place = starts[*place];
        }
        weighted(&ring.rows, order, self.y, out);
    }
}
