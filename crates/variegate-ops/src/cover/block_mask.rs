//! Block mask: blocks of patches, as for masked image modelling.

use crate::prelude::*;

/// Blocks that are tried at most.
const TRIES: usize = 200;

params! {
    /// Paints blocks of patches over until a share of the patches is covered.
    ///
    /// A block has an area between a twelfth of all patches and what is still to be covered, and an aspect drawn by ratio
    /// between 1 / aspect and aspect; it is taken where it covers something new and not too much. Of 200 blocks that are
    /// tried a few are enough; `fraction` is never exceeded. Masks, boxes and points stay. Sources: Bao et al., "BEiT: BERT
    /// Pre-Training of Image Transformers", ICLR 2022 (0.4 of 14 × 14 patches of 16 pixels, an aspect up to 10/3); Assran et
    /// al., "Self-Supervised Learning from Images with a Joint-Embedding Predictive Architecture", CVPR 2023.
    pub struct BlockMask("block_mask", "cover", aliases: ["MaskingGenerator", "BEiTMask", "MultiBlockMask"]) {
        /// Share of the patches that is covered.
        fraction: f64 = real(0.0, 1.0).usual(0.2, 0.5).neutral(0.0).unit("fraction");
        /// Side of a patch.
        patch_px: i64 = integer(4, 16_384).value(16.0).unit("px");
        /// The widest aspect of a block; its inverse is the narrowest.
        aspect: f64 = real(1.0, 100.0).value(10.0 / 3.0);
        /// Colour, 0 black to 1 white.
        fill: Channels = colour(0.0);
        /// Where blocks lie.
        blocks: FieldKey = key();
    }
}

impl Op for BlockMask {
    fn lower(&self, plan: &mut Builder) {
        let mut cells = Cells::of_side(plan.size(), self.patch_px as usize);
        let Size { height: rows, width: columns } = cells.grid();
        let mut left = (self.fraction * cells.count() as f64).round() as usize;
        let least = (cells.count() / 12).max(1);
        let ratio = libm::log(self.aspect);
        let mut numbers = Numbers::new(self.blocks);
        for _ in 0..TRIES {
            if left == 0 {
                break;
            }
            let area = numbers.between(least.min(left) as f64, left as f64);
            let aspect = libm::exp(numbers.between(-ratio, ratio));
            let side = |length: f64, most: usize| (length.round() as usize).clamp(1, most);
            let (height, width) = (side(libm::sqrt(area / aspect), rows), side(libm::sqrt(area * aspect), columns));
            let (top, first) = (numbers.below(rows - height + 1), numbers.below(columns - width + 1));
            let block = (top..top + height).flat_map(|y| (first..first + width).map(move |x| y * columns + x));
            let fresh = block.clone().filter(|cell| !cells.is_covered(*cell)).count();
            if (1..=left).contains(&fresh) {
                block.for_each(|cell| {
                    cells.cover(cell);
                });
                left -= fresh;
            }
        }
        cells.paint(plan, &self.fill);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::nodes;

    fn covered(fraction: f64, size: (usize, usize)) -> f64 {
        let list = nodes(BlockMask::config().fraction(fraction), size);
        let shapes = list.iter().flat_map(|node| match node {
            Node::Region(region) => region.shapes.clone(),
            other => panic!("{other:?}"),
        });
        shapes
            .map(|(outline, _)| match outline {
                Outline::Rect(rect) => rect.area(),
                other => panic!("{other:?}"),
            })
            .sum()
    }

    #[test]
    fn the_share_is_met_to_a_patch() {
        for fraction in [0.1, 0.4, 0.75] {
            let patches = covered(fraction, (224, 224)) / 256.0;
            assert!((patches - (fraction * 196.0).round()).abs() < 1.0, "{fraction}: {patches}");
        }
    }

    #[test]
    fn one_patch_is_all_or_nothing() {
        assert_eq!((covered(1.0, (9, 9)), covered(0.4, (9, 9))), (81.0, 0.0));
    }
}
