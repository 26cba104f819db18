//! Color jitter: brightness, contrast, saturation and hue together.

use super::colour_brightness::Brightness;
use super::colour_contrast::Contrast;
use super::colour_hue::Hue;
use super::colour_saturation::Saturation;
use crate::prelude::*;

params! {
    /// Changes brightness, contrast, saturation and hue.
    ///
    /// The four are the operations of these names, contrast around the mean. In `random` order each sample has its own, as in
    /// torchvision and Albumentations; `fixed` is the order they are named in, as in Keras.
    pub struct ColorJitter("color_jitter", "colour", aliases: [
        "RandomColorJitter", "ColorJiggle", "color_twist", "colour_jitter"
    ]) {
        /// What values are multiplied by; one number f means from 1 − f to 1 + f.
        brightness: f64 = real(0.0, 10.0).jitter(Jitter::AroundOne).usual(0.6, 1.4).neutral(1.0);
        /// What distances from the mean are multiplied by; one number f means from 1 − f to 1 + f.
        contrast: f64 = real(0.0, 10.0).jitter(Jitter::AroundOne).usual(0.6, 1.4).neutral(1.0);
        /// What distances from grey are multiplied by; one number f means from 1 − f to 1 + f.
        saturation: f64 = real(0.0, 10.0).jitter(Jitter::AroundOne).usual(0.6, 1.4).neutral(1.0);
        /// Turn of the colour circle; one number f means from −f to f.
        hue: f64 = real(-0.5, 0.5).jitter(Jitter::AroundZero).usual(-0.1, 0.1).neutral(0.0).unit("turns");
        /// Whether the four follow each other as named, or in another order for each sample.
        order: &'static str = word(&["random", "fixed"], "random");
        /// The four in the random order: the least goes first.
        ranks: Vec<f64> = spread(4);
    }
}

impl Op for ColorJitter {
    fn lower(&self, plan: &mut Builder) {
        let mut order = [0, 1, 2, 3];
        if self.order == "random" {
            let rank = |k: usize| self.ranks.get(k).copied().unwrap_or(0.0);
            order.sort_by(|a, b| rank(*a).total_cmp(&rank(*b)));
        }
        for k in order {
            match k {
                0 => Brightness { factor: self.brightness }.lower(plan),
                1 => Contrast { factor: self.contrast, around: "mean" }.lower(plan),
                2 => Saturation { factor: self.saturation }.lower(plan),
                _ => Hue { turns: self.hue }.lower(plan),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(order: &'static str, ranks: [f64; 4], channels: usize) -> Vec<String> {
        let mut plan = Builder::new(Frame::new(4, 4, channels));
        let (brightness, contrast, saturation) = (1.1, 1.2, 1.3);
        ColorJitter { brightness, contrast, saturation, hue: 0.1, order, ranks: ranks.to_vec() }.lower(&mut plan);
        let written = plan.into_plan(variegate_plan::Meaning::Exact).written;
        let name = |node: &Node| match node {
            Node::ColorMatrix(m) if m.mean.is_some() => "contrast".to_string(),
            Node::ColorMatrix(ColorMatrix { matrix: Matrix::Scale { .. }, .. }) => "brightness".to_string(),
            Node::ColorMatrix(_) => "saturation".to_string(),
            other => other.kind().to_lowercase(),
        };
        written.iter().map(name).collect()
    }

    #[test]
    fn a_fixed_order_is_the_order_of_the_names() {
        assert_eq!(kinds("fixed", [0.9, 0.1, 0.5, -1.0], 3), ["brightness", "contrast", "saturation", "hsv"]);
    }

    #[test]
    fn in_random_order_the_least_rank_goes_first() {
        assert_eq!(kinds("random", [0.9, 0.1, 0.5, -1.0], 3), ["hsv", "contrast", "saturation", "brightness"]);
    }

    #[test]
    fn a_grey_picture_has_brightness_and_contrast_alone() {
        assert_eq!(kinds("fixed", [0.0; 4], 1), ["brightness", "contrast"]);
    }
}
