//! AdaptiveAugment: the pipeline of adaptive discriminator augmentation.

use variegate_picture::key::normal_quantile;

use crate::entry::Choices;
use crate::prelude::*;

params! {
    /// Moves, turns, stretches and recolours the picture, each part with one chance: the blit, geometry and colour of ADA.
    ///
    /// In this order, each with the chance `strength`: mirror, quarter turns, a whole shift up to 1/8 of a side, zoom 2^(0.2 n), a turn, a
    /// stretch 2^(0.2 n), a second turn, a shift of n / 8; then brightness + 0.1 n, contrast 2^(0.5 n) about half of white, a flip of
    /// luma, a turn of hue, and saturation 2^n, with n standard normal. The turns have the chance 1 − √(1 − strength), so that together
    /// they have that of the others. ADA mirrors the picture at its edge (`border` "mirror"). It is one resampling and one matrix; a trainer
    /// that adapts sets `strength` by a schedule. Pictures without colour keep hue and saturation. Source: Karras et al., "Training
    /// Generative Adversarial Networks with Limited Data", NeurIPS 2020.
    pub struct AdaptiveAugment("adaptive_augment", "policy", aliases: [
        "ADA", "AdaptiveDiscriminatorAugmentation", "presets.AdaptiveDiscriminatorAugmentation", "bgc"
    ]) {
        /// The chance of each part.
        strength: f64 = real(0.0, 1.0).usual(0.0, 0.8).neutral(0.0);
        /// How to read between pixels.
        filter: Filter = filter("bilinear");
        /// What lies beyond the edge.
        border: Border = border("constant");
        /// Colour of a constant border, 0 black to 1 white.
        fill: Channels = colour(0.0);
        /// For each part whether, and how much.
        choices: Vec<f64> = spread(28);
    }
}

impl Op for AdaptiveAugment {
    fn lower(&self, plan: &mut Builder) {
        if self.strength <= 0.0 {
            return;
        }
        let (geometry, colour) = self.choices.split_at(self.choices.len().min(18));
        self.moved(&mut Choices(geometry.iter()), plan);
        self.coloured(&mut Choices(colour.iter()), plan);
    }
}

/// A standard normal number.
fn normal(choices: &mut Choices<'_>) -> f64 {
    normal_quantile(choices.unit().max(1e-12))
}

