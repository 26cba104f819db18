//! Short ways to ask an operation what it does; for the tests in its own file.

use variegate_picture::{Frame, Point};
use variegate_plan::{Meaning, Node};

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
    let pipeline = pipeline(config);
    let recipe = pipeline.draw(frame, 0, 0);
    pipeline.lower(&recipe, Meaning::Exact).written
}

/// Where an input position goes.
pub fn moved<T>(config: Config<T>, size: (usize, usize), p: (f64, f64)) -> (f64, f64) {
    let pipeline = pipeline(config);
    let recipe = pipeline.draw(Frame::new(size.0, size.1, 3), 0, 0);
    let route = pipeline.lower(&recipe, Meaning::Exact).route();
    let (q, _) = route.point(Point::new(p.0, p.1)).expect("a place");
    (q.x, q.y)
}
