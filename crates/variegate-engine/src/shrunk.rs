//! A gather whose source is shrunk on the way, row by row, as far as each output row needs it.
//!
//! Each small row is made once, when the first output row asks for it, and read while it is still in the cache: shrink
//! and gather are one sweep over the pixels. Small rows are stored as the picture is, so they are rounded once.

use variegate_kernels::Levels;
use variegate_kernels::convert::{clamp_row, round_row};
use variegate_kernels::resize::Resizer;
use variegate_picture::{Border, Homography, Picture, Pixels, Point, Size, View};
use variegate_plan::Warp;

use crate::gathered::Gather;
use crate::row::Row;
use crate::spare::Spare;

/// A source that is shrunk on demand.
pub struct Shrunk<'a> {
    resizer: Resizer<'a>,
    gather: Gather<'a>,
    white: f32,
    /// The small picture; rows that were not asked for hold anything.
    small: Option<Picture>,
    made: Vec<bool>,
    reals: Vec<f32>,
}

impl<'a> Shrunk<'a> {
    pub fn new(
        resizer: Resizer<'a>,
        gather: &'a Warp,
        fill: &'a [f32],
        view: View<'a>,
        white: f32,
        spare: &mut Spare,
    ) -> Self {
        let Size { height, width } = gather.from;
        let small = spare.picture(gather.from, view.channels(), view.dtype()).ok();
        let mut reals = spare.reals();
        reals.resize(width * view.channels(), 0.0);
        let gather = Gather::new(gather, fill, spare);
        Self { resizer, gather, white, small, made: spare.flags(height), reals }
    }

    /// Gives back the memory.
    pub fn give_back(self, spare: &mut Spare) {
        self.gather.give_back(spare);
        spare.give_flags(self.made);
        spare.give_reals(self.reals);
        if let Some(small) = self.small {
            spare.give_picture(small);
        }
    }

    /// Fills output row `y`.
    pub fn fill(&mut self, y: usize, row: &mut Row) {
        self.make_rows(y);
        if let Some(small) = &self.small {
            self.gather.fill(&small.view(), y, row);
        }
    }

    /// Writes output row `y` in final numbers, where one step does both; says whether it did.
    pub fn levelled(&mut self, y: usize, levels: &Levels, out: &mut [f32]) -> bool {
        self.make_rows(y);
        let Self { small, gather, .. } = self;
        small.as_ref().is_some_and(|small| gather.levelled(&small.view(), y, levels, out))
    }

    /// Makes the small rows that output row `y` reads.
    fn make_rows(&mut self, y: usize) {
        let (first, end) = self.needed(y);
        for k in first..end {
            if !self.made[k] {
                self.make(k);
            }
        }
    }

    /// The small rows that output row `y` may read: those between its two ends, since y is monotone along a line.
    fn needed(&self, y: usize) -> (usize, usize) {
        let gather = self.gather.warp();
        let height = gather.from.height;
        let all = (0, height);
        let Some(h) = gather.map.homography() else { return all };
        let at = |x: f64| {
            let p = Point::new(x, y as f64 + 0.5);
            (h.apply(p).y, weight(h, p))
        };
        let ((a, wa), (b, wb)) = (at(0.0), at(gather.to.width as f64));
        let reach = gather.filter.support() + 1.0;
        let (low, high) = (a.min(b) - reach, a.max(b) + reach);
        // A horizon in the row, or a border that brings far rows near: everything may be read.
        let folds = !matches!(gather.border, Border::Constant | Border::Edge);
        let leaves = low < 0.0 || high > height as f64;
        let proper = wa > 0.0 && wb > 0.0 && low.is_finite() && high.is_finite();
        if !proper || (folds && leaves) {
            return all;
        }
        let first = low.floor().clamp(0.0, (height - 1) as f64) as usize;
        let end = high.ceil().clamp(1.0, height as f64) as usize;
        (first.min(end - 1), end)
    }

    fn make(&mut self, k: usize) {
        self.resizer.row(k, &mut self.reals);
        let range = k * self.reals.len()..(k + 1) * self.reals.len();
        match self.small.as_mut().map(Picture::pixels_mut) {
            Some(Pixels::U8(p)) => {
                clamp_row(&mut self.reals, self.white);
                round_row(&self.reals, &mut p[range]);
            }
            Some(Pixels::U16(p)) => {
                clamp_row(&mut self.reals, self.white);
                round_row(&self.reals, &mut p[range]);
            }
            Some(Pixels::F32(p)) => p[range].copy_from_slice(&self.reals),
            None => {}
        }
        self.made[k] = true;
    }
}

/// The denominator of a homography at a position.
fn weight(h: &Homography, p: Point) -> f64 {
    h.0[2][0] * p.x + h.0[2][1] * p.y + h.0[2][2]
}
