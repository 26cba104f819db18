//! Crop in space: a window of fixed size cut out of a volume.

use variegate_plan::Extent;

use crate::prelude::*;
use crate::space::{Affine3, take_filled};

params! {
    /// Cuts a window of a given size out of a volume or clip, at a random place.
    ///
    /// The window starts at a whole voxel; every place is equally likely unless `z`, `y` and `x` say otherwise, and 0.5 is the
    /// centre. Where it is larger than the volume, the volume lies in its middle and the fill shows. Needs a volume or
    /// video.
    pub struct Crop3d("crop3d", "volume", aliases: ["RandomCrop3D", "CenterCrop3D", "RandSpatialCrop", "CropOrPad"]) {
        /// Height and width of the window, or one number for both.
        size: Size = size();
        /// Slices of the window; left out, all of them stay.
        depth_px: Option<i64> = integer(1, 65_535).optional().unit("slices");
        /// Where it lies in the free width, 0 left to 1 right.
        x: f64 = real(0.0, 1.0).default(Default::Range(0.0, 1.0)).unit("fraction");
        /// Where it lies in the free height, 0 top to 1 bottom.
        y: f64 = real(0.0, 1.0).default(Default::Range(0.0, 1.0)).unit("fraction");
        /// Where it lies in the free depth, 0 first to 1 last.
        z: f64 = real(0.0, 1.0).default(Default::Range(0.0, 1.0)).unit("fraction");
        /// Colour of what lies beyond the volume, 0 black to 1 white.
        fill: Channels = colour(0.0);
    }
}

impl Op for Crop3d {
    fn lower(&self, plan: &mut Builder) {
        let from = plan.extent();
        let depth = self.depth_px.map_or(from.depth, |n| n as usize);
        let to = Extent::new(depth, self.size.height, self.size.width);
        if to == from {
            return;
        }
        let start = [(self.z, 0), (self.y, 1), (self.x, 2)];
        let start = start.map(|(position, axis)| placed(position, from.sides()[axis], to.sides()[axis]));
        take_filled(plan, "crop3d", Affine3::shift(start), to, Border::Constant, self.fill.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{numbered, through};

    #[test]
    fn the_window_lies_where_it_is_put() {
        let crop = |p: f64| Crop3d::config().size(Size::new(2, 2)).depth_px(1i64).z(p).y(p).x(p);
        assert_eq!(through(crop(0.0), numbered(3, 4, 5)).values, [0.0, 1.0, 5.0, 6.0]);
        assert_eq!(through(crop(1.0), numbered(3, 4, 5)).values, [53.0, 54.0, 58.0, 59.0]);
    }

    #[test]
    fn a_depth_left_out_stays_and_a_larger_window_shows_the_fill() {
        let made = through(Crop3d::config().size(Size::new(3, 1)).fill(0.5), numbered(2, 1, 1));
        assert_eq!(made.values, [0.5, 0.0, 0.5, 0.5, 1.0, 0.5]);
    }
}
