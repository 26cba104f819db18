//! Makes one Gaussian of two with the same symmetric border: variances add.
//!
//! A picture continued by `reflect`, `mirror` or `wrap` is still continued that way after a symmetric blur, so the second
//! blur sees what it would have seen on the whole plane. After `edge` or `constant` it does not: merging those was 1.5
//! levels off at the rim.

use variegate_picture::Border;

use super::Rewrite;
use crate::node::{Node, Stencil, StencilKind};

/// Merges two neighbouring Gaussians.
pub fn rewrite(first: &Node, second: &Node) -> Option<Rewrite> {
    let (Node::Stencil(a), Node::Stencil(b)) = (first, second) else { return None };
    let (StencilKind::Gaussian { x: ax, y: ay }, StencilKind::Gaussian { x: bx, y: by }) = (&a.kind, &b.kind) else {
        return None;
    };
    // Sampled kernels below σ = 0.8 are too coarse for their variances to add within one level of 255.
    let symmetric = matches!(a.border, Border::Reflect | Border::Mirror | Border::Wrap);
    if !symmetric || a.border != b.border || [ax, ay, bx, by].iter().any(|s| **s < 0.8) {
        return None;
    }
    let kind = StencilKind::Gaussian { x: libm::hypot(*ax, *bx), y: libm::hypot(*ay, *by) };
    Some(Rewrite::Merge(Node::Stencil(Stencil { kind, border: a.border })))
}
