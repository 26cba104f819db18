//! Whole pixels moved: flips, quarter turns, transpositions, shifts.
//!
//! Prepared once for a picture by [`crate::source`]; rows are asked for by the sweeps. Nothing is mixed, so that codes stay
//! codes.

use variegate_kernels::permute::permute_row;
use variegate_kernels::warp::{CodeEdge, Window};
use variegate_picture::{Homography, PixelsView, Point, Sample, View};
use variegate_plan::Warp;

use crate::gathered::window;
use crate::row::{Row, State};

/// A movement in steps of source pixels.
pub struct Moved<'p> {
    warp: &'p Warp,
    window: Window,
    /// The source pixel of the first output pixel, and the ways to the next row and to the next column.
    start: (i64, i64),
    down: (i64, i64),
    across: (i64, i64),
    /// The fill in every form a row can have.
    bytes: Vec<u8>,
    words: Vec<u16>,
    reals: Vec<f32>,
}

impl<'p> Moved<'p> {
    /// Prepares a warp that is the permutation `h`, for a picture whose white is stored as `white`.
    pub fn new(warp: &'p Warp, h: &Homography, channels: usize, white: f32) -> Self {
        let start = h.apply(Point::new(0.5, 0.5));
        let reals: Vec<f32> = (0..channels).map(|c| warp.fill.get(c) as f32 * white).collect();
        Self {
            warp,
            window: window(warp),
            start: (start.x.floor() as i64, start.y.floor() as i64),
            down: (h.0[0][1] as i64, h.0[1][1] as i64),
            across: (h.0[0][0] as i64, h.0[1][0] as i64),
            bytes: reals.iter().map(|v| u8::store(*v)).collect(),
            words: reals.iter().map(|v| u16::store(*v)).collect(),
            reals,
        }
    }

    /// Fills `row` with output row `y`.
    pub fn fill(&self, view: &View<'_>, y: usize, row: &mut Row) {
        row.state = match view.pixels() {
            PixelsView::U8(p) => {
                self.bytes(p, view, y, &mut row.bytes);
                State::Bytes
            }
            PixelsView::U16(p) => {
                self.codes(p, view, y, &self.words, &mut row.words);
                State::Words
            }
            PixelsView::F32(p) => {
                self.codes(p, view, y, &self.reals, &mut row.reals);
                State::Reals
            }
        };
    }

    /// Writes output row `y` of a picture of bytes, whose pixels these are.
    pub fn bytes(&self, pixels: &[u8], view: &View<'_>, y: usize, row: &mut [u8]) {
        self.codes(pixels, view, y, &self.bytes, row);
    }

    fn codes<T: Sample>(&self, pixels: &[T], view: &View<'_>, y: usize, fill: &[T], row: &mut [T]) {
        let edge = CodeEdge { window: self.window, border: self.warp.border, fill };
        let start = (self.start.0 + y as i64 * self.down.0, self.start.1 + y as i64 * self.down.1);
        permute_row(pixels, view.stride(), view.channels(), start, self.across, &edge, row);
    }
}
