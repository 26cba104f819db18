//! Recipes in Python: drawn parameters as plain data.

use pyo3::exceptions::PyTypeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyType};
use variegate::{Error, Frame};

use crate::errors::{OrRaise, exception, guarded};

/// What happens to one sample, as plain data: the drawn value of every parameter.
///
/// Made by `Pipeline.draw`; saved with `to_json`, edited as the dict of `to_dict`, replayed with `Pipeline.apply`.
#[pyclass(frozen, module = "variegate", name = "Recipe")]
pub struct Recipe(pub variegate::Recipe);

#[pymethods]
impl Recipe {
    /// Reads the JSON of `to_json`, edited or not; every value is checked.
    ///
    /// Raises `ParameterError` that names the step and the parameter.
    #[classmethod]
    fn from_json(_class: &Bound<'_, PyType>, py: Python<'_>, text: &str) -> PyResult<Self> {
        guarded(py, || read(py, text).map(Self))
    }

    /// Reads the dict of `to_dict`, edited or not; every value is checked.
    #[classmethod]
    fn from_dict(_class: &Bound<'_, PyType>, py: Python<'_>, data: &Bound<'_, PyDict>) -> PyResult<Self> {
        guarded(py, || read(py, &dumped(data)?).map(Self))
    }

    /// The recipe as one line of JSON.
    fn to_json(&self) -> String {
        self.0.to_json()
    }

    /// The recipe as a new dict of plain values.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        PyModule::import(py, "json")?.call_method1("loads", (self.0.to_json(),))
    }

    /// The (height, width, channels) it was drawn for.
    #[getter]
    fn shape(&self) -> (usize, usize, usize) {
        (self.0.frame.size.height, self.0.frame.size.width, self.0.frame.channels)
    }

    /// The epoch it was drawn for.
    #[getter]
    fn epoch(&self) -> u64 {
        self.0.epoch
    }

    /// The sample id it was drawn for.
    #[getter]
    fn sample(&self) -> u64 {
        self.0.sample
    }

    /// The seed it was drawn with.
    #[getter]
    fn seed(&self) -> u64 {
        self.0.seed
    }

    /// The operations in order: a new list of dicts with `op` and its parameters.
    #[getter]
    fn steps<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.to_dict(py)?.get_item(intern!(py, "steps"))
    }

    fn __len__(&self) -> usize {
        self.0.steps.len()
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other.cast::<Self>().is_ok_and(|other| other.get().0.to_json() == self.0.to_json())
    }

    fn __hash__(&self) -> u64 {
        variegate::picture::key::name(&self.0.to_json())
    }

    fn __repr__(&self) -> String {
        let steps: Vec<_> = self.0.steps.iter().map(|step| step.spec.name).collect();
        format!(
            "Recipe(epoch={}, sample={}, size={}, steps=[{}])",
            self.0.epoch,
            self.0.sample,
            self.0.frame.size,
            steps.join(", ")
        )
    }

    fn __reduce__<'py>(this: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, (String,))> {
        Ok((this.get_type().getattr("from_json")?, (this.get().0.to_json(),)))
    }
}

/// A recipe from whatever a user holds: a `Recipe`, its dict, or its JSON.
pub fn from_any(object: &Bound<'_, PyAny>) -> PyResult<variegate::Recipe> {
    let py = object.py();
    if let Ok(recipe) = object.cast::<Recipe>() {
        return Ok(recipe.get().0.clone());
    }
    if let Ok(text) = object.cast::<PyString>() {
        return read(py, text.to_str()?);
    }
    if let Ok(data) = object.cast::<PyDict>() {
        return read(py, &dumped(data)?);
    }
    Err(PyTypeError::new_err(format!(
        "expected a Recipe, the dict of to_dict() or the text of to_json(), found {}",
        object.get_type().name()?
    )))
}

fn dumped(data: &Bound<'_, PyDict>) -> PyResult<String> {
    PyModule::import(data.py(), "json")?.call_method1("dumps", (data,))?.extract()
}

fn read(py: Python<'_>, text: &str) -> PyResult<variegate::Recipe> {
    let recipe = variegate::Recipe::from_json(text).or_raise(py)?;
    frame(py, recipe.frame.size.height, recipe.frame.size.width, recipe.frame.channels)?;
    Ok(recipe)
}

/// A frame of at least one pixel and no absurd size.
pub fn frame(py: Python<'_>, height: usize, width: usize, channels: usize) -> PyResult<Frame> {
    /// No file format and no array in memory goes beyond; products of two stay exact in f64.
    const MOST: usize = 1 << 24;
    if [height, width, channels].iter().all(|n| (1..=MOST).contains(n)) {
        return Ok(Frame::new(height, width, channels));
    }
    Err(exception(
        py,
        &Error::parameter(format!(
            "a picture of {height} × {width} with {channels} channels: expected 1 to {MOST} of each"
        )),
    ))
}

/// The frame of `(height, width)` or `(height, width, channels)`; three channels unless it says otherwise.
pub fn frame_of(shape: &Bound<'_, PyAny>) -> PyResult<Frame> {
    Ok(stack_of(shape)?.0)
}

/// The same, and the slices or frames of the shape (depth, height, width, channels).
pub fn stack_of(shape: &Bound<'_, PyAny>) -> PyResult<(Frame, Option<usize>)> {
    let py = shape.py();
    let sides = shape.extract::<Vec<usize>>().unwrap_or_default();
    match *sides {
        [height, width] => Ok((frame(py, height, width, 3)?, None)),
        [height, width, channels] => Ok((frame(py, height, width, channels)?, None)),
        [depth, height, width, channels] if depth > 0 => Ok((frame(py, height, width, channels)?, Some(depth))),
        _ => Err(exception(
            py,
            &Error::parameter(format!(
                "expected a size (height, width) or (height, width, channels) in whole pixels, found {}",
                shape.repr()?
            )),
        )),
    }
}
