//! Drops nodes that do nothing.

use crate::node::{Matrix, Node, StencilKind};

/// Whether the node changes no picture at all.
pub fn is_idle(node: &Node) -> bool {
    match node {
        Node::Warp(warp) => warp.is_identity(),
        Node::Lut(lut) => lut.tones.is_empty(),
        Node::ColorMatrix(m) => match (&m.matrix, m.mean) {
            (_, Some((_, share))) if share != 0.0 => false,
            (Matrix::Scale { gain, offset }, _) => gain.every(|v| v == 1.0) && offset.every(|v| v == 0.0),
            (Matrix::Mix(rows), _) => rows
                .iter()
                .enumerate()
                .all(|(r, row)| row.iter().enumerate().all(|(c, v)| *v == f64::from(u8::from(r == c)))),
        },
        Node::Hsv(hsv) => hsv.hue.fract() == 0.0 && hsv.saturation == 1.0 && hsv.value == 1.0,
        Node::Stencil(stencil) => match stencil.kind {
            StencilKind::Gaussian { x, y } => x <= 0.0 && y <= 0.0,
            StencilKind::Box { side } => side <= 1,
            StencilKind::Kernel { .. } | StencilKind::Rank { .. } => false,
        },
        Node::Noise(noise) => noise.sigma == 0.0 && noise.mean == 0.0,
        Node::Region(region) => region.shapes.is_empty(),
        Node::Blend(blend) => blend.opacity == 0.0,
        Node::Mix(mix) => mix.weight == 1.0 && mix.shapes.is_empty() && mix.mask.is_none() && mix.sought.is_none(),
        Node::Branches(branches) => branches.of.iter().all(|b| b.share == 0.0 || b.nodes.iter().all(is_idle)),
        Node::Selected(selected) => selected.nodes.iter().all(is_idle),
        Node::Codec(_) | Node::Opaque(_) | Node::Stack(_) => false,
    }
}
