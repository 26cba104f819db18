//! The operations, one file each, and what is made of them: pipelines, recipes, and the files that hold them.
//!
//! An operation turns concrete parameters and a frame into nodes. It knows no kernel, sees no pixels while it does so,
//! and draws nothing: randomness stands in front of its parameters as [`Dist`]. Where its definition is an algorithm, it
//! hands one over as an [`effect::Effect`], which runs when pixels are there.
#![forbid(unsafe_code)]

mod angle;
mod axis;
pub mod cells;
pub mod config;
pub mod convolution;
mod corruptions;
pub mod curve;
mod disc;
pub mod dist;
mod draw;
pub mod effect;
pub mod emit;
pub mod entry;
pub mod field;
pub mod figure;
pub mod fourier;
pub mod functions;
mod index;
pub mod lab;
pub mod light;
mod mesh;
mod newton;
pub mod numbers;
pub mod op;
pub mod palette;
pub mod param;
pub mod pipeline;
pub mod prelude;
pub mod presets;
pub mod procedural;
pub mod raw;
pub mod recipe;
pub mod registry;
mod select;
mod space;
pub mod statistics;
pub mod table;
#[cfg(test)]
mod testing;
pub mod value;
pub mod window;

pub use dist::Dist;
pub use index::*;
pub use op::{Config, Op, OpSpec};
pub use pipeline::{Group, GroupKind, Options, Pipeline, PipelineBuilder, Stage, Step};
pub use recipe::{Drawn, Recipe};
pub use value::Value;
