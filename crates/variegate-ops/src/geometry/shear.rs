//! Shear: a slant about the centre.

use super::geometry_affine::Affine;
use crate::prelude::*;

params! {
    /// Slants the picture about its centre.
    ///
    /// A position (u, v) relative to the centre goes to (u − tan(`x`) · v, v), then (u, v) to (u, v − tan(`y`) · u):
    /// positive `x` moves the top to the right, positive `y` the right side up. That is torchvision's `affine` with
    /// `shear=(x, y)`.
    pub struct Shear("shear", "geometry", aliases: ["RandomShear", "ShearX", "ShearY", "Affine(shear)"]) {
        /// Shear angle along x; positive moves the top to the right.
        x: f64 = real(-80.0, 80.0).usual(-15.0, 15.0).neutral(0.0).unit("degrees");
        /// Shear angle along y; positive moves the right side up.
        y: f64 = real(-80.0, 80.0).usual(-15.0, 15.0).neutral(0.0).unit("degrees");
        /// How to read between pixels.
        filter: Filter = filter("bilinear");
        /// What lies beyond the edge.
        border: Border = border("constant");
        /// Colour of a constant border, 0 black to 1 white.
        fill: Channels = colour(0.0);
    }
}

impl Op for Shear {
    fn lower(&self, plan: &mut Builder) {
        let Self { x, y, filter, border, ref fill } = *self;
        let fill = fill.clone();
        Affine { degrees: 0.0, zoom: 1.0, x: 0.0, y: 0.0, shear_x: x, shear_y: y, filter, border, fill }.lower(plan);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::moved;

    fn close(p: (f64, f64), q: (f64, f64)) -> bool {
        (p.0 - q.0).abs() < 1e-9 && (p.1 - q.1).abs() < 1e-9
    }

    #[test]
    fn positive_x_moves_the_top_to_the_right() {
        // tan 45° = 1: 10 above the centre goes 10 to the right, the centre stays.
        let shear = || Shear::config().x(45.0).y(0.0);
        assert!(close(moved(shear(), (40, 60), (30.0, 10.0)), (40.0, 10.0)));
        assert!(close(moved(shear(), (40, 60), (30.0, 20.0)), (30.0, 20.0)));
    }

    #[test]
    fn positive_y_moves_the_right_side_up() {
        assert!(close(moved(Shear::config().x(0.0).y(45.0), (40, 60), (35.0, 20.0)), (35.0, 15.0)));
    }
}
