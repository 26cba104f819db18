//! Crop borders: less of each side.

use crate::prelude::*;

params! {
    /// Cuts a strip off each side.
    ///
    /// Strips are fractions of the side they shorten; the edges of what is left are rounded to whole pixels, and one pixel
    /// always stays. The size of the result varies with the draw, so that a resize usually follows.
    pub struct CropBorders("crop_borders", "crop", aliases: ["RandomCropFromBorders", "Crop(percent)"]) {
        /// Strip cut off the left, as a fraction of the width.
        left: f64 = real(0.0, 0.49).usual(0.0, 0.1).neutral(0.0).unit("of the width");
        /// Strip cut off the top, as a fraction of the height.
        top: f64 = real(0.0, 0.49).usual(0.0, 0.1).neutral(0.0).unit("of the height");
        /// Strip cut off the right, as a fraction of the width.
        right: f64 = real(0.0, 0.49).usual(0.0, 0.1).neutral(0.0).unit("of the width");
        /// Strip cut off the bottom, as a fraction of the height.
        bottom: f64 = real(0.0, 0.49).usual(0.0, 0.1).neutral(0.0).unit("of the height");
    }
}

impl Op for CropBorders {
    fn lower(&self, plan: &mut Builder) {
        let picture = plan.size();
        let (width, height) = (picture.width as f64, picture.height as f64);
        let (x, y) =
            ((self.left * width, (1.0 - self.right) * width), (self.top * height, (1.0 - self.bottom) * height));
        Window::of(Rect::new(x.0, y.0, x.1, y.1), picture).show(plan, None, Filter::Nearest, false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{moved, nodes};

    #[test]
    fn each_side_loses_its_own_strip() {
        let crop = || CropBorders::config().left(0.1).top(0.2).right(0.3).bottom(0.4);
        let list = nodes(crop(), (40, 60));
        let [Node::Warp(warp)] = list.as_slice() else { panic!("{list:?}") };
        assert_eq!(warp.to, Size::new(16, 36));
        assert!(warp.is_permutation() && warp.hides);
        assert_eq!(moved(crop(), (40, 60), (6.0, 8.0)), (0.0, 0.0));
    }

    #[test]
    fn one_pixel_stays() {
        let all = || CropBorders::config().left(0.49).top(0.49).right(0.49).bottom(0.49);
        assert!(nodes(all(), (1, 1)).is_empty());
        let list = nodes(all(), (9, 2));
        let [Node::Warp(warp)] = list.as_slice() else { panic!("{list:?}") };
        assert_eq!(warp.to, Size::new(1, 1));
    }
}
