//! Presets as text; `variegate.presets` makes pipelines of them.

use pyo3::prelude::*;
use variegate::{Error, presets};

use crate::errors::{OrRaise, guarded};

/// The YAML of a preset whose pictures are `size` by `size` in the end.
#[pyfunction]
pub fn preset_yaml(py: Python<'_>, name: &str, size: i64, seed: u64) -> PyResult<String> {
    guarded(py, || {
        let sides = usize::try_from(size).ok().filter(|size| *size > 0);
        let wrong = || Error::parameter(format!("{name}: expected a size of at least 1 pixel, found {size}"));
        let mut pipeline = sides.ok_or_else(wrong).and_then(|size| presets::sized(name, size)).or_raise(py)?;
        pipeline.options.seed = seed;
        Ok(pipeline.to_yaml())
    })
}
