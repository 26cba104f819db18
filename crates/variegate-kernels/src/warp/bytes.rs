//! Two by two taps of bytes, in whole numbers.
//!
//! Called by [`super::gather`] for bilinear rows of bytes in three or four channels; the other element types go through
//! [`super::bilinear`]. Positions are whole numbers of 2⁻³² pixels, so that a straight line needs an addition a column
//! and its inner columns are known beforehand. Across, taps are weighted in steps of 2⁻¹⁴, which leaves an error of at
//! most 1/128 of a level; down, in reals. A block of columns is *placed* first (where its taps lie, borders folded) and
//! mixed afterwards, two pixels at a time.

use super::course::BLOCK;
use super::seen::Seen;
use super::straight::{ONE, Range, Straight, apart, truncated};
use super::{Course, Edge, Source};
use crate::channel;
use crate::lanes::Lanes;
use crate::levels::Levels;
use variegate_picture::{Border, Filter};

/// Steps of a weight across.
const WEIGHT: i32 = 1 << 14;

/// What a weighted sum across is multiplied with.
const FACTOR: f32 = 1.0 / WEIGHT as f32;

/// Where the taps of a block of columns lie, and their weights.
pub(super) struct Block {
    /// Byte offset of the left one of the upper two taps, and of the lower two.
    pub upper: [u32; BLOCK],
    pub lower: [u32; BLOCK],
    /// Weights of the left and the right tap.
    pub across: [[i16; 2]; BLOCK],
    /// Share of the lower taps.
    pub down: [f32; BLOCK],
}

/// Whether [`row`] takes a row of this kind.
#[inline]
pub(super) fn takes(source: &Source<'_, u8>, course: &Course<'_>, filter: Filter, row: &[f32]) -> bool {
    filter == Filter::Bilinear
        && matches!(source.channels, 3 | 4)
        && row.len() >= 8
        && source.pixels.len() < i32::MAX as usize
        && course.is_held(row.len())
}

/// Fills a real row; the window lies inside the source and is not empty.
pub(super) fn row(source: Source<'_, u8>, course: &Course<'_>, edge: &Edge<'_>, levels: &Levels, row: &mut [f32]) {
    let seen = Seen {
        pixels: source.pixels,
        stride: source.stride,
        window: edge.window,
        border: edge.border,
        fill: edge.fill,
        levels,
    };
    match source.channels {
        3 => filled::<3>(seen, course, row),
        _ => filled::<4>(seen, course, row),
    }
}

on_lanes! {
    fn filled<const C: usize>(lanes, seen: Seen<'_>, course: &Course<'_>, row: &mut [f32]) {
        let width = row.len() / C;
        let mut block = Block::new();
        let Some(line) = course.straight(row.len()) else {
            for k in (0..width).step_by(BLOCK) {
                let count = BLOCK.min(width - k);
                curved::<L, C>(lanes, &seen, course, k, count, &mut block, &mut row[k * C..]);
            }
            return;
        };
        let line = Straight::new(line, 0.5);
        let inner = line.within(&Range::inner(seen.window, 1), width);
        let shown = if seen.border == Border::Constant { line.within(&Range::touched(seen.window, 1), width) } else { (0, width) };
        seen.filled::<C>(&mut row[..shown.0 * C]);
        let mut k = shown.0;
        while k < shown.1 {
            let inside = inner.0 <= k && k < inner.1;
            let end = if inside { inner.1 } else if k < inner.0 { inner.0 } else { shown.1 };
            let count = BLOCK.min(end - k);
            if inside {
                line.place::<C>(&seen, k, &mut block);
                let last = line.last::<C>(&seen, k, k + count - 1);
                mixed::<L, C>(lanes, &seen, &block, 0..count, last, &mut row[k * C..]);
            } else {
                let mut taps = [(0, 0); BLOCK];
                for j in 0..count {
                    let (x, y) = line.at(k + j);
                    taps[j] = (x >> ONE, y >> ONE);
                    block.across[j] = across(x);
                    block.down[j] = down(y);
                }
                beyond::<L, C>(lanes, &seen, &taps[..count], &mut block, 0, &mut row[k * C..]);
            }
            k += count;
        }
        // Last, since pairs of pixels are written a little beyond their end.
        seen.filled::<C>(&mut row[shown.1 * C..]);
    }
}

impl Straight {
    /// An offset that none of the inner columns from `a` to `b` exceeds: positions rise or fall all the way.
    #[inline(always)]
    fn last<const C: usize>(&self, seen: &Seen<'_>, a: usize, b: usize) -> usize {
        let ((xa, ya), (xb, yb)) = (self.at(a), self.at(b));
        ((ya.max(yb) >> ONE) as usize + 1) * seen.stride + (xa.max(xb) >> ONE) as usize * C
    }

