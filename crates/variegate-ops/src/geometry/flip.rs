//! Flip: a mirror image.

use crate::prelude::*;

params! {
    /// Mirrors the picture.
    ///
    /// `horizontal` exchanges left and right, `vertical` top and bottom, `both` turns by 180°. Whole pixels move, none
    /// is mixed: exactly `numpy.flip`.
    pub struct Flip("flip", "geometry", aliases: [
        "HorizontalFlip", "VerticalFlip", "RandomHorizontalFlip", "RandomVerticalFlip", "RandomFlip", "Fliplr",
        "Flipud", "HFlip", "VFlip", "horizontal_flip", "vertical_flip"
    ]) {
        /// Which sides change places.
        axis: &'static str = word(&["horizontal", "vertical", "both"], "horizontal");
    }
}

impl Op for Flip {
    fn lower(&self, plan: &mut Builder) {
        let size = plan.size();
        let (width, height) = (size.width as f64, size.height as f64);
        let (sx, dx) = if self.axis == "vertical" { (1.0, 0.0) } else { (-1.0, width) };
        let (sy, dy) = if self.axis == "horizontal" { (1.0, 0.0) } else { (-1.0, height) };
        plan.permute(Homography::affine(sx, 0.0, dx, 0.0, sy, dy), size);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{moved, nodes};

    #[test]
    fn each_axis_mirrors_its_own_side() {
        let at = |axis: &'static str| moved(Flip::config().axis(axis), (20, 30), (4.0, 7.0));
        assert_eq!(at("horizontal"), (26.0, 7.0));
        assert_eq!(at("vertical"), (4.0, 13.0));
        assert_eq!(at("both"), (26.0, 13.0));
    }

    #[test]
    fn pixels_move_whole() {
        let list = nodes(Flip::config(), (3, 5));
        let [Node::Warp(warp)] = list.as_slice() else { panic!("{list:?}") };
        assert!(warp.is_permutation() && warp.covers() && !warp.hides);
    }
}
