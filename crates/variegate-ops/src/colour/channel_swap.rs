//! Channel swap: red, green and blue in a given order.

use super::colour_channel_shuffle::reorder;
use crate::prelude::*;

params! {
    /// Puts red, green and blue into a given order.
    ///
    /// The letters name the input's channels that become red, green and blue: `bgr` exchanges red and blue, `rgb` is no
    /// change. Alpha stays, and so do pictures without colour.
    pub struct ChannelSwap("channel_swap", "colour", aliases: ["rgb_to_bgr", "bgr_to_rgb", "swap_channels"]) {
        /// The input's channels in their new order.
        order: &'static str = word(&["bgr", "brg", "gbr", "grb", "rbg", "rgb"], "bgr");
    }
}

impl Op for ChannelSwap {
    fn lower(&self, plan: &mut Builder) {
        let mut order = [0, 1, 2];
        for (to, letter) in order.iter_mut().zip(self.order.chars()) {
            *to = "rgb".find(letter).unwrap_or(*to);
        }
        reorder(plan, order);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{colour, nodes, nodes_of};

    #[test]
    fn the_letters_are_the_new_order() {
        let order = |order: &'static str| colour(&nodes(ChannelSwap::config().order(order), (4, 4)), [0.1, 0.2, 0.3]);
        assert_eq!(order("bgr"), [0.3, 0.2, 0.1]);
        assert_eq!(order("gbr"), [0.2, 0.3, 0.1]);
        assert_eq!(order("rgb"), [0.1, 0.2, 0.3]);
    }

    #[test]
    fn seven_channels_are_no_colours() {
        assert!(nodes_of(ChannelSwap::config(), Frame::new(4, 4, 7)).is_empty());
    }
}
