//! Resize longest: the longer side at a given length.

use super::resolution_scale_jitter::scaled;
use crate::prelude::*;

params! {
    /// Scales the picture until its longer side has a given length.
    ///
    /// Both sides are multiplied by length / longer side and rounded to whole pixels, at least 1.
    pub struct ResizeLongest("resize_longest", "resolution", aliases: ["LongestMaxSize"]) {
        /// The longer side of the result.
        length_px: i64 = integer(1, 16_384).value(256.0).unit("px");
        /// How to read between pixels.
        filter: Filter = filter("bilinear");
        /// Whether shrinking averages all pixels under the footprint.
        antialias: bool = flag(true);
    }
}

impl Op for ResizeLongest {
    fn lower(&self, plan: &mut Builder) {
        let from = plan.size();
        let size = scaled(from, self.length_px as f64 / from.height.max(from.width) as f64);
        resize(plan, size, self.filter, self.antialias);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::nodes;

    #[test]
    fn the_longer_side_has_the_length_and_the_other_follows() {
        for (from, to) in [((30, 40), (75, 100)), ((40, 30), (100, 75)), ((1, 1000), (1, 100)), ((200, 100), (100, 50))]
        {
            let list = nodes(ResizeLongest::config().length_px(100), from);
            let [Node::Warp(warp)] = list.as_slice() else { panic!("{list:?}") };
            assert_eq!((warp.to.height, warp.to.width), to);
            assert!(warp.covers() && !warp.hides);
        }
    }
}
