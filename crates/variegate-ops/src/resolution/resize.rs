//! Resize: the whole picture at another size.

use crate::prelude::*;

params! {
    /// Stretches the whole picture to a size.
    ///
    /// An output position (x, y) reads the input at (x · width / new width, y · height / new height), pixel centres lying at
    /// one half. With `antialias` the kernel widens where it shrinks, as in Pillow; without, as in Keras's Resizing.
    pub struct Resize("resize", "resolution", aliases: ["Resizing", "Scale", "RandomResize"]) {
        /// Height and width of the result, or one number for both.
        size: Size = size();
        /// How to read between pixels.
        filter: Filter = filter("bilinear");
        /// Whether shrinking averages all pixels under the footprint.
        antialias: bool = flag(true);
    }
}

impl Op for Resize {
    fn lower(&self, plan: &mut Builder) {
        resize(plan, self.size, self.filter, self.antialias);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{moved, nodes};

    #[test]
    fn the_corners_stay_the_corners() {
        let at = |x, y| moved(Resize::config().size(Size::new(10, 90)), (40, 60), (x, y));
        assert_eq!((at(0.0, 0.0), at(60.0, 40.0), at(30.0, 20.0)), ((0.0, 0.0), (90.0, 10.0), (45.0, 5.0)));
    }

    #[test]
    fn its_own_size_is_no_work() {
        let list = nodes(Resize::config().size(Size::new(40, 60)), (40, 60));
        let [Node::Warp(warp)] = list.as_slice() else { panic!("{list:?}") };
        assert!(warp.is_identity());
    }
}
