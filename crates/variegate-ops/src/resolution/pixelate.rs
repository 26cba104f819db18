//! Pixelate: blocks of one colour.

use super::resolution_downscale::pass_through;
use crate::prelude::*;

params! {
    /// Replaces square blocks by their mean colour.
    ///
    /// Each axis is divided into round(length / block) equal parts, at least one: a shrink by a box filter, enlarged by the
    /// nearest value (Hendrycks and Dietterich, "Benchmarking Neural Network Robustness to Common Corruptions", ICLR 2019,
    /// go through 0.6, 0.5, 0.4, 0.3 and 0.25 of the size). Masks, boxes and points stay as they are.
    pub struct Pixelate("pixelate", "resolution", aliases: [
        "Pixelization", "RandomPixelization", "AveragePooling", "Superpixels(square)"
    ]) {
        /// Side of a block, as a fraction of the shorter side.
        fraction: f64 = real(0.0, 1.0).usual(0.01, 0.08).neutral(0.0).unit("of the shorter side");
    }
}

impl Op for Pixelate {
    fn lower(&self, plan: &mut Builder) {
        let size = plan.size();
        let block = self.fraction * size.shorter() as f64;
        if block < 1.0 {
            return;
        }
        let cells = |length: usize| ((length as f64 / block).round() as usize).clamp(1, length);
        pass_through(plan, Size::new(cells(size.height), cells(size.width)), Filter::Box, Filter::Nearest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{nodes, plan_of};
    use variegate_picture::{Picture, Pixels};
    use variegate_plan::{NoServices, reference};

    #[test]
    fn a_block_has_the_mean_of_its_pixels() {
        let plan = plan_of(Pixelate::config().fraction(0.5), Frame::new(4, 8, 1));
        let values = (0..32).map(|k| f32::from(k as u8)).collect();
        let picture = Picture::new(Size::new(4, 8), 1, Pixels::F32(values)).expect("32 values");
        let out = reference::run(&plan, picture.view(), 31.0, &NoServices).expect("two resamplings");
        // The top left block holds 0, 1, 8 and 9; the one at the bottom right 22, 23, 30 and 31.
        for (at, mean) in [(0, 4.5), (1, 4.5), (9, 4.5), (31, 26.5), (22, 26.5)] {
            assert!((out.values[at] * 31.0 - mean).abs() < 1e-4, "{} at {at}", out.values[at] * 31.0);
        }
    }

    #[test]
    fn a_block_of_one_pixel_is_nothing() {
        assert!(nodes(Pixelate::config().fraction(0.024), (40, 60)).is_empty());
        let list = nodes(Pixelate::config().fraction(1.0), (40, 60));
        let [Node::Warp(down), _] = list.as_slice() else { panic!("{list:?}") };
        assert_eq!(down.to, Size::new(1, 2));
    }
}
