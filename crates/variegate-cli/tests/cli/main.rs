//! The built binary, on data the tests make themselves.
// Helpers of tests may fail as tests do.
#![allow(clippy::unwrap_used, clippy::panic)]

mod augment;
mod explain;
mod help;
mod inspect;
mod migrate;
mod ops;
mod pack;
mod preview;
mod resume;
mod shop;
mod studio;
