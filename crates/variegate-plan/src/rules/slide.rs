//! Moves tables and matrices behind the warp that follows them, so that warps meet.
//!
//! True for tables where the warp moves whole pixels and shows no border: it mixes nothing. True for matrices
//! without clamp or mean where the warp shows no border: interpolation weights sum to one, and a weighted mean of
//! affine images is the affine image of the weighted mean.

use super::Rewrite;
use crate::node::Node;

/// Swaps a pointwise node with a warp after it, where that changes nothing.
pub fn rewrite(first: &Node, second: &Node) -> Option<Rewrite> {
    let Node::Warp(warp) = second else { return None };
    if !warp.covers() {
        return None;
    }
    let slides = match first {
        Node::Lut(_) | Node::Hsv(_) => warp.is_permutation() && !first.is_measured(),
        Node::ColorMatrix(matrix) => matrix.mean.is_none() && (!matrix.clamp || warp.is_permutation()),
        _ => false,
    };
    slides.then_some(Rewrite::Swap)
}
