//! Pad in space: more room around a volume.

use variegate_plan::Extent;

use crate::prelude::*;
use crate::space::{Affine3, take_filled};

params! {
    /// Adds slices, rows and columns on both sides of a volume.
    ///
    /// Whole voxels move, none is mixed: `numpy.pad`, where `border` reads `constant`, `edge`, `reflect` (there `symmetric`),
    /// `mirror` (there `reflect`) and `wrap`. `crop3d` with a larger window pads up to a size. Needs a volume or video.
    pub struct Pad3d("pad3d", "volume", aliases: ["PadIfNeeded3D", "SpatialPad", "ZeroPadding3D"]) {
        /// Slices added before the first and after the last.
        depth_px: i64 = integer(0, 4096).value(0.0).neutral(0.0).unit("slices");
        /// Rows added at the top and at the bottom.
        height_px: i64 = integer(0, 4096).value(0.0).neutral(0.0).unit("px");
        /// Columns added on the left and on the right.
        width_px: i64 = integer(0, 4096).value(0.0).neutral(0.0).unit("px");
        /// What lies beyond the volume.
        border: Border = border("constant");
        /// Colour of a constant border, 0 black to 1 white.
        fill: Channels = colour(0.0);
    }
}

impl Op for Pad3d {
    fn lower(&self, plan: &mut Builder) {
        let more = [self.depth_px, self.height_px, self.width_px].map(|n| n.max(0) as usize);
        if more == [0; 3] {
            return;
        }
        let from = plan.extent().sides();
        let to = Extent::new(from[0] + 2 * more[0], from[1] + 2 * more[1], from[2] + 2 * more[2]);
        let map = Affine3::shift(more.map(|n| -(n as f64)));
        take_filled(plan, "pad3d", map, to, self.border, self.fill.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{numbered, through};

    #[test]
    fn every_axis_grows_at_both_ends() {
        let made = through(Pad3d::config().width_px(1i64).fill(0.5), numbered(1, 2, 2));
        assert_eq!(made.values, [0.5, 0.0, 1.0, 0.5, 0.5, 2.0, 3.0, 0.5]);
        let edge = through(Pad3d::config().depth_px(1i64).border("edge"), numbered(1, 1, 2));
        assert_eq!((edge.extent, edge.values), (Extent::new(3, 1, 2), vec![0.0, 1.0, 0.0, 1.0, 0.0, 1.0]));
    }
}
