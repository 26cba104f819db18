//! Sized crop: a window of the result's own shape and random size, brought to one size.

use super::resolution_scale_jitter::{fitting, scaled};
use crate::prelude::*;

params! {
    /// Cuts out a window of the result's aspect and of random size, and brings it to a fixed size.
    ///
    /// The window is `fraction` of the largest one of that aspect in the picture, rounded to whole pixels: nothing is
    /// stretched, the picture only comes nearer. Albumentations' RandomSizedCrop gives the window's height in pixels:
    /// here it is `fraction` of the height of the largest window.
    pub struct SizedCrop("sized_crop", "crop", aliases: ["RandomSizedCrop"]) {
        /// Height and width of the result, or one number for both.
        size: Size = size();
        /// Size of the window, as a share of the largest one that fits.
        fraction: f64 = real(0.01, 1.0).usual(0.5, 1.0).unit("fraction");
        /// Where it lies in the free width, 0 left to 1 right.
        x: f64 = real(0.0, 1.0).default(Default::Range(0.0, 1.0)).unit("fraction");
        /// Where it lies in the free height, 0 top to 1 bottom.
        y: f64 = real(0.0, 1.0).default(Default::Range(0.0, 1.0)).unit("fraction");
        /// How to read between pixels.
        filter: Filter = filter("bilinear");
        /// Whether shrinking averages all pixels under the footprint.
        antialias: bool = flag(true);
    }
}

impl Op for SizedCrop {
    fn lower(&self, plan: &mut Builder) {
        let (from, to) = (plan.size(), self.size);
        let size = scaled(to, self.fraction * fitting(to, from));
        Window::at(from, size, self.x, self.y).show(plan, Some(to), self.filter, self.antialias);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::moved;

    #[test]
    fn half_of_the_largest_window_of_its_shape() {
        // The largest 1 : 2 window of 40 × 60 is 30 × 60; half of it is 15 × 30.
        let at =
            |x, y| moved(SizedCrop::config().size(Size::new(10, 20)).fraction(0.5).x(1.0).y(0.0), (40, 60), (x, y));
        assert_eq!((at(30.0, 0.0), at(60.0, 15.0)), ((0.0, 0.0), (20.0, 10.0)));
    }

    #[test]
    fn the_whole_of_a_picture_of_the_same_shape_is_a_resize() {
        let at = |x, y| moved(SizedCrop::config().size(Size::new(20, 30)).fraction(1.0), (40, 60), (x, y));
        assert_eq!((at(0.0, 0.0), at(60.0, 40.0)), ((0.0, 0.0), (30.0, 20.0)));
    }
}
