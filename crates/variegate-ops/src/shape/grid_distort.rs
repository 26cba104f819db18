//! Grid distort: rows and columns of unequal width.

use crate::mesh::{bend, displaced};
use crate::prelude::*;

/// The most cells on a side.
const MOST_CELLS: usize = 16;

params! {
    /// Stretches and squeezes the rows and columns of a grid.
    ///
    /// Output cells are equal; the input cells they show have widths in proportion to 1 + `strength` · u, u uniform from −1
    /// to 1, that sum to the side, and likewise heights (Albumentations' GridDistortion with normalised steps). No line turns,
    /// and no border shows.
    pub struct GridDistort("grid_distort", "shape", aliases: ["GridDistortion", "grid_distortion"]) {
        /// How unequal cells become, 0 not at all.
        strength: f64 = real(0.0, 0.95).usual(0.1, 0.5).neutral(0.0).unit("fraction");
        /// Cells on each side.
        cells: i64 = integer(1, MOST_CELLS as i64).usual(3.0, 6.0);
        /// How to read between pixels.
        filter: Filter = filter("bilinear");
        /// What lies beyond the edge.
        border: Border = border("constant");
        /// Colour of a constant border, 0 black to 1 white.
        fill: Channels = colour(0.0);
        /// How much wider each column is, then how much higher each row.
        steps: Vec<f64> = spread(2 * MOST_CELLS);
    }
}

impl Op for GridDistort {
    fn lower(&self, plan: &mut Builder) {
        let cells = self.cells.clamp(1, MOST_CELLS as i64) as usize;
        if self.strength == 0.0 || cells == 1 {
            return;
        }
        let size = plan.size();
        let x = self.edges(0, cells, size.width as f64);
        let y = self.edges(MOST_CELLS, cells, size.height as f64);
        let piece = displaced(size, Size::new(cells + 1, cells + 1), |j, i, p| (x[j] - p.x, y[i] - p.y));
        bend(plan, piece, self.filter, self.border, self.fill.clone());
    }
}

impl GridDistort {
    /// The input edges of cells along a side.
    fn edges(&self, first: usize, cells: usize, length: f64) -> Vec<f64> {
        let width = |k: usize| 1.0 + self.strength * self.steps.get(first + k).copied().unwrap_or_default();
        let sum: f64 = (0..cells).map(width).sum();
        (0..=cells).map(|k| (0..k).map(width).sum::<f64>() / sum * length).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_shows_its_share_of_the_side() {
        // Two columns of 1.5 and 0.5: the left half shows three quarters of 80.
        let mut steps = vec![0.0; 2 * MOST_CELLS];
        (steps[0], steps[1]) = (1.0, -1.0);
        let (filter, border, fill) = (Filter::Bilinear, Border::Constant, Channels::All(0.0));
        let mut plan = Builder::new(Frame::new(40, 80, 3));
        GridDistort { strength: 0.5, cells: 2, filter, border, fill, steps }.lower(&mut plan);
        let nodes = plan.into_plan(variegate_plan::Meaning::Exact).written;
        let [Node::Warp(warp)] = nodes.as_slice() else { panic!("{nodes:?}") };
        for (out, read) in [(20.0, 30.0), (40.0, 60.0), (60.0, 70.0), (80.0, 80.0)] {
            assert_eq!(warp.map.source(Point::new(out, 10.0)), Point::new(read, 10.0));
            let p = warp.map.target(Point::new(read, 10.0)).expect("a place");
            assert!((p.x - out).abs() < 1e-6 && (p.y - 10.0).abs() < 1e-6, "{p:?}");
        }
    }
}
