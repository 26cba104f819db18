//! Copy-paste: instances of another sample.

use variegate_plan::Sought;

use crate::prelude::*;

params! {
    /// Pastes instances of another sample of the data set over this one, with their masks and boxes.
    ///
    /// Each instance of the partner is pasted with the chance `chance`, in its own place: by its pixels, where masks are of
    /// instances; by the pixels of its box that are not 0, where they are of classes; by its box, where there are no masks;
    /// and where there are masks of classes alone, each class but 0 counts as an instance. Masks are painted over, boxes follow
    /// what is still seen of them, and those of which less than the `min_visibility` of the pipeline or the loader is left are
    /// dropped. The partner is chosen by key and augmented as it stands before the mixing (jitter its scale there);
    /// pictures must have one size. Its label weighs the share of the pixels that are pasted. Needs a `Loader` over a source
    /// that knows masks or boxes. Source: Ghiasi et al., "Simple Copy-Paste", CVPR 2021.
    pub struct CopyPaste("copy_paste", "mix", aliases: ["SimpleCopyPaste", "RandomCopyPaste", "CopyPasteSegment"]) {
        /// Chance of each instance.
        chance: f64 = real(0.0, 1.0).usual(0.3, 1.0).value(0.5).neutral(0.0);
        /// Standard deviation of the Gaussian that softens the edges of what is pasted; masks and boxes have hard ones.
        edge_px: f64 = real(0.0, 64.0).usual(0.0, 2.0).value(0.0).unit("px");
        /// Which instances.
        choice: FieldKey = key();
        /// The other sample.
        partner: u64 = partner();
    }
}

impl Op for CopyPaste {
    fn lower(&self, plan: &mut Builder) {
        if self.chance > 0.0 {
            let sought = Sought::Instances { chance: self.chance, key: self.choice };
            plan.push(Node::Mix(Mix::seeking(self.partner, sought, self.edge_px)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::nodes;

    #[test]
    fn it_seeks_instances_and_shares_nothing_until_they_are_found() {
        let list = nodes(CopyPaste::config().chance(0.25).edge_px(1.5), (40, 60));
        let [Node::Mix(mix)] = list.as_slice() else { panic!("{list:?}") };
        let Some(Sought::Instances { chance, .. }) = mix.sought else { panic!("{mix:?}") };
        assert_eq!((chance, mix.edge_px, mix.share, mix.weight), (0.25, 1.5, 0.0, 1.0));
        assert!(nodes(CopyPaste::config().chance(0.0), (40, 60)).is_empty());
    }
}
