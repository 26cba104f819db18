//! Cube symmetry: the 48 ways a cube fits into itself.

use variegate_plan::Extent;

use crate::prelude::*;
use crate::space::{Affine3, take};

params! {
    /// Turns and mirrors a volume in one of the 48 ways in which a cube fits into itself.
    ///
    /// Number 8 · p + m takes the axes in the order p of (z y x, z x y, y z x, y x z, x z y, x y z) and mirrors those axes of the
    /// result whose bit is set in m (4 depth, 2 vertical, 1 horizontal): `numpy.flip(numpy.transpose(volume, order), axes)`. Sides
    /// of unequal length are exchanged. Whole voxels move, none is mixed. Needs a volume or video.
    pub struct CubeSymmetry("cube_symmetry", "volume", aliases: ["CubicSymmetry"]) {
        /// Which of the 48; 0 leaves the volume as it is.
        number: i64 = integer(0, 47).usual(0.0, 47.0).neutral(0.0);
    }
}

/// Which input axis each axis of the result is.
const ORDERS: [[usize; 3]; 6] = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];

impl Op for CubeSymmetry {
    fn lower(&self, plan: &mut Builder) {
        if self.number == 0 {
            return;
        }
        let order = ORDERS[(self.number / 8).clamp(0, 5) as usize];
        let mut map = Affine3([[0.0; 4]; 3]);
        for (axis, from) in order.into_iter().enumerate() {
            let mirrored = self.number & (4 >> axis) != 0;
            map.0[from][axis] = if mirrored { -1.0 } else { 1.0 };
        }
        let from = plan.extent();
        let sides = order.map(|axis| from.sides()[axis]);
        let to = Extent::new(sides[0], sides[1], sides[2]);
        take(plan, "cube_symmetry", map.centred(from, to), to, Border::Edge);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{numbered, through};

    #[test]
    fn all_48_differ_and_keep_every_voxel() {
        let mut seen: Vec<Vec<u32>> = Vec::new();
        for number in 0..48i64 {
            let made = through(CubeSymmetry::config().number(number), numbered(3, 3, 3));
            let list: Vec<u32> = made.values.iter().map(|v| *v as u32).collect();
            assert!(!seen.contains(&list), "{number}");
            let mut sorted = list.clone();
            sorted.sort_unstable();
            assert_eq!(sorted, (0..27).collect::<Vec<u32>>());
            seen.push(list);
        }
    }

    #[test]
    fn sides_change_places() {
        // Order y x z: what was a row counter is now the depth.
        let made = through(CubeSymmetry::config().number(24i64), numbered(2, 3, 4));
        assert_eq!(made.extent, Extent::new(3, 4, 2));
        assert_eq!(made.values[..4], [0.0, 12.0, 1.0, 13.0]);
        // The same mirrored along the new depth starts with the last row.
        assert_eq!(through(CubeSymmetry::config().number(28i64), numbered(2, 3, 4)).values[0], 8.0);
    }
}
