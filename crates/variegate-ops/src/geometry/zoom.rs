//! Zoom: nearer or farther about the centre.

use crate::prelude::*;

params! {
    /// Magnifies the picture about its centre, on the same canvas.
    ///
    /// A position p goes to c + factor · (p − c), c the centre: above 1 zooms in, below 1 out (Keras's RandomZoom counts the
    /// other way: its height_factor h is 1 / (1 + h) here).
    pub struct Zoom("zoom", "geometry", aliases: ["RandomZoom", "Affine(scale)", "RandomScale", "ScaleX", "ScaleY"]) {
        /// Magnification, of the width alone where `factor_y` is given; a pair is drawn by ratio.
        factor: f64 = real(0.01, 100.0).by_ratio().usual(0.8, 1.25).neutral(1.0);
        /// Magnification of the height; left out, the same as `factor`.
        factor_y: Option<f64> = real(0.01, 100.0).by_ratio().neutral(1.0).optional();
        /// How to read between pixels.
        filter: Filter = filter("bilinear");
        /// What lies beyond the edge.
        border: Border = border("constant");
        /// Colour of a constant border, 0 black to 1 white.
        fill: Channels = colour(0.0);
    }
}

impl Op for Zoom {
    fn lower(&self, plan: &mut Builder) {
        let size = plan.size();
        let shrink = Homography::scale(1.0 / self.factor, 1.0 / self.factor_y.unwrap_or(self.factor));
        let map = centred(shrink, size, size);
        plan.warp(Warp::new(map, size, size).filter(self.filter).border(self.border, self.fill.clone()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{moved, nodes};

    #[test]
    fn twice_is_twice_as_far_from_the_centre() {
        assert_eq!(moved(Zoom::config().factor(2.0), (40, 60), (33.0, 15.0)), (36.0, 10.0));
        assert_eq!(moved(Zoom::config().factor(2.0).factor_y(1.0), (40, 60), (33.0, 15.0)), (36.0, 15.0));
    }

    #[test]
    fn zooming_in_needs_no_border() {
        let covers = |factor: f64| {
            let list = nodes(Zoom::config().factor(factor), (8, 9));
            let [Node::Warp(warp)] = list.as_slice() else { panic!("{list:?}") };
            warp.covers()
        };
        assert!(covers(1.5) && covers(1.0) && !covers(0.8));
    }
}
