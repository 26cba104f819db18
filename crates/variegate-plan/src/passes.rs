//! Fusion, as a readable list of named passes.
//!
//! Each pass walks the list once, offering neighbours to its rule until nothing changes. `docs/fusion.md`
//! says why each rule is true.

use crate::node::{Branch, Branches, Node, Selected};
use crate::plan::Meaning;
use crate::rules::{self, Rewrite};

/// A rule for two neighbours.
type Rule = fn(&Node, &Node) -> Option<Rewrite>;

const CONTINUOUS: &[(&str, Rule)] = &[
    ("slide tables and matrices past movements", rules::slide::rewrite),
    ("merge warps", rules::merge_warps::rewrite),
    ("merge matrices", rules::merge_matrices::rewrite),
    ("merge tables", rules::merge_tables::rewrite),
    ("merge Gaussians", rules::merge_gaussians::rewrite),
    ("join regions", rules::join_regions::rewrite),
];

/// Runs the passes of a meaning.
pub fn run(mut nodes: Vec<Node>, meaning: Meaning) -> Vec<Node> {
    nodes.retain(|node| !rules::drop_idle::is_idle(node));
    if meaning == Meaning::Continuous && nodes.len() > 1 {
        loop {
            let mut changed = false;
            for (_, rule) in CONTINUOUS {
                changed |= walk(&mut nodes, *rule);
            }
            if !changed {
                break;
            }
        }
        nodes.retain(|node| !rules::drop_idle::is_idle(node));
    }
    if nodes.iter().any(rules::uncross::is_needed) {
        nodes = nodes.into_iter().flat_map(rules::uncross::split).collect();
    }
    nodes.into_iter().map(|node| within(rules::preshrink::mark(node), meaning)).collect()
}

/// Runs the passes in the lists that a node holds.
fn within(node: Node, meaning: Meaning) -> Node {
    match node {
        Node::Branches(branches) => {
            let fused = |branch: Branch| Branch { nodes: run(branch.nodes, meaning), ..branch };
            Node::Branches(Branches { of: branches.of.into_iter().map(fused).collect() })
        }
        Node::Selected(selected) => Node::Selected(Selected { nodes: run(selected.nodes, meaning), ..selected }),
        node => node,
    }
}

/// Offers every pair of neighbours to a rule, from left to right, going back one place after a change.
fn walk(nodes: &mut Vec<Node>, rule: Rule) -> bool {
    let mut changed = false;
    let mut i = 0;
    while i + 1 < nodes.len() {
        match rule(&nodes[i], &nodes[i + 1]) {
            Some(Rewrite::Merge(node)) => {
                nodes[i] = node;
                nodes.remove(i + 1);
            }
            Some(Rewrite::Swap) => nodes.swap(i, i + 1),
            None => {
                i += 1;
                continue;
            }
        }
        changed = true;
        i = i.saturating_sub(1);
    }
    changed
}
