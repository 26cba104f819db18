//! Equalize: as many pixels dark as light.

use variegate_plan::Measure;

use crate::prelude::*;

params! {
    /// Flattens the histogram of each channel.
    ///
    /// Every value becomes the share of pixels below it, from a histogram of 256 values. `pillow` is
    /// `PIL.ImageOps.equalize`: a step of (pixels − those of the last value) / 255, halved for the first value, whole numbers
    /// throughout. `opencv` is `cv2.equalizeHist`: pixels up to the value, those of the first one left out, over all but
    /// those, rounded. A channel of one value stays.
    pub struct Equalize("equalize", "colour", aliases: [
        "Equalization", "RandomEqualize", "HistogramEqualization", "AllChannelsHistogramEqualization", "equalise"
    ]) {
        /// Whose arithmetic.
        formula: &'static str = word(&["pillow", "opencv"], "pillow");
    }
}

impl Op for Equalize {
    fn lower(&self, plan: &mut Builder) {
        plan.tone(Tone::Measured(if self.formula == "opencv" { Measure::EqualizeRounded } else { Measure::Equalize }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::nodes;
    use variegate_plan::Histogram;

    fn flattened(formula: &'static str, heap: u64, codes: [f64; 3]) -> [f64; 3] {
        let list = nodes(Equalize::config().formula(formula), (4, 4));
        let [Node::Lut(lut)] = list.as_slice() else { panic!("{list:?}") };
        // As many pixels each of three neighbouring values.
        let mut bins = [0; 256];
        bins[100..103].fill(heap);
        let tone = lut.tones[0].resolve(&Histogram(vec![bins]));
        codes.map(|v| tone.apply(v / 255.0, 0, Some(255.0)) * 255.0)
    }

    #[test]
    fn three_equal_heaps_are_spread_over_the_range() {
        for formula in ["pillow", "opencv"] {
            assert_eq!(flattened(formula, 510, [100.0, 101.0, 102.0]), [0.0, 128.0, 255.0], "{formula}");
        }
    }

    #[test]
    fn a_few_pixels_are_too_few_for_pillow_alone() {
        assert_eq!(flattened("pillow", 3, [100.0, 101.0, 102.0]), [100.0, 101.0, 102.0]);
        assert_eq!(flattened("opencv", 3, [100.0, 101.0, 102.0]), [0.0, 128.0, 255.0]);
    }
}
