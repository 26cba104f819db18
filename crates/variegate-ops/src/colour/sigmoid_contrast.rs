//! Sigmoid contrast: an S as the curve of values.

use crate::curve::curve;
use crate::prelude::*;

params! {
    /// Parts light from dark by a logistic curve.
    ///
    /// out = 1 / (1 + exp(gain · (middle − v))): scikit-image's `adjust_sigmoid` and imgaug's SigmoidContrast, where the
    /// middle is called cutoff. Values far below the middle become black, those far above it white.
    pub struct SigmoidContrast("sigmoid_contrast", "colour", aliases: ["adjust_sigmoid", "logistic_contrast"]) {
        /// Steepness of the curve.
        gain: f64 = real(0.0, 50.0).usual(3.0, 10.0);
        /// The value that becomes half of white.
        middle: f64 = real(0.0, 1.0).usual(0.4, 0.6);
    }
}

impl Op for SigmoidContrast {
    fn lower(&self, plan: &mut Builder) {
        plan.tone(curve(|v| 1.0 / (1.0 + libm::exp(self.gain * (self.middle - v)))));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{colour, nodes};

    #[test]
    fn the_middle_becomes_half_of_white() {
        let [low, middle, high] =
            colour(&nodes(SigmoidContrast::config().gain(10.0).middle(0.4), (4, 4)), [0.2, 0.4, 0.6]);
        assert!((middle - 0.5).abs() < 1e-9);
        // 1 / (1 + e²), and as far above a half as the other is below it.
        assert!((low - 0.119_203).abs() < 1e-5 && (low + high - 1.0).abs() < 1e-9);
    }

    #[test]
    fn without_gain_everything_is_grey() {
        assert_eq!(colour(&nodes(SigmoidContrast::config().gain(0.0), (4, 4)), [0.0, 0.3, 1.0]), [0.5; 3]);
    }
}
