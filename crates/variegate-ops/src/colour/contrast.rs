//! Contrast: farther from or nearer to a middle value.

use crate::prelude::*;

params! {
    /// Moves all values away from a middle, or towards it.
    ///
    /// out = m + factor · (v − m), cut at black and white. m is the mean luma of the picture (`mean`, as Pillow and
    /// torchvision), half of white (`middle`), or each channel's own mean (`channel_mean`, as Keras).
    pub struct Contrast("contrast", "colour", aliases: [
        "RandomContrast", "LinearContrast", "EnhanceContrast", "adjust_contrast"
    ]) {
        /// What distances from the middle are multiplied by; one number f means from 1 − f to 1 + f.
        factor: f64 = real(0.0, 10.0).jitter(Jitter::AroundOne).usual(0.6, 1.4).neutral(1.0);
        /// The value that stays.
        around: &'static str = word(&["mean", "middle", "channel_mean"], "mean");
    }
}

impl Op for Contrast {
    fn lower(&self, plan: &mut Builder) {
        let share = 1.0 - self.factor;
        let mean = match self.around {
            "middle" => return plan.scale(self.factor, 0.5 * share),
            "channel_mean" => Measured::EachChannel,
            _ => Measured::Luma,
        };
        let matrix = Matrix::Scale { gain: Channels::All(self.factor), offset: Channels::All(0.0) };
        plan.matrix(ColorMatrix { matrix, mean: Some((mean, share)), clamp: true });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{colour, nodes};

    #[test]
    fn the_middle_stays_and_the_rest_moves_away() {
        let list = nodes(Contrast::config().factor(2.0).around("middle"), (4, 4));
        assert_eq!(colour(&list, [0.5, 0.25, 0.9]), [0.5, 0.0, 1.0]);
    }

    #[test]
    fn without_contrast_only_the_mean_is_left() {
        let list = nodes(Contrast::config().factor(0.0), (4, 4));
        let [Node::ColorMatrix(m)] = list.as_slice() else { panic!("{list:?}") };
        assert_eq!(m.mean, Some((Measured::Luma, 1.0)));
        assert_eq!(colour(&list, [0.3, 0.6, 0.9]), [0.0; 3]);
    }
}
