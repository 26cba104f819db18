//! A finished plan: what will happen to one sample, and in how many passes over its pixels.

use variegate_picture::{Channels, Frame, Size};

use crate::node::{Node, Opaque};
use crate::passes;
use crate::route::Route;
use crate::stack::Stack;

/// Normalisation in the final write: out = v · gain + offset, v in units of white.
#[derive(Clone, Debug, PartialEq)]
pub struct Finish {
    /// Factor of each output channel.
    pub gain: Channels,
    /// Addend of each output channel.
    pub offset: Channels,
    /// The input channel of each of the first three output channels, where they change places (RGB to BGR).
    pub order: Option<[usize; 3]>,
}

/// What neighbouring nodes mean together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Meaning {
    /// Neighbouring warps are one resampling of a picture that is a function on the plane. The default.
    Continuous,
    /// Every node works on the pixels the one before it left: no sliding, no merging.
    Exact,
}

/// What happens to one sample.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The frame of the picture as decoded.
    pub input: Frame,
    /// The frame of the result.
    pub output: Frame,
    /// The nodes after the passes.
    pub nodes: Vec<Node>,
    /// The nodes as the operations wrote them.
    pub written: Vec<Node>,
    /// Normalisation of the final write, if any.
    pub finish: Option<Finish>,
    /// How it was fused.
    pub meaning: Meaning,
}

/// Where a pass gets its pixels from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// As they lie in the picture before it.
    Straight,
    /// From the node of this index, which reads afar.
    Node(usize),
}

/// One sweep over pixels: read, pointwise nodes, write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pass {
    /// Where pixels come from.
    pub source: Source,
    /// The pointwise nodes, as a range of indices.
    pub pointwise: std::ops::Range<usize>,
    /// The index of a node that needs statistics of what this pass writes.
    pub measures: Option<usize>,
}

/// A part of a plan that all frames of a stack go through in one way.
#[derive(Clone, Debug)]
pub enum Section {
    /// Each frame by itself.
    Frames(Plan),
    /// All of them at once.
    Whole(Stack),
}

impl Plan {
    /// Fuses nodes according to a meaning.
    pub fn new(input: Frame, output: Frame, written: Vec<Node>, finish: Option<Finish>, meaning: Meaning) -> Self {
        let nodes = passes::run(written.clone(), meaning);
        Self { input, output, nodes, written, finish, meaning }
    }

    /// The sweeps over pixels; the last one writes the result.
    pub fn passes(&self) -> Vec<Pass> {
        let mut passes = Vec::new();
        self.passes_into(&mut passes);
        passes
    }

    /// The same into a list that is used again.
    pub fn passes_into(&self, passes: &mut Vec<Pass>) {
        passes.clear();
        segment(&self.nodes, passes);
    }

    /// The geometry that boxes, points and masks follow.
    pub fn route(&self) -> Route {
        Route::of(&self.written, self.input.size, self.output.size)
    }

    /// What is mixed into the sample: the number each partner is chosen by, and its share of the label. The sample
    /// keeps the rest.
    pub fn mixed(&self) -> Vec<(u64, f64)> {
        let mut mixed = Vec::new();
        for node in &self.written {
            let (number, share) = match node {
                Node::Mix(mix) => (mix.partner, mix.share),
                // Its colours or textures are taken, never what it shows.
                Node::Opaque(Opaque { second: Some(second), .. }) if second.bank.is_none() => (second.number, 0.0),
                _ => continue,
            };
            // What was there before shrinks to the rest.
            mixed.iter_mut().for_each(|(_, earlier)| *earlier *= 1.0 - share);
            mixed.push((number, share));
        }
        mixed
    }

    /// The nodes that see a whole stack, in order.
    pub fn stacks(&self) -> impl Iterator<Item = &Stack> {
        self.nodes.iter().filter_map(|node| match node {
            Node::Stack(stack) => Some(stack),
            _ => None,
        })
    }

    /// The plan cut at the nodes that see a whole stack: what stands before, between and after them goes over each frame,
    /// and stands here even where it is nothing.
    pub fn sections(&self) -> Vec<Section> {
        let is_stack = |node: &Node| matches!(node, Node::Stack(_));
        let mut stacks = self.stacks();
        let mut input = self.input;
        let mut sections = Vec::new();
        for (nodes, written) in self.nodes.split(is_stack).zip(self.written.split(is_stack)) {
            let stack = stacks.next();
            let output = Frame { size: left_by(nodes, input.size), ..input };
            let finish = if stack.is_none() { self.finish.clone() } else { None };
            let (nodes, written) = (nodes.to_vec(), written.to_vec());
            sections.push(Section::Frames(Plan { input, output, nodes, written, finish, meaning: self.meaning }));
            if let Some(stack) = stack {
                input.size = stack.to.size();
                sections.push(Section::Whole(stack.clone()));
            }
        }
        sections
    }

    /// Whether it does nothing to a picture.
    pub fn is_idle(&self) -> bool {
        self.nodes.is_empty() && self.finish.is_none()
    }

