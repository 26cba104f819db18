//! Translate: a shift of the picture on its canvas.

use crate::prelude::*;

params! {
    /// Shifts the picture on its canvas.
    ///
    /// A position (x, y) goes to (x + `x` · width, y + `y` · height): fractions of the side they run along, as in Keras's
    /// RandomTranslation and torchvision's RandomAffine. Shifts are not rounded; those of whole pixels are exact.
    pub struct Translate("translate", "geometry", aliases: [
        "RandomTranslation", "RandomTranslate", "TranslateX", "TranslateY", "Affine(translate)", "shift"
    ]) {
        /// Shift to the right, as a fraction of the width.
        x: f64 = real(-1.0, 1.0).usual(-0.1, 0.1).neutral(0.0).unit("of the width");
        /// Shift down, as a fraction of the height.
        y: f64 = real(-1.0, 1.0).usual(-0.1, 0.1).neutral(0.0).unit("of the height");
        /// How to read between pixels.
        filter: Filter = filter("bilinear");
        /// What lies beyond the edge.
        border: Border = border("constant");
        /// Colour of a constant border, 0 black to 1 white.
        fill: Channels = colour(0.0);
    }
}

impl Op for Translate {
    fn lower(&self, plan: &mut Builder) {
        let size = plan.size();
        let map = Homography::translate(-self.x * size.width as f64, -self.y * size.height as f64);
        plan.warp(Warp::new(map, size, size).filter(self.filter).border(self.border, self.fill.clone()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{moved, nodes};

    #[test]
    fn positive_is_right_and_down() {
        let p = moved(Translate::config().x(0.25).y(0.5), (100, 200), (30.0, 10.0));
        assert_eq!(p, (80.0, 60.0));
    }

    #[test]
    fn whole_pixels_move_whole() {
        let list = nodes(Translate::config().x(0.25).y(0.0), (10, 20));
        let [Node::Warp(warp)] = list.as_slice() else { panic!("{list:?}") };
        assert!(warp.is_permutation() && !warp.covers());
    }
}
