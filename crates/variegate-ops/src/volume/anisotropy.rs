//! Anisotropy: slices thicker than they are wide.

use variegate_plan::{Block, Extent, Solid};

use crate::axis::{AXES, number, resample};
use crate::prelude::*;

params! {
    /// Makes a volume coarse along one axis, as thick slices are.
    ///
    /// The axis is brought to its length divided by `factor` with an antialiased filter, and back. Masks stay. TorchIO's
    /// RandomAnisotropy does the same, taking the nearest voxel on the way down. Needs a volume or video.
    pub struct Anisotropy("anisotropy", "volume", aliases: ["RandomAnisotropy", "RandSimulateLowResolution"]) {
        /// By how much the voxels get longer; a pair is drawn by ratio.
        factor: f64 = real(1.0, 64.0).by_ratio().usual(1.5, 5.0).neutral(1.0);
        /// Along which axis.
        axis: &'static str = word(&AXES, "depth");
        /// How to read between voxels.
        filter: Filter = filter("bilinear");
    }
}

impl Op for Anisotropy {
    fn lower(&self, plan: &mut Builder) {
        let extent = plan.extent();
        let axis = number(self.axis);
        let whole = extent.sides()[axis];
        let coarse = ((whole as f64 / self.factor).round() as usize).clamp(1, whole);
        if coarse != whole {
            plan.stack(Coarse { axis, coarse, filter: self.filter }, extent);
        }
    }
}

/// Down along an axis and up again.
#[derive(Debug)]
struct Coarse {
    axis: usize,
    coarse: usize,
    filter: Filter,
}

impl Solid for Coarse {
    fn name(&self) -> &'static str {
        "anisotropy"
    }

    fn values(&self, block: Block, to: Extent) -> Block {
        let down = resample(&block, self.axis, self.coarse, self.filter, true);
        resample(&down, self.axis, to.sides()[self.axis], self.filter, false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{numbered, through};

    #[test]
    fn pairs_of_slices_become_equal() {
        let block = numbered(4, 1, 2);
        let values = block.values.iter().map(|v| v / 8.0).collect();
        let made = through(Anisotropy::config().factor(2.0).filter("box"), Block { values, ..block });
        assert_eq!(made.values, [1.0, 2.0, 1.0, 2.0, 5.0, 6.0, 5.0, 6.0].map(|v| v / 8.0));
    }
}
