//! Files that a table or a JSON list names, and rows of Parquet files, as sources.

use std::path::PathBuf;

use pyo3::prelude::*;
use variegate::io::{Blob, Fields, read_records, read_table};
use variegate::loader::{Listed, Parquet};

use crate::errors::{OrRaise, guarded};
use crate::source::Source;
use crate::storage::{Named, storage};

/// Opens a list and reads it with `read`, which hands rows to what it is given.
fn listed(
    py: Python<'_>,
    path: PathBuf,
    root: PathBuf,
    classes: Option<Vec<String>>,
    named: Named,
    read: impl FnOnce(&Blob, &mut Listed) -> variegate::Result<()> + Send,
) -> PyResult<Source> {
    guarded(py, || {
        let storage = storage(py, named)?;
        let made = py.detach(|| {
            let mut list = Listed::new(root, classes)?.within(&storage)?;
            read(&Blob::open(&path, &storage)?, &mut list)?;
            list.finish()
        });
        let files = made.or_raise(py)?;
        Ok(Source::new(files, Vec::new()))
    })
}

/// A table with a header; a row for each picture.
#[pyfunction]
#[pyo3(signature = (path, image, label, root, classes, delimiter, storage=None))]
pub fn csv(
    py: Python<'_>,
    path: PathBuf,
    image: String,
    label: Option<String>,
    root: PathBuf,
    classes: Option<Vec<String>>,
    delimiter: u8,
    storage: Named,
) -> PyResult<Source> {
    let fields = Fields { image, label };
    listed(py, path, root, classes, storage, move |table, list| {
        read_table(table, &fields, delimiter, &mut |row| list.push(row))
    })
}

/// An array of JSON objects, or an object on each line.
#[pyfunction]
#[pyo3(signature = (path, image, label, root, classes, storage=None))]
pub fn json(
    py: Python<'_>,
    path: PathBuf,
    image: String,
    label: Option<String>,
    root: PathBuf,
    classes: Option<Vec<String>>,
    storage: Named,
) -> PyResult<Source> {
    let fields = Fields { image, label };
    listed(py, path, root, classes, storage, move |records, list| {
        read_records(records, &fields, &mut |row| list.push(row))
    })
}

/// Rows of Parquet files.
#[pyfunction]
#[pyo3(signature = (paths, image, label, classes, storage=None))]
pub fn parquet(
    py: Python<'_>,
    paths: Vec<PathBuf>,
    image: String,
    label: Option<String>,
    classes: Option<Vec<String>>,
    storage: Named,
) -> PyResult<Source> {
    guarded(py, || {
        let storage = self::storage(py, storage)?;
        let fields = Fields { image, label };
        let rows = py.detach(|| Parquet::open(paths, &storage, &fields, classes)).or_raise(py)?;
        Ok(Source::new(rows, Vec::new()))
    })
}
