//! RandAugment: a few operations of one magnitude.

use variegate_picture::key::normal_quantile;

use crate::entry::Kind::{self, *};
use crate::entry::{Choices, Dialect, FOURTEEN, Surface};
use crate::prelude::*;

params! {
    /// Applies several random operations, all of one magnitude.
    ///
    /// Each layer draws one operation evenly, with replacement, and one of its two sides. `paper` and `torchvision` choose
    /// among 14, one of them idle, at magnitude/30 of each range; `tpu` (16, with a cutout) and `timm` (15) at magnitude/10,
    /// of which `timm` stops at 1 and applies each layer with a chance of one half; `keras` (11, one-sided) draws up to
    /// magnitude/10. Everything is drawn for each sample. Source: Cubuk et al., "RandAugment: Practical automated data
    /// augmentation with a reduced search space" (arXiv 1909.13719). timm's `rand-m9-mstd0.5-inc1` is the default.
    pub struct RandAugment("rand_augment", "policy", aliases: ["RandAug", "randaugment", "rand-m9-mstd0.5-inc1"]) {
        /// How many operations follow each other.
        layers: i64 = integer(0, 8).value(2.0).neutral(0.0);
        /// How strong they are, of 10 (`timm`, `tpu`, `keras`) or 30 (`paper`, `torchvision`).
        magnitude: f64 = real(0.0, 30.0).value(9.0);
        /// Standard deviation of the magnitude from layer to layer, `timm` alone; above 100 it is uniform from 0 instead.
        noise: f64 = real(0.0, 1000.0).value(0.5);
        /// Whether posterize, solarize and the colour factors grow stronger with the magnitude, `timm` alone.
        increasing: bool = flag(true);
        /// Whose operations and ranges.
        variant: &'static str = word(&["timm", "torchvision", "paper", "tpu", "keras"], "timm");
        /// How to read between pixels.
        filter: Filter = filter("bilinear");
        /// Colour of what geometry uncovers, 0 black to 1 white.
        fill: Channels = colour(0.5);
        /// For each layer: which, whether, which side, how far from the magnitude, and where a cutout lies.
        choices: Vec<f64> = spread(48);
    }
}

// What timm chooses among; the TPU code has a cutout besides.
const TPU: &[Kind] = &[
    AutoContrast,
    Equalize,
    Invert,
    Rotate,
    Posterize,
    Solarize,
    SolarizeAdd,
    Color,
    Contrast,
    Brightness,
    Sharpness,
    ShearX,
    ShearY,
    TranslateX,
    TranslateY,
    Cutout,
];

// Keras draws among eleven layers, of which shear and translation move both axes; here each axis is one of thirteen.
const KERAS: &[Kind] = &[
    ShearX,
    ShearY,
    TranslateX,
    TranslateY,
    Rotate,
    Brightness,
    Color,
    Contrast,
    Sharpness,
    Posterize,
    Solarize,
    AutoContrast,
    Equalize,
];

impl Op for RandAugment {
    fn lower(&self, plan: &mut Builder) {
        let timm = if self.increasing { Dialect::TimmIncreasing } else { Dialect::Timm };
        let (kinds, dialect, most) = match self.variant {
            "torchvision" => (FOURTEEN, Dialect::Torchvision, 30.0),
            "paper" => (FOURTEEN, Dialect::Paper, 30.0),
            "tpu" => (TPU, Dialect::Tpu, 10.0),
            "keras" => (KERAS, Dialect::Keras, 10.0),
            _ => (&TPU[..TPU.len() - 1], timm, 10.0),
        };
        let mut choices = Choices(self.choices.iter());
        let on = Surface { fill: self.fill.clone(), filter: self.filter };
        for _ in 0..self.layers.clamp(0, 8) {
            let (kind, applied, sign) = (choices.of(kinds), choices.unit(), choices.sign());
            let (apart, at) = (choices.unit(), (choices.unit(), choices.unit()));
            if self.variant == "timm" && applied >= 0.5 {
                continue;
            }
            let magnitude = match self.variant {
                "timm" if self.noise > 100.0 => self.magnitude.min(most) * apart,
                "timm" => (self.magnitude + self.noise * normal_quantile(apart.max(1e-12))).clamp(0.0, most),
                "keras" => self.magnitude.min(most) * apart,
                _ => self.magnitude,
            };
            dialect.entry(kind, magnitude / most, sign, plan.size()).lower(plan, &on, at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::nodes;

    #[test]
    fn the_sets_are_as_published() {
        assert_eq!((FOURTEEN.len(), TPU.len()), (14, 16));
        assert!(FOURTEEN.contains(&Identity) && !FOURTEEN.contains(&Invert));
        assert!(!TPU.contains(&Identity) && TPU.contains(&SolarizeAdd) && TPU[15] == Cutout);
    }

    fn one(variant: &'static str, choices: [f64; 6]) -> Vec<Node> {
        let mut plan = Builder::new(Frame::new(8, 8, 3));
        let (filter, fill, choices) = (Filter::Nearest, Channels::All(0.0), choices.to_vec());
        RandAugment { layers: 1, magnitude: 9.0, noise: 0.0, increasing: true, variant, filter, fill, choices }
            .lower(&mut plan);
        plan.into_plan(variegate_plan::Meaning::Exact).written
    }

    #[test]
    fn timm_leaves_half_of_its_layers_out() {
        assert_eq!(one("timm", [-1.0, -0.1, 1.0, 0.0, 0.0, 0.0]).len(), 1);
        assert_eq!(one("timm", [-1.0, 0.1, 1.0, 0.0, 0.0, 0.0]).len(), 0);
        assert_eq!(one("tpu", [-1.0, 0.1, 1.0, 0.0, 0.0, 0.0]).len(), 1);
    }

    #[test]
    fn no_layer_is_nothing() {
        assert!(nodes(RandAugment::config().layers(0), (4, 4)).is_empty());
    }
}
