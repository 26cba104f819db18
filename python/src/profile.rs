//! Where the time of a pipeline goes, as data.

use std::path::PathBuf;

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use variegate::profile::{Cost, Given, Profile, profile};
use variegate::{Pipeline, Reading};

use crate::arrays::Stack;
use crate::errors::{OrRaise, guarded};

/// The profile of a pipeline over an array or files; `Pipeline.profile` makes a `Profile` of the dict.
pub fn run<'py>(
    py: Python<'py>,
    pipeline: &Pipeline,
    image: Option<&Bound<'py, PyAny>>,
    files: Vec<PathBuf>,
    n: usize,
) -> PyResult<Bound<'py, PyDict>> {
    guarded(py, || {
        let pictures = image.map(|image| Stack::one(image, "image")?.to_picture()).transpose()?;
        let made = py.detach(|| {
            let given = match &pictures {
                Some(picture) => Given::Pictures(std::slice::from_ref(picture)),
                None => Given::Files(&files),
            };
            profile(pipeline, given, n, &Reading::default())
        });
        as_dict(py, &made.or_raise(py)?)
    })
}

fn as_dict<'py>(py: Python<'py>, made: &Profile) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    dict.set_item("samples", made.samples)?;
    dict.set_item("images_per_second", made.images_per_second())?;
    dict.set_item("stages", costs(py, made, &made.stages)?)?;
    dict.set_item("nodes", costs(py, made, &made.nodes)?)?;
    dict.set_item("text", made.to_string())?;
    Ok(dict)
}

fn costs<'py>(py: Python<'py>, made: &Profile, list: &[Cost]) -> PyResult<Bound<'py, PyList>> {
    let whole = list.iter().map(|cost| cost.seconds).sum::<f64>().max(f64::MIN_POSITIVE);
    let entries = list.iter().map(|cost| {
        let dict = PyDict::new(py);
        dict.set_item("name", &cost.name)?;
        dict.set_item("samples", cost.samples)?;
        dict.set_item("seconds", cost.seconds)?;
        dict.set_item("ns_per_pixel", made.nanoseconds_per_pixel(cost))?;
        dict.set_item("share", cost.seconds / whole)?;
        Ok(dict)
    });
    PyList::new(py, entries.collect::<PyResult<Vec<_>>>()?)
}
