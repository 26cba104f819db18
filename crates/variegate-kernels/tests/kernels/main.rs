//! Every kernel against a naive evaluation in f64, over sizes, channels, element types and borders, and against
//! itself at every instruction set.

mod codes;
mod pointwise;
mod resize;
mod stencil;
mod store;
mod support;
mod warp;
