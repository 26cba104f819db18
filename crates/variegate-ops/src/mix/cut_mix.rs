//! Cut-mix: a rectangle of another sample.

use crate::prelude::*;

params! {
    /// Shows a rectangle of another sample of the data set in the same place, and mixes their labels by area.
    ///
    /// The rectangle has √s of each side, s drawn from Beta(alpha, alpha), rounded to whole pixels, and lies wholly inside (as
    /// in Keras; the paper cuts it at the edges). The partner's label weighs the share of the pixels that are shown. The
    /// partner is chosen by key and augmented as it stands before the mixing; pictures must have one size there. Needs a
    /// `Loader` or `Pipeline.batch`. Source: Yun et al., "CutMix", ICCV 2019.
    pub struct CutMix("cut_mix", "mix", aliases: ["RandomCutMixV2", "RandomCutMix"]) {
        /// Shape of the distribution: near 0 one of the two prevails, 1 makes every area equally likely.
        alpha: f64 = real(0.0, 100.0).usual(0.5, 1.0).value(1.0).neutral(0.0);
        /// Where it lies in the free width, 0 left to 1 right.
        x: f64 = real(0.0, 1.0).default(Default::Range(0.0, 1.0)).unit("fraction");
        /// Where it lies in the free height, 0 top to 1 bottom.
        y: f64 = real(0.0, 1.0).default(Default::Range(0.0, 1.0)).unit("fraction");
        /// Where in the distribution the partner's share lies.
        share: Vec<f64> = spread(1);
        /// The other sample.
        partner: u64 = partner();
    }
}

impl Op for CutMix {
    fn lower(&self, plan: &mut Builder) {
        let size = plan.size();
        let side = symmetric_beta(self.alpha, &self.share).sqrt();
        if let Some(rect) = part(size, side, self.x, self.y) {
            plan.push(Node::Mix(Mix::within(self.partner, rect, size)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::nodes;

    #[test]
    fn the_label_is_the_area_that_is_shown() {
        for alpha in [0.3, 1.0, 5.0] {
            let list = nodes(CutMix::config().alpha(alpha).x(1.0).y(0.0), (40, 60));
            let [Node::Mix(mix)] = list.as_slice() else { panic!("{list:?}") };
            let Outline::Rect(rect) = mix.shapes[0] else { panic!("{mix:?}") };
            assert_eq!((rect.x1, rect.y0, mix.weight), (60.0, 0.0, 1.0));
            assert_eq!(mix.share, rect.area() / 2400.0);
            assert_eq!((rect.x0.fract(), rect.y1.fract()), (0.0, 0.0));
        }
    }

    #[test]
    fn both_sides_shrink_alike() {
        let list = nodes(CutMix::config().alpha(100.0), (400, 600));
        let [Node::Mix(mix)] = list.as_slice() else { panic!("{list:?}") };
        let Outline::Rect(rect) = mix.shapes[0] else { panic!("{mix:?}") };
        let (across, down) = ((rect.x1 - rect.x0) / 600.0, (rect.y1 - rect.y0) / 400.0);
        // Half of the area is √½ of each side.
        assert!((across - down).abs() < 0.003 && (across - 0.707).abs() < 0.1, "{rect:?}");
    }

    #[test]
    fn without_alpha_nothing_is_mixed() {
        assert!(nodes(CutMix::config().alpha(0.0), (40, 60)).is_empty());
    }
}
