//! Joins tables: a chain of tones ends on the storable grid after each link, so one table of the whole chain is
//! the chain itself, exactly.

use super::Rewrite;
use crate::node::{Lut, Node};

/// Joins two neighbouring tables; a measured tone must come first, since it measures what lies before it.
pub fn rewrite(first: &Node, second: &Node) -> Option<Rewrite> {
    let (Node::Lut(a), Node::Lut(b)) = (first, second) else { return None };
    if second.is_measured() {
        return None;
    }
    let tones = a.tones.iter().chain(&b.tones).cloned().collect();
    Some(Rewrite::Merge(Node::Lut(Lut { tones })))
}
