//! Brightness: darker or brighter.

use crate::prelude::*;

params! {
    /// Multiplies all values.
    ///
    /// out = factor · v, cut at black and white: `PIL.ImageEnhance.Brightness` and torchvision's `adjust_brightness`.
    pub struct Brightness("brightness", "colour", aliases: [
        "RandomBrightness", "MultiplyBrightness", "RandomBrightnessContrast", "EnhanceBrightness", "adjust_brightness"
    ]) {
        /// What values are multiplied by; one number f means from 1 − f to 1 + f.
        factor: f64 = real(0.0, 10.0).jitter(Jitter::AroundOne).usual(0.6, 1.4).neutral(1.0);
    }
}

impl Op for Brightness {
    fn lower(&self, plan: &mut Builder) {
        plan.scale(self.factor, 0.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{colour, nodes};

    #[test]
    fn twice_as_bright_is_twice_the_value() {
        let list = nodes(Brightness::config().factor(2.0), (4, 4));
        assert_eq!(colour(&list, [0.1, 0.2, 0.9]), [0.2, 0.4, 1.0]);
    }
}
