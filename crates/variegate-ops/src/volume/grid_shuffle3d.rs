//! Grid shuffle in space: blocks change places.

use variegate_plan::Flow;

use crate::prelude::*;
use crate::space::take;

params! {
    /// Cuts a volume or clip into blocks and exchanges them.
    ///
    /// Sides are cut into `slices`, `rows` and `columns` equal parts of whole voxels; what is left over at the ends stays where it is.
    /// Each order of the blocks is equally likely. Masks go along. Needs a volume or video.
    pub struct GridShuffle3d("grid_shuffle3d", "volume", aliases: ["GridShuffle3D", "RandomGridShuffle3D"]) {
        /// Parts along the depth.
        slices: i64 = integer(1, 64).value(2.0).neutral(1.0);
        /// Parts along the height.
        rows: i64 = integer(1, 64).usual(2.0, 4.0).neutral(1.0);
        /// Parts along the width.
        columns: i64 = integer(1, 64).usual(2.0, 4.0).neutral(1.0);
        /// The order.
        order: FieldKey = key();
    }
}

impl Op for GridShuffle3d {
    fn lower(&self, plan: &mut Builder) {
        let extent = plan.extent();
        let parts = [self.slices, self.rows, self.columns];
        let counts: [usize; 3] = std::array::from_fn(|axis| (parts[axis].max(1) as usize).min(extent.sides()[axis]));
        let count = counts.iter().product();
        let shown = Numbers::new(self.order).choose(count, count);
        if shown.iter().enumerate().any(|(k, block)| k != *block) {
            let sides = std::array::from_fn(|axis| extent.sides()[axis] / counts[axis]);
            take(plan, "grid_shuffle3d", Blocks { counts, sides, shown }, extent, Border::Edge);
        }
    }
}

/// Equal blocks, and which one each place shows.
#[derive(Debug)]
struct Blocks {
    counts: [usize; 3],
    sides: [usize; 3],
    shown: Vec<usize>,
}

impl Blocks {
    /// The voxel that a voxel shows.
    fn source(&self, voxel: [usize; 3]) -> [usize; 3] {
        let block: [usize; 3] = std::array::from_fn(|axis| voxel[axis] / self.sides[axis]);
        if (0..3).any(|axis| block[axis] >= self.counts[axis]) {
            return voxel;
        }
        let [_, rows, columns] = self.counts;
        let k = self.shown[(block[0] * rows + block[1]) * columns + block[2]];
        let other = [k / (rows * columns), k / columns % rows, k % columns];
        std::array::from_fn(|axis| voxel[axis] - block[axis] * self.sides[axis] + other[axis] * self.sides[axis])
    }
}

impl Flow for Blocks {
    fn row(&self, z: usize, y: usize, places: &mut [[f64; 3]]) {
        for (x, place) in places.iter_mut().enumerate() {
            *place = self.source([z, y, x]).map(|v| v as f64 + 0.5);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{numbered, through};

    #[test]
    fn every_voxel_is_shown_once_and_blocks_stay_whole() {
        let config = GridShuffle3d::config().slices(2).rows(2).columns(2);
        let made = through(config, numbered(4, 4, 5));
        let mut sorted = made.values.clone();
        sorted.sort_by(f32::total_cmp);
        assert_eq!(sorted, numbered(4, 4, 5).values);
        for k in 0..8 {
            let at = (k / 4 * 2 * 4 + k / 2 % 2 * 2) * 5 + k % 2 * 2;
            assert_eq!(made.values[at + 1], made.values[at] + 1.0);
        }
        // The fifth column is left over.
        assert!((0..16).all(|row| made.values[row * 5 + 4] == (row * 5 + 4) as f32));
    }
}
