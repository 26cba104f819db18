//! Quarter turn: a turn by a multiple of 90°.

use crate::prelude::*;

params! {
    /// Turns the picture by quarter turns.
    ///
    /// Counter-clockwise as seen; an odd number exchanges the lengths of the sides. Whole pixels move, none is mixed:
    /// exactly `numpy.rot90`.
    pub struct QuarterTurn("quarter_turn", "geometry", aliases: ["RandomRotate90", "RandomRotation90", "Rot90", "rotate90"]) {
        /// How many quarter turns, counter-clockwise as seen.
        turns: i64 = integer(0, 3).usual(0.0, 3.0).neutral(0.0).unit("quarter turns");
    }
}

impl Op for QuarterTurn {
    fn lower(&self, plan: &mut Builder) {
        let from = plan.size();
        let to = if self.turns % 2 == 0 { from } else { Size::new(from.width, from.height) };
        plan.permute(centred(Homography::rotate(90.0 * self.turns as f64), from, to), to);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{moved, nodes};

    #[test]
    fn one_turn_brings_the_top_right_to_the_top_left() {
        let at = |turns: i64| moved(QuarterTurn::config().turns(turns), (20, 31), (31.0, 0.0));
        assert_eq!(at(1), (0.0, 0.0));
        assert_eq!(at(2), (0.0, 20.0));
        assert_eq!(at(3), (20.0, 31.0));
    }

    #[test]
    fn odd_sides_stay_whole() {
        for turns in 1..4 {
            let list = nodes(QuarterTurn::config().turns(i64::from(turns)), (7, 4));
            let [Node::Warp(warp)] = list.as_slice() else { panic!("{list:?}") };
            assert!(warp.is_permutation() && warp.covers(), "{turns}");
        }
    }
}
