//! Smooth functions of one value as tables.
//!
//! Operations whose formula is neither a gain nor a power hand it over here. A jump is no smooth function: between two
//! points of the table a value is interpolated.

use variegate_plan::Tone;

/// Four points for each step of eight bits: every 8-bit value lies on a point, and between points interpolation errs by
/// two levels of 16 bits at most, but for the deepest shadows of a picture exposed by many stops more.
const POINTS: usize = 4 * 255 + 1;

/// The tone of a function from 0…1, cut at black and white.
pub fn curve(f: impl Fn(f64) -> f64) -> Tone {
    let last = (POINTS - 1) as f64;
    Tone::Curve((0..POINTS).map(|k| f(k as f64 / last).clamp(0.0, 1.0)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_lie_on_its_points() {
        let square = curve(|v| v * v);
        for code in 0..256 {
            let v = f64::from(code) / 255.0;
            assert!((square.apply(v, 0, None) - v * v).abs() < 1e-12, "{code}");
        }
    }
}
