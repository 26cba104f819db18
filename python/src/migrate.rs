//! Pipelines of other libraries as ours; `Pipeline.from_albumentations` and its like make pipelines of them.

use pyo3::prelude::*;
use serde_json::Value as Json;
use variegate::Error;
use variegate::migrate::{Library, migrate};

use crate::errors::{OrRaise, guarded};

/// A foreign pipeline, given as JSON, as JSON: the document, what differs, and what has no counterpart.
#[pyfunction]
pub fn migrated_json(py: Python<'_>, library: &str, text: &str, size: Option<(f64, f64)>) -> PyResult<String> {
    guarded(py, || {
        let library = Library::parse(library).or_raise(py)?;
        let given: Json = serde_json::from_str(text)
            .map_err(|e| Error::parameter(format!("{}: not JSON: {e}", library.title())))
            .or_raise(py)?;
        Ok(migrate(library, &given, size).or_raise(py)?.to_json().to_string())
    })
}
