//! Sepia: the brown of old photographs.

use crate::prelude::*;

/// Red, green and blue of the sepia picture, from red, green and blue (the matrix of the CSS filter `sepia()`).
const ROWS: [[f64; 3]; 3] = [[0.393, 0.769, 0.189], [0.349, 0.686, 0.168], [0.272, 0.534, 0.131]];

params! {
    /// Turns colours into the brown of old photographs.
    ///
    /// out = v + strength · (M v − v), cut at white, with the rows 0.393 0.769 0.189, 0.349 0.686 0.168 and
    /// 0.272 0.534 0.131 of W3C's Filter Effects, which are Albumentations' ToSepia too. Pictures without colour stay as they
    /// are.
    pub struct Sepia("sepia", "colour", aliases: ["ToSepia", "RandomSepia"]) {
        /// How much of the sepia picture, 0 nothing to 1 all of it.
        strength: f64 = real(0.0, 1.0).usual(0.5, 1.0).neutral(0.0);
    }
}

impl Op for Sepia {
    fn lower(&self, plan: &mut Builder) {
        if !plan.frame().has_colour() {
            return;
        }
        let s = self.strength;
        let entry = |r: usize, c: usize| match c {
            3 => 0.0,
            _ if c == r => 1.0 + s * (ROWS[r][c] - 1.0),
            _ => s * ROWS[r][c],
        };
        let rows = std::array::from_fn(|r| std::array::from_fn(|c| entry(r, c)));
        plan.matrix(ColorMatrix { matrix: Matrix::Mix(rows), mean: None, clamp: true });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{colour, nodes, nodes_of};

    #[test]
    fn green_becomes_brown_by_its_share() {
        assert_eq!(colour(&nodes(Sepia::config().strength(1.0), (4, 4)), [0.0, 1.0, 0.0]), [0.769, 0.686, 0.534]);
        let half = colour(&nodes(Sepia::config().strength(0.5), (4, 4)), [0.0, 1.0, 0.0]);
        for (v, expected) in half.into_iter().zip([0.3845, 0.843, 0.267]) {
            assert!((v - expected).abs() < 1e-12);
        }
    }

    #[test]
    fn a_grey_picture_has_no_colour_to_turn() {
        assert!(nodes_of(Sepia::config(), Frame::new(4, 4, 1)).is_empty());
    }
}
