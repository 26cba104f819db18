//! Where pictures come from. One kind of source, one file.

pub mod folder;
