//! Zoom out: the picture somewhere on a larger canvas.

use crate::prelude::*;

params! {
    /// Lays the picture somewhere on a larger canvas.
    ///
    /// The canvas is ⌊factor · height⌋ × ⌊factor · width⌋; whole pixels move, none is mixed. Objects become small once the
    /// canvas is resized. Source: the expansion of Liu et al., "SSD: Single Shot MultiBox Detector", ECCV 2016, with
    /// factors from 1 to 4 and a chance of one half.
    pub struct ZoomOut("zoom_out", "crop", aliases: ["RandomZoomOut", "Expand"]) {
        /// Sides of the canvas, as multiples of those of the picture.
        factor: f64 = real(1.0, 8.0).usual(1.0, 4.0).neutral(1.0);
        /// Where the picture lies on the canvas, 0 left to 1 right.
        x: f64 = real(0.0, 1.0).default(Default::Range(0.0, 1.0)).unit("fraction");
        /// Where the picture lies on the canvas, 0 top to 1 bottom.
        y: f64 = real(0.0, 1.0).default(Default::Range(0.0, 1.0)).unit("fraction");
        /// What lies beyond the edge.
        border: Border = border("constant");
        /// Colour of a constant border, 0 black to 1 white.
        fill: Channels = colour(0.0);
    }
}

impl Op for ZoomOut {
    fn lower(&self, plan: &mut Builder) {
        let from = plan.size();
        let side = |length: usize| ((length as f64 * self.factor) as usize).max(length);
        let to = Size::new(side(from.height), side(from.width));
        super::crop_pad_to::lay(plan, to, (self.x, self.y), self.border, &self.fill);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{moved, nodes};

    #[test]
    fn the_picture_lies_in_a_corner_of_twice_its_size() {
        let corner = moved(ZoomOut::config().factor(2.0).x(1.0).y(0.0), (10, 20), (3.0, 4.0));
        assert_eq!(corner, (23.0, 4.0));
        let list = nodes(ZoomOut::config().factor(1.5), (5, 7));
        let [Node::Warp(warp)] = list.as_slice() else { panic!("{list:?}") };
        assert_eq!(warp.to, Size::new(7, 10));
        assert!(warp.is_permutation() && !warp.hides);
    }
}
