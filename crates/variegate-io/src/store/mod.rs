//! Where bytes come from: files of this machine, and objects of a store.
//!
//! Sources open a [`Blob`] by its path and read of it what they need; whether that is a file or an object they never
//! ask. A [`Storage`] says how stores are spoken to. Nothing here knows pictures.

mod blob;
#[cfg(feature = "remote")]
mod cache;
#[cfg(feature = "remote")]
mod remote;
mod storage;
#[cfg(feature = "remote")]
mod told;

use std::fmt::Debug;
use std::ops::Range;
use std::path::Path;

use variegate_picture::Result;

pub use blob::{Blob, Reader};
pub use storage::{Storage, StorageOptions};

/// Schemes of stores.
pub const SCHEMES: [&str; 5] = ["s3://", "gs://", "az://", "https://", "http://"];

/// Whether a path names an object of a store.
pub fn is_remote(path: &Path) -> bool {
    path.to_str().is_some_and(|path| SCHEMES.iter().any(|scheme| path.starts_with(scheme)))
}

/// What is known of an object before it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// Its name in the store.
    pub name: String,
    /// How many bytes it has.
    pub size: u64,
    /// What changes when it is written anew.
    pub tag: String,
}

impl Object {
    /// The size of an object of which nothing but the name is known: it is read whole, up to the end of what is asked.
    pub const UNKNOWN: u64 = u64::MAX;
}

/// Objects with names, read as a whole or in part. Calls block, within a limited time.
pub trait Store: Send + Sync + Debug {
    /// All objects below a folder, in no order.
    fn list(&self, folder: &str) -> Result<Vec<Object>>;
    /// What is known of one object.
    fn find(&self, name: &str) -> Result<Object>;
    /// A part of an object: as many bytes as were asked for, or an error.
    fn read(&self, object: &Object, range: Range<u64>) -> Result<Vec<u8>>;
    /// Begins to read a part that will be asked for soon, where there is room for it.
    fn expect(&self, object: &Object, range: Range<u64>);
}
