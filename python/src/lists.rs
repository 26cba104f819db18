//! Files that a table or a JSON list names, as a source.

use std::path::PathBuf;

use pyo3::prelude::*;
use variegate::io::{Fields, read_records, read_table};
use variegate::loader::Listed;

use crate::errors::{OrRaise, guarded};
use crate::source::Source;

/// Reads a list with `read`, which hands rows to what it is given.
fn listed(
    py: Python<'_>,
    root: PathBuf,
    classes: Option<Vec<String>>,
    read: impl FnOnce(&mut Listed) -> variegate::Result<()> + Send,
) -> PyResult<Source> {
    guarded(py, || {
        let mut list = Listed::new(root, classes).or_raise(py)?;
        let files = py.detach(|| read(&mut list).and_then(|()| list.finish())).or_raise(py)?;
        Ok(Source::new(files, Vec::new()))
    })
}

/// A table with a header; a row for each picture.
#[pyfunction]
#[pyo3(signature = (path, image, label, root, classes, delimiter))]
pub fn csv(
    py: Python<'_>,
    path: PathBuf,
    image: String,
    label: Option<String>,
    root: PathBuf,
    classes: Option<Vec<String>>,
    delimiter: u8,
) -> PyResult<Source> {
    let fields = Fields { image, label };
    listed(py, root, classes, move |list| read_table(&path, &fields, delimiter, &mut |row| list.push(row)))
}

/// An array of JSON objects, or an object on each line.
#[pyfunction]
#[pyo3(signature = (path, image, label, root, classes))]
pub fn json(
    py: Python<'_>,
    path: PathBuf,
    image: String,
    label: Option<String>,
    root: PathBuf,
    classes: Option<Vec<String>>,
) -> PyResult<Source> {
    let fields = Fields { image, label };
    listed(py, root, classes, move |list| read_records(&path, &fields, &mut |row| list.push(row)))
}
