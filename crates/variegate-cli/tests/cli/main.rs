//! The built binary, on data the tests make themselves.

mod augment;
mod explain;
mod ops;
mod preview;
mod resume;
mod shop;
