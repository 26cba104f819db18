//! Mix-up: another sample faded in.

use crate::prelude::*;

params! {
    /// Fades another sample of the data set in, and its label with it.
    ///
    /// out = (1 − s) · v + s · partner, s drawn from Beta(alpha, alpha); the partner's label weighs s. The partner is chosen by
    /// key and augmented as it stands before the mixing; pictures must have one size there. Needs a `Loader` or
    /// `Pipeline.batch`. Source: Zhang et al., "mixup: Beyond empirical risk minimization", ICLR 2018.
    pub struct MixUp("mix_up", "mix", aliases: ["RandomMixUpV2", "RandomMixUp", "Mixup", "FastCollateMixup"]) {
        /// Shape of the distribution: near 0 one of the two prevails, 1 makes every share equally likely.
        alpha: f64 = real(0.0, 100.0).usual(0.2, 1.0).value(0.2).neutral(0.0);
        /// Where in the distribution the partner's share lies.
        share: Vec<f64> = spread(1);
        /// The other sample.
        partner: u64 = partner();
    }
}

impl Op for MixUp {
    fn lower(&self, plan: &mut Builder) {
        let share = symmetric_beta(self.alpha, &self.share);
        if share > 0.0 {
            plan.push(Node::Mix(Mix::faded(self.partner, share)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{nodes, plan_of};
    use crate::{Pipeline, op::Config};

    /// The shares of many samples.
    fn shares(config: Config<MixUp>) -> Vec<f64> {
        let pipeline = Pipeline::builder().then(config).build().expect("builds");
        (0..400).map(|k| pipeline.plan(Frame::new(4, 4, 3), 0, k).mixed().first().map_or(0.0, |(_, s)| *s)).collect()
    }

    #[test]
    fn the_label_follows_the_picture() {
        let list = nodes(MixUp::config().alpha(1.0), (4, 4));
        let [Node::Mix(mix)] = list.as_slice() else { panic!("{list:?}") };
        assert_eq!((mix.weight, mix.shapes.len()), (1.0 - mix.share, 0));
        assert_eq!(plan_of(MixUp::config().alpha(1.0), Frame::new(4, 4, 3)).mixed(), [(mix.partner, mix.share)]);
    }

    #[test]
    fn a_small_alpha_leaves_one_of_the_two_and_a_large_one_halves() {
        let middle = |alpha: f64| {
            let inside = |s: &&f64| (0.25..=0.75).contains(*s);
            shares(MixUp::config().alpha(alpha)).iter().filter(inside).count()
        };
        // Beta(1, 1) has half of its mass there; Beta(0.1, 0.1) under a tenth, Beta(50, 50) all of it.
        assert!(middle(0.1) < 60 && (160..240).contains(&middle(1.0)) && middle(50.0) > 395);
    }

    #[test]
    fn without_alpha_nothing_is_mixed() {
        assert!(nodes(MixUp::config().alpha(0.0), (4, 4)).is_empty());
    }
}
