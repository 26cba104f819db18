//! Hue, saturation and value of the hexcone (Smith 1978), there and back in one pass.
//!
//! The engine calls it for rows of three or four channels. Everything is a select, so that pixels go side by
//! side; hue is counted in sixths of a turn, which saves the division by six both ways.

use crate::reals::{Planes, Reals, each_code, each_real};

on_lanes! {
    /// Turns the hue by `hue` turns, multiplies saturation and value, and clamps both to what exists: saturation to
    /// 0..1, value to 0..`white`. What lies beyond black and white is cut first. A fourth channel is left as it is.
    pub fn hsv(lanes, row: &mut [f32], channels: usize, white: f32, hue: f32, saturation: f32, value: f32) {
        debug_assert!(channels == 3 || channels == 4);
        let turn = Turn::new(white, hue, saturation, value);
        if saturation == 1.0 && value == 1.0 {
            each_real(lanes, row, channels, Cut(HueAlone(turn)));
        } else {
            each_real(lanes, row, channels, Cut(turn));
        }
    }

    /// The same for a row of 8-bit codes of three channels: loaded, turned, rounded.
    pub fn hsv_codes(lanes, row: &mut [u8], hue: f32, saturation: f32, value: f32) {
        let turn = Turn::new(255.0, hue, saturation, value);
        if saturation == 1.0 && value == 1.0 {
            each_code(lanes, row, HueAlone(turn));
        } else {
            each_code(lanes, row, turn);
        }
    }
}

pub(crate) struct Turn {
    white: f32,
    /// Sixths of a turn, in 0..6.
    shift: f32,
    saturation: f32,
    value: f32,
}

impl Turn {
    #[inline(always)]
    pub(crate) fn new(white: f32, hue: f32, saturation: f32, value: f32) -> Self {
        let whole = hue as i32 as f32;
        let turn = hue - whole;
        let shift = 6.0 * if turn < 0.0 { turn + 1.0 } else { turn };
        Self { white, shift, saturation, value }
    }
}

impl Planes for Turn {
    #[inline(always)]
    fn pixels<R: Reals>(&self, with: R, planes: [R::Real; 3]) -> [R::Real; 3] {
        let (zero, one) = (with.splat(0.0), with.splat(1.0));
        let (_, most, chroma) = spans(with, planes);
        let h = turned(with, planes, most, chroma, self.shift);
        let whole = with.choose(with.less(zero, most), most, one);
        let s = with.times(with.over(chroma, whole), with.splat(self.saturation));
        let v = with.clamped(with.times(most, with.splat(self.value)), zero, with.splat(self.white));
        let chroma = with.times(v, with.clamped(s, zero, one));
        ramps(with, h, with.minus(v, chroma), chroma)
    }
}

/// Saturation and value as they are: the least and the most channel stay, and one division falls away.
pub(crate) struct HueAlone(pub(crate) Turn);

impl Planes for HueAlone {
    #[inline(always)]
    fn pixels<R: Reals>(&self, with: R, planes: [R::Real; 3]) -> [R::Real; 3] {
        let (least, most, chroma) = spans(with, planes);
        ramps(with, turned(with, planes, most, chroma, self.0.shift), least, chroma)
    }
}

/// A turn of reals that may lie beyond black and white.
pub(crate) struct Cut<P>(pub(crate) P);

impl Planes for Cut<Turn> {
    #[inline(always)]
    fn pixels<R: Reals>(&self, with: R, planes: [R::Real; 3]) -> [R::Real; 3] {
        self.0.pixels(with, cut(with, planes, self.0.white))
    }
}

impl Planes for Cut<HueAlone> {
    #[inline(always)]
    fn pixels<R: Reals>(&self, with: R, planes: [R::Real; 3]) -> [R::Real; 3] {
        self.0.pixels(with, cut(with, planes, self.0.0.white))
    }
}

#[inline(always)]
fn cut<R: Reals>(with: R, [r, g, b]: [R::Real; 3], white: f32) -> [R::Real; 3] {
    let (zero, white) = (with.splat(0.0), with.splat(white));
    [with.clamped(r, zero, white), with.clamped(g, zero, white), with.clamped(b, zero, white)]
}

/// The least channel, the most, and their difference.
#[inline(always)]
fn spans<R: Reals>(with: R, [r, g, b]: [R::Real; 3]) -> (R::Real, R::Real, R::Real) {
    let most = with.larger(with.larger(r, g), b);
    let least = with.smaller(with.smaller(r, g), b);
    (least, most, with.minus(most, least))
}

/// The hue in sixths of a turn, turned by `shift` of them, in 0..6.
#[inline(always)]
fn turned<R: Reals>(with: R, [r, g, b]: [R::Real; 3], most: R::Real, chroma: R::Real, shift: f32) -> R::Real {
    let (zero, one, six) = (with.splat(0.0), with.splat(1.0), with.splat(6.0));
    let divisor = with.choose(with.less(zero, chroma), chroma, one);
    // The sector of the largest channel, ties going to red, then green.
    let (red, green) = (with.equal(most, r), with.equal(most, g));
    let apart = with.choose(green, with.minus(b, r), with.minus(r, g));
    let apart = with.choose(red, with.minus(g, b), apart);
    let sector = with.choose(green, with.splat(2.0 + shift), with.splat(4.0 + shift));
    let sector = with.choose(red, with.splat(shift), sector);
    let h = with.plus(with.over(apart, divisor), sector);
    let h = with.plus(h, with.only(with.less(h, zero), six));
    with.minus(h, with.only(with.not_less(h, six), six))
}

/// The channels of a hue: each climbs from `low` by `chroma` near its own third of the circle.
#[inline(always)]
fn ramps<R: Reals>(with: R, h: R::Real, low: R::Real, chroma: R::Real) -> [R::Real; 3] {
    let (zero, one, two) = (with.splat(0.0), with.splat(1.0), with.splat(2.0));
    let red = with.minus(with.magnitude(with.minus(h, with.splat(3.0))), one);
    let green = with.minus(two, with.magnitude(with.minus(h, two)));
    let blue = with.minus(two, with.magnitude(with.minus(h, with.splat(4.0))));
    [
        with.plus(low, with.times(chroma, with.clamped(red, zero, one))),
        with.plus(low, with.times(chroma, with.clamped(green, zero, one))),
        with.plus(low, with.times(chroma, with.clamped(blue, zero, one))),
    ]
}
