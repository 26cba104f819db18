//! Gathers row by row: under a homography a row's positions lie on a line, under a curved map they are listed.
//!
//! Made by [`crate::source`] and [`crate::shrunk`] for each pass, and by [`crate::mask`]. It never asks whether a kernel
//! is the right one for a warp; that was settled before.

use variegate_kernels::Levels;
use variegate_kernels::warp::{
    CodeEdge, Course, Edge, Line, Spots, Window, ask_ahead, gather, gather_levelled, gather_nearest,
};
use variegate_picture::{Dtype, Filter, Homography, PixelsView, Sample, View};
use variegate_plan::{Map, Warp};

use crate::row::{Row, State};
use crate::spare::Spare;

/// Output rows between asking for source pixels and reading them.
const AHEAD: usize = 8;

/// The positions of one row of a map, kept for as long as that row is asked for.
#[derive(Debug, Default)]
pub struct Positions {
    x: Vec<f64>,
    y: Vec<f64>,
    row: Option<usize>,
}

impl Positions {
    /// Lists to be filled.
    pub fn new(x: Vec<f64>, y: Vec<f64>) -> Self {
        Self { x, y, row: None }
    }

    /// Where output row `y` of `width` columns reads.
    pub fn course(&mut self, map: &Map, y: usize, width: usize) -> Course<'_> {
        if let Map::Homography(h) = map {
            return Course::Line(line(h, y));
        }
        if self.row != Some(y) {
            self.x.resize(width, 0.0);
            self.y.resize(width, 0.0);
            map.sources(y, &mut self.x, &mut self.y);
            self.row = Some(y);
        }
        Course::Spots(Spots { x: &self.x, y: &self.y })
    }
}

/// A warp at work.
pub struct Gather<'a> {
    warp: &'a Warp,
    fill: &'a [f32],
    positions: Positions,
}

impl<'a> Gather<'a> {
    pub fn new(warp: &'a Warp, fill: &'a [f32], spare: &mut Spare) -> Self {
        Self { warp, fill, positions: Positions::new(spare.positions(), spare.positions()) }
    }

    /// The warp.
    pub fn warp(&self) -> &'a Warp {
        self.warp
    }

    /// Gives back the memory.
    pub fn give_back(self, spare: &mut Spare) {
        spare.give_positions(self.positions.x);
        spare.give_positions(self.positions.y);
    }

    /// Asks for the source pixels of a row a little later than `y`.
    pub fn ask(&self, view: &View<'_>, y: usize) {
        if let Some(h) = self.warp.map.homography() {
            ask_ahead(view, &line(h, y + AHEAD), self.warp.to.width);
        }
    }

    /// Fills `row` with output row `y`.
    pub fn fill(&mut self, view: &View<'_>, y: usize, row: &mut Row) {
        let Self { warp, fill, positions } = self;
        let course = positions.course(&warp.map, y, warp.to.width);
        if warp.filter == Filter::Nearest {
            match view.pixels() {
                PixelsView::U8(p) => nearest(p, view, warp, fill, course, &mut row.bytes),
                PixelsView::U16(p) => nearest(p, view, warp, fill, course, &mut row.words),
                PixelsView::F32(p) => nearest(p, view, warp, fill, course, &mut row.reals),
            }
            row.state = match view.dtype() {
                Dtype::U8 => State::Bytes,
                Dtype::U16 => State::Words,
                _ => State::Reals,
            };
            return;
        }
        let edge = Edge { window: window(warp), border: warp.border, fill };
        gather(view, course, warp.filter, &edge, &mut row.reals);
        row.state = State::Reals;
    }

    /// Writes output row `y` in final numbers, where one step does both; says whether it did.
    pub fn levelled(&mut self, view: &View<'_>, y: usize, levels: &Levels, out: &mut [f32]) -> bool {
        let Self { warp, fill, positions } = self;
        let edge = Edge { window: window(warp), border: warp.border, fill };
        gather_levelled(view, positions.course(&warp.map, y, warp.to.width), warp.filter, &edge, levels, out)
    }
}

/// The pixels a warp may see.
pub fn window(warp: &Warp) -> Window {
    let r = warp.window;
    Window { x0: r.x0 as i64, y0: r.y0 as i64, x1: r.x1 as i64, y1: r.y1 as i64 }
}

/// The line of output row `y` under a homography.
fn line(h: &Homography, y: usize) -> Line {
    let m = &h.0;
    let (x, y) = (0.5, y as f64 + 0.5);
    let axis = |r: usize| [m[r][0] * x + m[r][1] * y + m[r][2], m[r][0]];
    Line { x: axis(0), y: axis(1), w: axis(2) }
}

fn nearest<T: Sample>(pixels: &[T], view: &View<'_>, warp: &Warp, fill: &[f32], course: Course<'_>, row: &mut [T]) {
    let fill: Vec<T> = fill.iter().map(|v| T::store(*v)).collect();
    let edge = CodeEdge { window: window(warp), border: warp.border, fill: &fill };
    gather_nearest(pixels, view.stride(), view.channels(), course, &edge, row);
}
