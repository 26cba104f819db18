//! Presets as text; `variegate.presets` makes pipelines of them.

use pyo3::prelude::*;
use variegate::presets;

use crate::errors::{OrRaise, guarded};

/// The YAML of a preset whose pictures are `size` by `size` in the end.
#[pyfunction]
#[pyo3(signature = (name, size=None))]
pub fn preset_yaml(py: Python<'_>, name: &str, size: Option<usize>) -> PyResult<String> {
    guarded(py, || {
        let pipeline = match size {
            Some(size) => presets::sized(name, size),
            None => presets::get(name),
        };
        Ok(pipeline.or_raise(py)?.to_yaml())
    })
}
