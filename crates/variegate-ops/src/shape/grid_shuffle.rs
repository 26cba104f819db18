//! Grid shuffle: tiles change places.

use crate::mesh::{bend, formula};
use crate::prelude::*;
use variegate_picture::key::below;
use variegate_plan::Analytic;

params! {
    /// Cuts the picture into tiles and exchanges them.
    ///
    /// Sides are cut at ⌊k · side / count⌋, so that tiles are whole pixels and differ by at most one; only tiles of one size
    /// change places, each order equally likely. Masks, boxes and points go with their tile; of a box that was cut into pieces
    /// the smallest one around all of them is left. Sources: Noroozi and Favaro 2016 (jigsaw), Kang et al. 2017 (PatchShuffle).
    pub struct GridShuffle("grid_shuffle", "shape", aliases: [
        "RandomGridShuffle", "RandomJigsaw", "Jigsaw", "patch_shuffle"
    ]) {
        /// Rows of tiles.
        rows: i64 = integer(1, 64).usual(2.0, 4.0).neutral(1.0);
        /// Columns of tiles.
        columns: i64 = integer(1, 64).usual(2.0, 4.0).neutral(1.0);
        /// The order.
        order: FieldKey = key();
    }
}

/// Tiles and where each comes from.
#[derive(Debug)]
struct Tiles {
    x: Vec<f64>,
    y: Vec<f64>,
    /// For each place the tile it shows, and for each tile its place; row by row.
    shown: Vec<usize>,
    place: Vec<usize>,
}

impl Tiles {
    fn new(size: Size, rows: i64, columns: i64, key: FieldKey) -> Self {
        let edges = |count: i64, side: usize| -> Vec<usize> {
            let count = (count.max(1) as usize).min(side);
            (0..=count).map(|k| k * side / count).collect()
        };
        let (x, y) = (edges(columns, size.width), edges(rows, size.height));
        let columns = x.len() - 1;
        let count = columns * (y.len() - 1);
        let shape = |k: usize| {
            let (i, j) = (k / columns, k % columns);
            (y[i + 1] - y[i], x[j + 1] - x[j])
        };
        let mut shown: Vec<usize> = (0..count).collect();
        let mut shapes: Vec<(usize, usize)> = (0..count).map(shape).collect();
        shapes.sort_unstable();
        shapes.dedup();
        let word = |k: usize| u64::from(key.words(k as u32 / 4, 0)[k % 4]) << 32;
        for one in shapes {
            let places: Vec<usize> = (0..count).filter(|k| shape(*k) == one).collect();
            // Fisher and Yates: each place changes with one of those not yet settled.
            for last in (1..places.len()).rev() {
                shown.swap(places[last], places[below(word(places[last]), last as u64 + 1) as usize]);
            }
        }
        let mut place = vec![0; count];
        shown.iter().enumerate().for_each(|(k, tile)| place[*tile] = k);
        let reals = |edges: &[usize]| edges.iter().map(|v| *v as f64).collect();
        Self { x: reals(&x), y: reals(&y), shown, place }
    }

    /// A position carried from its cell to the cell that `to` names; beyond the picture it stays.
    fn carried(&self, p: Point, to: &[usize]) -> Point {
        let cell = |edges: &[f64], v: f64| {
            edges.partition_point(|edge| *edge <= v).checked_sub(1).filter(|k| k + 1 < edges.len())
        };
        let (Some(j), Some(i)) = (cell(&self.x, p.x), cell(&self.y, p.y)) else { return p };
        let columns = self.x.len() - 1;
        let k = to[i * columns + j];
        let (to_i, to_j) = (k / columns, k % columns);
        Point::new(p.x + (self.x[to_j] - self.x[j]), p.y + (self.y[to_i] - self.y[i]))
    }
}

impl Analytic for Tiles {
    fn name(&self) -> &str {
        "grid_shuffle"
    }

    fn source(&self, p: Point) -> Point {
        self.carried(p, &self.shown)
    }

    fn target(&self, p: Point) -> Option<Point> {
        Some(self.carried(p, &self.place))
    }

    fn is_torn(&self) -> bool {
        true
    }
}

impl Op for GridShuffle {
    fn lower(&self, plan: &mut Builder) {
        let tiles = Tiles::new(plan.size(), self.rows, self.columns, self.order);
        if tiles.shown.iter().enumerate().any(|(k, tile)| k != *tile) {
            bend(plan, formula(tiles), Filter::Nearest, Border::Constant, Channels::All(0.0));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::nodes;

    #[test]
    fn every_tile_is_shown_once_and_only_in_a_place_of_its_size() {
        // 7 by 10 in 3 by 3: rows of 2, 2, 3 and columns of 3, 3, 4.
        let mut moved = 0;
        for k in 0..20 {
            let tiles = Tiles::new(Size::new(7, 10), 3, 3, FieldKey(k, 5));
            let mut sorted = tiles.shown.clone();
            sorted.sort_unstable();
            assert_eq!(sorted, (0..9).collect::<Vec<_>>());
            // The last tile is the only one of 3 by 4.
            assert_eq!(tiles.shown[8], 8);
            moved += usize::from(tiles.shown[0] != 0);
        }
        assert!(moved > 5, "{moved}");
    }

    #[test]
    fn a_point_goes_with_its_tile_and_comes_back() {
        let tiles = Tiles::new(Size::new(40, 60), 2, 3, FieldKey(1, 2));
        let p = Point::new(25.0, 13.0);
        let q = tiles.target(p).expect("a place");
        assert_eq!(tiles.source(q), p);
        assert_eq!(((q.x - p.x) % 20.0, (q.y - p.y) % 20.0), (0.0, 0.0));
        assert_eq!(tiles.source(Point::new(-3.0, 70.0)), Point::new(-3.0, 70.0));
    }

    #[test]
    fn one_tile_is_no_change() {
        assert!(nodes(GridShuffle::config().rows(1i64).columns(1i64), (20, 30)).is_empty());
    }
}
