//! Where pictures come from. One kind of source, one file.

pub mod braces;
pub mod folder;
pub mod listing;
pub mod packed;
#[cfg(feature = "parquet")]
pub mod parquet;
pub mod plan;
pub mod records;
pub mod table;
pub mod tar;
pub mod tfrecord;