    /// Places a whole block of inner columns; those behind the inner ones mean nothing, and are not read.
    #[inline(always)]
    fn place<const C: usize>(&self, seen: &Seen<'_>, k: usize, block: &mut Block) {
        let (mut x, mut y) = self.at(k);
        let stride = seen.stride as u32;
        for j in 0..BLOCK {
            let at = ((y >> ONE) as u32).wrapping_mul(stride).wrapping_add(((x >> ONE) as u32).wrapping_mul(C as u32));
            block.set(j, at, at.wrapping_add(stride), x, y);
            x = x.wrapping_add(self.x[1]);
            y = y.wrapping_add(self.y[1]);
        }
    }
}

impl Block {
    #[inline(always)]
    fn new() -> Self {
        Block { upper: [0; BLOCK], lower: [0; BLOCK], across: [[0; 2]; BLOCK], down: [0.0; BLOCK] }
    }

    /// Sets the taps of column `j`, with the weights of position `x`, `y`.
    #[inline(always)]
    fn set(&mut self, j: usize, upper: u32, lower: u32, x: i64, y: i64) {
        self.upper[j] = upper;
        self.lower[j] = lower;
        self.across[j] = across(x);
        self.down[j] = down(y);
    }
}

/// A block of columns under a perspective or a curved map: none tells where the inner ones end.
#[inline(always)]
fn curved<L: Lanes, const C: usize>(
    lanes: L,
    seen: &Seen<'_>,
    course: &Course<'_>,
    k: usize,
    count: usize,
    block: &mut Block,
    out: &mut [f32],
) {
    let w = seen.window;
    // How much of the taps is seen: all, some, or none of them.
    let (mut x, mut y, mut seen_of) = ([0i32; BLOCK], [0i32; BLOCK], [0u32; BLOCK]);
    let none = u32::from(seen.border != Border::Constant);
    // The whole block, so that the loop is one of vectors.
    let (at_x, at_y) = course.block(k);
    for j in 0..BLOCK {
        let ((ix, fx), (iy, fy)) = (apart(at_x[j] - 0.5), apart(at_y[j] - 0.5));
        (x[j], y[j]) = (ix, iy);
        let inside_x = (ix >= w.x0 as i32) & (ix < w.x1 as i32 - 1);
        let inside = inside_x & (iy >= w.y0 as i32) & (iy < w.y1 as i32 - 1);
        let touched_x = (ix >= w.x0 as i32 - 1) & (ix < w.x1 as i32);
        let touched = touched_x & (iy >= w.y0 as i32 - 1) & (iy < w.y1 as i32);
        seen_of[j] = u32::from(inside) + (u32::from(touched) | none);
        let upper = (iy as u32).wrapping_mul(seen.stride as u32).wrapping_add((ix as u32).wrapping_mul(C as u32));
        block.upper[j] = upper;
        block.lower[j] = upper.wrapping_add(seen.stride as u32);
        block.across[j] = pair(truncated(fx * f64::from(WEIGHT) + 0.5));
        block.down[j] = fy as f32;
    }
    let mut j = 0;
    while j < count {
        let end = (j..count).find(|i| seen_of[*i] != seen_of[j]).unwrap_or(count);
        if seen_of[j] == 0 {
            seen.filled::<C>(&mut out[j * C..end * C]);
        } else if seen_of[j] == 2 {
            let last = block.lower[j..end].iter().fold(0, |last, at| last.max(*at));
            mixed::<L, C>(lanes, seen, block, j..end, last as usize, &mut out[j * C..]);
        } else {
            let mut taps = [(0, 0); BLOCK];
            for i in j..end {
                taps[i] = match course.at(k + i) {
                    None if seen.border != Border::Constant => (w.x0, w.y0),
                    _ => (i64::from(x[i]), i64::from(y[i])),
                };
            }
            beyond::<L, C>(lanes, seen, &taps[j..end], block, j, &mut out[j * C..]);
        }
        j = end;
    }
}

#[inline(always)]
fn across(x: i64) -> [i16; 2] {
    pair((((x as u32 >> (ONE - 15)) + 1) >> 1) as i32)
}

/// The weights of both taps, from that of the right one.
#[inline(always)]
fn pair(right: i32) -> [i16; 2] {
    bytemuck::cast((right << 16) + WEIGHT - right)
}

#[inline(always)]
fn down(y: i64) -> f32 {
    const STEP: f32 = 1.0 / (1 << 24) as f32;
    (y as u32 >> (ONE - 24)) as i32 as f32 * STEP
}

