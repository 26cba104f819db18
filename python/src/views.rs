//! Several views of one picture: from an array, or straight from a file.

use pyo3::prelude::*;
use pyo3::types::PyString;
use variegate::io::Limits;
use variegate::{Picture, Reading, Views, apply_views, decode_and_apply_views};

use crate::arrays::{Stack, from_picture};
use crate::codec::Source;
use crate::errors::{OrRaise, guarded};
use crate::pipeline::Pipeline;
use crate::reading::{colour_of, partial_decode_of, views_of};
use crate::scratch;

/// The views of an array, or of a file, of which only what they look at is decoded; `variegate.views` wraps it.
#[pyfunction]
#[pyo3(signature = (image, views, *, epoch, sample, colour, upright, partial_decode))]
pub fn views<'py>(
    py: Python<'py>,
    image: &Bound<'py, PyAny>,
    views: Vec<(Bound<'py, Pipeline>, usize)>,
    epoch: u64,
    sample: Option<u64>,
    colour: &str,
    upright: bool,
    partial_decode: &Bound<'py, PyAny>,
) -> PyResult<Vec<Bound<'py, PyAny>>> {
    guarded(py, || {
        let reading = reading(py, colour, upright, Some(partial_decode))?;
        let list = views_of(&views).or_raise(py)?;
        let sample = sample.unwrap_or_else(|| views[0].0.get().next_call());
        if is_encoded(image)? {
            return of_file(py, image, &list, &reading, epoch, sample);
        }
        let stack = Stack::one(image, "image")?;
        let view = stack.view(0)?;
        let made = py.detach(|| scratch::with(|scratch| apply_views(&list, view, epoch, sample, scratch)));
        arrays(py, made.or_raise(py)?)
    })
}

/// How a file is read, as Python says it.
pub fn reading(
    py: Python<'_>,
    colour: &str,
    upright: bool,
    partial_decode: Option<&Bound<'_, PyAny>>,
) -> PyResult<Reading> {
    Ok(Reading {
        colour: colour_of(colour).or_raise(py)?,
        upright,
        partial_decode: partial_decode_of(partial_decode)?,
        limits: Limits::default(),
    })
}

/// The views of a file.
pub fn of_file<'py>(
    py: Python<'py>,
    file: &Bound<'py, PyAny>,
    list: &Views,
    reading: &Reading,
    epoch: u64,
    sample: u64,
) -> PyResult<Vec<Bound<'py, PyAny>>> {
    let source = Source::new(file, &reading.limits)?;
    let bytes = source.bytes();
    let made =
        py.detach(|| scratch::with(|scratch| decode_and_apply_views(list, bytes, reading, epoch, sample, scratch)));
    arrays(py, made.map_err(|error| source.blamed(error)).or_raise(py)?)
}

fn arrays(py: Python<'_>, pictures: Vec<Picture>) -> PyResult<Vec<Bound<'_, PyAny>>> {
    pictures.into_iter().map(|picture| from_picture(py, picture, false)).collect()
}

/// Whether something is a file rather than an array: a path, bytes, or something that reads.
fn is_encoded(image: &Bound<'_, PyAny>) -> PyResult<bool> {
    let bytes = image.is_instance_of::<pyo3::types::PyBytes>() || image.is_instance_of::<pyo3::types::PyByteArray>();
    Ok(bytes || image.is_instance_of::<PyString>() || image.hasattr("__fspath__")? || image.hasattr("read")?)
}
