//! Channel shift: more or less of red, green and blue.

use crate::prelude::*;

params! {
    /// Adds a constant to red, green and blue, each its own.
    ///
    /// out = v + shift, cut at black and white: Albumentations' RGBShift, whose limits count levels of 255. Pictures without
    /// colour stay as they are.
    pub struct ChannelShift("channel_shift", "colour", aliases: [
        "RGBShift", "RandomRGBShift", "RandomChannelShift", "AddToChannels"
    ]) {
        /// What is added to red.
        red: f64 = real(-1.0, 1.0).usual(-0.08, 0.08).neutral(0.0).unit("of white");
        /// What is added to green.
        green: f64 = real(-1.0, 1.0).usual(-0.08, 0.08).neutral(0.0).unit("of white");
        /// What is added to blue.
        blue: f64 = real(-1.0, 1.0).usual(-0.08, 0.08).neutral(0.0).unit("of white");
    }
}

impl Op for ChannelShift {
    fn lower(&self, plan: &mut Builder) {
        if plan.frame().has_colour() {
            let offset = Channels::Each(vec![self.red, self.green, self.blue]);
            let matrix = Matrix::Scale { gain: Channels::All(1.0), offset };
            plan.matrix(ColorMatrix { matrix, mean: None, clamp: true });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{colour, nodes, nodes_of};

    #[test]
    fn each_channel_gains_its_own() {
        let list = nodes(ChannelShift::config().red(0.25).green(-0.5).blue(0.0), (4, 4));
        assert_eq!(colour(&list, [0.5, 0.25, 0.75]), [0.75, 0.0, 0.75]);
    }

    #[test]
    fn grey_has_no_red() {
        assert!(nodes_of(ChannelShift::config(), Frame::new(4, 4, 1)).is_empty());
    }
}
