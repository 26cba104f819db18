//! Auto contrast: the whole range of values.

use variegate_plan::Measure;

use crate::prelude::*;

params! {
    /// Stretches each channel so that its darkest value is black and its lightest white.
    ///
    /// Of each channel's histogram of 256 values `cutoff` of the pixels are left out at either end; then
    /// out = (v − least) / (greatest − least), cut at black and white. A channel of one value stays. `PIL.ImageOps.autocontrast`,
    /// whose cutoff counts in percent and which cuts decimals off where this rounds.
    pub struct AutoContrast("auto_contrast", "colour", aliases: ["RandomAutocontrast", "Autocontrast"]) {
        /// Share of the pixels left out at either end.
        cutoff: f64 = real(0.0, 0.49).value(0.0).unit("fraction");
    }
}

impl Op for AutoContrast {
    fn lower(&self, plan: &mut Builder) {
        plan.tone(Tone::Measured(Measure::Stretch { cutoff: self.cutoff }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::nodes;
    use variegate_plan::Histogram;

    fn stretched(cutoff: f64, v: f64) -> f64 {
        let list = nodes(AutoContrast::config().cutoff(cutoff), (4, 4));
        let [Node::Lut(lut)] = list.as_slice() else { panic!("{list:?}") };
        // One pixel each of 0 and 255, and 49 each of 51 and 102.
        let mut bins = [0; 256];
        (bins[0], bins[51], bins[102], bins[255]) = (1, 49, 49, 1);
        lut.tones[0].resolve(&Histogram(vec![bins])).apply(v / 255.0, 0, Some(255.0)) * 255.0
    }

    #[test]
    fn without_cutoff_a_full_range_stays() {
        assert_eq!([0.0, 51.0, 102.0].map(|v| stretched(0.0, v)), [0.0, 51.0, 102.0]);
    }

    #[test]
    fn what_is_rare_is_cut() {
        assert_eq!([0.0, 51.0, 102.0].map(|v| stretched(0.02, v)), [0.0, 0.0, 255.0]);
    }
}
