//! Scale jitter: fitted into a size, then nearer or farther.

use crate::prelude::*;

params! {
    /// Scales the picture by a random multiple of what fits it into a size.
    ///
    /// The scale is factor · min(width / picture's width, height / picture's height); sides are rounded to whole pixels.
    /// The size of the result varies with the draw: `large_scale_jitter` also crops and pads to the size. Source: Ghiasi et
    /// al., "Simple Copy-Paste is a Strong Data Augmentation Method for Instance Segmentation", CVPR 2021.
    pub struct ScaleJitter("scale_jitter", "resolution", aliases: ["JitteredResize"]) {
        /// Height and width that a factor of 1 fits into, or one number for both.
        size: Size = size();
        /// Multiple of the scale that fits.
        factor: f64 = real(0.01, 10.0).usual(0.1, 2.0);
        /// How to read between pixels.
        filter: Filter = filter("bilinear");
        /// Whether shrinking averages all pixels under the footprint.
        antialias: bool = flag(true);
    }
}

impl Op for ScaleJitter {
    fn lower(&self, plan: &mut Builder) {
        let from = plan.size();
        let size = scaled(from, fitting(from, self.size) * self.factor);
        resize(plan, size, self.filter, self.antialias);
    }
}

/// The scale that fits a picture into a size.
pub fn fitting(picture: Size, size: Size) -> f64 {
    (size.width as f64 / picture.width as f64).min(size.height as f64 / picture.height as f64)
}

/// A size times a scale, in whole pixels.
pub fn scaled(size: Size, scale: f64) -> Size {
    let side = |length: usize| (length as f64 * scale).round().max(1.0) as usize;
    Size::new(side(size.height), side(size.width))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::nodes;

    #[test]
    fn a_factor_of_one_fits() {
        for (factor, to) in [(1.0, (50, 75)), (2.0, (100, 150)), (0.1, (5, 8))] {
            let list = nodes(ScaleJitter::config().size(Size::new(50, 100)).factor(factor), (40, 60));
            let [Node::Warp(warp)] = list.as_slice() else { panic!("{list:?}") };
            assert_eq!((warp.to.height, warp.to.width), to);
        }
    }
}
