//! Hue, saturation and value of the hexcone (Smith 1978), there and back in one pass.
//!
//! The engine calls it for rows of three or four channels. Everything is a select, so that pixels go side by
//! side; hue is counted in sixths of a turn, which saves the division by six both ways.

use crate::reals::{Planes, Reals, each_code, each_real};

on_lanes! {
    /// Turns the hue by `hue` turns, multiplies saturation and value, and clamps both to what exists: saturation to
    /// 0..1, value to 0..`white`. A fourth channel is left as it is.
    pub fn hsv(lanes, row: &mut [f32], channels: usize, white: f32, hue: f32, saturation: f32, value: f32) {
        debug_assert!(channels == 3 || channels == 4);
        each_real(lanes, row, channels, Turn::new(white, hue, saturation, value));
    }

    /// The same for a row of 8-bit codes of three channels: loaded, turned, rounded.
    pub fn hsv_codes(lanes, row: &mut [u8], hue: f32, saturation: f32, value: f32) {
        each_code(lanes, row, Turn::new(255.0, hue, saturation, value));
    }
}

struct Turn {
    white: f32,
    /// Sixths of a turn, in 0..6.
    shift: f32,
    saturation: f32,
    value: f32,
}

impl Turn {
    #[inline(always)]
    fn new(white: f32, hue: f32, saturation: f32, value: f32) -> Self {
        let whole = hue as i32 as f32;
        let turn = hue - whole;
        let shift = 6.0 * if turn < 0.0 { turn + 1.0 } else { turn };
        Self { white, shift, saturation, value }
    }
}

impl Planes for Turn {
    #[inline(always)]
    fn pixels<R: Reals>(&self, with: R, [r, g, b]: [R::Real; 3]) -> [R::Real; 3] {
        let (zero, one, six) = (with.splat(0.0), with.splat(1.0), with.splat(6.0));
        let max = with.larger(with.larger(r, g), b);
        let min = with.smaller(with.smaller(r, g), b);
        let delta = with.minus(max, min);
        let divisor = with.choose(with.less(zero, delta), delta, one);
        // The sector of the largest channel, ties going to red, then green.
        let (red, green) = (with.equal(max, r), with.equal(max, g));
        let apart = with.choose(green, with.minus(b, r), with.minus(r, g));
        let apart = with.choose(red, with.minus(g, b), apart);
        let sector = with.choose(green, with.splat(2.0), with.splat(4.0));
        let sector = with.choose(red, zero, sector);
        let h = with.plus(with.plus(with.over(apart, divisor), sector), with.splat(self.shift));
        let h = with.plus(h, with.only(with.less(h, zero), six));
        let h = wrapped(with, h);
        let whole = with.choose(with.less(zero, max), max, one);
        let s = with.times(with.over(delta, whole), with.splat(self.saturation));
        let v = with.clamped(with.times(max, with.splat(self.value)), zero, with.splat(self.white));
        let chroma = with.times(v, with.clamped(s, zero, one));
        [ramp(with, 5.0, h, v, chroma), ramp(with, 3.0, h, v, chroma), ramp(with, 1.0, h, v, chroma)]
    }
}

/// Sixths of a turn, once around at most, within one turn.
#[inline(always)]
fn wrapped<R: Reals>(with: R, k: R::Real) -> R::Real {
    let six = with.splat(6.0);
    with.minus(k, with.only(with.not_less(k, six), six))
}

/// The channel whose ramp is `from` sixths of a turn ahead of the hue.
#[inline(always)]
fn ramp<R: Reals>(with: R, from: f32, h: R::Real, v: R::Real, chroma: R::Real) -> R::Real {
    let (zero, one) = (with.splat(0.0), with.splat(1.0));
    let k = wrapped(with, with.plus(with.splat(from), h));
    let lower = with.smaller(k, with.minus(with.splat(4.0), k));
    with.minus(v, with.times(chroma, with.clamped(lower, zero, one)))
}
