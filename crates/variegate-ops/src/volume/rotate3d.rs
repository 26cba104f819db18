//! Rotate in space: a turn of a volume about its centre.

use crate::prelude::*;
use crate::space::{Affine3, bend};

params! {
    /// Turns a volume about its centre.
    ///
    /// It turns by `degrees_x` about the horizontal axis, then by `degrees_y` about the vertical one, then by `degrees_z` about the
    /// depth, the last as `rotate` turns a picture. Voxels are taken for cubes; between them values are interpolated
    /// along each axis, and the extent stays. Needs a volume or video.
    pub struct Rotate3d("rotate3d", "volume", aliases: ["RandomRotation3D", "RandRotate"]) {
        /// Angle within the slices, counter-clockwise as seen.
        degrees_z: f64 = real(-3600.0, 3600.0).usual(-15.0, 15.0).neutral(0.0).unit("degrees");
        /// Angle from the columns towards the first slice.
        degrees_y: f64 = real(-3600.0, 3600.0).usual(-15.0, 15.0).neutral(0.0).unit("degrees");
        /// Angle from the rows towards the first slice.
        degrees_x: f64 = real(-3600.0, 3600.0).usual(-15.0, 15.0).neutral(0.0).unit("degrees");
        /// What lies beyond the volume.
        border: Border = border("constant");
        /// Colour of a constant border, 0 black to 1 white.
        fill: Channels = colour(0.0);
    }
}

impl Op for Rotate3d {
    fn lower(&self, plan: &mut Builder) {
        let turn = Affine3::turn([self.degrees_z, self.degrees_y, self.degrees_x]);
        if turn == Affine3::IDENTITY {
            return;
        }
        let extent = plan.extent();
        bend(plan, "rotate3d", turn.centred(extent, extent), self.border, self.fill.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::op::Config;
    use crate::testing::{numbered, through};

    fn still() -> Config<Rotate3d> {
        Rotate3d::config().degrees_z(0.0).degrees_y(0.0).degrees_x(0.0)
    }

    #[test]
    fn quarter_turns_move_corners_onto_corners() {
        // A cube of 3: the top right corner of the first slice (2) goes to its top left.
        assert_eq!(through(still().degrees_z(90.0), numbered(3, 3, 3)).values[0], 2.0);
        // About the vertical axis the right column of the first slice comes to the left.
        assert_eq!(through(still().degrees_y(90.0), numbered(3, 3, 3)).values[0], 2.0);
        // About the horizontal axis its bottom row comes to the top.
        assert_eq!(through(still().degrees_x(90.0), numbered(3, 3, 3)).values[0], 6.0);
    }

    #[test]
    fn the_middle_stays_where_it_is() {
        let made = through(still().degrees_z(31.0).degrees_y(-12.0).degrees_x(5.0), numbered(3, 3, 3));
        assert!((made.values[13] - 13.0).abs() < 1e-5);
    }
}
