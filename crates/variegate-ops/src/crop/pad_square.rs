//! Pad square: canvas until the sides are equal.

use crate::prelude::*;

params! {
    /// Adds canvas along the shorter side until the picture is square.
    ///
    /// Whole pixels move, none is mixed. The picture lies in the middle unless `x` and `y` say otherwise: an odd pixel more
    /// is added at the right or at the bottom.
    pub struct PadSquare("pad_square", "crop", aliases: ["PadToSquare", "CenterPadToSquare"]) {
        /// Where the picture lies on the canvas, 0 left to 1 right.
        x: f64 = real(0.0, 1.0).value(0.5).unit("fraction");
        /// Where the picture lies on the canvas, 0 top to 1 bottom.
        y: f64 = real(0.0, 1.0).value(0.5).unit("fraction");
        /// What lies beyond the edge.
        border: Border = border("constant");
        /// Colour of a constant border, 0 black to 1 white.
        fill: Channels = colour(0.0);
    }
}

impl Op for PadSquare {
    fn lower(&self, plan: &mut Builder) {
        let side = plan.size().height.max(plan.size().width);
        super::crop_pad_to::lay(plan, Size::new(side, side), (self.x, self.y), self.border, &self.fill);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{moved, nodes};

    #[test]
    fn both_sides_become_the_longer_one() {
        for size in [(10, 17), (17, 10)] {
            let list = nodes(PadSquare::config(), size);
            let [Node::Warp(warp)] = list.as_slice() else { panic!("{list:?}") };
            assert_eq!(warp.to, Size::new(17, 17));
        }
        assert_eq!(moved(PadSquare::config(), (10, 17), (0.0, 0.0)), (0.0, 3.0));
        assert_eq!(moved(PadSquare::config().x(0.0), (17, 10), (1.0, 1.0)), (1.0, 1.0));
    }
}
