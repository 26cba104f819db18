//! The pictures of a folder as a source.

use std::path::PathBuf;

use pyo3::prelude::*;
use variegate::io::{Folder, FolderOptions};
use variegate::loader::Files;

use crate::errors::{OrRaise, guarded};
use crate::source::Source;
use crate::storage::Named;

/// Walks a folder: names are read, files are not.
#[pyfunction]
#[pyo3(signature = (path, classes=None, labelled=None, follow_links=false, storage=None))]
pub fn folder(
    py: Python<'_>,
    path: PathBuf,
    classes: Option<Vec<String>>,
    labelled: Option<bool>,
    follow_links: bool,
    storage: Named,
) -> PyResult<Source> {
    guarded(py, || {
        let storage = crate::storage::storage(py, storage)?;
        let options = FolderOptions { classes, labelled, follow_links };
        let folder = py.detach(|| Folder::read_from(&path, &storage, &options)).or_raise(py)?;
        let problems = folder.problems.iter().map(ToString::to_string).collect();
        Ok(Source::new(Files::of(&folder), problems))
    })
}
