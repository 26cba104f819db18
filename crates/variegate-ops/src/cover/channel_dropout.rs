//! Channel dropout: whole channels painted over.

use crate::prelude::*;

params! {
    /// Fills whole channels with one value.
    ///
    /// Any channels are equally likely; at least one always stays, so that grey pictures do. Alpha is no such channel.
    /// Masks, boxes and points stay.
    pub struct ChannelDropout("channel_dropout", "cover", aliases: ["RandomChannelDropout", "Dropout2d"]) {
        /// How many channels.
        count: i64 = integer(0, 1024).usual(1.0, 1.0).neutral(0.0);
        /// What they are filled with, 0 black to 1 white.
        fill: Channels = colour(0.0);
        /// Which ones.
        chosen: FieldKey = key();
    }
}

impl Op for ChannelDropout {
    fn lower(&self, plan: &mut Builder) {
        let frame = plan.frame();
        let colours = if frame.channels == 4 { 3 } else { frame.channels };
        let count = (self.count as usize).min(colours - 1);
        if count == 0 {
            return;
        }
        let (mut gain, mut offset) = (vec![1.0; frame.channels], vec![0.0; frame.channels]);
        for c in Numbers::new(self.chosen).choose(count, colours) {
            (gain[c], offset[c]) = (0.0, self.fill.get(c));
        }
        let matrix = Matrix::Scale { gain: Channels::Each(gain), offset: Channels::Each(offset) };
        plan.matrix(ColorMatrix { matrix, mean: None, clamp: false });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{colour, nodes, nodes_of};

    #[test]
    fn one_of_three_channels_is_gone() {
        let list = nodes(ChannelDropout::config().fill(0.125), (4, 4));
        let out = colour(&list, [0.5, 0.6, 0.7]);
        assert_eq!(out.iter().filter(|v| **v == 0.125).count(), 1, "{out:?}");
        assert_eq!(out.iter().zip([0.5, 0.6, 0.7]).filter(|(a, b)| **a == *b).count(), 2, "{out:?}");
    }

    #[test]
    fn the_last_channel_and_alpha_stay() {
        assert!(nodes_of(ChannelDropout::config().count(9), Frame::new(4, 4, 1)).is_empty());
        let list = nodes_of(ChannelDropout::config().count(9), Frame::new(4, 4, 4));
        let [Node::ColorMatrix(ColorMatrix { matrix: Matrix::Scale { gain, .. }, .. })] = list.as_slice() else {
            panic!("{list:?}")
        };
        let kept: f64 = (0..3).map(|c| gain.get(c)).sum();
        assert_eq!((kept, gain.get(3)), (1.0, 1.0));
    }
}
