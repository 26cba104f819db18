//! Marks a general warp that would skip source pixels: an upright, antialiased shrink then rides in its pass.
//!
//! A gather reads a fixed neighbourhood, so beyond a footprint of 1.5 source pixels it would alias. With the shrink on
//! the way it works near scale one. Below 1.5 the aliasing of a bilinear kernel is mild and the shrink costs more than
//! it gives. A gather with a widened kernel was the alternative: at a footprint of 2 it needs 16 taps or more for each
//! pixel, four to five times the cost of the shrink.

use variegate_picture::{Filter, Size};

use crate::node::{Node, Shrink, Warp};

const LIMIT: f64 = 1.5;

/// The same node, marked where it needs a shrink.
pub fn mark(node: Node) -> Node {
    match node {
        Node::Warp(warp) => {
            let shrink = size(&warp).map(|size| Shrink { size, over: warp.window });
            Node::Warp(Warp { sealed: warp.sealed || shrink.is_some(), shrink, ..warp })
        }
        other => other,
    }
}

/// What the window is shrunk to. Only the window is, so that nothing beyond it bleeds in.
fn size(warp: &Warp) -> Option<Size> {
    let upright = warp.map.homography().is_some_and(|h| h.is_axis_aligned() || h.is_permutation());
    if warp.sealed || !warp.antialias || upright || warp.filter == Filter::Nearest {
        return None;
    }
    let (x, y) = warp.footprint();
    let factor = |f: f64| if f.is_finite() && f > LIMIT { f } else { 1.0 };
    let (fx, fy) = (factor(x), factor(y));
    let w = warp.window;
    let side = |length: f64, f: f64| (length / f).ceil().max(1.0) as usize;
    (fx > 1.0 || fy > 1.0).then(|| Size::new(side(w.y1 - w.y0, fy), side(w.x1 - w.x0, fx)))
}
