//! Remap: a user's own displacements.

use crate::mesh::{bend, displaced};
use crate::prelude::*;

params! {
    /// Displaces the picture by a grid of given shifts.
    ///
    /// The grid reaches from corner to corner; between its nodes shifts are bilinear. Output position p reads the input at
    /// p + (dx, dy) · shorter side. `shifts` has a pair for each node, `rows` · `columns` of them.
    pub struct Remap("remap", "geometry", aliases: ["displacement_field", "DisplacementField", "grid_sample"]) {
        /// Rows of the grid.
        rows: i64 = integer(2, 256).value(2.0);
        /// Columns of the grid.
        columns: i64 = integer(2, 256).value(2.0);
        /// For each node, row by row, dx and dy, as fractions of the shorter side.
        shifts: Vec<f64> = numbers(0).between(-1e3, 1e3).default(Default::Numbers(&[0.0; 8]));
        /// How to read between pixels.
        filter: Filter = filter("bilinear");
        /// What lies beyond the edge.
        border: Border = border("constant");
        /// Colour of a constant border, 0 black to 1 white.
        fill: Channels = colour(0.0);
    }
}

impl Op for Remap {
    fn check(&self) -> Result<(), String> {
        let (rows, columns, found) = (self.rows, self.columns, self.shifts.len());
        if found as i64 == 2 * rows * columns {
            return Ok(());
        }
        Err(format!(
            "shifts: expected {} numbers, dx and dy for each of {rows} rows of {columns} nodes, found {found}",
            2 * rows * columns
        ))
    }

    fn lower(&self, plan: &mut Builder) {
        let size = plan.size();
        let (rows, columns) = (self.rows.max(2) as usize, self.columns.max(2) as usize);
        if self.shifts.len() != 2 * rows * columns || self.shifts.iter().all(|v| *v == 0.0) {
            return;
        }
        let short = size.width.min(size.height) as f64;
        let length = |v: f64| v * short;
        let piece = displaced(size, Size::new(rows, columns), |j, i, _| {
            let k = 2 * (i * columns + j);
            (length(self.shifts[k]), length(self.shifts[k + 1]))
        });
        bend(plan, piece, self.filter, self.border, self.fill.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{moved, nodes};

    #[test]
    fn equal_shifts_move_the_whole_picture() {
        // Reading a quarter of 40 pixels further right moves the picture to the left.
        let shifts = [0.25, -0.1].repeat(6);
        let p = moved(Remap::config().rows(2i64).columns(3i64).shifts(shifts), (40, 60), (30.0, 10.0));
        assert!((p.0 - 20.0).abs() < 1e-9 && (p.1 - 14.0).abs() < 1e-9, "{p:?}");
    }

    #[test]
    fn between_nodes_shifts_are_mixed() {
        // No shift on the left, a tenth on the right: half of that in the middle.
        let shifts = vec![0.0, 0.0, 0.1, 0.0, 0.0, 0.0, 0.1, 0.0];
        let list = nodes(Remap::config().shifts(shifts), (40, 60));
        let [Node::Warp(warp)] = list.as_slice() else { panic!("{list:?}") };
        assert_eq!(warp.map.source(Point::new(30.0, 20.0)), Point::new(32.0, 20.0));
    }

    #[test]
    fn a_wrong_count_is_refused() {
        let built =
            crate::Pipeline::builder().then(Remap::config().rows(2i64).columns(3i64).shifts(vec![0.1; 7])).build();
        let said = built.err().map(|e| e.message().to_string());
        let expected = "remap.shifts: expected 12 numbers, dx and dy for each of 2 rows of 3 nodes, found 7";
        assert_eq!(said.as_deref(), Some(expected));
    }
}
