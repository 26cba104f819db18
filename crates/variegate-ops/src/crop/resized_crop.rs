//! Resized crop: a window of random size, brought to a fixed one.

use crate::prelude::*;

params! {
    /// Cuts out a window of random area and aspect and brings it to a fixed size, in one resampling.
    ///
    /// The window is √(area · aspect · pixels) wide and √(area / aspect · pixels) high, rounded to whole pixels as in
    /// torchvision's RandomResizedCrop. One that does not fit is shrunk until it does, keeping its aspect (torchvision draws
    /// up to ten times and then takes the middle). Source: Szegedy et al., "Going deeper with convolutions", CVPR 2015.
    pub struct ResizedCrop("resized_crop", "crop", aliases: [
        "RandomResizedCrop", "RandomResizedCropAndInterpolation", "RandomCropAndResize"
    ]) {
        /// Height and width of the result, or one number for both.
        size: Size = size();
        /// Share of the picture.
        area: f64 = real(1e-4, 1.0).usual(0.08, 1.0).unit("fraction");
        /// Width over height of the window; a pair is drawn by ratio.
        aspect: f64 = real(0.01, 100.0).by_ratio().usual(3.0 / 4.0, 4.0 / 3.0);
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

impl Op for ResizedCrop {
    fn lower(&self, plan: &mut Builder) {
        let from = plan.size();
        let pixels = self.area * from.pixels() as f64;
        let (width, height) = (libm::sqrt(pixels * self.aspect), libm::sqrt(pixels / self.aspect));
        let fit = (from.width as f64 / width).min(from.height as f64 / height).min(1.0);
        let side = |length: f64, most: usize| ((length * fit).round() as usize).clamp(1, most);
        let (width, height) = (side(width, from.width), side(height, from.height));
        let window = Window::at(from, Size::new(height, width), self.x, self.y);
        window.show(plan, Some(self.size), self.filter, self.antialias);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::op::Config;
    use crate::testing::{moved, nodes};

    fn square(area: f64, aspect: f64) -> Config<ResizedCrop> {
        ResizedCrop::config().size(Size::new(50, 50)).area(area).aspect(aspect)
    }

    #[test]
    fn a_quarter_of_the_area_is_half_of_each_side() {
        // The window is 50 × 50 of 100 × 100 and lies at the bottom right.
        let p = moved(square(0.25, 1.0).x(1.0).y(1.0), (100, 100), (60.0, 75.0));
        assert_eq!(p, (10.0, 25.0));
    }

    #[test]
    fn a_window_that_does_not_fit_keeps_its_aspect() {
        // 4 : 1 of the whole square would be 200 wide; it becomes 100 × 25.
        let corners = |x, y| moved(square(1.0, 4.0).x(0.5).y(0.0), (100, 100), (x, y));
        assert_eq!((corners(0.0, 0.0), corners(100.0, 25.0)), ((0.0, 0.0), (50.0, 50.0)));
    }

    #[test]
    fn it_is_one_warp_inside_the_picture() {
        for size in [(1, 1), (3, 200), (200, 3), (64, 48)] {
            let list = nodes(ResizedCrop::config().size(Size::new(7, 9)), size);
            let [Node::Warp(warp)] = list.as_slice() else { panic!("{list:?}") };
            assert!(warp.covers() && warp.hides, "{size:?}");
        }
    }
}
