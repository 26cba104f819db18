//! Motion blur in space: a streak in any direction.

use variegate_plan::{Block, Extent, Gather, Solid};

use crate::prelude::*;
use crate::space::{Affine3, unit};

params! {
    /// Blurs a volume or clip along a random direction of space.
    ///
    /// Each value becomes the mean of as many samples as the streak is voxels long, at equal steps along it and around the voxel; values
    /// between voxels are interpolated and the border repeats its voxels. All directions are equally likely. Masks stay.
    /// Needs a volume or video.
    pub struct MotionBlur3d("motion_blur3d", "volume", aliases: ["RandomMotionBlur3D"]) {
        /// Length of the streak.
        length_px: i64 = integer(1, 63).usual(3.0, 9.0).neutral(1.0).unit("voxels");
        /// Its direction.
        direction: FieldKey = key();
    }
}

impl Op for MotionBlur3d {
    fn lower(&self, plan: &mut Builder) {
        if self.length_px <= 1 {
            return;
        }
        // Equal chances on a sphere: z is uniform.
        let z = 2.0 * unit(self.direction, 0, 0) - 1.0;
        let turn = 2.0 * std::f64::consts::PI * unit(self.direction, 1, 0);
        let flat = (1.0 - z * z).max(0.0).sqrt();
        let step = [z, flat * libm::sin(turn), flat * libm::cos(turn)];
        let extent = plan.extent();
        plan.stack(Streak { count: self.length_px as usize, step }, extent);
    }
}

#[derive(Debug)]
struct Streak {
    count: usize,
    step: [f64; 3],
}

impl Solid for Streak {
    fn name(&self) -> &'static str {
        "motion_blur3d"
    }

    fn values(&self, block: Block, to: Extent) -> Block {
        let mut sum = Block::black(to, block.channels);
        let (share, middle) = (1.0 / self.count as f32, (self.count as f64 - 1.0) / 2.0);
        for k in 0..self.count {
            let map = Affine3::shift(self.step.map(|v| v * (k as f64 - middle)));
            let (flow, fill) = (Box::new(map), Channels::All(0.0));
            let shifted = Gather { name: "motion_blur3d", flow, linear: true, border: Border::Edge, fill };
            let shifted = shifted.values(block.clone(), to);
            sum.values.iter_mut().zip(shifted.values).for_each(|(sum, v)| *sum += share * v);
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn along_z_three_slices_are_averaged() {
        let block = Block { extent: Extent::new(5, 1, 1), channels: 1, values: vec![0.0, 0.0, 0.9, 0.0, 0.0] };
        let made = Streak { count: 3, step: [1.0, 0.0, 0.0] }.values(block, Extent::new(5, 1, 1));
        for (v, expected) in made.values.into_iter().zip([0.0, 0.3, 0.3, 0.3, 0.0]) {
            assert!((v - expected).abs() < 1e-6, "{v} {expected}");
        }
    }
}
