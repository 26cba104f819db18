//! Affine in space: turn, zoom and shift of a volume in one resampling.

use crate::prelude::*;
use crate::space::{Affine3, bend};

params! {
    /// Turns, zooms and shifts a volume about its centre by random amounts, in one resampling.
    ///
    /// Each of the three angles is drawn within ± `degrees`, each of the three shifts within ± `shift`; a position goes through
    /// zoom, turn (see `rotate3d`) and shift. Between voxels values are interpolated along each axis, and the extent
    /// stays. Needs a volume or video.
    pub struct Affine3d("affine3d", "volume", aliases: ["RandomAffine3D", "RandAffine"]) {
        /// Greatest angle about each axis.
        degrees: f64 = real(0.0, 360.0).usual(0.0, 15.0).neutral(0.0).unit("degrees");
        /// Magnification; a pair is drawn by ratio.
        zoom: f64 = real(0.01, 100.0).by_ratio().usual(0.9, 1.1).neutral(1.0);
        /// Greatest shift along each axis, as a fraction of its side.
        shift: f64 = real(0.0, 1.0).usual(0.0, 0.05).neutral(0.0).unit("fraction");
        /// What lies beyond the volume.
        border: Border = border("constant");
        /// Colour of a constant border, 0 black to 1 white.
        fill: Channels = colour(0.0);
        /// Shares of the greatest angles and shifts.
        shares: Vec<f64> = spread(6);
    }
}

impl Op for Affine3d {
    fn lower(&self, plan: &mut Builder) {
        let extent = plan.extent();
        let share = |k: usize| self.shares.get(k).copied().unwrap_or(0.0);
        let turn = Affine3::turn([0, 1, 2].map(|k| self.degrees * share(k)));
        let shift = [0, 1, 2].map(|k| -self.shift * share(k + 3) * extent.sides()[k] as f64);
        // From output to input each step is undone, the last one first.
        let map = Affine3::scale([1.0 / self.zoom; 3]).then_inside(turn).then_inside(Affine3::shift(shift));
        if map == Affine3::IDENTITY {
            return;
        }
        bend(plan, "affine3d", map.centred(extent, extent), self.border, self.fill.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{numbered, through};

    #[test]
    fn zooming_to_a_third_fits_the_whole_into_the_middle() {
        let config = Affine3d::config().degrees(0.0).shift(0.0).zoom(1.0 / 3.0).fill(0.5);
        let made = through(config, numbered(3, 3, 3));
        assert!((made.values[13] - 13.0).abs() < 1e-4);
        assert_eq!(made.values.iter().filter(|v| **v == 0.5).count(), 26);
    }

    #[test]
    fn a_greatest_shift_is_never_exceeded() {
        // A ramp along x rises by one a column: no voxel inside changes by more than 0.1 of 10 columns.
        let config = Affine3d::config().degrees(0.0).zoom(1.0).shift(0.1).border("edge");
        let made = through(config, numbered(1, 1, 10));
        assert!(made.values.iter().enumerate().all(|(k, v)| (v - k as f32).abs() <= 1.0));
        assert!(made.values[5] != 5.0);
    }
}
