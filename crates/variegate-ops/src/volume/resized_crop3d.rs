//! Resized crop in space: a random part of a volume at one size.

use variegate_plan::Extent;

use crate::prelude::*;
use crate::space::{Affine3, unit};
use variegate_plan::Gather;

params! {
    /// Cuts a random part out of a volume or clip and brings it to one size.
    ///
    /// Each side of the part is a share of the volume's, cube roots of `volume` times an aspect of up to `aspect` either way for height
    /// and width against each other, at most the side itself; every place is equally likely. Values are interpolated along
    /// each axis. Needs a volume or video.
    pub struct ResizedCrop3d("resized_crop3d", "volume", aliases: ["RandomResizedCrop3D", "random_resized_crop_3d"]) {
        /// Height and width of the result, or one number for both.
        size: Size = size();
        /// Slices of the result; left out, as many as before.
        depth_px: Option<i64> = integer(1, 65_535).optional().unit("slices");
        /// Share of the volume that is seen.
        volume: f64 = real(0.001, 1.0).usual(0.3, 1.0).unit("fraction");
        /// The widest ratio of the shares of width and height; its inverse is the narrowest.
        aspect: f64 = real(1.0, 10.0).value(4.0 / 3.0);
        /// Aspect and place.
        place: FieldKey = key();
    }
}

impl Op for ResizedCrop3d {
    fn lower(&self, plan: &mut Builder) {
        let from = plan.extent();
        let to = Extent::new(self.depth_px.map_or(from.depth, |n| n as usize), self.size.height, self.size.width);
        let side = libm::cbrt(self.volume);
        let ratio = libm::exp(libm::log(self.aspect) * (unit(self.place, 3, 0) - 0.5));
        let shares = [side, side / ratio, side * ratio].map(|share| share.min(1.0));
        let lengths: [f64; 3] = std::array::from_fn(|axis| (shares[axis] * from.sides()[axis] as f64).max(1.0));
        let start = std::array::from_fn(|axis| unit(self.place, axis, 0) * (from.sides()[axis] as f64 - lengths[axis]));
        let scale = std::array::from_fn(|axis| lengths[axis] / to.sides()[axis] as f64);
        let map = Affine3::shift(start).then_inside(Affine3::scale(scale));
        let (flow, fill) = (Box::new(map), Channels::All(0.0));
        plan.stack(Gather { name: "resized_crop3d", flow, linear: true, border: Border::Edge, fill }, to);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{numbered, through};

    #[test]
    fn all_of_a_volume_at_its_size_is_the_volume() {
        let config = ResizedCrop3d::config().size(Size::new(4, 5)).volume(1.0).aspect(1.0);
        let made = through(config, numbered(3, 4, 5));
        assert!(made.values.iter().zip(numbered(3, 4, 5).values).all(|(a, b)| (a - b).abs() < 1e-4));
    }

    #[test]
    fn an_eighth_is_half_of_each_side() {
        let config = ResizedCrop3d::config().size(Size::new(2, 2)).depth_px(2).volume(0.125).aspect(1.0);
        let made = through(config, numbered(4, 4, 4));
        let v = &made.values;
        // Steps of a voxel along x, y and z, wherever the part lies.
        for (step, rise) in [(1, 1.0), (2, 4.0), (4, 16.0)] {
            assert!((v[step] - v[0] - rise).abs() < 1e-3, "{v:?}");
        }
    }
}
