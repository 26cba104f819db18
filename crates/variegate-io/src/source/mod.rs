//! Where pictures come from. One kind of source, one file.

pub mod folder;
pub mod records;
pub mod table;
