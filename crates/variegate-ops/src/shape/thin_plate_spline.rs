//! Thin-plate spline: the least bending through moved points.

use crate::mesh::{bend, displaced, uniforms};
use crate::prelude::*;

/// Nodes on each side at which the spline is evaluated; between them it is bilinear. At the wildest of what is usual that
/// leaves a tenth of a pixel on a picture of 224.
const NODES: usize = 33;

params! {
    /// Moves a grid of control points at random and bends the picture through them like a thin plate of metal.
    ///
    /// f(p) = a₀ + A p + Σ wᵢ U(|p − cᵢ|) with U(r) = r² log r, the interpolation of least bending (Bookstein 1989), from output
    /// to input; control points cover the picture from corner to corner and are shifted by up to `strength` both ways.
    pub struct ThinPlateSpline("thin_plate_spline", "shape", aliases: ["RandomThinPlateSpline", "TPS"]) {
        /// The farthest a control point is shifted on each axis.
        strength: f64 = real(0.0, 1.0).usual(0.01, 0.06).neutral(0.0).unit("of the shorter side");
        /// Control points on each side.
        points: i64 = integer(2, 6).usual(3.0, 4.0);
        /// How to read between pixels.
        filter: Filter = filter("bilinear");
        /// What lies beyond the edge.
        border: Border = border("constant");
        /// Colour of a constant border, 0 black to 1 white.
        fill: Channels = colour(0.0);
        /// The shifts.
        noise: FieldKey = key();
    }
}

/// A surface of least bending over the plane.
struct Plate {
    centres: Vec<(f64, f64)>,
    /// A weight for each centre, then those of 1, x and y; for both axes.
    weights: Vec<(f64, f64)>,
}

/// r² log r, from r².
fn bending(square: f64) -> f64 {
    if square > 0.0 { 0.5 * square * libm::log(square) } else { 0.0 }
}

impl Plate {
    /// The surface that has `values` at `centres`; none where those lie on one line.
    fn through(centres: Vec<(f64, f64)>, values: &[(f64, f64)]) -> Option<Self> {
        let n = centres.len();
        // Each row: the coefficients of all weights, then both right-hand sides.
        let mut rows: Vec<Vec<f64>> = Vec::with_capacity(n + 3);
        for (p, value) in centres.iter().zip(values) {
            let mut row: Vec<f64> = centres.iter().map(|c| bending(square(*p, *c))).collect();
            row.extend([1.0, p.0, p.1, value.0, value.1]);
            rows.push(row);
        }
        for k in 0..3 {
            let mut row: Vec<f64> = centres.iter().map(|c| [1.0, c.0, c.1][k]).collect();
            row.extend([0.0; 5]);
            rows.push(row);
        }
        Some(Self { centres, weights: solved(rows)? })
    }

    fn at(&self, p: (f64, f64)) -> (f64, f64) {
        let n = self.centres.len();
        let basis = self.centres.iter().map(|c| bending(square(p, *c))).chain([1.0, p.0, p.1]);
        let terms = basis.zip(&self.weights).take(n + 3);
        terms.fold((0.0, 0.0), |(x, y), (b, w)| (x + b * w.0, y + b * w.1))
    }
}

fn square(p: (f64, f64), q: (f64, f64)) -> f64 {
    (p.0 - q.0) * (p.0 - q.0) + (p.1 - q.1) * (p.1 - q.1)
}

/// Solves linear equations with two right-hand sides at the end of each row, by elimination with pivoting.
fn solved(mut rows: Vec<Vec<f64>>) -> Option<Vec<(f64, f64)>> {
    let n = rows.len();
    for column in 0..n {
        let pivot = (column..n).max_by(|a, b| rows[*a][column].abs().total_cmp(&rows[*b][column].abs()))?;
        rows.swap(column, pivot);
        let top = rows[column].clone();
        if top[column].abs() < 1e-12 {
            return None;
        }
        for row in rows.iter_mut().skip(column + 1) {
            let factor = row[column] / top[column];
            for k in column..n + 2 {
                row[k] -= factor * top[k];
            }
        }
    }
    let mut found = vec![(0.0, 0.0); n];
    for r in (0..n).rev() {
        let rest = (r + 1..n)
            .fold((rows[r][n], rows[r][n + 1]), |(x, y), k| (x - rows[r][k] * found[k].0, y - rows[r][k] * found[k].1));
        found[r] = (rest.0 / rows[r][r], rest.1 / rows[r][r]);
    }
    Some(found)
}

impl Op for ThinPlateSpline {
    fn lower(&self, plan: &mut Builder) {
        if self.strength == 0.0 {
            return;
        }
        let size = plan.size();
        let short = size.width.min(size.height) as f64;
        let n = self.points.clamp(2, 6) as usize;
        let along = |k: usize, length: usize| k as f64 / (n - 1) as f64 * length as f64 / short;
        let centres = (0..n * n).map(|k| (along(k % n, size.width), along(k / n, size.height))).collect();
        let (x, y) = (uniforms(self.noise, 0, n * n), uniforms(self.noise, 1, n * n));
        let shifts: Vec<(f64, f64)> = x.iter().zip(&y).map(|(x, y)| (x * self.strength, y * self.strength)).collect();
        let Some(plate) = Plate::through(centres, &shifts) else { return };
        let piece = displaced(size, Size::new(NODES, NODES), |_, _, p| {
            let (dx, dy) = plate.at((p.x / short, p.y / short));
            (dx * short, dy * short)
        });
        bend(plan, piece, self.filter, self.border, self.fill.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_passes_through_its_points() {
        let centres = vec![(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0), (0.4, 0.7)];
        let values = [(0.1, 0.0), (0.0, -0.2), (0.3, 0.1), (0.0, 0.0), (-0.1, 0.2)];
        let plate = Plate::through(centres.clone(), &values).expect("points in the plane");
        for (c, v) in centres.iter().zip(values) {
            let p = plate.at(*c);
            assert!((p.0 - v.0).abs() < 1e-9 && (p.1 - v.1).abs() < 1e-9);
        }
        assert!(Plate::through(vec![(0.0, 0.0), (1.0, 1.0), (2.0, 2.0)], &values[..3]).is_none());
    }

    #[test]
    fn an_affine_shift_needs_no_bending() {
        let centres: Vec<(f64, f64)> = (0..9).map(|k| (f64::from(k % 3), f64::from(k / 3))).collect();
        let values: Vec<(f64, f64)> = centres.iter().map(|c| (0.5 + 0.1 * c.0 - 0.2 * c.1, c.1)).collect();
        let plate = Plate::through(centres, &values).expect("points in the plane");
        assert!(plate.weights[..9].iter().all(|w| w.0.abs() < 1e-9 && w.1.abs() < 1e-9));
        let p = plate.at((7.0, -2.0));
        assert!((p.0 - 1.6).abs() < 1e-9 && (p.1 + 2.0).abs() < 1e-9, "{p:?}");
    }
}
