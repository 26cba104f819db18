//! One gather for general geometry: rotations, shears, perspectives, whatever a homography makes of a row.
//!
//! The engine calls [`gather`] for real rows, [`gather_nearest`] for codes and [`gather_elements`] for masks, once
//! for each output row. A row's positions lie on a line, or are listed one by one where a map is curved ([`Course`]).
//! Columns go in blocks: positions of a block are computed first (that loop vectorises), then
//! its pixels are fetched. A pixel whose taps all lie in the window takes the short path, any other resolves every
//! tap through the border. Spans of inner columns need not be solved for: a block that is all inner costs one
//! well-predicted comparison a pixel, and the same code serves perspectives, whose inner columns need not be one
//! span. Nothing here antialiases: who shrinks, shrinks beforehand.

mod ahead;
mod bilinear;
mod bytes;
mod course;
mod curves;
mod elements;
mod folded;
mod locate;
mod moves;
mod nearest;
mod seen;
mod straight;
mod wide;
mod wide_block;
mod wide_bytes;

use crate::levels::{Levels, PLAIN};
use variegate_picture::{Border, Filter, PixelsView, Sample, View};

pub use ahead::ask_ahead;
pub use course::{Course, Line, Spots};
pub use elements::gather_elements;
pub use nearest::gather_nearest;

/// The half-open rectangle of source pixels that may be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// First column.
    pub x0: i64,
    /// First row.
    pub y0: i64,
    /// One past the last column.
    pub x1: i64,
    /// One past the last row.
    pub y1: i64,
}

impl Window {
    /// Every pixel of a picture.
    pub fn of(size: variegate_picture::Size) -> Self {
        Self { x0: 0, y0: 0, x1: size.width as i64, y1: size.height as i64 }
    }

    /// The part inside a picture of the given rows and columns.
    pub fn within(self, height: usize, width: usize) -> Self {
        Self { x0: self.x0.max(0), y0: self.y0.max(0), x1: self.x1.min(width as i64), y1: self.y1.min(height as i64) }
    }

    /// Whether no pixel is in it.
    pub fn is_empty(self) -> bool {
        self.x0 >= self.x1 || self.y0 >= self.y1
    }

    /// The pixel that stands for column `x` and row `y`, or none where the fill shows.
    #[inline]
    pub fn fold(self, border: Border, x: i64, y: i64) -> Option<(usize, usize)> {
        let x = border.fold(x - self.x0, self.x1 - self.x0)? + self.x0;
        let y = border.fold(y - self.y0, self.y1 - self.y0)? + self.y0;
        Some((x as usize, y as usize))
    }
}

/// What is seen of the source, and what beyond it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Edge<'a> {
    /// The pixels that may be seen.
    pub window: Window,
    /// What lies beyond them.
    pub border: Border,
    /// The fill of [`Border::Constant`], a value for each channel in stored units (the last one serves the rest).
    pub fill: &'a [f32],
}

/// What is seen of a source of codes, and what beyond it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CodeEdge<'a, T> {
    /// The pixels that may be seen.
    pub window: Window,
    /// What lies beyond them.
    pub border: Border,
    /// The fill of [`Border::Constant`], a code for each channel (the last one serves the rest).
    pub fill: &'a [T],
}

/// A view's elements with their type known.
#[derive(Clone, Copy)]
struct Source<'a, T> {
    pixels: &'a [T],
    stride: usize,
    channels: usize,
}

/// Fills a real row (width × channels, interleaved, stored units) from the positions of a course.
///
/// `Nearest` and `Box` take the pixel that contains the position. `Bilinear` mixes 2 × 2 pixels; every other filter
/// mixes K × K with separable weights, normalised on each axis. Bytes of three or four channels come within a fiftieth
/// of a level of the exact sum; elsewhere weights are linear between 256 tabled phases and within 4e-5 of the exact ones
/// (`Gaussian`, which ends in a step and is tabled for bytes too, except within 1/256 of that step). Where a position
/// does not exist, the fill shows, or with another border the first pixel of the window. A window with no pixel in
/// it shows the fill.
pub fn gather<'a>(source: &View<'_>, course: impl Into<Course<'a>>, filter: Filter, edge: &Edge<'_>, row: &mut [f32]) {
    let course: &Course<'_> = &course.into();
    debug_assert_eq!(row.len() % source.channels(), 0);
    let edge = Edge { window: edge.window.within(source.size().height, source.size().width), ..*edge };
    match source.pixels() {
        PixelsView::U8(pixels) => {
            let bytes = Source { pixels, stride: source.stride(), channels: source.channels() };
            if !whole(bytes, course, filter, &edge, &PLAIN, row) {
                typed(pixels, source, course, filter, &edge, row);
            }
        }
        PixelsView::U16(pixels) => typed(pixels, source, course, filter, &edge, row),
        PixelsView::F32(pixels) => typed(pixels, source, course, filter, &edge, row),
    }
}

/// The same in final numbers, where that can be done in one step: bytes of three or four channels, mixed by a filter with
/// smooth weights. Says whether it did. Nothing keeps the overshoot of a filter in range but the levels themselves.
pub fn gather_levelled<'a>(
    source: &View<'_>,
    course: impl Into<Course<'a>>,
    filter: Filter,
    edge: &Edge<'_>,
    levels: &Levels,
    row: &mut [f32],
) -> bool {
    let PixelsView::U8(pixels) = source.pixels() else { return false };
    let edge = Edge { window: edge.window.within(source.size().height, source.size().width), ..*edge };
    let bytes = Source { pixels, stride: source.stride(), channels: source.channels() };
    whole(bytes, &course.into(), filter, &edge, levels, row)
}

/// Fills a row of bytes from whole numbers, where that can be; says whether it did.
fn whole(
    source: Source<'_, u8>,
    course: &Course<'_>,
    filter: Filter,
    edge: &Edge<'_>,
    levels: &Levels,
    row: &mut [f32],
) -> bool {
    if edge.window.is_empty() {
        return false;
    }
    if bytes::takes(&source, course, filter, row) {
        bytes::row(source, course, edge, levels, row);
        return true;
    }
    let Some(curves) = curves::curves(filter).filter(|_| wide_bytes::takes(&source, course, row)) else { return false };
    wide_bytes::row(source, course, curves, edge, levels, row);
    true
}

fn typed<T: Sample>(
    pixels: &[T],
    view: &View<'_>,
    course: &Course<'_>,
    filter: Filter,
    edge: &Edge<'_>,
    row: &mut [f32],
) {
    let source = Source { pixels, stride: view.stride(), channels: view.channels() };
    if edge.window.is_empty() {
        return nearest::fill_row(row, source.channels, edge.fill);
    }
    match filter {
        Filter::Nearest | Filter::Box => nearest::real(source, course, edge, row),
        Filter::Bilinear => bilinear::row(source, course, edge, row),
        _ => wide::row(source, course, wide::kernel(filter), edge, row),
    }
}
