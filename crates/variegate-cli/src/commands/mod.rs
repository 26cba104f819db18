//! The verbs: one file each, with its arguments, its help and a `run`.
//!
//! `main` calls them. A verb never ends the process itself and never prints an error: it returns one.

pub mod augment;
pub mod bench;
pub mod completions;
pub mod doctor;
pub mod explain;
pub mod inspect;
pub mod man;
pub mod migrate;
pub mod ops;
pub mod pack;
pub mod preview;
pub mod studio;
