//! Joins neighbouring lists of filled shapes: they are painted in order either way.

use super::Rewrite;
use crate::node::{Node, Region};

/// Joins two neighbouring regions.
pub fn rewrite(first: &Node, second: &Node) -> Option<Rewrite> {
    let (Node::Region(a), Node::Region(b)) = (first, second) else { return None };
    let shapes = a.shapes.iter().chain(&b.shapes).cloned().collect();
    Some(Rewrite::Merge(Node::Region(Region { shapes })))
}
