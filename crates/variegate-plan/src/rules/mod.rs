//! One file for each rule of fusion.

use crate::node::Node;

pub mod drop_idle;
pub mod join_regions;
pub mod merge_gaussians;
pub mod merge_matrices;
pub mod merge_tables;
pub mod merge_warps;
pub mod preshrink;
pub mod slide;
pub mod uncross;

/// What becomes of two neighbours; one lives on the stack at a time.
#[derive(Debug)]
#[allow(clippy::large_enum_variant)]
pub enum Rewrite {
    /// One node takes the place of both.
    Merge(Node),
    /// They change places.
    Swap,
}
