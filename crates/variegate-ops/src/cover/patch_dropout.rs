//! Patch dropout: only a share of the patches is left.

use crate::prelude::*;

params! {
    /// Keeps a random share of square patches and paints the others over.
    ///
    /// The picture is cut into patches from the top left, those at the right and at the bottom cut short; round(keep ·
    /// patches) of them stay, any as likely as another. Masks, boxes and points stay. Sources: Liu et al., "PatchDropout:
    /// Economizing Vision Transformers Using Patch Dropout", WACV 2023; He et al., "Masked Autoencoders Are Scalable Vision
    /// Learners", CVPR 2022, keep a quarter.
    pub struct PatchDropout("patch_dropout", "cover", aliases: ["RandomPatchMask", "PatchRandomErasing"]) {
        /// Share of the patches that stays.
        keep: f64 = real(0.0, 1.0).usual(0.5, 1.0).neutral(1.0).unit("fraction");
        /// Side of a patch.
        patch_px: i64 = integer(4, 16_384).value(16.0).unit("px");
        /// Colour of the others, 0 black to 1 white.
        fill: Channels = colour(0.0);
        /// Which ones.
        chosen: FieldKey = key();
    }
}

impl Op for PatchDropout {
    fn lower(&self, plan: &mut Builder) {
        let mut cells = Cells::of_side(plan.size(), self.patch_px as usize);
        let kept = (self.keep * cells.count() as f64).round() as usize;
        let gone = cells.count() - kept.min(cells.count());
        for cell in Numbers::new(self.chosen).choose(gone, cells.count()) {
            cells.cover(cell);
        }
        cells.paint(plan, &self.fill);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::nodes;

    #[test]
    fn a_quarter_of_the_patches_stays() {
        let list = nodes(PatchDropout::config().keep(0.25).patch_px(10), (40, 60));
        let [Node::Region(region)] = list.as_slice() else { panic!("{list:?}") };
        let area: f64 = region
            .shapes
            .iter()
            .map(|(outline, _)| match outline {
                Outline::Rect(rect) => rect.area(),
                other => panic!("{other:?}"),
            })
            .sum();
        assert_eq!(area, 0.75 * 2400.0);
    }
}
