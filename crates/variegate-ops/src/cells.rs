//! Cells: a picture cut into rows and columns of rectangles, some of which are painted over.
//!
//! Operations that cover patches mark cells here and paint them as few filled rectangles. Pixels are never seen.

use variegate_picture::{Channels, Rect, Size};
use variegate_plan::{Builder, Fill, Outline, Region};

/// Rows and columns of cells, and which are covered.
#[derive(Clone, Debug)]
pub struct Cells {
    /// The edges of the rows, one more than there are.
    rows: Vec<f64>,
    /// The edges of the columns.
    columns: Vec<f64>,
    covered: Vec<bool>,
}

impl Cells {
    /// Square cells of whole pixels; those at the right and at the bottom may be cut.
    pub fn of_side(picture: Size, side: usize) -> Self {
        let edges = |length: usize| (0..=length.div_ceil(side)).map(|k| (k * side).min(length) as f64).collect();
        Self::new(edges(picture.height), edges(picture.width))
    }

    /// `count` cells along the shorter side and as many more along the longer as make them nearly square. Edges are
    /// rounded to whole pixels; there are never more cells than pixels.
    pub fn along_shorter(picture: Size, count: usize) -> Self {
        let side = picture.shorter() as f64 / count.clamp(1, picture.shorter()) as f64;
        let edges = |length: usize| {
            let n = ((length as f64 / side).round() as usize).max(1);
            (0..=n).map(|k| (k as f64 * length as f64 / n as f64).round()).collect()
        };
        Self::new(edges(picture.height), edges(picture.width))
    }

    fn new(rows: Vec<f64>, columns: Vec<f64>) -> Self {
        let covered = vec![false; (rows.len() - 1) * (columns.len() - 1)];
        Self { rows, columns, covered }
    }

    /// Rows and columns.
    pub fn grid(&self) -> Size {
        Size::new(self.rows.len() - 1, self.columns.len() - 1)
    }

    /// How many cells there are.
    pub fn count(&self) -> usize {
        self.covered.len()
    }

    /// Covers a cell, counted row by row; says whether it was free.
    pub fn cover(&mut self, cell: usize) -> bool {
        !std::mem::replace(&mut self.covered[cell], true)
    }

    /// Whether a cell is covered.
    pub fn is_covered(&self, cell: usize) -> bool {
        self.covered[cell]
    }

    /// Paints the covered cells: one rectangle for each run of neighbours in a row.
    pub fn paint(&self, plan: &mut Builder, fill: &Channels) {
        let width = self.grid().width;
        let mut shapes = Vec::new();
        for (row, covered) in self.covered.chunks_exact(width).enumerate() {
            let mut first = 0;
            for run in covered.chunk_by(|a, b| a == b) {
                let end = first + run.len();
                if run[0] {
                    let rect = Rect::new(self.columns[first], self.rows[row], self.columns[end], self.rows[row + 1]);
                    shapes.push((Outline::Rect(rect), Fill::Colour(fill.clone())));
                }
                first = end;
            }
        }
        if !shapes.is_empty() {
            plan.region(Region { shapes });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use variegate_picture::Frame;
    use variegate_plan::{Meaning, Node};

    #[test]
    fn runs_of_cells_are_one_rectangle() {
        let mut cells = Cells::of_side(Size::new(10, 22), 5);
        assert_eq!(cells.grid(), Size::new(2, 5));
        assert!(cells.cover(1) && cells.cover(2) && cells.cover(9) && !cells.cover(9));
        let mut plan = Builder::new(Frame::new(10, 22, 3));
        cells.paint(&mut plan, &Channels::All(0.0));
        let nodes = plan.into_plan(Meaning::Exact).written;
        let [Node::Region(region)] = nodes.as_slice() else { panic!("{nodes:?}") };
        let rects: Vec<_> = region.shapes.iter().map(|(outline, _)| outline.clone()).collect();
        let expected = [Rect::new(5.0, 0.0, 15.0, 5.0), Rect::new(20.0, 5.0, 22.0, 10.0)];
        assert_eq!(rects, expected.map(Outline::Rect));
    }

    #[test]
    fn cells_along_the_shorter_side_are_nearly_square() {
        assert_eq!(Cells::along_shorter(Size::new(100, 200), 4).grid(), Size::new(4, 8));
        assert_eq!(Cells::along_shorter(Size::new(3, 1), 9).grid(), Size::new(3, 1));
    }
}
