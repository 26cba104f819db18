//! Class-mix: classes of another sample's mask.

use variegate_plan::Sought;

use crate::prelude::*;

params! {
    /// Shows the pixels of half of the classes of another sample's mask, in picture and mask.
    ///
    /// Of the classes that occur in the partner's mask, `fraction` are drawn, rounded up; wherever the mask holds one of them
    /// the partner shows, its mask is copied, and its label weighs the share of those pixels. In a mask of instances it is
    /// the instances that are drawn. The partner is chosen by key and augmented as it stands before the mixing; pictures must
    /// have one size there. Needs a `Loader` over a source that knows masks. Source: Olsson et al., "ClassMix:
    /// Segmentation-Based Data Augmentation for Semi-Supervised Learning", WACV 2021.
    pub struct ClassMix("class_mix", "mix", aliases: ["RandomClassMix"]) {
        /// Share of the classes.
        fraction: f64 = real(0.0, 1.0).usual(0.3, 0.7).value(0.5).neutral(0.0).unit("fraction");
        /// The value of pixels without a class, which is never chosen; none where it is left out.
        ignore: Option<i64> = integer(0, 65535).optional();
        /// Which classes.
        choice: FieldKey = key();
        /// The other sample.
        partner: u64 = partner();
    }
}

impl Op for ClassMix {
    fn lower(&self, plan: &mut Builder) {
        if self.fraction > 0.0 {
            let ignore = self.ignore.and_then(|class| u32::try_from(class).ok());
            let sought = Sought::Classes { share: self.fraction, ignore, key: self.choice };
            plan.push(Node::Mix(Mix::seeking(self.partner, sought, 0.0)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::nodes;

    #[test]
    fn it_seeks_half_of_the_classes() {
        let list = nodes(ClassMix::config().ignore(255), (40, 60));
        let [Node::Mix(mix)] = list.as_slice() else { panic!("{list:?}") };
        let Some(sought @ Sought::Classes { ignore: Some(255), .. }) = mix.sought else { panic!("{mix:?}") };
        assert_eq!(sought.chosen(&[0, 1, 2, 3, 4, 255]).len(), 3);
        assert!(nodes(ClassMix::config().fraction(0.0), (40, 60)).is_empty());
    }
}
