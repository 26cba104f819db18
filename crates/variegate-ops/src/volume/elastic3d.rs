//! Elastic in space: a volume bent smoothly.

use variegate_plan::Flow;

use crate::prelude::*;
use crate::space::{bend, signed};

params! {
    /// Bends a volume smoothly.
    ///
    /// A grid of control points, `cells` cells along each axis, carries random displacements of up to `strength` along each axis; a
    /// voxel is read at its place plus their cubic B-spline (Rueckert et al., "Nonrigid registration using free-form
    /// deformations", IEEE TMI 1999), so the bend is smooth to the second derivative. It does not fold while the strength stays below 0.4
    /// of a cell. Needs a volume or video.
    pub struct Elastic3d("elastic3d", "volume", aliases: [
        "ElasticTransform3D", "RandomElasticDeformation", "Rand3DElastic"
    ]) {
        /// Greatest displacement of a control point along each axis, as a fraction of that side.
        strength: f64 = real(0.0, 0.5).usual(0.02, 0.07).neutral(0.0).unit("fraction");
        /// Cells of the grid along each axis; more of them bend finer.
        cells: i64 = integer(1, 32).value(5.0).unit("cells");
        /// What lies beyond the volume.
        border: Border = border("edge");
        /// Colour of a constant border, 0 black to 1 white.
        fill: Channels = colour(0.0);
        /// The displacements.
        field: FieldKey = key();
    }
}

impl Op for Elastic3d {
    fn lower(&self, plan: &mut Builder) {
        if self.strength == 0.0 {
            return;
        }
        let sides = plan.extent().sides().map(|side| side as f64);
        let points = self.cells as usize + 3;
        let mut displacements = Vec::with_capacity(points.pow(3));
        for k in 0..points.pow(3) {
            displacements
                .push(std::array::from_fn(|axis| self.strength * sides[axis] * signed(self.field, k, axis as u32)));
        }
        bend(plan, "elastic3d", Spline { sides, points, displacements }, self.border, self.fill.clone());
    }
}

/// Displacements by a cubic B-spline over control points.
#[derive(Clone, Debug)]
struct Spline {
    sides: [f64; 3],
    /// Control points along each axis: three more than cells.
    points: usize,
    /// Of each control point (z, y, x), in voxels.
    displacements: Vec<[f64; 3]>,
}

impl Spline {
    /// The first of the four control points that count at a place along an axis, and their weights.
    fn weights(&self, place: f64, axis: usize) -> (usize, [f64; 4]) {
        let cells = (self.points - 3) as f64;
        let u = place / self.sides[axis] * cells;
        let first = u.floor().clamp(0.0, cells - 1.0);
        let t = u - first;
        let (t2, t3) = (t * t, t * t * t);
        let weights = [(1.0 - t) * (1.0 - t) * (1.0 - t), 3.0 * t3 - 6.0 * t2 + 4.0, 3.0 * (t + t2 - t3) + 1.0, t3];
        (first as usize, weights.map(|w| w / 6.0))
    }
}

/// The weighted sum of four vectors, `step` apart.
fn blended(list: &[[f64; 3]], step: usize, weights: &[f64; 4]) -> [f64; 3] {
    std::array::from_fn(|axis| {
        let at = |k: usize| weights[k] * list[k * step][axis];
        at(0) + at(1) + at(2) + at(3)
    })
}

impl Flow for Spline {
    fn row(&self, z: usize, y: usize, places: &mut [[f64; 3]]) {
        let n = self.points;
        let (z, y) = (z as f64 + 0.5, y as f64 + 0.5);
        let ((z0, of_z), (y0, of_y)) = (self.weights(z, 0), self.weights(y, 1));
        // First the sixteen lines of control points around the row become one, then its voxels look at that.
        let line: Vec<[f64; 3]> = (0..n)
            .map(|k| {
                let along: [[f64; 3]; 4] =
                    std::array::from_fn(|j| blended(&self.displacements[(z0 * n + y0 + j) * n + k..], n * n, &of_z));
                blended(&along, 1, &of_y)
            })
            .collect();
        for (x, place) in places.iter_mut().enumerate() {
            let x = x as f64 + 0.5;
            let (x0, of_x) = self.weights(x, 2);
            let moved = blended(&line[x0..], 1, &of_x);
            *place = [z + moved[0], y + moved[1], x + moved[2]];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{numbered, through};

    fn spline(displacements: Vec<[f64; 3]>) -> Spline {
        Spline { sides: [6.0, 8.0, 10.0], points: 5, displacements }
    }

    #[test]
    fn equal_displacements_are_a_shift() {
        let mut places = [[0.0; 3]; 10];
        spline(vec![[1.0, -2.0, 0.5]; 125]).row(5, 7, &mut places);
        for (x, place) in places.iter().enumerate() {
            let want = [6.5, 5.5, x as f64 + 1.0];
            assert!(place.iter().zip(want).all(|(a, b)| (a - b).abs() < 1e-12), "{place:?}");
        }
    }

    #[test]
    fn a_ramp_of_displacements_is_kept_as_a_ramp() {
        // B-splines reproduce straight lines: control point i of an axis lies at i − 1 cells, of 5 columns each.
        let ramp = (0..125).map(|k| [0.0, 0.0, 0.1 * ((k % 5) as f64 - 1.0) * 5.0]).collect();
        let mut places = [[0.0; 3]; 10];
        spline(ramp).row(0, 0, &mut places);
        assert!(places.iter().enumerate().all(|(x, p)| (p[2] - 1.1 * (x as f64 + 0.5)).abs() < 1e-12));
    }

    #[test]
    fn no_voxel_is_read_further_away_than_the_strength() {
        let made = through(Elastic3d::config().strength(0.07), numbered(1, 1, 20));
        assert!(made.values.iter().enumerate().all(|(k, v)| (v - k as f32).abs() <= 1.4));
        assert!(made.values.windows(2).all(|pair| pair[0] <= pair[1]));
    }
}
