//! The pixel that contains the position, moved and never mixed.
//!
//! Called by [`super::gather`] (as reals), by the engine for codes, and by [`super::gather_elements`]. It never
//! reads outside the window.

use super::locate::{BLOCK, Block, Bounds, split};
use super::moves::{AsReals, AsTheyAre, Pixels, Shape, Way};
use super::straight::{ONE, Range, Straight, truncated};
use super::{CodeEdge, Course, Edge, Line, Source, Window};
use crate::channel;
use variegate_picture::{Border, Sample};

/// Steps of a position that whole numbers and reals may differ by: whole numbers tell which columns are surely inside,
/// reals which pixel a column has, so that a position on the line between two pixels is what it is everywhere else.
const MARGIN: i64 = 1 << (ONE - 10);

/// The widest row whose positions stay within the margin.
const WIDEST: usize = 1 << 20;

/// Fills a real row from the nearest pixels.
pub(super) fn real<T: Sample>(source: Source<'_, T>, course: &Course<'_>, edge: &Edge<'_>, row: &mut [f32]) {
    loaded(source, course, edge, row);
}

levels! {
    fn loaded<T: Sample>(source: Source<'_, T>, course: &Course<'_>, edge: &Edge<'_>, row: &mut [f32]) {
        filled::<AsReals, T, f32>(source, course, edge.window, edge.border, edge.fill, row);
    }

    fn moved<T: Copy>(
        source: Source<'_, T>,
        course: &Course<'_>,
        window: Window,
        border: Border,
        fill: &[T],
        row: &mut [T],
    ) {
        filled::<AsTheyAre, T, T>(source, course, window, border, fill, row);
    }
}

#[inline(always)]
fn filled<W: Way<T, O>, T: Copy, O: Copy>(
    source: Source<'_, T>,
    course: &Course<'_>,
    window: Window,
    border: Border,
    fill: &[O],
    row: &mut [O],
) {
    match source.channels {
        1 => each(Pixels::<W, T, O, 1>::new(source, fill, row), course, window, border),
        3 => each(Pixels::<W, T, O, 3>::new(source, fill, row), course, window, border),
        4 => each(Pixels::<W, T, O, 4>::new(source, fill, row), course, window, border),
        _ => each(Pixels::<W, T, O, 0>::new(source, fill, row), course, window, border),
    }
}

/// Fills a row of codes from the nearest pixels: codes are moved, not mixed.
///
/// `stride` is the distance of source rows in elements; rows are as many as the source holds. The window must lie
/// in the source. Where a position does not exist, the fill shows, or with another border the first pixel of the
/// window.
pub fn gather_nearest<'a, T: Sample>(
    source: &[T],
    stride: usize,
    channels: usize,
    course: impl Into<Course<'a>>,
    edge: &CodeEdge<'_, T>,
    row: &mut [T],
) {
    debug_assert_eq!(row.len() % channels, 0);
    let fill: Vec<T> = (0..channels).map(|c| channel(edge.fill, c)).collect();
    if edge.window.is_empty() {
        row.chunks_exact_mut(channels).for_each(|pixel| pixel.copy_from_slice(&fill));
        return;
    }
    moved(Source { pixels: source, stride, channels }, &course.into(), edge.window, edge.border, &fill, row);
}

/// The same for pixels of any type without channels; `fill` is one value, the window not empty.
pub(super) fn gather_values<T: Copy>(
    source: &[T],
    width: usize,
    channels: usize,
    course: &Course<'_>,
    window: Window,
    border: Border,
    fill: &[T],
    row: &mut [T],
) {
    moved(Source { pixels: source, stride: width * channels, channels }, course, window, border, fill, row);
}

/// Writes the fill into every pixel of a row.
pub(super) fn fill_row(row: &mut [f32], channels: usize, fill: &[f32]) {
    for pixel in row.chunks_exact_mut(channels) {
        for (c, value) in pixel.iter_mut().enumerate() {
            *value = channel(fill, c);
        }
    }
}

