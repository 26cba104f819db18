//! AutoAugment: one of 25 learned pairs.

use crate::entry::{Choices, Dialect, Surface};
use crate::prelude::*;
use crate::table;

params! {
    /// Applies one of 25 learned pairs of operations.
    ///
    /// A pair is drawn evenly; each of its two operations is applied with its own chance, signed ones to either side.
    /// `imagenet`, `cifar10` and `svhn` are the paper's tables with level/9 of each range, as torchvision has them;
    /// `imagenet_v0` is the table of the TPU code with level/10, shifts counted as in timm (0.45 of the side). Source: Cubuk et
    /// al., "AutoAugment: Learning Augmentation Policies from Data", CVPR 2019.
    pub struct AutoAugment("auto_augment", "policy", aliases: ["AutoAugmentPolicy", "ImageNetPolicy", "autoaugment"]) {
        /// Which table.
        policy: &'static str = word(&["imagenet", "imagenet_v0", "cifar10", "svhn"], "imagenet");
        /// How to read between pixels.
        filter: Filter = filter("bilinear");
        /// Colour of what geometry uncovers, 0 black to 1 white.
        fill: Channels = colour(0.5);
        /// Which pair, and for each half whether and to which side.
        choices: Vec<f64> = spread(5);
    }
}

impl Op for AutoAugment {
    fn lower(&self, plan: &mut Builder) {
        let (pairs, dialect, levels) = match self.policy {
            "imagenet_v0" => (&table::IMAGENET_V0, Dialect::Timm, 10.0),
            "cifar10" => (&table::CIFAR10, Dialect::Torchvision, 9.0),
            "svhn" => (&table::SVHN, Dialect::Torchvision, 9.0),
            _ => (&table::IMAGENET, Dialect::Torchvision, 9.0),
        };
        let mut choices = Choices(self.choices.iter());
        let on = Surface { fill: self.fill.clone(), filter: self.filter };
        for (kind, chance, level) in pairs[choices.below(pairs.len())] {
            let (applied, sign) = (choices.unit() < chance, choices.sign());
            if applied {
                dialect.entry(kind, level / levels, sign, plan.size()).lower(plan, &on, (0.5, 0.5));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::Kind;
    use crate::pipeline::Pipeline;

    #[test]
    fn the_tables_are_as_published() {
        assert_eq!(table::IMAGENET[0], [(Kind::Posterize, 0.4, 8.0), (Kind::Rotate, 0.6, 9.0)]);
        assert_eq!(table::IMAGENET_V0[24], [(Kind::Color, 0.8, 6.0), (Kind::Rotate, 0.4, 5.0)]);
        assert_eq!(table::CIFAR10[5], [(Kind::ShearY, 0.2, 7.0), (Kind::Posterize, 0.3, 7.0)]);
        assert_eq!(table::SVHN[24], [(Kind::ShearX, 0.7, 2.0), (Kind::Invert, 0.1, 0.0)]);
        for table in [&table::IMAGENET, &table::IMAGENET_V0, &table::CIFAR10, &table::SVHN] {
            assert!(table.iter().flatten().all(|(_, p, level)| *p <= 1.0 && (0.0..=10.0).contains(level)));
        }
    }

    #[test]
    fn every_pair_is_drawn_as_often() {
        let pipeline = Pipeline::builder().then(AutoAugment::config()).seed(1).build().expect("defaults");
        let mut counts = [0usize; 25];
        for sample in 0..2000 {
            let recipe = pipeline.draw(Frame::new(8, 8, 3), 0, sample);
            let crate::Value::Numbers(list) = &recipe.steps[0].values[3] else { panic!() };
            counts[Choices(list.iter()).below(25)] += 1;
        }
        // 80 each; six standard deviations of a binomial are 53.
        assert!(counts.iter().all(|n| (27..=133).contains(n)), "{counts:?}");
    }

    #[test]
    fn a_half_that_is_not_applied_writes_nothing() {
        let lowered = |choices: [f64; 5]| {
            let mut plan = Builder::new(Frame::new(8, 8, 3));
            let (policy, filter, fill) = ("imagenet", Filter::Nearest, Channels::All(0.0));
            AutoAugment { policy, filter, fill, choices: choices.to_vec() }.lower(&mut plan);
            plan.into_plan(variegate_plan::Meaning::Exact).written.len()
        };
        // The first pair: posterize with 0.4, rotate with 0.6.
        assert_eq!(lowered([-1.0, -1.0, 1.0, -1.0, 1.0]), 2);
        assert_eq!(lowered([-1.0, 0.9, 1.0, 0.9, 1.0]), 0);
    }
}
