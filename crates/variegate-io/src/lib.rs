//! From files to pictures and back: finding them, reading them, decoding and encoding them, within limits.
//!
//! The loader and the façade call it. It never turns a picture upright (that is a map for the plan, see
//! [`Orientation::homography`]), never trusts a file's name or a number in its header before the limits have
//! seen it, and never panics on any bytes.
#![forbid(unsafe_code)]

mod archive;
pub mod decode;
pub mod encode;
mod file;
pub mod limits;
mod recode;
pub mod source;
pub mod store;
mod writer;

pub use archive::{Archive, Written, sha256};
pub use decode::{
    ARRAY_HEADER, Colour, DecodeOptions, DecodeWish, Decoded, Depth, Extent, Format, Header, Opened, Orientation, Rows,
    array_header, decode, decode_region, decode_region_reusing, header, open,
};
pub use encode::{EncodeFormat, encode};
pub use file::{FileBuffer, read_file};
pub use limits::Limits;
pub use recode::recode;
pub use source::braces::expand;
pub use source::folder::{Entry, Folder, FolderOptions};
pub use source::listing::Held;
pub use source::packed::{Keep, Member, Shard, index};
#[cfg(feature = "parquet")]
pub use source::parquet::ParquetFile;
pub use source::plan::{PLAN, classes_beside};
pub use source::records::read_records;
pub use source::table::{Fields, Row, read_table};
pub use source::tar::{TarFields, index_tar, read_tar};
pub use source::tfrecord::{check_record, read_tfrecord};
pub use store::{Blob, Object, Storage, StorageOptions, Store, is_remote};
pub use writer::{Part, Writer};

/// The JPEG decoder and its version, for stamps of reproducibility.
pub use variegate_jpeg::BACKEND as JPEG_BACKEND;
