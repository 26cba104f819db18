//! Square symmetry: one of the eight ways to lay a square onto itself.

use crate::prelude::*;

params! {
    /// Turns and mirrors the picture by one of the eight symmetries of the square.
    ///
    /// 0 to 3 are quarter turns counter-clockwise as seen, 4 to 7 the same after left and right have changed places:
    /// `numpy.rot90(picture, k)` and `numpy.rot90(numpy.fliplr(picture), k - 4)`. Odd numbers exchange the lengths of the
    /// sides. Whole pixels move, none is mixed. The group is known as D4.
    pub struct SquareSymmetry("square_symmetry", "geometry", aliases: ["D4", "RandomD4", "dihedral"]) {
        /// Which of the eight: 0 to 3 quarter turns, 4 to 7 the same of the mirrored picture.
        symmetry: i64 = integer(0, 7).usual(0.0, 7.0).neutral(0.0);
    }
}

impl Op for SquareSymmetry {
    fn lower(&self, plan: &mut Builder) {
        if self.symmetry == 0 {
            return;
        }
        let from = plan.size();
        let turns = self.symmetry % 4;
        let to = if turns % 2 == 0 { from } else { Size::new(from.width, from.height) };
        let turn = centred(Homography::rotate(90.0 * turns as f64), from, to);
        let mirror = Homography::affine(-1.0, 0.0, from.width as f64, 0.0, 1.0, 0.0);
        plan.permute(if self.symmetry < 4 { turn } else { mirror.then_inside(turn) }, to);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{moved, nodes};

    #[test]
    fn the_eight_are_eight_places_of_one_point() {
        // In a square of 10 the point (1, 3) has eight images.
        let at = |k: i64| moved(SquareSymmetry::config().symmetry(k), (10, 10), (1.0, 3.0));
        let places = [1, 2, 3, 4, 5, 6, 7].map(at);
        assert_eq!(places, [(3.0, 9.0), (9.0, 7.0), (7.0, 1.0), (9.0, 3.0), (3.0, 1.0), (1.0, 7.0), (7.0, 9.0)]);
    }

    #[test]
    fn pixels_move_whole_and_odd_numbers_exchange_the_sides() {
        for k in 1i64..8 {
            let list = nodes(SquareSymmetry::config().symmetry(k), (3, 8));
            let [Node::Warp(warp)] = list.as_slice() else { panic!("{list:?}") };
            assert!(warp.is_permutation() && warp.covers(), "{k}");
            assert_eq!(warp.to == Size::new(8, 3), k % 2 == 1, "{k}");
        }
        assert!(nodes(SquareSymmetry::config().symmetry(0i64), (3, 8)).is_empty());
    }
}
