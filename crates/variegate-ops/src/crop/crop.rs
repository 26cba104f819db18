//! Crop: a window of fixed size.

use crate::prelude::*;

params! {
    /// Cuts out a window of a given size at a random place.
    ///
    /// The window starts at a whole pixel; every place is equally likely unless `x` and `y` say otherwise, and 0.5 is the
    /// centre. Where the window is larger than the picture, the picture lies in its middle and the border shows. What is
    /// cut off is gone: no later operation brings it back.
    pub struct Crop("crop", "crop", aliases: ["RandomCrop", "CropToFixedSize", "RandomCropOrPad"]) {
        /// Height and width of the window, or one number for both.
        size: Size = size();
        /// Where it lies in the free width, 0 left to 1 right.
        x: f64 = real(0.0, 1.0).default(Default::Range(0.0, 1.0)).unit("fraction");
        /// Where it lies in the free height, 0 top to 1 bottom.
        y: f64 = real(0.0, 1.0).default(Default::Range(0.0, 1.0)).unit("fraction");
        /// What lies beyond the edge.
        border: Border = border("constant");
        /// Colour of a constant border, 0 black to 1 white.
        fill: Channels = colour(0.0);
    }
}

impl Op for Crop {
    fn lower(&self, plan: &mut Builder) {
        let (from, to) = (plan.size(), self.size);
        let map = Homography::translate(placed(self.x, from.width, to.width), placed(self.y, from.height, to.height));
        plan.warp(Warp::new(map, from, to).filter(Filter::Nearest).border(self.border, self.fill.clone()).hiding());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{moved, nodes};

    #[test]
    fn the_window_lies_where_it_is_put() {
        let at = |x: f64, y: f64| moved(Crop::config().size(Size::new(10, 20)).x(x).y(y), (40, 60), (50.0, 35.0));
        assert_eq!(at(0.0, 0.0), (50.0, 35.0));
        assert_eq!(at(1.0, 1.0), (10.0, 5.0));
        assert_eq!(at(0.5, 0.0), (30.0, 35.0));
    }

    #[test]
    fn it_moves_whole_pixels_and_hides_the_rest() {
        let list = nodes(Crop::config().size(Size::new(9, 11)), (40, 60));
        let [Node::Warp(warp)] = list.as_slice() else { panic!("{list:?}") };
        assert!(warp.is_permutation() && warp.covers() && warp.hides);
        assert_eq!(warp.to, Size::new(9, 11));
    }

    #[test]
    fn a_larger_window_shows_the_border_all_around() {
        let p = moved(Crop::config().size(Size::new(45, 60)).x(0.0).y(0.0), (40, 30), (0.0, 0.0));
        assert_eq!(p, (15.0, 2.0));
    }
}