impl AdaptiveAugment {
    fn moved(&self, choices: &mut Choices<'_>, plan: &mut Builder) {
        let size = plan.size();
        let (width, height) = (size.width as f64, size.height as f64);
        let (each, turned) = (self.strength, 1.0 - (1.0 - self.strength).sqrt());
        let scale = |x: f64, y: f64| Homography::affine(x, 0.0, 0.0, 0.0, y, 0.0);
        // The way back of each part, from output to input, in the order in which the picture goes through them.
        let flip = (each, if choices.unit() < 0.5 { scale(-1.0, 1.0) } else { Homography::IDENTITY });
        let (cos, sin) = [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0)][choices.below(4)];
        let quarter = (each, Homography::affine(cos, -sin, 0.0, sin, cos, 0.0));
        let mut whole = |side: f64| ((2.0 * choices.unit() - 1.0) * 0.125 * side).round();
        let shift = (each, Homography::translate(whole(width), whole(height)));
        let zoom = libm::exp2(-0.2 * normal(choices));
        let turn = (turned, Homography::rotate(360.0 * choices.unit() - 180.0));
        let stretch = libm::exp2(0.2 * normal(choices));
        let again = (turned, Homography::rotate(360.0 * choices.unit() - 180.0));
        let aside = (each, Homography::translate(normal(choices) * width / 8.0, normal(choices) * height / 8.0));
        let parts = [
            flip,
            quarter,
            shift,
            (each, scale(zoom, zoom)),
            turn,
            (each, scale(1.0 / stretch, stretch)),
            again,
            aside,
        ];
        let mut map = Homography::IDENTITY;
        for (chance, back) in parts {
            if choices.unit() < chance {
                map = map.then_inside(back);
            }
        }
        if map != Homography::IDENTITY {
            let warp = Warp::new(centred(map, size, size), size, size).filter(self.filter);
            plan.warp(warp.border(self.border, self.fill.clone()));
        }
    }

    fn coloured(&self, choices: &mut Choices<'_>, plan: &mut Builder) {
        let mut applied = || choices.unit() < self.strength;
        let on: [bool; 5] = std::array::from_fn(|_| applied());
        let offset = if on[0] { 0.1 * normal(choices) } else { 0.0 * normal(choices) };
        let contrast = libm::exp2(0.5 * normal(choices));
        let flipped = choices.unit() < 0.5;
        let turn = std::f64::consts::TAU * (choices.unit() - 0.5);
        let saturation = libm::exp2(normal(choices));
        let gain = if on[1] { contrast } else { 1.0 };
        // What becomes of a grey, and of what a colour has beside its grey: stretched and turned about the axis of greys.
        let grey = if on[2] && flipped { -gain } else { gain };
        let beside = if on[4] { gain * saturation } else { gain };
        let (sin, cos) = if on[3] { (libm::sin(turn), libm::cos(turn)) } else { (0.0, 1.0) };
        // Brightness comes first, so contrast and flip act on it too.
        let level = 0.5 - 0.5 * grey + grey * offset;
        if (grey, beside, sin, cos, level) == (1.0, 1.0, 0.0, 1.0, 0.0) {
            return;
        }
        if !plan.frame().has_colour() {
            return plan.scale(grey, level);
        }
        let across = sin * beside / 3f64.sqrt();
        let entry = |r: usize, c: usize| match (3 + c - r) % 3 {
            0 => grey / 3.0 + beside * cos * 2.0 / 3.0,
            1 => grey / 3.0 - beside * cos / 3.0 - across,
            _ => grey / 3.0 - beside * cos / 3.0 + across,
        };
        let rows = std::array::from_fn(|r| std::array::from_fn(|c| if c == 3 { level } else { entry(r, c) }));
        plan.matrix(ColorMatrix { matrix: Matrix::Mix(rows), mean: None, clamp: true });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lowered(strength: f64, choices: [f64; 28]) -> Vec<Node> {
        let mut plan = Builder::new(Frame::new(16, 24, 3));
        let (filter, border, fill, choices) = (Filter::Bilinear, Border::Mirror, Channels::All(0.0), choices.to_vec());
        AdaptiveAugment { strength, filter, border, fill, choices }.lower(&mut plan);
        plan.into_plan(variegate_plan::Meaning::Exact).written
    }

    #[test]
    fn nothing_is_done_where_no_part_is_drawn() {
        assert!(lowered(0.5, [0.5; 28]).is_empty());
        assert!(lowered(0.0, [-1.0; 28]).is_empty());
    }

    #[test]
    fn a_mirror_alone_is_a_mirror() {
        // Ten numbers say how, eight whether: only the mirror, the first of both, is drawn.
        let mut choices = [0.5; 28];
        (choices[0], choices[10]) = (-1.0, -1.0);
        let list = lowered(0.5, choices);
        let [Node::Warp(warp)] = list.as_slice() else { panic!("{list:?}") };
        assert_eq!(warp.map.source(Point::new(1.0, 5.0)), Point::new(23.0, 5.0));
    }

    #[test]
    fn greys_stay_grey_and_a_turn_of_hue_keeps_the_mean() {
        let mut choices = [0.5; 28];
        // Of the five parts of colour the fourth, by a third of a turn: red becomes another primary.
        choices[21] = -1.0;
        choices[26] = 2.0 / 3.0;
        let list = lowered(0.5, choices);
        let [Node::ColorMatrix(ColorMatrix { matrix: Matrix::Mix(rows), .. })] = list.as_slice() else {
            panic!("{list:?}")
        };
        let red: Vec<f64> = rows.iter().map(|row| row[0]).collect();
        assert!(red.iter().filter(|v| v.abs() < 1e-9).count() == 2 && red.iter().any(|v| (v - 1.0).abs() < 1e-9));
        assert!(rows.iter().all(|row| (row[..3].iter().sum::<f64>() - 1.0).abs() < 1e-12 && row[3].abs() < 1e-12));
    }
}
