//! Photometric: the colour distortions of the SSD detector.

use super::colour_brightness::Brightness;
use super::colour_channel_shuffle::ChannelShuffle;
use super::colour_contrast::Contrast;
use super::colour_hue::Hue;
use super::colour_saturation::Saturation;
use crate::prelude::*;

params! {
    /// Distorts brightness, contrast, saturation, hue and the order of channels, each with a chance.
    ///
    /// In this order: brightness, contrast, saturation, hue, contrast, order of channels, where contrast comes in one of its
    /// two places, each equally likely. Every one happens with its own `chance`. The steps are the operations of these names,
    /// contrast about the mean. Source: Liu et al., "SSD: Single Shot MultiBox Detector", ECCV 2016; torchvision's
    /// RandomPhotometricDistort.
    pub struct Photometric("photometric", "colour", aliases: [
        "RandomPhotometricDistort", "PhotoMetricDistort", "PhotoMetricDistortion", "photometric_distort_ssd"
    ]) {
        /// What values are multiplied by; one number f means from 1 − f to 1 + f.
        brightness: f64 = real(0.0, 10.0).jitter(Jitter::AroundOne).usual(0.875, 1.125).neutral(1.0);
        /// What distances from the mean are multiplied by; one number f means from 1 − f to 1 + f.
        contrast: f64 = real(0.0, 10.0).jitter(Jitter::AroundOne).usual(0.5, 1.5).neutral(1.0);
        /// What distances from grey are multiplied by; one number f means from 1 − f to 1 + f.
        saturation: f64 = real(0.0, 10.0).jitter(Jitter::AroundOne).usual(0.5, 1.5).neutral(1.0);
        /// Turn of the colour circle; one number f means from −f to f.
        hue: f64 = real(-0.5, 0.5).jitter(Jitter::AroundZero).usual(-0.05, 0.05).neutral(0.0).unit("turns");
        /// The chance of each step.
        chance: f64 = real(0.0, 1.0).value(0.5).neutral(0.0);
        /// What decides about the five steps, about the place of contrast, and about the order of channels.
        decisions: Vec<f64> = spread(9);
    }
}

impl Op for Photometric {
    fn lower(&self, plan: &mut Builder) {
        let decision = |k: usize| self.decisions.get(k).copied().unwrap_or(0.0);
        let happens = |k: usize| (decision(k) + 1.0) / 2.0 < self.chance;
        let early = decision(5) < 0.0;
        let contrast = Contrast { factor: self.contrast, around: "mean" };
        if happens(0) {
            Brightness { factor: self.brightness }.lower(plan);
        }
        if happens(1) && early {
            contrast.lower(plan);
        }
        if happens(2) {
            Saturation { factor: self.saturation }.lower(plan);
        }
        if happens(3) {
            Hue { turns: self.hue }.lower(plan);
        }
        if happens(1) && !early {
            contrast.lower(plan);
        }
        if happens(4) {
            ChannelShuffle { ranks: self.decisions.iter().skip(6).copied().collect() }.lower(plan);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(chance: f64, decisions: [f64; 9]) -> Vec<&'static str> {
        let mut plan = Builder::new(Frame::new(4, 4, 3));
        let (brightness, contrast, saturation, hue) = (1.1, 1.2, 1.3, 0.1);
        Photometric { brightness, contrast, saturation, hue, chance, decisions: decisions.to_vec() }.lower(&mut plan);
        let written = plan.into_plan(variegate_plan::Meaning::Exact).written;
        let name = |node: &Node| match node {
            Node::ColorMatrix(m) if m.mean.is_some() => "contrast",
            Node::ColorMatrix(ColorMatrix { matrix: Matrix::Scale { .. }, .. }) => "brightness",
            Node::ColorMatrix(ColorMatrix { clamp: false, .. }) => "order",
            Node::ColorMatrix(_) => "saturation",
            other => other.kind(),
        };
        written.iter().map(name).collect()
    }

    #[test]
    fn contrast_comes_early_or_late() {
        let mut decisions = [0.0; 9];
        decisions[5] = -0.1;
        assert_eq!(kinds(1.0, decisions), ["brightness", "contrast", "saturation", "Hsv", "order"]);
        decisions[5] = 0.1;
        assert_eq!(kinds(1.0, decisions), ["brightness", "saturation", "Hsv", "contrast", "order"]);
    }

    #[test]
    fn each_step_has_its_own_chance() {
        // Shares of 0.25 and 0.75 against a chance of a half.
        assert_eq!(kinds(0.5, [-0.5, 0.5, 0.5, -0.5, 0.5, 0.0, 0.0, 0.0, 0.0]), ["brightness", "Hsv"]);
        assert!(kinds(0.0, [-1.0; 9]).is_empty());
    }
}
