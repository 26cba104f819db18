//! Patch-mix: cells of a grid from another sample.

use crate::prelude::*;

params! {
    /// Shows random cells of a grid from another sample in the same places, and mixes their labels by area.
    ///
    /// Of the grid × grid cells, cut at whole pixels, `fraction` (rounded to whole cells) come from the partner; its label
    /// weighs the share of the pixels they hold. The partner is chosen by key and augmented as it stands before the mixing;
    /// pictures must have one size there. Needs a `Loader` or `Pipeline.batch`. Source: Baek et al., "GridMix: Strong
    /// regularization through local context mapping", Pattern Recognition 2021.
    pub struct PatchMix("patch_mix", "mix", aliases: ["GridMix"]) {
        /// Cells along each side.
        grid: i64 = integer(1, 256).value(4.0);
        /// Share of the cells that come from the partner.
        fraction: f64 = real(0.0, 1.0).usual(0.1, 0.5).neutral(0.0).unit("fraction");
        /// Which cells.
        cells: FieldKey = key();
        /// The other sample.
        partner: u64 = partner();
    }
}

impl Op for PatchMix {
    fn lower(&self, plan: &mut Builder) {
        let (size, grid) = (plan.size(), self.grid.max(1) as usize);
        let count = (self.fraction * (grid * grid) as f64).round() as usize;
        if count == 0 {
            return;
        }
        // The cells of the smallest numbers; the position breaks ties.
        let number = |cell: usize| self.cells.words(cell as u32 / 4, 0)[cell % 4];
        let mut cells: Vec<(u32, usize)> = (0..grid * grid).map(|cell| (number(cell), cell)).collect();
        cells.sort_unstable();
        let mut chosen = vec![false; grid * grid];
        cells.iter().take(count).for_each(|(_, cell)| chosen[*cell] = true);
        // Pixel k of n belongs to cell ⌊k · grid / n⌋.
        let shown = |k: usize| {
            let (y, x) = (k / size.width, k % size.width);
            chosen[y * grid / size.height * grid + x * grid / size.width]
        };
        let mix = Mix::masked(self.partner, (0..size.pixels()).map(shown).collect());
        if mix.share > 0.0 {
            plan.push(Node::Mix(mix));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::nodes;

    #[test]
    fn half_of_the_cells_are_half_of_the_picture() {
        let list = nodes(PatchMix::config().grid(2).fraction(0.5), (10, 20));
        let [Node::Mix(mix)] = list.as_slice() else { panic!("{list:?}") };
        let mask = mix.mask.as_ref().expect("a mask");
        assert_eq!(mix.share, 0.5);
        // Whole cells of 5 × 10.
        for (y, x) in [(0, 0), (0, 10), (5, 0), (5, 10)] {
            let cell: Vec<bool> = (0..50).map(|k| mask[(y + k / 10) * 20 + x + k % 10]).collect();
            assert!(cell.iter().all(|shown| *shown == cell[0]), "{y}, {x}");
        }
    }

    #[test]
    fn all_of_the_cells_are_the_partner_and_none_is_nothing() {
        let list = nodes(PatchMix::config().grid(256).fraction(1.0), (3, 5));
        let [Node::Mix(mix)] = list.as_slice() else { panic!("{list:?}") };
        assert_eq!(mix.share, 1.0);
        assert!(nodes(PatchMix::config().fraction(0.0), (3, 5)).is_empty());
    }
}
