//! Perspective in space: a volume seen with depth.

use variegate_plan::{Extent, Flow};

use crate::prelude::*;
use crate::space::bend;

params! {
    /// Warps a volume or clip projectively, so that one end of each axis grows and the other shrinks.
    ///
    /// With coordinates from −1 to 1 a position p of the result is read at p / (1 + g · p), g being a random vector each of whose
    /// components is within ± `strength`; the centre stays. The extent stays. Masks go along. Needs a volume or video.
    pub struct Perspective3d("perspective3d", "volume", aliases: ["RandomPerspective3D"]) {
        /// Greatest growth at an end of an axis.
        strength: f64 = real(0.0, 0.3).usual(0.0, 0.2).neutral(0.0);
        /// What lies beyond the volume.
        border: Border = border("constant");
        /// Colour of a constant border, 0 black to 1 white.
        fill: Channels = colour(0.0);
        /// Shares of the greatest growth.
        shares: Vec<f64> = spread(3);
    }
}

impl Op for Perspective3d {
    fn lower(&self, plan: &mut Builder) {
        let growth = std::array::from_fn(|axis| self.strength * self.shares.get(axis).copied().unwrap_or(0.0));
        if growth != [0.0; 3] {
            let flow = Horizon { extent: plan.extent(), growth };
            bend(plan, "perspective3d", flow, self.border, self.fill.clone());
        }
    }
}

#[derive(Debug)]
struct Horizon {
    extent: Extent,
    growth: [f64; 3],
}

impl Flow for Horizon {
    fn row(&self, z: usize, y: usize, places: &mut [[f64; 3]]) {
        let half = self.extent.sides().map(|side| side as f64 / 2.0);
        for (x, place) in places.iter_mut().enumerate() {
            let voxel = [z, y, x];
            let p: [f64; 3] = std::array::from_fn(|axis| (voxel[axis] as f64 + 0.5) / half[axis] - 1.0);
            // At most 0.9 is taken away, since each of three growths is at most 0.3.
            let w = 1.0 + self.growth[0] * p[0] + self.growth[1] * p[1] + self.growth[2] * p[2];
            *place = std::array::from_fn(|axis| (p[axis] / w + 1.0) * half[axis]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_centre_stays_and_the_ends_part() {
        let mut places = [[0.0; 3]; 5];
        Horizon { extent: Extent::new(5, 5, 5), growth: [0.0, 0.0, 0.25] }.row(2, 2, &mut places);
        assert_eq!(places[2], [2.5, 2.5, 2.5]);
        // x = 0.8 is read at 0.8 / 1.2, x = −0.8 at −1.
        assert!((places[4][2] - 2.5 * (1.0 + 0.8 / 1.2)).abs() < 1e-12 && places[0][2].abs() < 1e-12, "{places:?}");
    }
}
