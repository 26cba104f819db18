//! Resize in space: the whole volume at another extent.

use variegate_plan::{Block, Extent, Gather, Solid};

use crate::axis::resample;
use crate::prelude::*;
use crate::space::Affine3;

params! {
    /// Stretches the whole volume to an extent.
    ///
    /// An output position along an axis reads the input at that position times the old side over the new one, voxel centres
    /// lying at one half, axis after axis. With `antialias` the kernel widens where it shrinks, as `resize` does. Needs a
    /// volume or video.
    pub struct Resize3d("resize3d", "volume", aliases: ["Spacing"]) {
        /// Height and width of the result, or one number for both.
        size: Size = size();
        /// Slices of the result; left out, their number stays.
        depth_px: Option<i64> = integer(1, 65_535).optional().unit("slices");
        /// How to read between voxels.
        filter: Filter = filter("bilinear");
        /// Whether shrinking averages all voxels under the footprint.
        antialias: bool = flag(true);
    }
}

impl Op for Resize3d {
    fn lower(&self, plan: &mut Builder) {
        let from = plan.extent();
        let to = Extent::new(self.depth_px.map_or(from.depth, |n| n as usize), self.size.height, self.size.width);
        if to == from {
            return;
        }
        let ratios = [0, 1, 2].map(|k| from.sides()[k] as f64 / to.sides()[k] as f64);
        let nearest = Gather {
            name: "resize3d",
            flow: Box::new(Affine3::scale(ratios)),
            linear: false,
            border: Border::Edge,
            fill: Channels::All(0.0),
        };
        plan.stack(Resized { nearest, filter: self.filter, antialias: self.antialias }, to);
    }
}

/// A resampling axis by axis; masks follow the nearest voxel.
#[derive(Debug)]
struct Resized {
    nearest: Gather,
    filter: Filter,
    antialias: bool,
}

impl Solid for Resized {
    fn name(&self) -> &'static str {
        self.nearest.name
    }

    fn values(&self, mut block: Block, to: Extent) -> Block {
        // The axis that shrinks most goes first: the others then have less to do.
        let ratio = |axis: usize| to.sides()[axis] as f64 / block.extent.sides()[axis] as f64;
        let mut axes = [0, 1, 2].map(|axis| (ratio(axis), axis));
        axes.sort_by(|a, b| a.0.total_cmp(&b.0));
        for (_, axis) in axes.into_iter().filter(|(ratio, _)| *ratio != 1.0) {
            block = resample(&block, axis, to.sides()[axis], self.filter, self.antialias);
        }
        block
    }

    fn gather(&self) -> Option<&Gather> {
        Some(&self.nearest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{numbered, through};

    #[test]
    fn a_block_of_eight_becomes_its_mean() {
        let resize = Resize3d::config().size(Size::new(1, 1)).depth_px(1i64).filter("box");
        assert_eq!(through(resize, numbered(2, 2, 2)).values, [3.5]);
    }

    #[test]
    fn nearest_repeats_voxels_and_the_depth_stays() {
        let made = through(Resize3d::config().size(Size::new(1, 4)).filter("nearest"), numbered(2, 1, 2));
        assert_eq!(made.values, [0.0, 0.0, 1.0, 1.0, 2.0, 2.0, 3.0, 3.0]);
    }
}
