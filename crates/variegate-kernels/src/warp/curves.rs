//! The weights of wide filters as polynomials of the position, so that a block of columns gets them side by side.
//!
//! Called by [`super::wide_bytes`]. Kept are not the weights but their running sums: rounding those leaves weights that
//! sum to one exactly, and an error that a smooth picture hardly shows. A filter is symmetric, so that the running sums
//! are too, and halves of them are kept. Tables of phases lose: without interpolation 4096 of them leave a twelfth of a
//! level, with it each column waits for its own two rows of the table.

use std::sync::OnceLock;
use variegate_picture::Filter;

/// Coefficients of the longest polynomial.
const TERMS: usize = 9;

/// Coefficients in the square of the position that a piecewise cubic filter needs.
pub(super) const CUBIC: usize = 2;

/// The same for windowed sincs, whose weights are then within 10⁻⁶ of the exact ones.
pub(super) const LANCZOS: usize = 5;

/// The same for `Hamming`, whose two weights are far from summing to one.
pub(super) const HAMMING: usize = 9;

/// Half the taps of the widest filter on an axis.
const MOST: usize = 5;

/// Running sums of the widest filter, less the last, which is one.
const SUMS: usize = 2 * MOST - 1;

/// Added to a number of at most two it leaves steps of 2⁻¹⁵, which are then the steps of its bits.
const ACROSS: f32 = 384.0;

/// The same for steps of 2⁻¹⁹.
const DOWN: f32 = 24.0;

/// The weights across are whole numbers of this.
pub(super) const STEP: f32 = -1.0 / 32768.0;

/// The running sums of a filter's weights.
pub(super) struct Curves {
    /// Half the taps on an axis.
    pub half: usize,
    /// Even and odd part of each sum of the left half, about the middle between two pixels; the middle sum has no even
    /// part but one half.
    even: [[f32; TERMS]; MOST],
    odd: [[f32; TERMS]; MOST],
}

/// The curves of a filter, made at its first use; none where its weights are no smooth function between two pixels.
pub(super) fn curves(filter: Filter) -> Option<&'static Curves> {
    static MADE: [OnceLock<Curves>; 9] = [const { OnceLock::new() }; 9];
    match filter {
        Filter::Hamming | Filter::Bicubic | Filter::Mitchell | Filter::Lanczos3 | Filter::Lanczos5 => {
            Some(MADE[filter as usize].get_or_init(|| Curves::new(filter)))
        }
        Filter::Nearest | Filter::Box | Filter::Bilinear | Filter::Gaussian => None,
    }
}

/// The running sum of normalised weights up to tap `i`, at `u` right of the middle between two pixels.
fn running(filter: Filter, half: usize, i: usize, u: f64) -> f64 {
    let weight = |tap: usize| filter.weight(tap as f64 + 1.0 - half as f64 - (u + 0.5));
    (0..=i).map(weight).sum::<f64>() / (0..2 * half).map(weight).sum::<f64>()
}

impl Curves {
    fn new(filter: Filter) -> Self {
        let half = libm::ceil(filter.support()) as usize;
        let terms = match filter {
            Filter::Bicubic | Filter::Mitchell => CUBIC,
            Filter::Hamming => HAMMING,
            _ => LANCZOS,
        };
        let (mut even, mut odd) = ([[0.0; TERMS]; MOST], [[0.0; TERMS]; MOST]);
        // Exact at both pixels and in between at the points of Chebyshev and Lobatto, which leave the least.
        let points: Vec<f64> =
            (0..terms).map(|j| 0.5 * libm::cos(std::f64::consts::PI * j as f64 / (2 * terms - 1) as f64)).collect();
        let squares: Vec<f64> = points.iter().map(|u| u * u).collect();
        for i in 0..half {
            let both = points.iter().map(|u| (running(filter, half, i, *u), running(filter, half, i, -u)));
            let (a, b): (Vec<f64>, Vec<f64>) = both.unzip();
            let evens = (0..terms).map(|j| (a[j] + b[j]) / 2.0).collect();
            let odds = (0..terms).map(|j| (a[j] - b[j]) / (2.0 * points[j])).collect();
            even[i] = through(&squares, evens);
            odd[i] = through(&squares, odds);
        }
        Self { half, even, odd }
    }

    /// The running sums of all `2 · H` taps but the last, at a fraction right of the tap left of the position.
    #[inline(always)]
    fn sums<const H: usize, const N: usize>(&self, fraction: f32) -> [f32; SUMS] {
        let u = fraction - 0.5;
        let square = u * u;
        let mut sums = [0.0; SUMS];
        for i in 0..H - 1 {
            let (even, odd) = (value::<N>(&self.even[i], square), u * value::<N>(&self.odd[i], square));
            sums[i] = even + odd;
            sums[2 * H - 2 - i] = (1.0 - even) + odd;
        }
        sums[H - 1] = 0.5 + u * value::<N>(&self.odd[H - 1], square);
        sums
    }

    /// Weights of `2 · H` taps by pairs, in whole numbers of [`STEP`]: negative, since a weight of one would not fit
    /// sixteen bits otherwise.
    #[inline(always)]
    pub(super) fn across<const H: usize, const N: usize>(&self, fraction: f32) -> [i32; MOST] {
        let sums = self.sums::<H, N>(fraction);
        let mut taps = [0; 2 * MOST];
        let mut before = ACROSS.to_bits() as i32;
        for (t, tap) in taps.iter_mut().enumerate().take(2 * H) {
            let mut sum = (if t + 1 == 2 * H { 1.0 + ACROSS } else { sums[t] + ACROSS }).to_bits() as i32;
            if t + 1 == H || t == H && H > 1 {
                // Next to a pixel its weight may round to a step more than one, which would not fit; the next tap has it.
                sum = sum.min(before + 32768);
            }
            *tap = before - sum;
            before = sum;
        }
        let mut pairs = [0; MOST];
        for (p, pair) in pairs.iter_mut().enumerate().take(H) {
            *pair = (taps[2 * p + 1] << 16) | (taps[2 * p] & 0xffff);
        }
        pairs
    }