/// Fills every column.
#[inline(always)]
fn each<W: Way<T, O>, T: Copy, O: Copy, const C: usize>(
    mut pixels: Pixels<'_, W, T, O, C>,
    course: &Course<'_>,
    window: Window,
    border: Border,
) {
    let shape = pixels.shape();
    let straight = course.straight(shape.width + BLOCK);
    if let Some(line) = straight.filter(|_| shape.width <= WIDEST && shape.len < i32::MAX as usize) {
        return each_straight(pixels, &shape, line, course, window, border);
    }
    let bounds = Bounds::new(window, 0);
    let mut block = Block::new();
    for k0 in (0..shape.width).step_by(BLOCK) {
        block.place(course, k0, &bounds);
        for j in 0..BLOCK.min(shape.width - k0) {
            if block.inside[j] != 0 {
                pixels.take(k0 + j, block.y[j] as usize * shape.stride + block.x[j] as usize * shape.channels);
            } else {
                outer(&mut pixels, &shape, course, window, border, k0 + j);
            }
        }
    }
}

/// Fills every column from a straight line: which ones are surely inside is known beforehand.
#[inline(always)]
fn each_straight<W: Way<T, O>, T: Copy, O: Copy, const C: usize>(
    mut pixels: Pixels<'_, W, T, O, C>,
    shape: &Shape,
    line: &Line,
    course: &Course<'_>,
    window: Window,
    border: Border,
) {
    let straight = Straight::new(line, 0.0);
    let inner = straight.within(&Range::inner(window, 0).without(MARGIN), shape.width);
    let shown = match border {
        Border::Constant => straight.within(&Range::touched(window, 0).without(-MARGIN), shape.width),
        _ => (0, shape.width),
    };
    for k in 0..shown.0 {
        pixels.fill(k);
    }
    for k in shown.0..inner.0.min(shown.1) {
        outer(&mut pixels, shape, course, window, border, k);
    }
    let mut k = inner.0;
    while k < inner.1 {
        // The last block begins early where that makes it whole.
        let first = if inner.1 - inner.0 < BLOCK { k } else { k.min(inner.1 - BLOCK) };
        let at = offsets(shape, line, first);
        if first + BLOCK <= inner.1 {
            pixels.take_all(first, &at);
        } else {
            for j in 0..inner.1 - first {
                pixels.take(first + j, at[j] as usize);
            }
        }
        k = first + BLOCK;
    }
    for k in inner.1.max(shown.0)..shown.1 {
        outer(&mut pixels, shape, course, window, border, k);
    }
    for k in shown.1..shape.width {
        pixels.fill(k);
    }
}

/// Offsets of a whole block of columns; those of columns that are not inside mean nothing.
#[inline(always)]
fn offsets(shape: &Shape, line: &Line, k: usize) -> [u32; BLOCK] {
    let (stride, step) = (shape.stride as u32, shape.channels as u32);
    let mut at = [0; BLOCK];
    for (j, at) in at.iter_mut().enumerate() {
        let k = k as f64 + f64::from(j as i32);
        let (x, y) = (truncated(line.x[0] + k * line.x[1]), truncated(line.y[0] + k * line.y[1]));
        *at = (y as u32).wrapping_mul(stride).wrapping_add((x as u32).wrapping_mul(step));
    }
    at
}

/// One column that may lie beyond the window.
#[inline(always)]
fn outer<W: Way<T, O>, T: Copy, O: Copy, const C: usize>(
    pixels: &mut Pixels<'_, W, T, O, C>,
    shape: &Shape,
    course: &Course<'_>,
    window: Window,
    border: Border,
    k: usize,
) {
    match folded(course, window, border, k) {
        Some((x, y)) => pixels.take(k, y * shape.stride + x * shape.channels),
        None => pixels.fill(k),
    }
}

#[inline(never)]
fn folded(course: &Course<'_>, window: Window, border: Border, k: usize) -> Option<(usize, usize)> {
    match course.at(k) {
        Some((x, y)) => window.fold(border, split(x).0, split(y).0),
        None if border == Border::Constant => None,
        None => Some((window.x0 as usize, window.y0 as usize)),
    }
}
