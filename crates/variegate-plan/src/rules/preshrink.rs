//! Puts an upright shrinking before a general warp that would skip source pixels.
//!
//! A gather reads a fixed neighbourhood, so beyond a footprint of 1.5 source pixels it would alias. The upright
//! resize in front is antialiased; the gather then works near scale one. Below 1.5 the aliasing of a bilinear
//! kernel is mild and a second pass costs more than it gives.

use variegate_picture::{Homography, Rect, Size};

use crate::map::Map;
use crate::node::{Node, Warp};

const LIMIT: f64 = 1.5;

/// Whether a node is such a warp.
pub fn is_needed(node: &Node) -> bool {
    factors(node).is_some()
}

/// Splits such a warp in two; other nodes stay as they are.
pub fn split(node: Node) -> Vec<Node> {
    let Some((fx, fy)) = factors(&node) else { return vec![node] };
    let Node::Warp(warp) = node else { return vec![node] };
    // Only the window is shrunk, so that nothing beyond it bleeds in.
    let (w, h) = (warp.window.x1 - warp.window.x0, warp.window.y1 - warp.window.y0);
    let small = Size::new((h / fy).ceil().max(1.0) as usize, (w / fx).ceil().max(1.0) as usize);
    let (sx, sy) = (w / small.width as f64, h / small.height as f64);
    let to_source = Homography::translate(warp.window.x0, warp.window.y0).then_inside(Homography::scale(sx, sy));
    let Some(from_source) = to_source.inverse() else { return vec![Node::Warp(warp)] };
    let first = Warp { map: Map::Homography(to_source), to: small, hides: true, sealed: true, ..warp.clone() };
    let second = Warp {
        map: Map::Homography(from_source).after(&warp.map),
        from: small,
        window: Rect::of(small),
        sealed: true,
        ..warp
    };
    vec![Node::Warp(first), Node::Warp(second)]
}

fn factors(node: &Node) -> Option<(f64, f64)> {
    let Node::Warp(warp) = node else { return None };
    let upright = warp.map.homography().is_some_and(|h| h.is_axis_aligned() || h.is_permutation());
    if warp.sealed || !warp.antialias || upright || warp.filter == variegate_picture::Filter::Nearest {
        return None;
    }
    let (x, y) = warp.footprint();
    let factor = |f: f64| if f.is_finite() && f > LIMIT { f } else { 1.0 };
    let (fx, fy) = (factor(x), factor(y));
    (fx > 1.0 || fy > 1.0).then_some((fx, fy))
}
