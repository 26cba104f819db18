//! Large-scale jitter: scale jitter on a canvas of one size.

use super::resolution_scale_jitter::{fitting, scaled};
use crate::prelude::*;

params! {
    /// Scales the picture by a random multiple of what fits it into a size, then crops or pads to that size.
    ///
    /// One resampling. Where the scaled picture is larger, a window of it is seen; where it is smaller, it lies on a canvas
    /// of `fill`; `x` and `y` say where in the free space, along each axis by itself. Source: Ghiasi et al., "Simple
    /// Copy-Paste is a Strong Data Augmentation Method for Instance Segmentation", CVPR 2021, with factors from 0.1 to 2
    /// (there a small picture always lies at the top left: x = y = 0).
    pub struct LargeScaleJitter("large_scale_jitter", "resolution", aliases: ["LSJ"]) {
        /// Height and width of the result, or one number for both.
        size: Size = size();
        /// Multiple of the scale that fits.
        factor: f64 = real(0.01, 10.0).usual(0.1, 2.0);
        /// Where the window or the picture lies, 0 left to 1 right.
        x: f64 = real(0.0, 1.0).default(Default::Range(0.0, 1.0)).unit("fraction");
        /// Where the window or the picture lies, 0 top to 1 bottom.
        y: f64 = real(0.0, 1.0).default(Default::Range(0.0, 1.0)).unit("fraction");
        /// How to read between pixels.
        filter: Filter = filter("bilinear");
        /// Colour of the canvas, 0 black to 1 white.
        fill: Channels = colour(0.0);
    }
}

impl Op for LargeScaleJitter {
    fn lower(&self, plan: &mut Builder) {
        let (from, to) = (plan.size(), self.size);
        let size = scaled(from, fitting(from, to) * self.factor);
        let start = |position: f64, length: usize, canvas: usize| {
            if length >= canvas { placed(position, length, canvas) } else { -placed(position, canvas, length) }
        };
        let (left, top) = (start(self.x, size.width, to.width), start(self.y, size.height, to.height));
        let (sx, sy) = (from.width as f64 / size.width as f64, from.height as f64 / size.height as f64);
        let map = Homography::affine(sx, 0.0, left * sx, 0.0, sy, top * sy);
        plan.warp(Warp::new(map, from, to).filter(self.filter).border(Border::Constant, self.fill.clone()).hiding());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::moved;

    #[test]
    fn a_small_picture_lies_on_the_canvas_and_a_large_one_is_cut() {
        let at = |factor: f64, x: f64, y: f64| {
            let jitter = LargeScaleJitter::config().size(64).factor(factor).x(x).y(y);
            let corner = |p| moved(jitter.clone(), (32, 32), p);
            (corner((0.0, 0.0)), corner((32.0, 32.0)))
        };
        assert_eq!(at(0.5, 1.0, 0.0), ((32.0, 0.0), (64.0, 32.0)));
        assert_eq!(at(2.0, 0.0, 1.0), ((0.0, -64.0), (128.0, 64.0)));
        assert_eq!(at(1.0, 0.3, 0.8), ((0.0, 0.0), (64.0, 64.0)));
    }
}
