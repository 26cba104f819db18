//! Hide and seek: patches hidden, each with the same chance.

use crate::prelude::*;

params! {
    /// Hides cells of a grid, each with the same chance.
    ///
    /// The grid has `count` cells along the shorter side, and as many along the longer as make them nearly square. Masks,
    /// boxes and points stay. Source: Singh and Lee, "Hide-and-Seek", ICCV 2017: a chance of one half, and the mean colour
    /// of the data set, so that statistics stay what they are.
    pub struct HideAndSeek("hide_and_seek", "cover", aliases: ["RandomPatchHiding"]) {
        /// How many cells lie along the shorter side.
        count: i64 = integer(1, 256).usual(4.0, 14.0);
        /// Chance of a cell.
        fraction: f64 = real(0.0, 1.0).value(0.5).neutral(0.0).unit("fraction");
        /// Colour of what is hidden, 0 black to 1 white.
        fill: Channels = colour(0.5);
        /// Which cells.
        chosen: FieldKey = key();
    }
}

impl Op for HideAndSeek {
    fn lower(&self, plan: &mut Builder) {
        let mut cells = Cells::along_shorter(plan.size(), self.count as usize);
        let mut numbers = Numbers::new(self.chosen);
        for cell in 0..cells.count() {
            if numbers.unit() < self.fraction {
                cells.cover(cell);
            }
        }
        cells.paint(plan, &self.fill);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::nodes;

    #[test]
    fn all_or_nothing_at_the_ends() {
        assert!(nodes(HideAndSeek::config().fraction(0.0), (40, 60)).is_empty());
        let list = nodes(HideAndSeek::config().fraction(1.0).count(4), (40, 60));
        let [Node::Region(region)] = list.as_slice() else { panic!("{list:?}") };
        let rows: Vec<_> =
            (0..4).map(|k| Outline::Rect(Rect::new(0.0, 10.0 * k as f64, 60.0, 10.0 * (k + 1) as f64))).collect();
        assert_eq!(region.shapes.iter().map(|(outline, _)| outline.clone()).collect::<Vec<_>>(), rows);
    }
}
