//! Letterbox: the whole picture inside a size, bars around it.

use super::resolution_scale_jitter::{fitting, scaled};
use crate::prelude::*;

params! {
    /// Fits the whole picture inside a size without stretching it, and fills the rest.
    ///
    /// The scale is min(width / picture's width, height / picture's height); sides are rounded to whole pixels. One
    /// resampling; at its rim the picture blends with the bars over half a pixel. Keras's Resizing with
    /// `pad_to_aspect_ratio`, and what YOLO models are fed with (there with a grey of 114 of 255).
    pub struct Letterbox("letterbox", "crop", aliases: ["LetterBox", "Resizing(pad_to_aspect_ratio)"]) {
        /// Height and width of the result, or one number for both.
        size: Size = size();
        /// Where the picture lies on the canvas, 0 left to 1 right.
        x: f64 = real(0.0, 1.0).value(0.5).unit("fraction");
        /// Where the picture lies on the canvas, 0 top to 1 bottom.
        y: f64 = real(0.0, 1.0).value(0.5).unit("fraction");
        /// How to read between pixels.
        filter: Filter = filter("bilinear");
        /// What lies beyond the edge.
        border: Border = border("constant");
        /// Colour of a constant border, 0 black to 1 white.
        fill: Channels = colour(0.0);
    }
}

impl Op for Letterbox {
    fn lower(&self, plan: &mut Builder) {
        let (from, to) = (plan.size(), self.size);
        let Size { height, width } = scaled(from, fitting(from, to));
        let (left, top) = (placed(self.x, to.width, width), placed(self.y, to.height, height));
        let (sx, sy) = (from.width as f64 / width as f64, from.height as f64 / height as f64);
        let map = Homography::affine(sx, 0.0, -left * sx, 0.0, sy, -top * sy);
        plan.warp(Warp::new(map, from, to).filter(self.filter).border(self.border, self.fill.clone()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::moved;

    #[test]
    fn a_wide_picture_has_bars_above_and_below() {
        let at = |x, y| moved(Letterbox::config().size(160), (40, 80), (x, y));
        assert_eq!((at(0.0, 0.0), at(80.0, 40.0)), ((0.0, 40.0), (160.0, 120.0)));
    }

    #[test]
    fn bars_may_lie_on_one_side() {
        let at = |x, y| moved(Letterbox::config().size(Size::new(20, 100)).x(0.0), (40, 80), (x, y));
        assert_eq!((at(0.0, 0.0), at(80.0, 40.0)), ((0.0, 0.0), (40.0, 20.0)));
    }
}
