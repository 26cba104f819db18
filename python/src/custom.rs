//! Functions of Python that pipelines call by name.
//!
//! `vg.custom` registers one. The engine's threads call it with the interpreter taken for as long as it runs; what it
//! raises becomes the error of the sample.

use std::sync::Arc;

use pyo3::prelude::*;
use variegate::ops::functions::register;
use variegate::picture::FieldKey;
use variegate::{Error, Picture};

use crate::arrays::{Stack, from_picture};
use crate::errors::{OrRaise, guarded};

/// Registers a function of (image, words of a key) under a name, in the place of an older one.
#[pyfunction]
pub fn register_function(py: Python<'_>, name: &str, function: Py<PyAny>) -> PyResult<()> {
    guarded(py, || {
        let called = name.to_string();
        let call = move |picture: &mut Picture, key: FieldKey, _: f32| {
            let attached =
                Python::try_attach(|py| answer(py, &function, picture, key).map_err(|e| told(py, &called, &e)));
            *picture = attached.unwrap_or_else(|| Err(Error::internal("the interpreter has ended")))?;
            Ok(())
        };
        register(name, Arc::new(call)).or_raise(py)
    })
}

/// What the function makes of a picture.
fn answer(py: Python<'_>, function: &Py<PyAny>, picture: &Picture, key: FieldKey) -> PyResult<Picture> {
    let image = from_picture(py, picture.clone(), false)?;
    let made = function.bind(py).call1((&image, (key.0, key.1)))?;
    Stack::one(&made, "the result")?.to_picture()
}

/// What was raised, as an error that names the function.
fn told(py: Python<'_>, name: &str, raised: &PyErr) -> Error {
    let kind = raised.get_type(py).name().map_or_else(|_| "an exception".to_string(), |name| name.to_string());
    Error::parameter(format!("custom {name:?}: {kind}: {}", raised.value(py)))
}
