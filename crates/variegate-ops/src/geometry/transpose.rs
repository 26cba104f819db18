//! Transpose: rows become columns.

use crate::prelude::*;

params! {
    /// Mirrors the picture in a diagonal, so that rows become columns.
    ///
    /// `main` is the diagonal from the top left, `anti` the one from the top right. The sides exchange their lengths. Whole
    /// pixels move, none is mixed: `main` is exactly `numpy.swapaxes(picture, 0, 1)` and `PIL.Image.Transpose.TRANSPOSE`,
    /// `anti` is `TRANSVERSE`.
    pub struct Transpose("transpose", "geometry", aliases: ["swapaxes", "Transverse"]) {
        /// The diagonal that stays in place.
        axis: &'static str = word(&["main", "anti"], "main");
    }
}

impl Op for Transpose {
    fn lower(&self, plan: &mut Builder) {
        let from = plan.size();
        let to = Size::new(from.width, from.height);
        let map = if self.axis == "anti" {
            Homography::affine(0.0, -1.0, from.width as f64, -1.0, 0.0, from.height as f64)
        } else {
            Homography::affine(0.0, 1.0, 0.0, 1.0, 0.0, 0.0)
        };
        plan.permute(map, to);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{moved, nodes};

    #[test]
    fn the_main_diagonal_exchanges_row_and_column() {
        assert_eq!(moved(Transpose::config(), (20, 30), (25.0, 3.0)), (3.0, 25.0));
    }

    #[test]
    fn the_anti_diagonal_keeps_the_top_right_corner() {
        let at = |x, y| moved(Transpose::config().axis("anti"), (20, 30), (x, y));
        assert_eq!(at(29.0, 1.0), (19.0, 1.0));
        assert_eq!(at(0.0, 0.0), (20.0, 30.0));
    }

    #[test]
    fn the_sides_exchange_their_lengths() {
        let list = nodes(Transpose::config(), (20, 30));
        let [Node::Warp(warp)] = list.as_slice() else { panic!("{list:?}") };
        assert_eq!(warp.to, Size::new(30, 20));
        assert!(warp.is_permutation() && warp.covers());
    }
}
