//! Columns whose taps lie beyond the window, brought back by the border and mixed like any others.
//!
//! Called by [`super::bytes`] for borders other than the fill. Two taps side by side come back as neighbours in their
//! order, as neighbours the other way round, or as one pixel twice: all three are a pair of neighbours with other
//! weights. The seams of a wrapped picture are not, and are left to the caller.

use super::bytes::Block;
use super::seen::Seen;

/// Places column `j` of a block whose left upper tap is `x`, `y`, with the weights that column has; says whether it can
/// be mixed from neighbours.
#[inline(always)]
pub(super) fn place<const C: usize>(seen: &Seen<'_>, block: &mut Block, j: usize, (x, y): (i64, i64)) -> bool {
    let window = seen.window;
    let across = |i: i64| seen.border.fold(i - window.x0, window.x1 - window.x0);
    let down = |i: i64| seen.border.fold(i - window.y0, window.y1 - window.y0);
    let (Some(left), Some(right), Some(upper), Some(lower)) = (across(x), across(x + 1), down(y), down(y + 1)) else {
        return false;
    };
    let width = window.x1 - window.x0;
    let [of_left, of_right] = block.across[j];
    let (first, weights) = match right - left {
        1 => (left, [of_left, of_right]),
        -1 => (right, [of_right, of_left]),
        0 if left + 1 < width => (left, [of_left + of_right, 0]),
        0 if left > 0 => (left - 1, [0, of_left + of_right]),
        _ => return false,
    };
    let offset = |row: i64| ((row + window.y0) * seen.stride as i64 + (first + window.x0) * C as i64) as u32;
    block.upper[j] = offset(upper);
    block.lower[j] = offset(lower);
    block.across[j] = weights;
    true
}
