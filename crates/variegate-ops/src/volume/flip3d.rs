//! Flip in space: a mirror image of a volume.

use crate::prelude::*;
use crate::space::{Affine3, take};

params! {
    /// Mirrors a volume or clip along its axes.
    ///
    /// `depth` exchanges first and last slice, `vertical` top and bottom, `horizontal` left and right; with `random` each of
    /// the three is mirrored with an even chance. Whole voxels move, none is mixed: exactly `numpy.flip`. Needs a volume
    /// or video.
    pub struct Flip3d("flip3d", "volume", aliases: [
        "RandomDepthicalFlip3D", "RandomHorizontalFlip3D", "RandomVerticalFlip3D", "RandAxisFlip"
    ]) {
        /// Which sides change places.
        axis: &'static str = word(&["random", "depth", "vertical", "horizontal"], "random");
        /// Which axes a random one mirrors: those of a number above 0.
        which: Vec<f64> = spread(3);
    }
}

impl Op for Flip3d {
    fn lower(&self, plan: &mut Builder) {
        let mirrored = |k: usize| match self.axis {
            "random" => self.which.get(k).is_some_and(|v| *v > 0.0),
            axis => crate::axis::AXES[k] == axis,
        };
        let signs: [f64; 3] = std::array::from_fn(|k| if mirrored(k) { -1.0 } else { 1.0 });
        if signs == [1.0; 3] {
            return;
        }
        let extent = plan.extent();
        take(plan, "flip3d", Affine3::scale(signs).centred(extent, extent), extent, Border::Edge);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{numbered, through};

    #[test]
    fn each_axis_exchanges_its_own_ends() {
        let first = |axis: &'static str| through(Flip3d::config().axis(axis), numbered(2, 3, 4)).values[0];
        assert_eq!((first("depth"), first("vertical"), first("horizontal")), (12.0, 8.0, 3.0));
    }

    #[test]
    fn a_random_one_is_one_of_eight() {
        let made = through(Flip3d::config(), numbered(2, 3, 4));
        assert!([0.0, 3.0, 8.0, 11.0, 12.0, 15.0, 20.0, 23.0].contains(&made.values[0]));
    }
}
