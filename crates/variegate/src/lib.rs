//! Random transformations of pictures and everything attached to them, for training.
//!
//! A [`Pipeline`] draws a [`Recipe`] for each sample; the recipe becomes a fused plan; the plan runs over the picture
//! into its place in a batch. [`Loader`] does that for a whole data set, on threads of its own.
//!
//! ```
//! use variegate::{Pipeline, ops::geometry::{Flip, Rotate}};
//! let pipeline = Pipeline::builder()
//!     .then(Flip::config().p(0.5))
//!     .then(Rotate::config().degrees(-15.0..=15.0))
//!     .seed(7)
//!     .build()?;
//! let plan = pipeline.plan(variegate::Frame::new(375, 500, 3), 0, 1234);
//! assert_eq!(plan.passes().len(), 1);
//! # Ok::<(), variegate::Error>(())
//! ```
#![forbid(unsafe_code)]

pub mod augment;
pub mod fields;
pub mod mapped;
pub mod migrate;
pub mod mixing;
pub mod pack;
pub mod profile;
mod stack;
pub mod views;

pub use augment::{Augmented, Sample};
pub use fields::{Field, FieldKind};
pub use mixing::Company;
pub use variegate_engine::{Level, Scratch, level_name, run_to_picture, with_level};
pub use variegate_io as io;
pub use variegate_loader as loader;
pub use variegate_loader::{Loader, Reading, Views};
pub use variegate_ops as ops;
pub use variegate_ops::presets;
pub use variegate_ops::{Dist, OpSpec, Options, Pipeline, Recipe, Value};
pub use variegate_picture as picture;
pub use variegate_picture::{
    BoxFormat, Boxes, Dtype, Error, Frame, Kind, Layout, Mask, MaskView, Picture, Points, Result, Size, Slot, View,
};
pub use variegate_plan as plan;
pub use variegate_plan::{BoxRules, Meaning, Plan};
pub use views::{apply_views, decode_and_apply, decode_and_apply_views};
