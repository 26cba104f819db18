//! Three augment: grey, solarised or blurred, then jittered.

use crate::entry::Choices;
use crate::index::blur::GaussianBlur;
use crate::index::colour::{Brightness, Contrast, Grayscale, Saturation, Solarize};
use crate::prelude::*;

params! {
    /// Makes the picture grey, solarises it or blurs it, then changes brightness, contrast and saturation.
    ///
    /// One of the three is drawn evenly; solarising starts at 128 of 255. Then come three factors drawn evenly from
    /// 1 − strength to 1 + strength, in a random order. Crop and flip are not part of it. Source: Touvron et al., "DeiT III:
    /// Revenge of the ViT" (arXiv 2204.07118), the 3-Augment recipe.
    pub struct ThreeAugment("three_augment", "policy", aliases: ["3-Augment", "ThreeAugmentation", "DeiT3Augment"]) {
        /// How far the three factors go from 1 at most.
        strength: f64 = real(0.0, 1.0).value(0.3);
        /// Standard deviation of the blur.
        sigma: f64 = real(0.0, 100.0).usual(0.1, 2.0).unit("px");
        /// Which of three, the three factors, and their order.
        choices: Vec<f64> = spread(7);
    }
}

impl Op for ThreeAugment {
    fn lower(&self, plan: &mut Builder) {
        let mut choices = Choices(self.choices.iter());
        match choices.below(3) {
            0 => Grayscale {}.lower(plan),
            1 => Solarize { threshold: 128.0 / 255.0 }.lower(plan),
            _ => GaussianBlur { sigma: self.sigma, border: Border::Mirror }.lower(plan),
        }
        let mut factor = || 1.0 + self.strength * (2.0 * choices.unit() - 1.0);
        let factors = [factor(), factor(), factor()];
        let mut order = [0, 1, 2].map(|k| (choices.unit(), k));
        order.sort_by(|a, b| a.0.total_cmp(&b.0));
        for (_, k) in order {
            let factor = factors[k];
            match k {
                0 => Brightness { factor }.lower(plan),
                1 => Contrast { factor, around: "mean" }.lower(plan),
                _ => Saturation { factor }.lower(plan),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(choice: f64) -> String {
        let mut plan = Builder::new(Frame::new(8, 8, 3));
        let choices = vec![choice, 0.0, 0.0, 0.0, 0.0, 0.5, 0.9];
        ThreeAugment { strength: 0.3, sigma: 1.0, choices }.lower(&mut plan);
        let written = plan.into_plan(variegate_plan::Meaning::Exact).written;
        assert_eq!(written.len(), 4);
        written[0].kind().to_string()
    }

    #[test]
    fn exactly_one_of_three_comes_first() {
        assert_eq!([-1.0, 0.0, 1.0].map(first), ["ColorMatrix", "Lut", "Stencil"]);
    }
}