    /// Whether the final write normalises, so that values leave the range of their dtype.
    pub fn is_normalised(&self) -> bool {
        self.finish.is_some()
    }
}

/// The size that nodes leave of a picture.
fn left_by(nodes: &[Node], from: Size) -> Size {
    let last = nodes.iter().rev().find_map(|node| match node {
        Node::Warp(warp) => Some(warp.to),
        Node::Stack(stack) => Some(stack.to.size()),
        _ => None,
    });
    last.unwrap_or(from)
}

/// Cuts a list of nodes into sweeps.
fn segment(nodes: &[Node], passes: &mut Vec<Pass>) {
    let mut open = Pass { source: Source::Straight, pointwise: 0..0, measures: None };
    for (i, node) in nodes.iter().enumerate() {
        let untouched = passes.is_empty() && open.source == Source::Straight && open.pointwise.is_empty();
        if node.reads_afar() {
            if !untouched {
                passes.push(std::mem::replace(
                    &mut open,
                    Pass { source: Source::Straight, pointwise: i..i, measures: None },
                ));
            }
            open = Pass { source: Source::Node(i), pointwise: i + 1..i + 1, measures: None };
            continue;
        }
        if node.is_measured() {
            open.measures = Some(i);
            passes
                .push(std::mem::replace(&mut open, Pass { source: Source::Straight, pointwise: i..i, measures: None }));
        }
        open.pointwise.end = i + 1;
    }
    passes.push(open);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::builder::Builder;
    use crate::node::{ColorMatrix, Matrix, Measured, Mix, Warp};
    use crate::tone::Tone;
    use variegate_picture::{Homography, Rect, Size};

    fn contrast() -> ColorMatrix {
        ColorMatrix {
            matrix: Matrix::Scale { gain: Channels::All(1.2), offset: Channels::All(0.0) },
            mean: Some((Measured::Luma, -0.2)),
            clamp: true,
        }
    }

    #[test]
    fn a_warp_and_pointwise_nodes_are_one_pass() {
        let mut b = Builder::new(Frame::new(40, 60, 3));
        b.warp(Warp::new(Homography::rotate(10.0), Size::new(40, 60), Size::new(40, 60)));
        b.tone(Tone::Invert);
        b.scale(1.1, 0.0);
        assert_eq!(b.into_plan(Meaning::Continuous).passes().len(), 1);
    }

    #[test]
    fn a_measured_node_ends_the_pass_before_it() {
        let mut b = Builder::new(Frame::new(40, 60, 3));
        b.warp(Warp::new(Homography::rotate(10.0), Size::new(40, 60), Size::new(40, 60)));
        b.matrix(contrast());
        b.scale(1.1, 0.0);
        let passes = b.into_plan(Meaning::Continuous).passes();
        assert_eq!(passes.len(), 2);
        assert_eq!(passes[0].measures, Some(1));
        assert_eq!(passes[1].pointwise, 1..3);
    }

    #[derive(Debug)]
    struct Still;

    impl crate::stack::Solid for Still {
        fn name(&self) -> &'static str {
            "still"
        }

        fn values(&self, block: crate::Block, _: crate::Extent) -> crate::Block {
            block
        }
    }

    #[test]
    fn a_plan_is_cut_where_a_whole_stack_is_seen_and_nothing_crosses() {
        let mut b = Builder::of_stack(Frame::new(40, 60, 3), 5);
        b.tone(Tone::Invert);
        b.stack(Still, crate::Extent::new(5, 20, 30));
        b.tone(Tone::Invert);
        assert_eq!((b.depth(), b.size()), (Some(5), Size::new(20, 30)));
        let plan = b.into_plan(Meaning::Continuous);
        let sections = plan.sections();
        let [Section::Frames(before), Section::Whole(stack), Section::Frames(after)] = sections.as_slice() else {
            panic!("{sections:?}")
        };
        assert_eq!((before.nodes.len(), after.nodes.len()), (1, 1));
        assert_eq!((before.output.size, stack.to.size()), (Size::new(40, 60), after.input.size));
    }

    #[test]
    fn a_later_partner_takes_its_share_of_the_earlier_ones() {
        let mut b = Builder::new(Frame::new(4, 6, 3));
        b.push(Node::Mix(Mix::faded(7, 0.5)));
        b.push(Node::Mix(Mix::within(8, Rect::new(0.0, 0.0, 3.0, 2.0), Size::new(4, 6))));
        assert_eq!(b.into_plan(Meaning::Continuous).mixed(), [(7, 0.375), (8, 0.25)]);
    }

    #[test]
    fn a_measured_node_alone_measures_first() {
        let mut b = Builder::new(Frame::new(4, 6, 3));
        b.matrix(contrast());
        let passes = b.into_plan(Meaning::Continuous).passes();
        assert_eq!(passes.len(), 2);
        assert_eq!(passes[0], Pass { source: Source::Straight, pointwise: 0..0, measures: Some(0) });
    }
}
