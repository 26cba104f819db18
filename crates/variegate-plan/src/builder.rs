//! The pen operations write nodes with.
//!
//! It keeps the frame up to date, so that each operation sees the size its predecessor leaves.

use std::sync::Arc;

use variegate_picture::{Channels, Filter, Frame, Homography, Rect, Size};

use crate::attached::{self, Attached};
use crate::node::{Branch, Branches, ColorMatrix, Lut, Matrix, Node, Region, Selected, Warp};
use crate::plan::{Finish, Meaning, Plan};
use crate::stack::{Extent, Solid, Stack};
use crate::tone::Tone;

/// Collects the nodes of one sample.
#[derive(Debug)]
pub struct Builder {
    input: Frame,
    frame: Frame,
    depth: Option<usize>,
    nodes: Vec<Node>,
    finish: Option<Finish>,
    attached: Option<Seen>,
}

/// What is attached, and where: to a picture of a size, before the node of an index.
#[derive(Debug)]
struct Seen {
    attached: Attached,
    size: Size,
    since: usize,
}

impl Builder {
    /// Starts with the frame of the picture as decoded.
    pub fn new(frame: Frame) -> Self {
        Self { input: frame, frame, depth: None, nodes: Vec::with_capacity(16), finish: None, attached: None }
    }

    /// Starts with a volume of so many slices, or a clip of so many frames, each of this frame.
    pub fn of_stack(frame: Frame, depth: usize) -> Self {
        Self { depth: Some(depth), ..Self::new(frame) }
    }

    /// The frame of the picture as it came.
    pub fn input(&self) -> Frame {
        self.input
    }

    /// The frame at this point.
    pub fn frame(&self) -> Frame {
        self.frame
    }

    /// The size at this point.
    pub fn size(&self) -> Size {
        self.frame.size
    }

    /// Says what is attached to the picture as it is at this point.
    pub fn attach(&mut self, attached: &Attached) {
        if !attached.is_empty() {
            let (size, since) = (self.frame.size, self.nodes.len());
            self.attached = Some(Seen { attached: attached.clone(), size, since });
        }
    }

    /// The boxes at this point, cut at the frame; those that left it are gone. Turned ones have grown to upright
    /// rectangles.
    pub fn boxes(&self) -> Vec<Rect> {
        self.attached.as_ref().map_or_else(Vec::new, |seen| self.moved(seen, &seen.attached.boxes))
    }

    /// The rectangle around what masks mark at this point, cut at the frame; none where nothing is marked or known.
    pub fn marked(&self) -> Option<Rect> {
        let seen = self.attached.as_ref()?;
        self.moved(seen, &[seen.attached.marked?]).first().copied()
    }

    fn moved(&self, seen: &Seen, rects: &[Rect]) -> Vec<Rect> {
        attached::moved(rects, &self.nodes[seen.since..], seen.size, self.frame.size)
    }

    /// The slices or frames at this point; none for a picture.
    pub fn depth(&self) -> Option<usize> {
        self.depth
    }

    /// Slices, rows and columns at this point, a picture being one slice.
    pub fn extent(&self) -> Extent {
        Extent::new(self.depth.unwrap_or(1), self.frame.size.height, self.frame.size.width)
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

    /// Adds an algorithm on a whole stack, which leaves it of extent `to`. In a plan for a picture it is refused when the
    /// plan runs.
    pub fn stack(&mut self, solid: impl Solid + 'static, to: Extent) {
        self.nodes.push(Node::Stack(Stack { from: self.extent(), to, solid: Arc::new(solid) }));
        self.frame.size = to.size();
        self.depth = self.depth.map(|_| to.depth);
    }

    /// Whether an algorithm on a whole stack stands among the nodes.
    pub fn has_stacks(&self) -> bool {
        self.nodes.iter().any(|node| matches!(node, Node::Stack(_)))
    }

    /// Adds filled shapes.
    pub fn region(&mut self, region: Region) {
        self.nodes.push(Node::Region(region));
    }

    /// A pen for a branch of the picture at this point, with nothing attached.
    pub fn branch(&self) -> Builder {
        Self::new(self.frame)
    }

    /// Adds a weighted sum of what branches make of the picture, each with its share; it keeps the rest itself.
    pub fn branches(&mut self, of: impl IntoIterator<Item = (f64, Builder)>) {
        let of = of.into_iter().map(|(share, branch)| {
            debug_assert_eq!(branch.frame, self.frame);
            Branch { share, nodes: branch.nodes }
        });
        let of = of.collect();
        self.nodes.push(Node::Branches(Branches { of }));
    }

    /// Adds what `write` makes of some channels, as a picture of their own with nothing attached; the others stay. Numbers
    /// that the frame has no channel for are passed over.
    pub fn select(&mut self, channels: &[usize], write: impl FnOnce(&mut Builder)) {
        let channels: Vec<usize> = channels.iter().copied().filter(|c| *c < self.frame.channels).collect();
        if channels.is_empty() {
            return;
        }
        let mut inner = Self::new(Frame { channels: channels.len(), ..self.frame });
        write(&mut inner);
        debug_assert_eq!(inner.frame.size, self.frame.size, "channels of a picture move together");
        self.nodes.push(Node::Selected(Selected { channels, nodes: inner.nodes }));
    }

    /// Adds any other node that keeps the size.
    pub fn push(&mut self, node: Node) {
        debug_assert!(!matches!(node, Node::Warp(_) | Node::Stack(_)), "it changes the frame: use warp() or stack()");
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_and_marks_go_with_the_warps_and_are_cut_at_the_frame() {
        let mut plan = Builder::new(Frame::new(10, 20, 3));
        let (near, far) = (Rect::new(12.0, 2.0, 18.0, 8.0), Rect::new(1.0, 1.0, 4.0, 4.0));
        plan.attach(&Attached { boxes: vec![near, far], marked: Some(near) });
        plan.warp(Warp::new(Homography::translate(8.0, 4.0), Size::new(10, 20), Size::new(5, 8)).hiding());
        let left = Rect::new(4.0, 0.0, 8.0, 4.0);
        assert_eq!((plan.boxes(), plan.marked()), (vec![left], Some(left)));
        assert!(Builder::new(Frame::new(4, 4, 3)).boxes().is_empty());
    }
}