/// Mixes the taps of a placed block's columns `columns` into `out`, which begins with the first of them. No offset of
/// theirs exceeds `last`.
#[inline(always)]
#[allow(unsafe_code)]
fn mixed<L: Lanes, const C: usize>(
    lanes: L,
    seen: &Seen<'_>,
    block: &Block,
    columns: std::ops::Range<usize>,
    last: usize,
    out: &mut [f32],
) {
    let pixels = seen.pixels;
    let levels = seen.levels;
    let (first, last_scale) = match &levels.first {
        None => (None, Levels::over(&levels.last, FACTOR)),
        Some((scale, interval)) => (Some((Levels::over(scale, FACTOR), *interval)), levels.last),
    };
    let (upper, lower) = (&block.upper[columns.clone()], &block.lower[columns.clone()]);
    let (across, down) = (&block.across[columns.clone()], &block.down[columns]);
    // Taps are read sixteen bytes at a time and written eight reals at a time; where that is too much, one by one.
    let pairs = if last + 16 <= pixels.len() { upper.len().min((out.len() + C).saturating_sub(8) / C) / 2 } else { 0 };
    for j in (0..2 * pairs).step_by(2) {
        // SAFETY: all four lists have two columns from `j` on, no offset exceeds `last`, sixteen bytes follow that, and
        // `pairs` leaves eight reals from every second pixel on. Checks here would take a third of the time.
        let (upper, lower, across, down, out) = unsafe {
            (
                &*upper.as_ptr().add(j).cast::<[u32; 2]>(),
                &*lower.as_ptr().add(j).cast::<[u32; 2]>(),
                &*across.as_ptr().add(j).cast::<[[i16; 2]; 2]>(),
                &*down.as_ptr().add(j).cast::<[f32; 2]>(),
                &mut *out.as_mut_ptr().add(j * C).cast::<[f32; 8]>(),
            )
        };
        // SAFETY: as above.
        let read = |at: u32| unsafe { &*pixels.as_ptr().add(at as usize).cast::<[u8; 16]>() };
        let weights = lanes.weights_of_two(across);
        let high = lanes.neighbours::<C>(read(upper[0]), read(upper[1]));
        let low = lanes.neighbours::<C>(read(lower[0]), read(lower[1]));
        let (high, low) = (lanes.reals(lanes.dot(high, weights)), lanes.reals(lanes.dot(low, weights)));
        let mut mixed = lanes.mix(high, low, down);
        if let Some((scale, interval)) = &first {
            mixed = lanes.kept(lanes.levelled(mixed, scale), interval);
        }
        lanes.store_pixels::<C>(lanes.levelled(mixed, &last_scale), out);
    }
    for j in 2 * pairs..upper.len() {
        let taps = |at: u32, c: usize| (pixels[at as usize + c], pixels[at as usize + C + c]);
        for c in 0..C {
            out[j * C + c] = seen.levels.of(c, one(taps(upper[j], c), taps(lower[j], c), across[j], down[j]));
        }
    }
}

/// The mix of four taps: what the vectors compute.
#[inline(always)]
fn one(upper: (u8, u8), lower: (u8, u8), across: [i16; 2], down: f32) -> f32 {
    let sum = |(a, b): (u8, u8)| (i32::from(a) * i32::from(across[0]) + i32::from(b) * i32::from(across[1])) as f32;
    let (upper, lower) = (sum(upper), sum(lower));
    (upper + (lower - upper) * down) * FACTOR
}

/// Columns with taps beyond the window: `taps` are the left upper ones of the block's columns from `first` on, and `out`
/// begins with the first of them.
#[inline(always)]
fn beyond<L: Lanes, const C: usize>(
    lanes: L,
    seen: &Seen<'_>,
    taps: &[(i64, i64)],
    block: &mut Block,
    first: usize,
    out: &mut [f32],
) {
    let mut done = 0;
    while done < taps.len() {
        let mut end = done;
        let mut last = 0;
        // As many as can be mixed like inner columns.
        while end < taps.len()
            && seen.border != Border::Constant
            && super::folded::place::<C>(seen, block, first + end, taps[end])
        {
            last = last.max(block.upper[first + end]).max(block.lower[first + end]);
            end += 1;
        }
        mixed::<L, C>(lanes, seen, block, first + done..first + end, last as usize, &mut out[done * C..]);
        if let Some(&tap) = taps.get(end) {
            let weights = (block.across[first + end], block.down[first + end]);
            outer::<C>(seen, tap, weights, &mut out[end * C..(end + 1) * C]);
            end += 1;
        }
        done = end;
    }
}

/// One pixel with taps beyond the window.
#[inline(never)]
fn outer<const C: usize>(seen: &Seen<'_>, (x, y): (i64, i64), (across, down): ([i16; 2], f32), out: &mut [f32]) {
    let tap = |dx, dy| {
        let (x, y) = seen.window.fold(seen.border, x + dx, y + dy)?;
        seen.pixels.get(y * seen.stride + x * C..)
    };
    let taps = [tap(0, 0), tap(1, 0), tap(0, 1), tap(1, 1)];
    for (c, out) in out.iter_mut().enumerate() {
        let value = |tap: Option<&[u8]>| tap.map_or_else(|| channel(seen.fill, c), |pixel| f32::from(pixel[c]));
        let [a, b, d, e] = taps.map(value);
        let share = f32::from(across[1]) * FACTOR;
        let (upper, lower) = (a + (b - a) * share, d + (e - d) * share);
        *out = seen.levels.of(c, upper + (lower - upper) * down);
    }
}
