//! Angles in turns: sines, cosines and their inverses by polynomials.
//!
//! Called by curved maps, which ask for one or two at every pixel. Right to 10⁻⁹, which moves a position by less than a
//! millionth of a pixel, in a third of the time that 53 right bits take; additions and multiplications alone, so that
//! every machine has the same bits.

use std::f64::consts::{FRAC_PI_4, TAU};

/// The sine and the cosine of an angle in turns.
#[inline]
pub fn sine_cosine(turns: f64) -> (f64, f64) {
    // The nearest quarter turn, and what is left of the angle, in radians.
    let quarters = turns * 4.0;
    let nearest = (quarters + if quarters < 0.0 { -0.5 } else { 0.5 }) as i64;
    let a = (quarters - nearest as f64) * (TAU / 4.0);
    let q = a * a;
    // Taylor's series; at an eighth of a turn the first terms left out are 7e-12 and 4e-13.
    let sine = a * (1.0 - q / 6.0 * (1.0 - q / 20.0 * (1.0 - q / 42.0 * (1.0 - q / 72.0 * (1.0 - q / 110.0)))));
    let cosine =
        1.0 - q / 2.0 * (1.0 - q / 12.0 * (1.0 - q / 30.0 * (1.0 - q / 56.0 * (1.0 - q / 90.0 * (1.0 - q / 132.0)))));
    match nearest & 3 {
        0 => (sine, cosine),
        1 => (cosine, -sine),
        2 => (-sine, -cosine),
        _ => (-cosine, sine),
    }
}

/// The angle of a direction in turns, from −½ to ½: 0 along x, a quarter along y; 0 where there is no direction.
#[inline]
pub fn turns(y: f64, x: f64) -> f64 {
    let (ax, ay) = (x.abs(), y.abs());
    let (low, high) = if ax > ay { (ay, ax) } else { (ax, ay) };
    if high == 0.0 {
        return 0.0;
    }
    let eighth = arc(low / high) / TAU;
    let quarter = if ax > ay { eighth } else { 0.25 - eighth };
    let half = if x < 0.0 { 0.5 - quarter } else { quarter };
    if y < 0.0 { -half } else { half }
}

/// The angle whose sine is `v`, in turns from −¼ to ¼.
#[inline]
pub fn turns_of_sine(v: f64) -> f64 {
    let v = v.clamp(-1.0, 1.0);
    turns(v, ((1.0 - v) * (1.0 + v)).sqrt())
}

/// The arc of a tangent from 0 to 1, in radians.
#[inline]
fn arc(t: f64) -> f64 {
    const TAN_EIGHTH: f64 = 0.414_213_562_373_095;
    // Beyond tan π/8 the rest to π/4: tan(a − π/4) = (t − 1) / (t + 1).
    let (t, base) = if t > TAN_EIGHTH { ((t - 1.0) / (t + 1.0), FRAC_PI_4) } else { (t, 0.0) };
    let q = t * t;
    // Taylor's series; at tan π/8 the first term left out is 0.4142²¹ / 21 = 4e-10.
    let series = 1.0
        - q * (1.0 / 3.0
            - q * (1.0 / 5.0
                - q * (1.0 / 7.0
                    - q * (1.0 / 9.0
                        - q * (1.0 / 11.0
                            - q * (1.0 / 13.0 - q * (1.0 / 15.0 - q * (1.0 / 17.0 - q * (1.0 / 19.0)))))))));
    base + t * series
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
