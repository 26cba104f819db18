//! Positions as whole numbers of 2⁻³² pixels: a straight line is then an addition a column.
//!
//! Called by the gathers of bytes and of nearest pixels. Since nothing is rounded on the way, the columns that lie in a
//! range are known beforehand and follow each other, so that no column asks whether it is inside. It never touches
//! pixels.

use super::{Line, Window};

/// Steps of a position in one pixel, as a power of two.
pub(super) const ONE: u32 = 32;

/// The farthest position from the origin, in pixels, that is worth telling apart.
const FAR: f64 = (1u64 << 29) as f64;

/// An affine line in steps, from tap position to tap position.
pub(super) struct Straight {
    /// Column: at the first one, and its step.
    pub x: [i64; 2],
    /// Row.
    pub y: [i64; 2],
}

/// A range of tap positions on both axes, half open, in steps.
pub(super) struct Range {
    x: [i64; 2],
    y: [i64; 2],
}

impl Range {
    /// Tap positions whose `2 · half` taps on each axis all lie in the window; `half` 0 is the nearest pixel.
    pub(super) fn inner(window: Window, half: i64) -> Self {
        let (before, after) = ((half - 1).max(0), half);
        let range = |lo: i64, hi: i64| [(lo + before) << ONE, (hi - after) << ONE];
        Self { x: range(window.x0, window.x1), y: range(window.y0, window.y1) }
    }

    /// The same without a margin of so many steps on every side; a negative one widens.
    pub(super) fn without(self, margin: i64) -> Self {
        let range = |[lo, hi]: [i64; 2]| [lo + margin, hi - margin];
        Self { x: range(self.x), y: range(self.y) }
    }

    /// Tap positions of which at least one tap lies in the window.
    pub(super) fn touched(window: Window, half: i64) -> Self {
        let (before, after) = ((half - 1).max(0), half);
        let range = |lo: i64, hi: i64| [(lo - after) << ONE, (hi + before) << ONE];
        Self { x: range(window.x0, window.x1), y: range(window.y0, window.y1) }
    }
}

impl Straight {
    /// Whether a line is one that [`Straight::new`] can hold, over `width` columns.
    #[inline(always)]
    pub(super) fn takes(line: &Line, width: usize) -> bool {
        let near = |[start, step]: [f64; 2]| start.abs() < FAR && (step * width as f64).abs() < FAR;
        line.is_affine() && near(line.x) && near(line.y)
    }

    /// The line, moved back by `shift` pixels: half a pixel where taps are pixel centres.
    #[inline(always)]
    pub(super) fn new(line: &Line, shift: f64) -> Self {
        Self { x: [steps(line.x[0] - shift), steps(line.x[1])], y: [steps(line.y[0] - shift), steps(line.y[1])] }
    }

    /// The columns whose positions lie in a range: they follow each other.
    pub(super) fn within(&self, range: &Range, width: usize) -> (usize, usize) {
        let (a, b) = columns(self.x, range.x, width);
        let (c, d) = columns(self.y, range.y, width);
        let first = a.max(c).min(width);
        (first, b.min(d).max(first))
    }

    /// The position at column `k`.
    #[inline(always)]
    pub(super) fn at(&self, k: usize) -> (i64, i64) {
        let at = |[start, step]: [i64; 2]| start.wrapping_add(step.wrapping_mul(k as i64));
        (at(self.x), at(self.y))
    }
}

/// A position or step in pixels, less than [`FAR`], as a whole number of steps.
#[inline(always)]
fn steps(v: f64) -> i64 {
    (v * (1u64 << ONE) as f64 + if v < 0.0 { -0.5 } else { 0.5 }) as i64
}

/// The columns at which a line on one axis lies in `lo..hi`.
fn columns([start, step]: [i64; 2], [lo, hi]: [i64; 2], width: usize) -> (usize, usize) {
    // The first column at or beyond a limit.
    let first = |limit: i64| whole(limit - start + step - 1, step, width).clamp(0, width as i64) as usize;
    match step {
        0 if lo <= start && start < hi => (0, width),
        0 => (0, 0),
        _ if step > 0 => (first(lo), first(hi)),
        // Downwards: at or beyond means at or below the last position inside.
        _ => {
            let below = |limit: i64| (whole(start - limit, -step, width) + 1).clamp(0, width as i64) as usize;
            // Positions are inside from the first one below `hi` to the last one not below `lo`.
            (if start < hi { 0 } else { below(hi) }, if start < lo { 0 } else { below(lo) })
        }
    }
}

/// ⌊`a` / `b`⌋, right from −1 to `width`, and otherwise something beyond; `b` is positive.
///
/// Reals, since four divisions of whole numbers cost as much as a third of a row's mixing.
#[inline(always)]
fn whole(a: i64, b: i64, width: usize) -> i64 {
    let near = (a as f64 / b as f64).clamp(-2.0, width as f64 + 1.0) as i64;
    // At most one off: the quotient is small.
    let near = near - i64::from(near * b > a);
    near + i64::from((near + 1) * b <= a)
}

/// A position apart into the tap left of it and the rest.
#[inline(always)]
pub(super) fn apart(q: f64) -> (i32, f64) {
    let q = if q > -FAR { q } else { -FAR };
    let q = if q < FAR { q } else { FAR };
    let whole = truncated(q);
    let whole = whole - i32::from(f64::from(whole) > q);
    (whole, q - f64::from(whole))
}

/// Truncates a number less than a billion; `as` saturates by a detour that stops a loop from being one of vectors.
#[inline(always)]
#[allow(unsafe_code)]
pub(super) fn truncated(v: f64) -> i32 {
    // SAFETY: callers keep to ±2³⁰, which `i32` holds, and have compared, which not-a-number fails.
    unsafe { v.to_int_unchecked() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_columns_of_a_range_are_those_that_lie_in_it() {
        let range = [3 << ONE, 17 << ONE];
        for step in (-40..=40).map(|i| (i << ONE) / 7 + i % 3) {
            for start in (-200..300).map(|i: i64| (i << ONE) / 5 + i % 2) {
                let inside = |k: usize| {
                    let at = start + step * k as i64;
                    range[0] <= at && at < range[1]
                };
                let (a, b) = columns([start, step], range, 60);
                assert!((0..60).all(|k| inside(k) == (a <= k && k < b)), "{start} {step}: {a}..{b}");
            }
        }
        let far = 1i64 << 61;
        assert_eq!(columns([-far, 1], range, 60), (60, 60));
        assert_eq!(columns([far, -1], range, 60), (60, 60));
        assert_eq!(columns([-far, far], range, 9), (2, 2));
    }
}
