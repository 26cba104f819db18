//! Batches of a whole data set, in an order that can be computed, on threads of its own.
//!
//! The façade hands [`Loader`] to Python and Rust trainers. Which bytes sample i has in epoch e depends on the seed,
//! e, i and the pipeline alone: never on threads, batches, shards or restarts. Nothing here knows an operation.
#![forbid(unsafe_code)]

pub mod annotated;
pub mod annotations;
pub mod bad;
pub mod bank;
pub mod batch;
mod carried;
pub mod collected;
mod course;
pub mod doing;
pub mod drawn;
pub mod excluded;
mod feed;
mod known;
pub mod loader;
mod local;
mod making;
mod moved;
pub mod options;
pub mod order;
mod partners;
pub mod reading;
pub mod report;
mod room;
mod sample;
pub mod sampling;
mod sought;
pub mod source;
pub mod state;
mod stored;
pub mod targets;
mod task;
pub mod views;

pub use annotated::Annotated;
pub use annotations::{Annotations, Kinds, Labelled, MaskFile};
pub use bad::{BadSample, Budget, OnBad};
pub use batch::Batch;
pub use collected::Targets;
pub use doing::Busy;
pub use excluded::Excluded;
pub use known::{Asked, Known};
pub use loader::{Loader, Next};
pub use local::Local;
pub use options::{LoaderOptions, Rest};
pub use order::Order;
pub use partners::partner;
pub use reading::{PartialDecode, Reading};
pub use report::{Report, Stage};
pub use sampling::{Sampling, Weights};
#[cfg(feature = "parquet")]
pub use source::Parquet;
pub use source::{Chosen, Files, Joined, Listed, Names, Packed, Source};
pub use state::Token;
pub use targets::{MaskDtype, TargetOptions};
pub use views::{Views, view};
