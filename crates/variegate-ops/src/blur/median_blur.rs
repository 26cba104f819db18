//! Median blur: the middle value of a square.

use crate::prelude::*;

params! {
    /// Replaces every value by the median of the square around it.
    ///
    /// The square has `side_px` columns and rows (an even side counts as the next odd one), and the edge is repeated, as in
    /// `cv2.medianBlur`. Each channel has its own median. Masks, boxes and points stay.
    pub struct MedianBlur("median_blur", "blur", aliases: ["RandomMedianBlur"]) {
        /// Side of the square.
        side_px: i64 = integer(1, 15).usual(3.0, 7.0).neutral(1.0).unit("px");
    }
}

impl Op for MedianBlur {
    fn lower(&self, plan: &mut Builder) {
        if self.side_px > 1 {
            let kind = StencilKind::Rank { size: self.side_px as usize / 2 * 2 + 1, rank: 0.5 };
            plan.push(Node::Stencil(Stencil { kind, border: Border::Edge }));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::nodes;

    #[test]
    fn an_even_side_is_the_next_odd_one() {
        for (side, found) in [(2, 3), (3, 3), (4, 5)] {
            let list = nodes(MedianBlur::config().side_px(side), (9, 9));
            let [Node::Stencil(Stencil { kind: StencilKind::Rank { size, rank }, .. })] = list.as_slice() else {
                panic!("{list:?}")
            };
            assert_eq!((*size, *rank), (found, 0.5));
        }
    }
}
