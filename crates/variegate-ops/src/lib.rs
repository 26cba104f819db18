//! The operations, one file each, and what is made of them: pipelines, recipes, and the files that hold them.
//!
//! An operation turns concrete parameters and a frame into nodes. It never holds pixels, knows no kernel, and draws
//! nothing: randomness stands in front of its parameters as [`Dist`].
#![forbid(unsafe_code)]

pub mod config;
pub mod dist;
pub mod emit;
mod index;
pub mod op;
pub mod param;
pub mod pipeline;
pub mod prelude;
pub mod raw;
pub mod recipe;
pub mod registry;
#[cfg(test)]
mod testing;
pub mod value;

pub use dist::Dist;
pub use index::*;
pub use op::{Config, Op, OpSpec};
pub use pipeline::{Group, GroupKind, Options, Pipeline, PipelineBuilder, Stage, Step};
pub use recipe::{Drawn, Recipe};
pub use value::Value;
