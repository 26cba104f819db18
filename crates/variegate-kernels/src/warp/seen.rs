//! A source of bytes as the gathers of bytes see it.
//!
//! Made by [`super::bytes`] and [`super::wide_bytes`] for each row. It never holds a position.

use super::Window;
use crate::channel;
use crate::levels::Levels;
use variegate_picture::Border;

/// What is seen of a source whose offsets all fit 31 bits.
#[derive(Clone, Copy)]
pub(super) struct Seen<'a> {
    pub pixels: &'a [u8],
    pub stride: usize,
    pub window: Window,
    pub border: Border,
    pub fill: &'a [f32],
    pub levels: &'a Levels,
}

impl Seen<'_> {
    /// Pixels of the fill.
    pub(super) fn filled<const C: usize>(&self, row: &mut [f32]) {
        let pixel: [f32; C] = std::array::from_fn(|c| self.levels.of(c, channel(self.fill, c)));
        row.as_chunks_mut::<C>().0.fill(pixel);
    }
}
