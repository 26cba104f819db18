//! Log contrast: a logarithm as the curve of values.

use crate::curve::curve;
use crate::prelude::*;

params! {
    /// Brightens the dark by a logarithm, or darkens it by the inverse.
    ///
    /// out = gain · log2(1 + v), or gain · (2^v − 1) with `inverse`, cut at white: scikit-image's `adjust_log` and imgaug's
    /// LogContrast. With a gain of 1 black and white stay.
    pub struct LogContrast("log_contrast", "colour", aliases: ["adjust_log", "logarithmic_contrast"]) {
        /// What the logarithm is multiplied by.
        gain: f64 = real(0.0, 10.0).usual(0.6, 1.4);
        /// Whether the inverse curve is used.
        inverse: bool = flag(false);
    }
}

impl Op for LogContrast {
    fn lower(&self, plan: &mut Builder) {
        let Self { gain, inverse } = *self;
        plan.tone(curve(|v| gain * if inverse { libm::exp2(v) - 1.0 } else { libm::log2(1.0 + v) }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{colour, nodes};

    fn of(inverse: bool, rgb: [f64; 3]) -> [f64; 3] {
        colour(&nodes(LogContrast::config().gain(1.0).inverse(inverse), (4, 4)), rgb)
    }

    #[test]
    fn black_and_white_stay_and_the_middle_is_a_logarithm() {
        let [black, middle, white] = of(false, [0.0, 0.4, 1.0]);
        assert_eq!((black, white), (0.0, 1.0));
        // 2 to the power of 0.4854 is 1.4.
        assert!((middle - 0.4854).abs() < 1e-4);
    }

    #[test]
    fn the_inverse_undoes_it() {
        for (v, back) in [0.1, 0.5, 0.9].into_iter().zip(of(true, of(false, [0.1, 0.5, 0.9]))) {
            assert!((v - back).abs() < 1e-5);
        }
    }
}