    /// Weights of `2 · H` taps.
    #[inline(always)]
    pub(super) fn down<const H: usize, const N: usize>(&self, fraction: f32) -> [f32; 2 * MOST] {
        let sums = self.sums::<H, N>(fraction);
        let mut taps = [0.0; 2 * MOST];
        let mut before = DOWN;
        for (t, tap) in taps.iter_mut().enumerate().take(2 * H) {
            let sum = if t + 1 == 2 * H { 1.0 + DOWN } else { sums[t] + DOWN };
            *tap = sum - before;
            before = sum;
        }
        taps
    }
}

/// The value of a polynomial of `N` coefficients.
#[inline(always)]
fn value<const N: usize>(coefficients: &[f32; TERMS], x: f32) -> f32 {
    let mut value = coefficients[N - 1];
    for i in (0..N - 1).rev() {
        value = value * x + coefficients[i];
    }
    value
}

/// The coefficients of the polynomial through points, by Newton's divided differences.
fn through(x: &[f64], mut y: Vec<f64>) -> [f32; TERMS] {
    let n = x.len();
    for k in 1..n {
        for j in (k..n).rev() {
            y[j] = (y[j] - y[j - 1]) / (x[j] - x[j - k]);
        }
    }
    let mut coefficients = [0.0f64; TERMS];
    for k in (0..n).rev() {
        // Times (x − x[k]), plus y[k].
        for i in (0..TERMS).rev() {
            coefficients[i] = if i == 0 { 0.0 } else { coefficients[i - 1] } - coefficients[i] * x[k];
        }
        coefficients[0] += y[k];
    }
    coefficients.map(|v| v as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check<const H: usize, const N: usize>(filter: Filter, fractions: impl Iterator<Item = u32>) {
        let curves = curves(filter).expect("a smooth filter");
        assert_eq!(curves.half, H);
        for f in fractions {
            let fraction = f as f32 / (1 << 24) as f32;
            let exact = |i: usize| running(filter, H, i, f64::from(fraction) - 0.5);
            let (pairs, down) = (curves.across::<H, N>(fraction), curves.down::<H, N>(fraction));
            let across: Vec<i32> = pairs[..H].iter().flat_map(|pair| [*pair << 16 >> 16, *pair >> 16]).collect();
            let down: Vec<f32> = down[..2 * H].to_vec();
            assert_eq!(across.iter().sum::<i32>(), -32768, "{filter:?} {f}");
            assert_eq!(down.iter().sum::<f32>(), 1.0, "{filter:?} {f}");
            let (mut a, mut d) = (0, 0.0);
            for i in 0..2 * H {
                a += across[i];
                d += f64::from(down[i]);
                let (a, exact) = (f64::from(a) * f64::from(STEP), exact(i));
                assert!((a - exact).abs() < 1.0 / 32768.0, "{filter:?} {f}: {a} for {exact}");
                assert!((d - exact).abs() < 1e-5, "{filter:?} {f}: {d} for {exact}");
            }
        }
    }

    #[test]
    fn weights_sum_to_one_and_are_those_of_the_filter() {
        let few = (0..300).chain((1 << 24) - 300..=1 << 24);
        let fractions = || few.clone().chain((0..1 << 24).step_by(4999));
        check::<1, HAMMING>(Filter::Hamming, fractions());
        check::<2, CUBIC>(Filter::Bicubic, fractions());
        check::<2, CUBIC>(Filter::Mitchell, fractions());
        check::<3, LANCZOS>(Filter::Lanczos3, fractions());
        check::<5, LANCZOS>(Filter::Lanczos5, fractions());
    }

    #[test]
    fn no_fraction_has_a_weight_beyond_sixteen_bits() {
        fn check<const H: usize, const N: usize>(filter: Filter) {
            let curves = curves(filter).expect("a smooth filter");
            for f in 0..=1 << 24 {
                let pairs = curves.across::<H, N>(f as f32 / (1 << 24) as f32);
                let sum: i32 = pairs[..H].iter().map(|pair| (*pair << 16 >> 16) + (*pair >> 16)).sum();
                assert_eq!(sum, -32768, "{filter:?} {f}");
            }
        }
        check::<1, HAMMING>(Filter::Hamming);
        check::<2, CUBIC>(Filter::Bicubic);
        check::<2, CUBIC>(Filter::Mitchell);
        check::<3, LANCZOS>(Filter::Lanczos3);
        check::<5, LANCZOS>(Filter::Lanczos5);
    }

    #[test]
    fn at_a_pixel_one_weight_is_one_and_the_others_none() {
        for filter in [Filter::Bicubic, Filter::Lanczos3] {
            let curves = curves(filter).expect("a smooth filter");
            let down = match filter {
                Filter::Bicubic => curves.down::<2, CUBIC>(0.0),
                _ => curves.down::<3, LANCZOS>(0.0),
            };
            let taps: Vec<f32> = down[..2 * curves.half].to_vec();
            assert!(taps.iter().enumerate().all(|(i, w)| *w == f32::from(u8::from(i + 1 == curves.half))), "{taps:?}");
        }
    }
}
