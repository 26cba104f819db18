//! Affine: turn, zoom, shift and shear in one resampling.

use crate::prelude::*;

params! {
    /// Turns, zooms, shears and shifts the picture about its centre, in one resampling.
    ///
    /// A position goes through zoom, shear, turn and shift: translate · rotate · shear · scale, the shear being
    /// (1 0; −tan y 1) · (1 −tan x; 0 1). That is torchvision's `affine`, except that the angle is counter-clockwise as
    /// everywhere here.
    pub struct Affine("affine", "geometry", aliases: [
        "RandomAffine", "ShiftScaleRotate", "AffineCv2", "affine_transform", "warp_affine"
    ]) {
        /// Angle, counter-clockwise as seen.
        degrees: f64 = real(-3600.0, 3600.0).usual(-15.0, 15.0).neutral(0.0).unit("degrees");
        /// Magnification; a pair is drawn by ratio.
        zoom: f64 = real(0.01, 100.0).by_ratio().usual(0.9, 1.1).neutral(1.0);
        /// Shift to the right, as a fraction of the width.
        x: f64 = real(-1.0, 1.0).usual(-0.05, 0.05).neutral(0.0).unit("of the width");
        /// Shift down, as a fraction of the height.
        y: f64 = real(-1.0, 1.0).usual(-0.05, 0.05).neutral(0.0).unit("of the height");
        /// Shear angle along x; positive moves the top to the right.
        shear_x: f64 = real(-80.0, 80.0).usual(-5.0, 5.0).neutral(0.0).unit("degrees");
        /// Shear angle along y; positive moves the right side up.
        shear_y: f64 = real(-80.0, 80.0).usual(-5.0, 5.0).neutral(0.0).unit("degrees");
        /// How to read between pixels.
        filter: Filter = filter("bilinear");
        /// What lies beyond the edge.
        border: Border = border("constant");
        /// Colour of a constant border, 0 black to 1 white.
        fill: Channels = colour(0.0);
    }
}

impl Op for Affine {
    fn lower(&self, plan: &mut Builder) {
        let size = plan.size();
        let tan = |degrees: f64| libm::tan(degrees.to_radians());
        // From output to input each step is undone, the last one first.
        let map = Homography::scale(1.0 / self.zoom, 1.0 / self.zoom)
            .then_inside(Homography::affine(1.0, tan(self.shear_x), 0.0, 0.0, 1.0, 0.0))
            .then_inside(Homography::affine(1.0, 0.0, 0.0, tan(self.shear_y), 1.0, 0.0))
            .then_inside(Homography::rotate(self.degrees))
            .then_inside(Homography::translate(-self.x * size.width as f64, -self.y * size.height as f64));
        let map = centred(map, size, size);
        plan.warp(Warp::new(map, size, size).filter(self.filter).border(self.border, self.fill.clone()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::op::Config;
    use crate::testing::{moved, nodes};

    fn still() -> Config<Affine> {
        Affine::config().degrees(0.0).zoom(1.0).x(0.0).y(0.0).shear_x(0.0).shear_y(0.0)
    }

    #[test]
    fn it_zooms_first_then_turns_then_shifts() {
        // 5 right of the centre becomes 10 right, turns to 10 above, and moves 4 right.
        assert_eq!(moved(still().zoom(2.0).degrees(90.0).x(0.1), (40, 40), (25.0, 20.0)), (24.0, 10.0));
    }

    #[test]
    fn it_equals_the_matrix_torchvision_writes_down() {
        // torchvision.transforms.functional._get_inverse_affine_matrix: its angle is clockwise.
        let (turn, sx, sy) = ((-20f64).to_radians(), 10f64.to_radians(), 5f64.to_radians());
        let (a, c) = ((turn - sy).cos() / sy.cos(), (turn - sy).sin() / sy.cos());
        let (b, d) = (-a * sx.tan() - turn.sin(), -c * sx.tan() + turn.cos());
        let (x, y) = moved(still().degrees(20.0).shear_x(10.0).shear_y(5.0).zoom(1.5), (60, 60), (37.0, 33.0));
        assert!((x - 30.0 - 1.5 * (a * 7.0 + b * 3.0)).abs() < 1e-9, "{x}");
        assert!((y - 30.0 - 1.5 * (c * 7.0 + d * 3.0)).abs() < 1e-9, "{y}");
    }

    #[test]
    fn nothing_asked_is_nothing_done() {
        let list = nodes(still(), (7, 10));
        let [Node::Warp(warp)] = list.as_slice() else { panic!("{list:?}") };
        assert!(warp.is_identity());
    }
}
