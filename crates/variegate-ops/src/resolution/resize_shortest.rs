//! Resize shortest: the shorter side at a given length.

use super::resolution_scale_jitter::scaled;
use crate::prelude::*;

params! {
    /// Scales the picture until its shorter side has a given length.
    ///
    /// Both sides are multiplied by length / shorter side and rounded to whole pixels; where the longer side would grow
    /// beyond `longest_px`, the scale is longest / longer side instead, as in the recipes of detection.
    pub struct ResizeShortest("resize_shortest", "resolution", aliases: ["SmallestMaxSize", "RandomShortestSize"]) {
        /// The shorter side of the result.
        length_px: i64 = integer(1, 16_384).value(256.0).unit("px");
        /// The longest that the longer side may become.
        longest_px: i64 = integer(1, 16_384).value(16_384.0).unit("px");
        /// How to read between pixels.
        filter: Filter = filter("bilinear");
        /// Whether shrinking averages all pixels under the footprint.
        antialias: bool = flag(true);
    }
}

impl Op for ResizeShortest {
    fn lower(&self, plan: &mut Builder) {
        let from = plan.size();
        let longer = from.height.max(from.width) as f64;
        let scale = (self.length_px as f64 / from.shorter() as f64).min(self.longest_px as f64 / longer);
        resize(plan, scaled(from, scale), self.filter, self.antialias);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::nodes;

    #[test]
    fn the_shorter_side_has_the_length_unless_the_longer_would_be_too_long() {
        for (from, to) in [((30, 40), (75, 100)), ((40, 30), (100, 75)), ((10, 90), (13, 120)), ((150, 300), (60, 120))]
        {
            let list = nodes(ResizeShortest::config().length_px(75).longest_px(120), from);
            let [Node::Warp(warp)] = list.as_slice() else { panic!("{list:?}") };
            assert_eq!((warp.to.height, warp.to.width), to);
        }
    }
}
