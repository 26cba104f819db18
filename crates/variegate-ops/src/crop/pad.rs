//! Pad: more canvas around the picture.

use crate::prelude::*;

params! {
    /// Adds canvas around the picture.
    ///
    /// Whole pixels move, none is mixed: `numpy.pad`, where `border` reads `constant`, `edge`, `reflect` (there
    /// `symmetric`), `mirror` (there `reflect`) and `wrap`.
    pub struct Pad("pad", "crop", aliases: ["ZeroPadding2D"]) {
        /// Columns added on the left.
        left_px: i64 = integer(0, 16_384).value(0.0).neutral(0.0).unit("px");
        /// Rows added at the top.
        top_px: i64 = integer(0, 16_384).value(0.0).neutral(0.0).unit("px");
        /// Columns added on the right.
        right_px: i64 = integer(0, 16_384).value(0.0).neutral(0.0).unit("px");
        /// Rows added at the bottom.
        bottom_px: i64 = integer(0, 16_384).value(0.0).neutral(0.0).unit("px");
        /// What lies beyond the edge.
        border: Border = border("constant");
        /// Colour of a constant border, 0 black to 1 white.
        fill: Channels = colour(0.0);
    }
}

impl Op for Pad {
    fn lower(&self, plan: &mut Builder) {
        let from = plan.size();
        let longer = |side: usize, before: i64, after: i64| side + (before + after) as usize;
        let to = Size::new(
            longer(from.height, self.top_px, self.bottom_px),
            longer(from.width, self.left_px, self.right_px),
        );
        let map = Homography::translate(-self.left_px as f64, -self.top_px as f64);
        plan.warp(Warp::new(map, from, to).filter(Filter::Nearest).border(self.border, self.fill.clone()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{moved, nodes};

    #[test]
    fn each_side_grows_by_its_own_number() {
        let pad = || Pad::config().left_px(1).top_px(2).right_px(3).bottom_px(4);
        let list = nodes(pad(), (10, 20));
        let [Node::Warp(warp)] = list.as_slice() else { panic!("{list:?}") };
        assert_eq!(warp.to, Size::new(16, 24));
        assert!(warp.is_permutation() && !warp.hides);
        assert_eq!(moved(pad(), (10, 20), (0.0, 0.0)), (1.0, 2.0));
    }
}
