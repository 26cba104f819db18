//! Saturation: greyer or more colourful.

use crate::prelude::*;

params! {
    /// Moves colours away from their grey, or towards it.
    ///
    /// out = g + factor · (v − g), g the pixel's luma 0.299 R + 0.587 G + 0.114 B, cut at black and white:
    /// `PIL.ImageEnhance.Color` and torchvision's `adjust_saturation`. Pictures without colour stay as they are.
    pub struct Saturation("saturation", "colour", aliases: [
        "RandomSaturation", "MultiplySaturation", "RandomColorDegeneration", "adjust_saturation"
    ]) {
        /// What distances from grey are multiplied by, 0 for grey; one number f means from 1 − f to 1 + f.
        factor: f64 = real(0.0, 10.0).jitter(Jitter::AroundOne).usual(0.6, 1.4).neutral(1.0);
    }
}

impl Op for Saturation {
    fn lower(&self, plan: &mut Builder) {
        if plan.frame().has_colour() {
            let [r, g, b] = LUMA.map(|weight| (1.0 - self.factor) * weight);
            let f = self.factor;
            let rows = [[r + f, g, b, 0.0], [r, g + f, b, 0.0], [r, g, b + f, 0.0]];
            plan.matrix(ColorMatrix { matrix: Matrix::Mix(rows), mean: None, clamp: true });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{colour, nodes, nodes_of};

    #[test]
    fn grey_stays_grey_and_red_loses_its_colour() {
        let list = |factor: f64| nodes(Saturation::config().factor(factor), (4, 4));
        for v in colour(&list(1.7), [0.4; 3]) {
            assert!((v - 0.4).abs() < 1e-12);
        }
        assert_eq!(colour(&list(0.0), [1.0, 0.0, 0.0]), [0.299; 3]);
    }

    #[test]
    fn a_grey_picture_has_nothing_to_saturate() {
        assert!(nodes_of(Saturation::config(), Frame::new(4, 4, 1)).is_empty());
    }
}
