//! The plan in words, before and after fusion.

use std::fmt::Write;

use variegate_picture::Filter;

use crate::map::{Map, Piece};
use crate::node::{Branch, Fill, Matrix, Measured, Node, StencilKind};
use crate::plan::{Plan, Source};

/// Explains a plan: the nodes as written, the nodes after fusion, and the passes over pixels.
pub fn explain(plan: &Plan) -> String {
    let mut text = String::new();
    let _ = writeln!(
        text,
        "{} × {} channels → {} × {} channels",
        plan.input.size, plan.input.channels, plan.output.size, plan.output.channels
    );
    let _ = writeln!(text, "written ({} nodes)", plan.written.len());
    for node in &plan.written {
        let _ = writeln!(text, "  {}", describe(node));
    }
    let passes = plan.passes();
    let _ = writeln!(
        text,
        "fused ({} nodes, {} {} over pixels)",
        plan.nodes.len(),
        passes.len(),
        if passes.len() == 1 { "pass" } else { "passes" }
    );
    for (k, pass) in passes.iter().enumerate() {
        let _ = writeln!(text, "  pass {}", k + 1);
        match pass.source {
            Source::Straight => {
                let _ = writeln!(text, "    read");
            }
            Source::Node(i) => {
                let _ = writeln!(text, "    {}", describe(&plan.nodes[i]));
            }
        }
        for node in &plan.nodes[pass.pointwise.clone()] {
            let _ = writeln!(text, "    {}", describe(node));
        }
        if let Some(i) = pass.measures {
            let _ = writeln!(text, "    measure for {}", plan.nodes[i].kind());
        }
        if k + 1 == passes.len() {
            let finish = if plan.is_normalised() { ", normalised" } else { "" };
            let _ = writeln!(text, "    final write{finish}");
        } else if pass.source != Source::Straight || !pass.pointwise.is_empty() {
            let _ = writeln!(text, "    write");
        }
    }
    text
}

/// One node in one line.
pub fn describe(node: &Node) -> String {
    let detail = match node {
        Node::Warp(w) => {
            let map = match &w.map {
                Map::Homography(h) if h.is_permutation() => "whole pixels".to_string(),
                Map::Homography(h) if h.is_axis_aligned() => format!("scale {:.3} × {:.3}", h.0[1][1], h.0[0][0]),
                Map::Homography(h) if h.is_affine() => "affine".to_string(),
                Map::Homography(_) => "perspective".to_string(),
                Map::Chain(pieces) => pieces
                    .iter()
                    .map(|piece| match piece {
                        Piece::Homography(_) => "homography".to_string(),
                        Piece::Field(_) => "field".to_string(),
                        Piece::Analytic(map) => map.name().to_string(),
                    })
                    .collect::<Vec<_>>()
                    .join(" · "),
            };
            let antialias = match w.shrink {
                Some(shrink) => format!(", antialiased by a shrink to {} on the way", shrink.size),
                None if w.antialias && w.filter != Filter::Nearest => ", antialiased".to_string(),
                None => String::new(),
            };
            format!("{map}, {} → {}, {}{antialias}, border {}", w.from, w.to, w.filter.name(), w.border.name())
        }
        Node::Lut(lut) => lut.tones.iter().map(crate::Tone::describe).collect::<Vec<_>>().join(", "),
        Node::ColorMatrix(m) => {
            let matrix = match &m.matrix {
                Matrix::Scale { .. } => "by channel",
                Matrix::Mix(_) => "3 × 4",
            };
            let mean = match m.mean {
                Some((Measured::Luma, share)) => format!(", {share:+.3} of mean luma"),
                Some((Measured::EachChannel, share)) => format!(", {share:+.3} of channel means"),
                None => String::new(),
            };
            format!("{matrix}{mean}{}", if m.clamp { ", clamped" } else { "" })
        }
        Node::Hsv(h) => format!("hue {:+.3} turns, saturation × {:.3}, value × {:.3}", h.hue, h.saturation, h.value),
        Node::Stencil(s) => match &s.kind {
            StencilKind::Gaussian { x, y } => format!("Gaussian σ {y:.3} × {x:.3}, border {}", s.border.name()),
            StencilKind::Box { side } => format!("mean of {side} × {side}, border {}", s.border.name()),
            StencilKind::Kernel { width, height, .. } => format!("kernel {height} × {width}"),
            StencilKind::Rank { size, rank } => format!("rank {rank} of {size} × {size}"),
        },
        Node::Noise(n) => format!("{:?}, σ {:.4}", n.kind, n.sigma).to_lowercase(),
        Node::Region(r) => {
            let noise = r.shapes.iter().filter(|(_, fill)| matches!(fill, Fill::Noise(_))).count();
            format!("{} shapes, {noise} of them filled with noise", r.shapes.len())
        }
        Node::Blend(b) => format!("{:?}, opacity {:.3}", b.mode, b.opacity).to_lowercase(),
        Node::Mix(m) => {
            let how = match (&m.mask, m.shapes.len()) {
                _ if m.sought.is_some() => "where what is sought of it lies".to_string(),
                (Some(_), _) => "where a mask is set".to_string(),
                (None, 0) => format!("faded in by {:.3}", 1.0 - m.weight),
                (None, n) => format!("in {n} shapes"),
            };
            format!("another sample {how}, {:.3} of the label", m.share)
        }
        Node::Branches(b) => {
            let each = |branch: &Branch| {
                let kinds: Vec<_> = branch.nodes.iter().map(Node::kind).collect();
                format!(", {:.3} of {}", branch.share, if kinds.is_empty() { "it".into() } else { kinds.join(" → ") })
            };
            format!("{:.3} of the picture{}", b.own(), b.of.iter().map(each).collect::<String>())
        }
        Node::Selected(s) => {
            let kinds: Vec<_> = s.nodes.iter().map(Node::kind).collect();
            format!("{} of the channels {:?}", kinds.join(" → "), s.channels)
        }
        Node::Codec(c) => format!("{:?}, quality {}", c.format, c.quality).to_lowercase(),
        Node::Opaque(o) => {
            let with = match o.second.as_ref().map(|second| &second.bank) {
                Some(None) => ", with another sample",
                Some(Some(_)) => ", with a picture of a bank",
                None => "",
            };
            format!("{}{with}: nothing is fused across it", o.name)
        }
        Node::Stack(s) => format!("{}, {} → {}: a whole volume or video at once", s.solid.name(), s.from, s.to),
    };
    format!("{}: {detail}", node.kind())
}
