//! Crop and pad: each side moves in or out.

use crate::prelude::*;

params! {
    /// Moves each side of the picture in (a crop) or out (padding).
    ///
    /// A side given as a fraction of the height (top and bottom) or width (left and right), rounded to whole pixels; below 0 it is
    /// cut off, above 0 added. At least one pixel is left on each axis. With `keep_size` the result is brought back to the old
    /// size in one resampling; otherwise no pixel is resampled. What is cut off is gone.
    pub struct CropAndPad("crop_and_pad", "crop", aliases: ["CropPad", "RandomCropAndPad"]) {
        /// How far the top moves, below 0 in, above 0 out.
        top: f64 = real(-0.99, 4.0).usual(-0.1, 0.1).neutral(0.0).unit("of the height");
        /// How far the right side moves.
        right: f64 = real(-0.99, 4.0).usual(-0.1, 0.1).neutral(0.0).unit("of the width");
        /// How far the bottom moves.
        bottom: f64 = real(-0.99, 4.0).usual(-0.1, 0.1).neutral(0.0).unit("of the height");
        /// How far the left side moves.
        left: f64 = real(-0.99, 4.0).usual(-0.1, 0.1).neutral(0.0).unit("of the width");
        /// Whether the result has the size of the picture.
        keep_size: bool = flag(true);
        /// What lies beyond the edge.
        border: Border = border("constant");
        /// Colour of a constant border, 0 black to 1 white.
        fill: Channels = colour(0.0);
    }
}

/// The first pixel and the length of an axis of `side` pixels whose ends move out by shares of it.
fn moved(first: f64, last: f64, side: usize) -> (f64, usize) {
    let whole = |share: f64| (share * side as f64).round();
    // The end gives way where both would cut everything off; an end never starts beyond the last pixel.
    let start = (-whole(first)).min(side as f64 - 1.0);
    let end = (side as f64 + whole(last)).max(start + 1.0).max(1.0);
    (start, (end - start) as usize)
}

impl Op for CropAndPad {
    fn lower(&self, plan: &mut Builder) {
        let from = plan.size();
        let (left, width) = moved(self.left, self.right, from.width);
        let (top, height) = moved(self.top, self.bottom, from.height);
        let window = Size::new(height, width);
        if (left, top) == (0.0, 0.0) && window == from {
            return;
        }
        let to = if self.keep_size { from } else { window };
        let (sx, sy) = (width as f64 / to.width as f64, height as f64 / to.height as f64);
        let filter = if to == window { Filter::Nearest } else { Filter::Bilinear };
        let warp = Warp::new(Homography::affine(sx, 0.0, left, 0.0, sy, top), from, to).filter(filter);
        plan.warp(warp.border(self.border, self.fill.clone()).hiding());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::nodes;

    fn sides(top: f64, right: f64, bottom: f64, left: f64) -> crate::Config<CropAndPad> {
        CropAndPad::config().top(top).right(right).bottom(bottom).left(left)
    }

    #[test]
    fn below_zero_cuts_and_above_adds() {
        let list = nodes(sides(-0.1, 0.5, 0.0, -0.25).keep_size(false), (40, 60));
        let [Node::Warp(warp)] = list.as_slice() else { panic!("{list:?}") };
        assert_eq!(warp.seen(), Some(Rect::new(15.0, 4.0, 90.0, 40.0)));
        assert_eq!(warp.to, Size::new(36, 75));
        let list = nodes(sides(-0.1, 0.5, 0.0, -0.25), (40, 60));
        let [Node::Warp(warp)] = list.as_slice() else { panic!("{list:?}") };
        assert_eq!((warp.to, warp.seen()), (Size::new(40, 60), Some(Rect::new(15.0, 4.0, 90.0, 40.0))));
    }

    #[test]
    fn a_pixel_is_always_left() {
        for (first, last) in [(-0.99, -0.99), (-0.6, -0.6), (0.5, -0.99), (-0.99, 0.5)] {
            for side in [1, 2, 7, 100] {
                let (start, length) = moved(first, last, side);
                assert!(length >= 1 && start < side as f64 && start + length as f64 > 0.0, "{first} {last} {side}");
            }
        }
    }
}
