//! TrivialAugment: one operation of any magnitude.

use crate::entry::{Choices, Dialect, FOURTEEN, Surface};
use crate::prelude::*;

params! {
    /// Applies one random operation of random magnitude.
    ///
    /// One of 14 operations (one of them idle), one of 31 magnitudes and one of two sides, each drawn evenly, over wide ranges:
    /// turns to 135°, shears to 0.99, shifts to 32 pixels, factors 0.01 to 1.99, down to 2 bits. Source: Müller and Hutter,
    /// "TrivialAugment: Tuning-free Yet State-of-the-Art Data Augmentation", ICCV 2021; torchvision's TrivialAugmentWide.
    pub struct TrivialAugment("trivial_augment", "policy", aliases: ["TrivialAugmentWide", "trivialaugment"]) {
        /// How to read between pixels.
        filter: Filter = filter("bilinear");
        /// Colour of what geometry uncovers, 0 black to 1 white.
        fill: Channels = colour(0.5);
        /// Which operation, which magnitude, which side.
        choices: Vec<f64> = spread(3);
    }
}

const BINS: usize = 31;

impl Op for TrivialAugment {
    fn lower(&self, plan: &mut Builder) {
        let mut choices = Choices(self.choices.iter());
        let on = Surface { fill: self.fill.clone(), filter: self.filter };
        let (kind, bin, sign) = (choices.of(FOURTEEN), choices.below(BINS), choices.sign());
        let strength = bin as f64 / (BINS - 1) as f64;
        Dialect::Wide.entry(kind, strength, sign, plan.size()).lower(plan, &on, (0.5, 0.5));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lowered(choices: [f64; 3]) -> Vec<Node> {
        let mut plan = Builder::new(Frame::new(64, 64, 3));
        let (filter, fill, choices) = (Filter::Nearest, Channels::All(0.0), choices.to_vec());
        TrivialAugment { filter, fill, choices }.lower(&mut plan);
        plan.into_plan(variegate_plan::Meaning::Exact).written
    }

    #[test]
    fn the_first_of_fourteen_is_idle() {
        assert_eq!(FOURTEEN.len(), 14);
        assert!(lowered([-1.0, 1.0, 1.0]).is_empty());
    }

    #[test]
    fn the_last_bin_is_the_whole_range() {
        // The fourth is a shift: 32 pixels, whole.
        let list = lowered([2.0 * 3.5 / 14.0 - 1.0, 1.0, 1.0]);
        let [Node::Warp(warp)] = list.as_slice() else { panic!("{list:?}") };
        assert!(warp.is_permutation());
        assert_eq!(warp.map.source(Point::new(0.5, 0.5)), Point::new(32.5, 0.5));
    }
}
