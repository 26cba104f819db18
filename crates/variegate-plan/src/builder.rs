//! The pen operations write nodes with.
//!
//! It keeps the frame up to date, so that each operation sees the size its predecessor leaves.

use variegate_picture::{Channels, Filter, Frame, Homography, Size};

use crate::node::{ColorMatrix, Lut, Matrix, Node, Region, Warp};
use crate::plan::{Finish, Meaning, Plan};
use crate::tone::Tone;

/// Collects the nodes of one sample.
#[derive(Debug)]
pub struct Builder {
    input: Frame,
    frame: Frame,
    nodes: Vec<Node>,
    finish: Option<Finish>,
}

impl Builder {
    /// Starts with the frame of the picture as decoded.
    pub fn new(frame: Frame) -> Self {
        Self { input: frame, frame, nodes: Vec::with_capacity(16), finish: None }
    }

    /// The frame at this point.
    pub fn frame(&self) -> Frame {
        self.frame
    }

    /// The size at this point.
    pub fn size(&self) -> Size {
        self.frame.size
    }

    /// Adds a warp; its `from` must be the current size.
    pub fn warp(&mut self, warp: Warp) {
        debug_assert_eq!(warp.from, self.frame.size);
        self.frame.size = warp.to;
        self.nodes.push(Node::Warp(warp));
    }

    /// Adds an exact movement of whole pixels.
    pub fn permute(&mut self, map: Homography, to: Size) {
        self.warp(Warp::new(map, self.frame.size, to).filter(Filter::Nearest));
    }

    /// Adds a function of single values.
    pub fn tone(&mut self, tone: Tone) {
        self.nodes.push(Node::Lut(Lut { tones: vec![tone] }));
    }

    /// Adds gain · v + offset for every colour channel, clamped.
    pub fn scale(&mut self, gain: f64, offset: f64) {
        self.matrix(ColorMatrix {
            matrix: Matrix::Scale { gain: Channels::All(gain), offset: Channels::All(offset) },
            mean: None,
            clamp: true,
        });
    }

    /// Adds a colour matrix.
    pub fn matrix(&mut self, matrix: ColorMatrix) {
        self.nodes.push(Node::ColorMatrix(matrix));
    }

    /// Adds filled shapes.
    pub fn region(&mut self, region: Region) {
        self.nodes.push(Node::Region(region));
    }

    /// Adds any other node that keeps the size.
    pub fn push(&mut self, node: Node) {
        debug_assert!(!matches!(node, Node::Warp(_)), "warps change the frame: use warp()");
        self.nodes.push(node);
    }

    /// Sets the normalisation of the final write.
    pub fn finish(&mut self, finish: Finish) {
        self.finish = Some(finish);
    }

    /// Runs the passes and closes the plan.
    pub fn into_plan(self, meaning: Meaning) -> Plan {
        Plan::new(self.input, self.frame, self.nodes, self.finish, meaning)
    }
}
