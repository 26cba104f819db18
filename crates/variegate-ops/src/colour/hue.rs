//! Hue: other colours, as light and as strong.

use crate::prelude::*;

params! {
    /// Turns all hues around the colour circle.
    ///
    /// In the hexcone of hue, saturation and value (Smith 1978) the hue gains `turns`, full circles: a third makes red
    /// green. torchvision's `adjust_hue`, without its 8-bit hues. Pictures without colour stay as they are.
    pub struct Hue("hue", "colour", aliases: ["RandomHue", "AddToHue", "adjust_hue"]) {
        /// Turn of the colour circle; one number f means from −f to f.
        turns: f64 = real(-0.5, 0.5).jitter(Jitter::AroundZero).usual(-0.1, 0.1).neutral(0.0).unit("turns");
    }
}

impl Op for Hue {
    fn lower(&self, plan: &mut Builder) {
        if plan.frame().has_colour() {
            plan.push(Node::Hsv(Hsv { hue: self.turns, saturation: 1.0, value: 1.0 }));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{nodes, nodes_of};

    #[test]
    fn it_turns_the_hue_alone() {
        let list = nodes(Hue::config().turns(0.25), (4, 4));
        let [Node::Hsv(hsv)] = list.as_slice() else { panic!("{list:?}") };
        assert_eq!(*hsv, Hsv { hue: 0.25, saturation: 1.0, value: 1.0 });
    }

    #[test]
    fn a_grey_picture_has_no_hue() {
        assert!(nodes_of(Hue::config(), Frame::new(4, 4, 1)).is_empty());
    }
}
