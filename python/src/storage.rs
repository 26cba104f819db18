//! How object stores are spoken to, as the makers of sources are told.
//!
//! They call it with what `variegate.storage` made of a mapping. It opens no store.

use std::collections::BTreeMap;
use std::path::PathBuf;

use pyo3::prelude::*;
use variegate::io::{Storage, StorageOptions};

use crate::errors::{OrRaise, guarded};

/// Options by name; the usual ones unless given.
pub type Named = Option<BTreeMap<String, String>>;

/// The stores of a source.
pub fn storage(py: Python<'_>, named: Named) -> PyResult<Storage> {
    let options = named.map(StorageOptions::from_named).transpose().or_raise(py)?;
    Ok(Storage::new(options.unwrap_or_default()))
}

/// The paths of all objects below a folder of a store, sorted.
#[pyfunction]
#[pyo3(signature = (folder, named=None))]
pub fn stored(py: Python<'_>, folder: PathBuf, named: Named) -> PyResult<Vec<String>> {
    guarded(py, || {
        let storage = storage(py, named)?;
        let listed = py.detach(|| {
            let (store, name) = storage.open(&folder)?;
            Ok((store.list(&name)?, name))
        });
        let (objects, name) = listed.map_err(|error: variegate::Error| error.at(&folder)).or_raise(py)?;
        let text = folder.to_string_lossy();
        let root = text.trim_end_matches('/').strip_suffix(&name).unwrap_or(&text).trim_end_matches('/').to_string();
        let mut paths: Vec<String> = objects.into_iter().map(|object| format!("{root}/{}", object.name)).collect();
        paths.sort_unstable();
        Ok(paths)
    })
}
