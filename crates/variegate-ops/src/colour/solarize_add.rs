//! Solarize add: the dark made lighter.

use crate::prelude::*;

params! {
    /// Adds a constant to what is darker than a threshold.
    ///
    /// v below the threshold becomes v + amount, kept between black and white; v from it on stays. AutoAugment's SolarizeAdd
    /// of the TPU code, timm and DALI adds up to 110 of 255 below 128.
    pub struct SolarizeAdd("solarize_add", "colour", aliases: ["SolarizationAddition", "solarise_add"]) {
        /// What is added.
        amount: f64 = real(-1.0, 1.0).usual(0.0, 0.43).neutral(0.0).unit("of white");
        /// Only below this value, 0 black to 1 white.
        threshold: f64 = real(0.0, 2.0).value(0.5);
    }
}

impl Op for SolarizeAdd {
    fn lower(&self, plan: &mut Builder) {
        let Self { amount, threshold } = *self;
        if amount != 0.0 {
            plan.tone(Tone::SolarizeAdd { threshold, amount });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{colour, nodes};

    #[test]
    fn the_dark_becomes_lighter_and_the_light_stays() {
        let list = nodes(SolarizeAdd::config().amount(0.25).threshold(0.5), (4, 4));
        assert_eq!(colour(&list, [0.125, 0.5, 0.75]), [0.375, 0.5, 0.75]);
    }

    #[test]
    fn a_sum_ends_at_white() {
        let list = nodes(SolarizeAdd::config().amount(0.75).threshold(2.0), (4, 4));
        assert_eq!(colour(&list, [0.125, 0.5, 1.0]), [0.875, 1.0, 1.0]);
    }
}
