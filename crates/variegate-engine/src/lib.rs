//! Runs a plan over a picture, row by row, into its place in a batch.
//!
//! The loader, the Python package and the command line call [`run`]. It joins the language and the kernels: it knows
//! what a node means and which kernel does it, and nothing of operations. It draws nothing and decides nothing.
#![forbid(unsafe_code)]

mod branches;
mod gathered;
mod in_slot;
mod mask;
mod measure;
mod moved;
mod program;
mod row;
mod run;
mod selected;
mod settle;
mod shrunk;
mod source;
mod spare;
mod step;

pub use mask::move_mask;
pub use run::{Scratch, run, run_to_picture};
pub use variegate_kernels::{Level, with_level};

/// The instruction set the kernels run on: `scalar`, `avx2` or `avx512`.
pub fn level_name() -> &'static str {
    variegate_kernels::level().name()
}
