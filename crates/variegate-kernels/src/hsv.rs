//! Hue, saturation and value of the hexcone (Smith 1978), there and back in one pass.
//!
//! The engine calls it for real rows of three or four channels. Everything is a select, so that pixels go side by
//! side; hue is counted in sixths of a turn, which saves the division by six both ways.

use crate::clamp;
use crate::matrix::{Planes, each_block};

levels! {
    /// Turns the hue by `hue` turns, multiplies saturation and value, and clamps both to what exists: saturation to
    /// 0..1, value to 0..`white`. A fourth channel is left as it is.
    pub fn hsv(row: &mut [f32], channels: usize, white: f32, hue: f32, saturation: f32, value: f32) {
        debug_assert!(channels == 3 || channels == 4);
        let whole = hue as i32 as f32;
        let turn = hue - whole;
        let shift = 6.0 * if turn < 0.0 { turn + 1.0 } else { turn };
        let turn = Turn { white, shift, saturation, value };
        match channels {
            3 => each_block::<3>(row, turn),
            4 => each_block::<4>(row, turn),
            _ => {}
        }
    }
}

struct Turn {
    white: f32,
    /// Sixths of a turn, in 0..6.
    shift: f32,
    saturation: f32,
    value: f32,
}

impl Planes for Turn {
    #[inline(always)]
    fn pixel(&self, r: f32, g: f32, b: f32) -> (f32, f32, f32) {
        let high = if r > g { r } else { g };
        let max = if high > b { high } else { b };
        let low = if r < g { r } else { g };
        let min = if low < b { low } else { b };
        let delta = max - min;
        let divisor = if delta > 0.0 { delta } else { 1.0 };
        // The sector of the largest channel, ties going to red, then green.
        let (apart, sector) = if max == g { (b - r, 2.0) } else { (r - g, 4.0) };
        let (apart, sector) = if max == r { (g - b, 0.0) } else { (apart, sector) };
        let h = apart / divisor + sector + self.shift;
        let h = if h < 0.0 { h + 6.0 } else { h };
        let h = if h >= 6.0 { h - 6.0 } else { h };
        let whole = if max > 0.0 { max } else { 1.0 };
        let s = delta / whole;
        let s = clamp(s * self.saturation, (0.0, 1.0));
        let v = clamp(max * self.value, (0.0, self.white));
        let chroma = v * s;
        (ramp(5.0 + h, v, chroma), ramp(3.0 + h, v, chroma), ramp(1.0 + h, v, chroma))
    }
}

/// The channel whose ramp stands at `k` sixths of a turn, below 12.
#[inline(always)]
fn ramp(k: f32, v: f32, chroma: f32) -> f32 {
    let k = if k >= 6.0 { k - 6.0 } else { k };
    let rest = 4.0 - k;
    let lower = if k < rest { k } else { rest };
    v - chroma * clamp(lower, (0.0, 1.0))
}
