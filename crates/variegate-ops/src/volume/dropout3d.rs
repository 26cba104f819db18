//! Dropout in space: cuboids painted over.

use variegate_plan::{Block, Extent, Solid};

use crate::prelude::*;
use crate::space::unit;

params! {
    /// Paints cuboids over random parts of a volume or clip.
    ///
    /// Each cuboid takes `fraction` of every side, at least one voxel, and lies wholly inside. Masks, boxes and points stay.
    /// Needs a volume or video.
    pub struct Dropout3d("dropout3d", "volume", aliases: ["CoarseDropout3D", "RandCoarseDropout"]) {
        /// How many cuboids.
        count: i64 = integer(0, 64).usual(1.0, 3.0).neutral(0.0);
        /// Side of a cuboid, as a fraction of the side of the volume.
        fraction: f64 = real(0.0, 1.0).usual(0.1, 0.3).neutral(0.0).unit("fraction");
        /// Colour, 0 black to 1 white.
        fill: Channels = colour(0.0);
        /// Where they lie.
        places: FieldKey = key();
    }
}

impl Op for Dropout3d {
    fn lower(&self, plan: &mut Builder) {
        if self.count == 0 || self.fraction == 0.0 {
            return;
        }
        let extent = plan.extent();
        let cuboid = |k: usize| {
            [0, 1, 2].map(|axis| {
                let whole = extent.sides()[axis];
                let side = ((self.fraction * whole as f64).round() as usize).clamp(1, whole);
                let first = placed(unit(self.places, k, axis as u32), whole, side) as usize;
                (first, first + side)
            })
        };
        let cuboids = (0..self.count as usize).map(cuboid).collect();
        plan.stack(Cuboids { cuboids, fill: self.fill.clone() }, extent);
    }
}

/// Cuboids of one colour; each is first and end of every axis.
#[derive(Debug)]
struct Cuboids {
    cuboids: Vec<[(usize, usize); 3]>,
    fill: Channels,
}

impl Solid for Cuboids {
    fn name(&self) -> &'static str {
        "dropout3d"
    }

    fn values(&self, mut block: Block, _: Extent) -> Block {
        let (extent, channels) = (block.extent, block.channels);
        let fill: Vec<f32> = (0..channels).map(|c| self.fill.get(c) as f32).collect();
        for [(z0, z1), (y0, y1), (x0, x1)] in &self.cuboids {
            for row in (*z0..*z1).flat_map(|z| (*y0..*y1).map(move |y| (z * extent.height + y) * extent.width)) {
                let voxels = &mut block.values[(row + x0) * channels..(row + x1) * channels];
                voxels.chunks_exact_mut(channels).for_each(|voxel| voxel.copy_from_slice(&fill));
            }
        }
        block
    }

    fn covers_alpha(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::through;

    #[test]
    fn half_of_every_side_is_an_eighth_of_the_volume() {
        let extent = Extent::new(4, 6, 8);
        let black = Block::black(extent, 2);
        let made = through(Dropout3d::config().count(1i64).fraction(0.5).fill(1.0), black);
        assert_eq!(made.values.iter().sum::<f32>(), (2 * extent.voxels() / 8) as f32);
    }
}
