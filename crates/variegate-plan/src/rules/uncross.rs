//! Parts a resize from the transposition it was merged with.
//!
//! Upright scaling is separable and antialiased; with exchanged axes it would fall to the general gather. So an EXIF
//! quarter turn merged into a resized crop becomes: resize, then exchange rows and columns of the small result.

use variegate_picture::{Homography, Rect, Size};

use crate::map::Map;
use crate::node::{Node, Warp};

/// Whether a node scales with exchanged axes.
pub fn is_needed(node: &Node) -> bool {
    let Node::Warp(warp) = node else { return false };
    warp.map.homography().is_some_and(|h| {
        let m = h.0;
        h.is_affine() && !h.is_permutation() && m[0][0] == 0.0 && m[1][1] == 0.0
    })
}

/// Splits such a warp in two; other nodes stay as they are.
pub fn split(node: Node) -> Vec<Node> {
    if !is_needed(&node) {
        return vec![node];
    }
    let Node::Warp(warp) = node else { return vec![node] };
    let Some(h) = warp.map.homography() else { return vec![Node::Warp(warp)] };
    let m = h.0;
    let turned = Size::new(warp.to.width, warp.to.height);
    let upright = Map::Homography(Homography::affine(m[0][1], 0.0, m[0][2], 0.0, m[1][0], m[1][2]));
    let exchange = Map::Homography(Homography::affine(0.0, 1.0, 0.0, 1.0, 0.0, 0.0));
    let second = Warp { map: exchange, from: turned, window: Rect::of(turned), sealed: true, ..warp.clone() };
    vec![Node::Warp(Warp { map: upright, to: turned, sealed: true, ..warp }), Node::Warp(second)]
}
