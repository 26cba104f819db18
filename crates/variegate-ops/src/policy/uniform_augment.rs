//! UniformAugment: operations, chances and magnitudes all drawn evenly.

use crate::entry::Kind::{self, *};
use crate::entry::{Choices, Dialect, Surface};
use crate::prelude::*;

params! {
    /// Applies random operations, each with a random chance and a random magnitude.
    ///
    /// Each layer draws one of 14 operations, a chance from 0 to 1 with which it is applied, and a magnitude anywhere in
    /// AutoAugment's range (turns to 30°, shears to 0.3, shifts to 150 of 331, factors 0.1 to 1.9, 4 to 8 bits). Source:
    /// LingChen et al., "UniformAugment: A Search-free Probabilistic Data Augmentation Approach" (arXiv 2003.14348).
    pub struct UniformAugment("uniform_augment", "policy", aliases: ["UniformAug", "uniformaugment"]) {
        /// How many operations follow each other.
        layers: i64 = integer(0, 8).value(2.0).neutral(0.0);
        /// How to read between pixels.
        filter: Filter = filter("bilinear");
        /// Colour of what geometry uncovers, 0 black to 1 white.
        fill: Channels = colour(0.5);
        /// For each layer: which, its chance, whether, how strong, which side.
        choices: Vec<f64> = spread(40);
    }
}

const KINDS: &[Kind] = &[
    ShearX,
    ShearY,
    TranslateX,
    TranslateY,
    Rotate,
    AutoContrast,
    Invert,
    Equalize,
    Solarize,
    Posterize,
    Contrast,
    Color,
    Brightness,
    Sharpness,
];

impl Op for UniformAugment {
    fn lower(&self, plan: &mut Builder) {
        let mut choices = Choices(self.choices.iter());
        let on = Surface { fill: self.fill.clone(), filter: self.filter };
        for _ in 0..self.layers.clamp(0, 8) {
            let (kind, chance) = (choices.of(KINDS), choices.unit());
            let (applied, strength, sign) = (choices.unit() < chance, choices.unit(), choices.sign());
            if applied {
                Dialect::Paper.entry(kind, strength, sign, plan.size()).lower(plan, &on, (0.5, 0.5));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::Pipeline;

    #[test]
    fn half_of_the_layers_are_applied() {
        let pipeline = Pipeline::builder().then(UniformAugment::config().layers(1)).build().expect("defaults");
        let frame = Frame::new(32, 32, 3);
        let lowered = |k| pipeline.lower(&pipeline.draw(frame, 0, k), variegate_plan::Meaning::Exact).written.len();
        let applied: usize = (0..2000).map(lowered).sum();
        // Each layer is applied with a chance that is itself drawn evenly: half of them. The deviation of 2000 is 22, so the bounds
        // are more than four of them away; the lower one leaves room for what writes nothing (an identity, all eight bits).
        assert!((880..=1100).contains(&applied), "{applied}");
    }
}
