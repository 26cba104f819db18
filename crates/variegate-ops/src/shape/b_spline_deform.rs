//! B-spline deform: a lattice of control points and the smoothest of splines between them.

use crate::mesh::{bend, displaced, normals};
use crate::prelude::*;

/// Places in a cell at which the spline is evaluated; between them it is bilinear.
const STEPS: usize = 6;

params! {
    /// Bends the picture by a lattice of random control points under a cubic B-spline.
    ///
    /// The shift at a place is Σ Bᵢ(u) Bⱼ(v) φᵢⱼ over the 4 × 4 control points around it (Rueckert et al. 1999), φ being normal
    /// numbers of the standard deviation `strength`. The spline smooths: shifts deviate by about half of it. U-Net's
    /// augmentation has two cells and a deviation of 10 pixels.
    pub struct BSplineDeform("b_spline_deform", "shape", aliases: [
        "GridElasticDeform", "FreeFormDeformation", "FFD", "RandomElasticDeformation"
    ]) {
        /// Standard deviation of the control points.
        strength: f64 = real(0.0, 1.0).usual(0.02, 0.06).neutral(0.0).unit("of the shorter side");
        /// Cells of the lattice on each side.
        cells: i64 = integer(1, 32).usual(2.0, 4.0);
        /// How to read between pixels.
        filter: Filter = filter("bilinear");
        /// What lies beyond the edge.
        border: Border = border("constant");
        /// Colour of a constant border, 0 black to 1 white.
        fill: Channels = colour(0.0);
        /// The control points.
        noise: FieldKey = key();
    }
}

/// The weights of four control points at `t` of the way from the second to the third.
fn weights(t: f64) -> [f64; 4] {
    let rest = 1.0 - t;
    [
        rest * rest * rest / 6.0,
        (3.0 * t * t * t - 6.0 * t * t + 4.0) / 6.0,
        (3.0 * rest * rest * rest - 6.0 * rest * rest + 4.0) / 6.0,
        t * t * t / 6.0,
    ]
}

/// A surface over a lattice of `n` × `n` control points, at `k` and `l` steps of [`STEPS`] a cell.
fn surface(control: &[f64], n: usize, l: usize, k: usize) -> f64 {
    // The last place belongs to the last cell.
    let cell = |k: usize| (k / STEPS).min(n - 4);
    let (j, i) = (cell(k), cell(l));
    let part = |k: usize, cell: usize| weights((k - cell * STEPS) as f64 / STEPS as f64);
    let (across, down) = (part(k, j), part(l, i));
    let row = |r: usize| -> f64 { (0..4).map(|c| across[c] * control[(i + r) * n + j + c]).sum() };
    (0..4).map(|r| down[r] * row(r)).sum()
}

impl Op for BSplineDeform {
    fn lower(&self, plan: &mut Builder) {
        if self.strength == 0.0 {
            return;
        }
        let size = plan.size();
        let cells = self.cells.clamp(1, 32) as usize;
        let n = cells + 3;
        let far = self.strength * size.width.min(size.height) as f64;
        let (x, y) = (normals(self.noise, 0, n * n), normals(self.noise, 1, n * n));
        let nodes = cells * STEPS + 1;
        let piece = displaced(size, Size::new(nodes, nodes), |j, i, _| {
            (far * surface(&x, n, i, j), far * surface(&y, n, i, j))
        });
        bend(plan, piece, self.filter, self.border, self.fill.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_the_cubic_b_spline() {
        assert_eq!(weights(0.0), [1.0 / 6.0, 4.0 / 6.0, 1.0 / 6.0, 0.0]);
        for t in [0.0, 0.3, 1.0] {
            assert!((weights(t).iter().sum::<f64>() - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn a_plane_of_control_points_is_a_plane() {
        // Control point (r, c) lies at cells (r − 1, c − 1).
        let n = 6;
        let control: Vec<f64> = (0..n * n).map(|k| 2.0 * (k % n) as f64 - (k / n) as f64).collect();
        for (l, k) in [(0, 0), (7, 3), (18, 18), (4, 17)] {
            let at = |k: usize| k as f64 / STEPS as f64 + 1.0;
            assert!((surface(&control, n, l, k) - (2.0 * at(k) - at(l))).abs() < 1e-9, "{l} {k}");
        }
    }
}
