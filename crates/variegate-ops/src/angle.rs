//! Angles in turns: sines, cosines and their inverses by polynomials.
//!
//! Called by curved maps, which ask for one or two at every pixel. Right to 10⁻⁹, which moves a position by less than a
//! millionth of a pixel, in a third of the time that 53 right bits take; additions and multiplications alone, so that
//! every machine has the same bits.

use std::f64::consts::TAU;

/// Taylor's coefficients of sin a / a and of cos a, in a². At an eighth of a turn the first terms left out are 7e-12 and
/// 4e-13.
const SINE: [f64; 6] = [1.0, -1.0 / 6.0, 1.0 / 120.0, -1.0 / 5040.0, 1.0 / 362_880.0, -1.0 / 39_916_800.0];
const COSINE: [f64; 7] =
    [1.0, -1.0 / 2.0, 1.0 / 24.0, -1.0 / 720.0, 1.0 / 40_320.0, -1.0 / 3_628_800.0, 1.0 / 479_001_600.0];

/// The same of arctan a / a. At tan π/8 the first term left out is 0.4142²¹ / 21 = 4e-10.
const ARC: [f64; 10] =
    [1.0, -1.0 / 3.0, 1.0 / 5.0, -1.0 / 7.0, 1.0 / 9.0, -1.0 / 11.0, 1.0 / 13.0, -1.0 / 15.0, 1.0 / 17.0, -1.0 / 19.0];

/// The value of a polynomial, lowest coefficient first: its even and its odd part side by side, since each step waits for
/// the one before it.
#[inline(always)]
fn polynomial<const N: usize>(coefficients: &[f64; N], q: f64) -> f64 {
    let square = q * q;
    let mut parts = [0.0; 2];
    for k in (0..N).rev() {
        parts[k % 2] = parts[k % 2] * square + coefficients[k];
    }
    parts[0] + parts[1] * q
}

/// The sine and the cosine of an angle in turns.
#[inline(always)]
pub fn sine_cosine(turns: f64) -> (f64, f64) {
    // The nearest quarter turn, and what is left of the angle, in radians.
    let quarters = turns * 4.0;
    let nearest = (quarters + if quarters < 0.0 { -0.5 } else { 0.5 }) as i64;
    let a = (quarters - nearest as f64) * (TAU / 4.0);
    let q = a * a;
    let (sine, cosine) = (a * polynomial(&SINE, q), polynomial(&COSINE, q));
    // Choices of values and not of ways, which no processor could foresee.
    let (s, c) = if nearest & 1 == 0 { (sine, cosine) } else { (cosine, sine) };
    (if nearest & 2 == 0 { s } else { -s }, if (nearest + 1) & 2 == 0 { c } else { -c })
}

/// The angle of a direction in turns, from −½ to ½: 0 along x, a quarter along y; 0 where there is no direction.
#[inline(always)]
pub fn turns(y: f64, x: f64) -> f64 {
    const TAN_EIGHTH: f64 = 0.414_213_562_373_095;
    let (ax, ay) = (x.abs(), y.abs());
    let is_flat = ax > ay;
    let (low, high) = if is_flat { (ay, ax) } else { (ax, ay) };
    // Beyond tan π/8 what is left to π/4: tan(a − π/4) = (tan a − 1) / (tan a + 1).
    let is_steep = low > TAN_EIGHTH * high;
    let (over, under) = if is_steep { (low - high, low + high) } else { (low, high) };
    let t = if under == 0.0 { 0.0 } else { over / under };
    let arc = t * polynomial(&ARC, t * t) * (1.0 / TAU);
    let eighth = if is_steep { 0.125 + arc } else { arc };
    let quarter = if is_flat || high == 0.0 { eighth } else { 0.25 - eighth };
    let half = if x < 0.0 { 0.5 - quarter } else { quarter };
    if y < 0.0 { -half } else { half }
}

/// The angle whose sine is `v`, in turns from −¼ to ¼.
#[inline(always)]
pub fn turns_of_sine(v: f64) -> f64 {
    let v = v.clamp(-1.0, 1.0);
    turns(v, ((1.0 - v) * (1.0 + v)).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_those_of_the_library() {
        for k in -4000..4000 {
            let t = f64::from(k) / 1317.0;
            let (s, c) = sine_cosine(t);
            assert!((s - libm::sin(t * TAU)).abs() < 1e-10 && (c - libm::cos(t * TAU)).abs() < 1e-10, "{t}");
            let around = t - t.round();
            assert!((turns(s, c) - around).abs() < 1e-9 || (around.abs() - 0.5).abs() < 1e-9, "{t}");
            let v = f64::from(k) / 4000.0;
            assert!((turns_of_sine(v) - libm::asin(v) / TAU).abs() < 1e-9, "{v}");
        }
    }

    #[test]
    fn quarter_turns_are_exact() {
        assert_eq!([0.0, 0.25, 0.5, 0.75].map(|t| sine_cosine(t).0), [0.0, 1.0, 0.0, -1.0]);
        assert_eq!((turns(0.0, 0.0), turns(0.0, 2.0), turns(3.0, 0.0), turns(-3.0, 0.0)), (0.0, 0.0, 0.25, -0.25));
    }
}
