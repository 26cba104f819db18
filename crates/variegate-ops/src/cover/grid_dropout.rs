//! Grid dropout: a regular grid of holes.

use crate::prelude::*;

params! {
    /// Paints a regular grid of square holes over the picture.
    ///
    /// The picture is divided into square cells of round(shorter side / count) pixels from the top left; in each there is a
    /// hole of round(cell · fraction) pixels, at the same place in all cells. Masks, boxes and points stay.
    pub struct GridDropout("grid_dropout", "cover", aliases: ["GridCutout"]) {
        /// How many cells lie along the shorter side.
        count: i64 = integer(1, 256).usual(3.0, 10.0);
        /// Side of a hole, as a share of the cell's.
        fraction: f64 = real(0.0, 1.0).usual(0.3, 0.5).neutral(0.0).unit("of the cell");
        /// Where a hole lies in its cell, 0 left to 1 right.
        x: f64 = real(0.0, 1.0).default(Default::Range(0.0, 1.0)).unit("fraction");
        /// Where a hole lies in its cell, 0 top to 1 bottom.
        y: f64 = real(0.0, 1.0).default(Default::Range(0.0, 1.0)).unit("fraction");
        /// Colour of the holes, 0 black to 1 white.
        fill: Channels = colour(0.0);
    }
}

impl Op for GridDropout {
    fn lower(&self, plan: &mut Builder) {
        let picture = plan.size();
        let cell = ((picture.shorter() as f64 / self.count as f64).round() as usize).max(1);
        let hole = (cell as f64 * self.fraction).round() as usize;
        if hole == 0 {
            return;
        }
        let (left, top) = (placed(self.x, cell, hole), placed(self.y, cell, hole));
        let frame = Rect::of(picture);
        let mut shapes = Vec::new();
        for y in (0..picture.height).step_by(cell) {
            for x in (0..picture.width).step_by(cell) {
                let (x, y) = (x as f64 + left, y as f64 + top);
                let rect = Rect::new(x, y, x + hole as f64, y + hole as f64).intersect(frame);
                if rect.area() > 0.0 {
                    shapes.push((Outline::Rect(rect), Fill::Colour(self.fill.clone())));
                }
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
    use crate::testing::nodes;

    #[test]
    fn every_cell_has_its_hole() {
        let list = nodes(GridDropout::config().count(4).fraction(0.5).x(1.0).y(0.0), (40, 60));
        let [Node::Region(region)] = list.as_slice() else { panic!("{list:?}") };
        assert_eq!(region.shapes.len(), 24);
        assert_eq!(region.shapes[0].0, Outline::Rect(Rect::new(5.0, 0.0, 10.0, 5.0)));
        assert_eq!(region.shapes[23].0, Outline::Rect(Rect::new(55.0, 30.0, 60.0, 35.0)));
    }

    #[test]
    fn a_hole_of_no_pixel_is_nothing() {
        assert!(nodes(GridDropout::config().count(40).fraction(0.4), (40, 60)).is_empty());
    }
}
