//! Box blur: the mean of a square.

use crate::prelude::*;

params! {
    /// Replaces every value by the mean of the square around it.
    ///
    /// The square has `side_px` columns and rows (an even side counts as the next odd one), and the edge is mirrored:
    /// `cv2.blur`. Masks, boxes and points stay. Alpha is blurred as colours are.
    pub struct BoxBlur("box_blur", "blur", aliases: ["Blur", "AverageBlur", "RandomBoxBlur", "MeanBlur"]) {
        /// Side of the square.
        side_px: i64 = integer(1, 255).usual(3.0, 7.0).neutral(1.0).unit("px");
    }
}

impl Op for BoxBlur {
    fn lower(&self, plan: &mut Builder) {
        let kind = StencilKind::Box { side: self.side_px as usize / 2 * 2 + 1 };
        plan.push(Node::Stencil(Stencil { kind, border: Border::Mirror }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::nodes;

    #[test]
    fn an_even_side_is_the_next_odd_one() {
        for (side, used) in [(3, 3), (4, 5), (7, 7)] {
            let list = nodes(BoxBlur::config().side_px(side), (9, 9));
            let [Node::Stencil(stencil)] = list.as_slice() else { panic!("{list:?}") };
            assert_eq!(*stencil, Stencil { kind: StencilKind::Box { side: used }, border: Border::Mirror });
        }
    }
}
