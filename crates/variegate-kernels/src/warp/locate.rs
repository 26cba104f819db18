//! Positions of a block of columns, computed together so that the loop vectorises.
//!
//! Called by every gather of this folder. It never touches pixels.

use super::Window;
use super::course::Course;

/// Columns of a block: enough to hide the loop's overhead, few enough to stay in registers and L1.
pub(super) use super::course::BLOCK;

/// Where the taps of a block of columns lie.
pub(super) struct Block {
    /// Column of the first-quadrant tap.
    pub x: [i32; BLOCK],
    /// Row of that tap.
    pub y: [i32; BLOCK],
    /// Fraction right of that tap's centre.
    pub fx: [f32; BLOCK],
    /// Fraction below that tap's centre.
    pub fy: [f32; BLOCK],
    /// Not zero where all taps lie in the window; elsewhere the other fields mean nothing.
    pub inside: [u32; BLOCK],
}

/// What a filter of `2 × half` taps on an axis needs to know; `half` 0 is the nearest pixel.
#[derive(Clone, Copy)]
pub(super) struct Bounds {
    shift: f64,
    lo: [f64; 2],
    hi: [f64; 2],
}

impl Bounds {
    /// Tap positions `q` for which all taps lie in the window: taps run from ⌊q⌋ − half + 1 to ⌊q⌋ + half.
    pub(super) fn new(window: Window, half: i64) -> Self {
        let before = (half - 1).max(0);
        Self {
            shift: if half == 0 { 0.0 } else { 0.5 },
            lo: [(window.x0 + before) as f64, (window.y0 + before) as f64],
            hi: [(window.x1 - half) as f64, (window.y1 - half) as f64],
        }
    }
}

impl Block {
    /// An empty block, to be placed again and again.
    #[inline(always)]
    pub(super) fn new() -> Self {
        Block { x: [0; BLOCK], y: [0; BLOCK], fx: [0.0; BLOCK], fy: [0.0; BLOCK], inside: [0; BLOCK] }
    }

    /// Positions of the columns from `k0`; always a whole block, the caller uses those it has.
    #[inline(always)]
    pub(super) fn place(&mut self, course: &Course<'_>, k0: usize, bounds: &Bounds) {
        let (x, y) = course.block(k0);
        for j in 0..BLOCK {
            one(self, j, x[j], y[j], bounds);
        }
    }
}

#[inline(always)]
fn one(block: &mut Block, j: usize, x: f64, y: f64, bounds: &Bounds) {
    let (qx, qy) = (x - bounds.shift, y - bounds.shift);
    let inside = (qx >= bounds.lo[0]) & (qx < bounds.hi[0]) & (qy >= bounds.lo[1]) & (qy < bounds.hi[1]);
    // Inside, positions are not negative, so that truncation is the floor.
    let (ix, iy) = (truncate(qx), truncate(qy));
    block.x[j] = ix;
    block.y[j] = iy;
    block.fx[j] = (qx - f64::from(ix)) as f32;
    block.fy[j] = (qy - f64::from(iy)) as f32;
    block.inside[j] = u32::from(inside);
}

/// Truncates a position, at most a billion away.
///
/// `as i32` saturates by a scalar detour for every lane, which cost 2.5 ns a pixel.
#[inline(always)]
#[allow(unsafe_code)]
fn truncate(q: f64) -> i32 {
    let q = if q > -1e9 { q } else { -1e9 };
    let q = if q < 1e9 { q } else { 1e9 };
    // SAFETY: `q` is within ±1e9, which `i32` holds; a NaN fails the first comparison and becomes −1e9.
    unsafe { q.to_int_unchecked() }
}

/// A tap position apart into the tap left of it and the fraction.
#[inline(always)]
pub(super) fn split(q: f64) -> (i64, f32) {
    let truncated = q as i64;
    let floor = truncated - i64::from((truncated as f64) > q);
    (floor, (q - floor as f64) as f32)
}
