//! AugMix: chains of operations, weighed and mixed with the picture.

use crate::dist::dirichlet;
use crate::entry::Kind::{self, *};
use crate::entry::{Choices, Dialect, Surface};
use crate::prelude::*;

params! {
    /// Mixes the picture with several chains of random operations on it.
    ///
    /// out = (1 − m) · v + m · Σ wᵢ · chainᵢ(v), m drawn from Beta(alpha, alpha) and w from Dirichlet(alpha, …, alpha). A chain
    /// applies one to three operations drawn evenly with replacement, each at a level between 0.1 and `severity` of 10, signed
    /// ones to either side. Among the nine operations are no colours, sharpness, noise or blur, which tests of robustness use;
    /// `all_ops` adds colour, contrast, brightness and sharpness. Chains turn, shear and shift a part of the picture; as in the
    /// paper masks, boxes and points stay. Source: Hendrycks et al., "AugMix: A Simple Data Processing Method to Improve
    /// Robustness and Uncertainty", ICLR 2020.
    pub struct AugMix("aug_mix", "policy", aliases: ["AugMixTransform", "augmix", "RandomAugMix", "AugMixAugmentation"]) {
        /// The greatest level of an operation, of 10.
        severity: f64 = real(0.1, 10.0).value(3.0);
        /// How many chains.
        width: i64 = integer(0, 8).value(3.0).neutral(0.0);
        /// How many operations a chain has; one to three, drawn for each chain, where none is given.
        depth: i64 = integer(0, 4).value(0.0);
        /// Shape of the distributions of shares: 1 makes all equally likely, more makes them more even.
        alpha: f64 = real(0.01, 100.0).value(1.0);
        /// Whether colour, contrast, brightness and sharpness are among the operations.
        all_ops: bool = flag(false);
        /// Colour of what geometry uncovers, 0 black to 1 white.
        fill: Channels = colour(0.0);
        /// For each chain its share, how many operations and, for each, which, which side and what level; last the share of all.
        choices: Vec<f64> = spread(113);
    }
}

/// The operations; the last four overlap the corruptions of ImageNet-C.
const ALL: [Kind; 13] = [
    AutoContrast,
    Equalize,
    Posterize,
    Rotate,
    Solarize,
    ShearX,
    ShearY,
    TranslateX,
    TranslateY,
    Color,
    Contrast,
    Brightness,
    Sharpness,
];

/// The most chains and the most operations of one.
const MOST: (usize, usize) = (8, 4);

/// The numbers of one chain: its length, and three for each operation.
const OF_A_CHAIN: usize = 1 + 3 * MOST.1;

impl Op for AugMix {
    fn lower(&self, plan: &mut Builder) {
        let width = self.width.clamp(0, MOST.0 as i64) as usize;
        if width == 0 || self.choices.len() < MOST.0 * (1 + OF_A_CHAIN) + 1 {
            return;
        }
        let (shares, rest) = self.choices.split_at(MOST.0);
        let (chains, mixed) = rest.split_at(MOST.0 * OF_A_CHAIN);
        let mixed = symmetric_beta(self.alpha, mixed);
        let weights = dirichlet(self.alpha, &shares[..width]);
        let kinds = if self.all_ops { &ALL[..] } else { &ALL[..9] };
        let on = Surface { fill: self.fill.clone(), filter: Filter::Bilinear };
        let mut branches = Vec::with_capacity(width);
        for (weight, numbers) in weights.iter().zip(chains.chunks_exact(OF_A_CHAIN)) {
            let mut choices = Choices(numbers.iter());
            let drawn = 1 + choices.below(3);
            let depth = if self.depth > 0 { self.depth as usize } else { drawn };
            let mut branch = plan.branch();
            for _ in 0..depth.min(MOST.1) {
                let (kind, sign, at) = (choices.of(kinds), choices.sign(), choices.unit());
                let level = 0.1 + (self.severity - 0.1) * at;
                Dialect::AugMix.entry(kind, level / 10.0, sign, plan.size()).lower(&mut branch, &on, (0.5, 0.5));
            }
            branches.push((mixed * weight, branch));
        }
        plan.branches(branches);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::nodes;

    fn branches(list: &[Node]) -> &Branches {
        let [Node::Branches(branches)] = list else { panic!("{list:?}") };
        branches
    }

    #[test]
    fn operations_and_magnitudes_are_as_published() {
        assert_eq!(ALL[..9].iter().filter(|k| matches!(k, Color | Contrast | Brightness | Sharpness)).count(), 0);
        // At level 3 of 10 of a picture of 224 × 224.
        let at = |kind| Dialect::AugMix.entry(kind, 0.3, -1.0, Size::new(224, 224)).amount;
        assert_eq!((at(Posterize), at(Solarize), at(Rotate)), (3.0, 180.0, -9.0));
        assert_eq!((at(TranslateX), at(TranslateY)), (-22.0, -22.0));
        assert!((at(ShearX) + 0.09).abs() < 1e-12 && (at(Color) - 0.64).abs() < 1e-12);
    }

    #[test]
    fn shares_are_what_was_drawn_and_the_picture_keeps_the_rest() {
        let list = nodes(AugMix::config().width(4).depth(2), (20, 30));
        let found = branches(&list);
        assert_eq!(found.of.len(), 4);
        assert!(found.of.iter().all(|b| b.share > 0.0 && b.nodes.len() == 2));
        assert!(found.own() > 0.0 && found.own() < 1.0);
        // Of a very even distribution everything is even.
        let list = nodes(AugMix::config().alpha(100.0).width(2), (20, 30));
        assert!((branches(&list).own() - 0.5).abs() < 0.2);
        assert!((branches(&list).of[0].share - 0.25).abs() < 0.15);
    }

    #[test]
    fn no_chain_is_nothing() {
        assert!(nodes(AugMix::config().width(0), (20, 30)).is_empty());
    }
}
