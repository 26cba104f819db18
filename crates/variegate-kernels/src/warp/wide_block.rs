//! A block of columns of a wide gather: where their taps lie, and all their weights.
//!
//! Placed by [`super::wide_bytes`] before it mixes, since these loops run over columns side by side. It never touches
//! pixels.

use super::course::Course;
use super::curves::Curves;
use super::seen::Seen;
use super::straight::{ONE, Straight, apart, truncated};
use variegate_picture::Border;

/// Columns placed at once.
pub(super) use super::course::BLOCK;

/// Pairs of taps of the widest filter.
pub(super) const MOST: usize = 5;

/// Steps of a fraction.
const FRACTION: f32 = 1.0 / (1 << 24) as f32;

/// Where the taps of a block of columns lie, and their weights.
pub(super) struct Block {
    /// The tap left above the position.
    pub x: [i32; BLOCK],
    pub y: [i32; BLOCK],
    /// How far right of it and below it the position lies.
    pub fx: [f32; BLOCK],
    pub fy: [f32; BLOCK],
    /// Not zero where all taps lie in the window.
    pub inside: [u32; BLOCK],
    /// Byte offset of the first tap of those columns.
    pub at: [u32; BLOCK],
    /// Pairs of weights of sixteen bits.
    pub across: [[i32; BLOCK]; MOST],
    pub down: [[[f32; 2]; BLOCK]; MOST],
}

impl Block {
    #[inline(always)]
    pub(super) fn new() -> Self {
        Block {
            x: [0; BLOCK],
            y: [0; BLOCK],
            fx: [0.0; BLOCK],
            fy: [0.0; BLOCK],
            inside: [0; BLOCK],
            at: [0; BLOCK],
            across: [[0; BLOCK]; MOST],
            down: [[[0.0; 2]; BLOCK]; MOST],
        }
    }

    /// Positions of a whole block of columns from `k`; the caller uses those it has.
    #[inline(always)]
    pub(super) fn place(&mut self, line: &Straight, k: usize) {
        let (mut x, mut y) = line.at(k);
        for j in 0..BLOCK {
            (self.x[j], self.y[j]) = ((x >> ONE) as i32, (y >> ONE) as i32);
            self.fx[j] = (x as u32 >> (ONE - 24)) as i32 as f32 * FRACTION;
            self.fy[j] = (y as u32 >> (ONE - 24)) as i32 as f32 * FRACTION;
            x = x.wrapping_add(line.x[1]);
            y = y.wrapping_add(line.y[1]);
        }
    }

    /// The same under a perspective or a curved map.
    #[inline(always)]
    pub(super) fn place_curved(&mut self, seen: &Seen<'_>, course: &Course<'_>, k: usize) {
        let mut exist = true;
        let (at_x, at_y) = course.block(k);
        for j in 0..BLOCK {
            let (x, y) = (at_x[j], at_y[j]);
            exist &= (x.abs() < f64::INFINITY) & (y.abs() < f64::INFINITY);
            let ((x, fx), (y, fy)) = (apart(x - 0.5), apart(y - 0.5));
            (self.x[j], self.y[j]) = (x, y);
            self.fx[j] = truncated(fx * f64::from(1 << 24)) as f32 * FRACTION;
            self.fy[j] = truncated(fy * f64::from(1 << 24)) as f32 * FRACTION;
        }
        if !exist {
            // Far outside shows the fill; other borders show the first pixel of the window.
            let (x, y) = match seen.border {
                Border::Constant => (i32::MIN / 2, i32::MIN / 2),
                _ => (seen.window.x0 as i32, seen.window.y0 as i32),
            };
            for j in (0..BLOCK).filter(|j| course.at(k + j).is_none()) {
                (self.x[j], self.y[j], self.fx[j], self.fy[j]) = (x, y, 0.0, 0.0);
            }
        }
    }

    /// What follows from the positions: who is inside, and all weights.
    #[inline(always)]
    pub(super) fn weigh<const C: usize, const H: usize, const N: usize>(&mut self, seen: &Seen<'_>, curves: &Curves) {
        let w = seen.window;
        let half = H as i32;
        let (x0, x1) = (w.x0 as i32 + half - 1, w.x1 as i32 - half);
        let (y0, y1) = (w.y0 as i32 + half - 1, w.y1 as i32 - half);
        let before = (half as u32 - 1).wrapping_mul(seen.stride as u32 + C as u32);
        for j in 0..BLOCK {
            let (x, y) = (self.x[j], self.y[j]);
            self.inside[j] = u32::from((x >= x0) & (x < x1) & (y >= y0) & (y < y1));
            let at = (y as u32).wrapping_mul(seen.stride as u32).wrapping_add((x as u32).wrapping_mul(C as u32));
            self.at[j] = at.wrapping_sub(before);
        }
        for j in 0..BLOCK {
            let pairs = curves.across::<H, N>(self.fx[j]);
            for p in 0..H {
                self.across[p][j] = pairs[p];
            }
        }
        let mut shares = [[0.0; BLOCK]; 2 * MOST];
        for j in 0..BLOCK {
            let taps = curves.down::<H, N>(self.fy[j]);
            for t in 0..2 * H {
                shares[t][j] = taps[t];
            }
        }
        // Interleaved in a loop of its own, which then is one of shuffles.
        for p in 0..H {
            for j in 0..BLOCK {
                self.down[p][j] = [shares[2 * p][j], shares[2 * p + 1][j]];
            }
        }
    }
}
