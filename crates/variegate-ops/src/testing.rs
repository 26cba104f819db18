//! Short ways to ask an operation what it does; for the tests in its own file.

use variegate_picture::{Frame, Point, Rect};
use variegate_plan::node::Matrix;
use variegate_plan::{Attached, Block, Builder, Extent, Meaning, Node, Plan, Warp};

use crate::op::Config;
use crate::pipeline::Pipeline;

fn pipeline<T>(config: Config<T>) -> Pipeline {
    Pipeline::builder().then(config).build().expect("a proper configuration")
}

/// The nodes an operation writes for an RGB picture of (height, width).
pub fn nodes<T>(config: Config<T>, size: (usize, usize)) -> Vec<Node> {
    nodes_of(config, Frame::new(size.0, size.1, 3))
}

/// The nodes an operation writes for a frame.
pub fn nodes_of<T>(config: Config<T>, frame: Frame) -> Vec<Node> {
    plan_of(config, frame).written
}

/// The plan of an operation alone, for a frame.
pub fn plan_of<T>(config: Config<T>, frame: Frame) -> Plan {
    let pipeline = pipeline(config);
    let recipe = pipeline.draw(frame, 0, 0);
    pipeline.lower(&recipe, Meaning::Exact)
}

/// What tables and matrices make of one colour, values measured from the picture left out.
pub fn colour(nodes: &[Node], rgb: [f64; 3]) -> [f64; 3] {
    nodes.iter().fold(rgb, |v, node| match node {
        Node::Lut(lut) => lut.tones.iter().fold(v, |v, t| std::array::from_fn(|c| t.apply(v[c], c, None))),
        Node::ColorMatrix(m) => std::array::from_fn(|c| {
            let value = match &m.matrix {
                Matrix::Scale { gain, offset } => gain.get(c) * v[c] + offset.get(c),
                Matrix::Mix(rows) => rows[c][0] * v[0] + rows[c][1] * v[1] + rows[c][2] * v[2] + rows[c][3],
            };
            if m.clamp { value.clamp(0.0, 1.0) } else { value }
        }),
        other => panic!("{} maps no single colour", other.kind()),
    })
}

/// Where an input position goes.
pub fn moved<T>(config: Config<T>, size: (usize, usize), p: (f64, f64)) -> (f64, f64) {
    let pipeline = pipeline(config);
    let recipe = pipeline.draw(Frame::new(size.0, size.1, 3), 0, 0);
    let route = pipeline.lower(&recipe, Meaning::Exact).route();
    let (q, _) = route.point(Point::new(p.0, p.1)).expect("a place");
    (q.x, q.y)
}

/// What is attached to a picture that has boxes.
pub fn attached_boxes(boxes: &[Rect]) -> Attached {
    Attached { boxes: boxes.to_vec(), marked: None }
}

/// The warps an operation writes for an RGB picture of (height, width) to which something is attached.
pub fn warps_with<T>(config: Config<T>, size: (usize, usize), attached: &Attached, sample: u64) -> Vec<Warp> {
    let pipeline = pipeline(config);
    let mut recipe = pipeline.draw(Frame::new(size.0, size.1, 3), 0, sample);
    recipe.attached = attached.clone();
    pipeline.lower(&recipe, Meaning::Exact).route().warps().to_vec()
}

/// A grey stack whose voxels are numbered from 0.
pub fn numbered(depth: usize, height: usize, width: usize) -> Block {
    let extent = Extent::new(depth, height, width);
    Block { extent, channels: 1, values: (0..extent.voxels()).map(|k| k as f32).collect() }
}

/// What an operation on whole stacks makes of one.
pub fn through<T>(config: Config<T>, block: Block) -> Block {
    let pipeline = pipeline(config);
    let frame = Frame { size: block.extent.size(), channels: block.channels };
    let recipe = pipeline.draw(frame, 0, 0);
    let plan = pipeline.lower_from(Builder::of_stack(frame, block.extent.depth), &recipe, Meaning::Exact);
    plan.written.iter().fold(block, |block, node| match node {
        Node::Stack(stack) => stack.run(block),
        other => panic!("{} sees no stack", other.kind()),
    })
}
