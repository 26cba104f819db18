//! Pad to: at least a size.

use crate::prelude::*;

params! {
    /// Adds canvas until the picture has at least a size.
    ///
    /// A side that is long enough stays as it is. With `multiple_px` each side also grows to the next multiple of it. Whole
    /// pixels move, none is mixed. The picture lies in the middle unless `x` and `y` say otherwise: an odd pixel more is
    /// added at the right and at the bottom.
    pub struct PadTo("pad_to", "crop", aliases: ["PadIfNeeded", "PadToFixedSize", "PadToMultiplesOf"]) {
        /// Least height and width, or one number for both.
        size: Size = size();
        /// What both sides become multiples of.
        multiple_px: i64 = integer(1, 1024).value(1.0).unit("px");
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

impl Op for PadTo {
    fn lower(&self, plan: &mut Builder) {
        let from = plan.size();
        let side = |length: usize, least: usize| length.max(least).next_multiple_of(self.multiple_px.max(1) as usize);
        let to = Size::new(side(from.height, self.size.height), side(from.width, self.size.width));
        lay(plan, to, (self.x, self.y), self.border, &self.fill);
    }
}

/// Lays the picture on a canvas that is not smaller, at a place in the free space.
pub fn lay(plan: &mut Builder, to: Size, (x, y): (f64, f64), border: Border, fill: &Channels) {
    let from = plan.size();
    let map = Homography::translate(0.0 - placed(x, to.width, from.width), 0.0 - placed(y, to.height, from.height));
    plan.warp(Warp::new(map, from, to).filter(Filter::Nearest).border(border, fill.clone()));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{moved, nodes};

    #[test]
    fn a_side_that_is_long_enough_stays() {
        let pad = || PadTo::config().size(Size::new(15, 20));
        let list = nodes(pad(), (10, 30));
        let [Node::Warp(warp)] = list.as_slice() else { panic!("{list:?}") };
        assert_eq!(warp.to, Size::new(15, 30));
        assert_eq!(moved(pad(), (10, 30), (0.0, 0.0)), (0.0, 2.0));
        assert_eq!(moved(pad().y(1.0), (10, 30), (0.0, 0.0)), (0.0, 5.0));
    }

    #[test]
    fn sides_become_multiples() {
        let list = nodes(PadTo::config().size(1).multiple_px(32), (33, 64));
        let [Node::Warp(warp)] = list.as_slice() else { panic!("{list:?}") };
        assert_eq!(warp.to, Size::new(64, 64));
    }
}
