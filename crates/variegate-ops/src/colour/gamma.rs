//! Gamma: a power law.

use crate::prelude::*;

params! {
    /// Raises all values to a power.
    ///
    /// out = v ^ gamma, v from 0 to 1: above 1 darkens the middle, below 1 brightens it; black and white stay. As
    /// torchvision's `adjust_gamma` and Albumentations' RandomGamma (which divides its gamma_limit by 100).
    pub struct Gamma("gamma", "colour", aliases: ["RandomGamma", "GammaContrast", "adjust_gamma"]) {
        /// The exponent; a pair is drawn by ratio.
        gamma: f64 = real(0.01, 100.0).by_ratio().usual(0.7, 1.5).neutral(1.0);
    }
}

impl Op for Gamma {
    fn lower(&self, plan: &mut Builder) {
        if self.gamma != 1.0 {
            plan.tone(Tone::Power { exponent: self.gamma });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{colour, nodes};

    #[test]
    fn a_gamma_of_two_squares() {
        let list = nodes(Gamma::config().gamma(2.0), (4, 4));
        assert_eq!(colour(&list, [0.0, 0.5, 1.0]), [0.0, 0.25, 1.0]);
    }
}
