//! Moves tables and matrices behind the warp that follows them, so that warps meet.
//!
//! True for tables and clamped matrices where the warp moves whole pixels and shows no border: it mixes nothing. True
//! for matrices that keep values between black and white by themselves where the warp shows no border and its weights
//! are not negative: they sum to one, a weighted mean of affine images is the affine image of the weighted mean, and
//! no value leaves the range in which an integer picture would cut it.

use variegate_picture::Filter;

use super::Rewrite;
use super::merge_matrices::is_idle;
use crate::node::Node;

/// Swaps a pointwise node with a warp after it, where that changes nothing.
pub fn rewrite(first: &Node, second: &Node) -> Option<Rewrite> {
    let Node::Warp(warp) = second else { return None };
    if !warp.covers() {
        return None;
    }
    let slides = match first {
        Node::Lut(_) | Node::Hsv(_) => warp.is_permutation() && !first.is_measured(),
        Node::ColorMatrix(matrix) => {
            let positive = matches!(
                warp.filter,
                Filter::Nearest | Filter::Box | Filter::Bilinear | Filter::Hamming | Filter::Gaussian
            );
            let stays = is_idle(matrix);
            matrix.mean.is_none() && ((stays && positive) || (warp.is_permutation() && (stays || matrix.clamp)))
        }
        _ => false,
    };
    slides.then_some(Rewrite::Swap)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::node::{ColorMatrix, Matrix, Warp};
    use variegate_picture::{Channels, Homography, Size};

    fn slides(gain: f64, clamp: bool, filter: Filter, shift: f64) -> bool {
        let scale = Matrix::Scale { gain: Channels::All(gain), offset: Channels::All(0.0) };
        let matrix = Node::ColorMatrix(ColorMatrix { matrix: scale, mean: None, clamp });
        let map = Homography::translate(shift, shift);
        let warp = Node::Warp(Warp::new(map, Size::new(20, 20), Size::new(10, 10)).filter(filter));
        rewrite(&matrix, &warp).is_some()
    }

    #[test]
    fn a_matrix_slides_only_where_nothing_is_cut() {
        assert!(slides(0.5, false, Filter::Bilinear, 1.5) && slides(0.5, true, Filter::Bilinear, 1.5));
        assert!(!slides(2.0, false, Filter::Bilinear, 1.5) && !slides(2.0, true, Filter::Bilinear, 1.5));
        assert!(!slides(0.5, false, Filter::Bicubic, 1.5), "bicubic weights may be negative");
        assert!(slides(2.0, true, Filter::Bicubic, 1.0) && !slides(2.0, false, Filter::Bicubic, 1.0));
    }
}
