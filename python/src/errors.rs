//! From the engine's one error to the exceptions of `variegate.errors`, and from panics to `InternalError`.
//!
//! Every function that Python can call goes through [`guarded`]; nothing else here may fail.

use std::panic::{AssertUnwindSafe, catch_unwind};

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyModule;
use variegate::{Error, Kind};

static MODULE: PyOnceLock<Py<PyModule>> = PyOnceLock::new();

/// The exception of an error; its class tells whose fault it is.
pub fn exception(py: Python<'_>, error: &Error) -> PyErr {
    match instance(py, error) {
        Ok(exception) => PyErr::from_value(exception),
        Err(failure) => failure,
    }
}

fn instance<'py>(py: Python<'py>, error: &Error) -> PyResult<Bound<'py, PyAny>> {
    let class = match error.kind() {
        Kind::Input => "InputError",
        Kind::Parameter => "ParameterError",
        Kind::Limit => "LimitError",
        Kind::Unsupported => "UnsupportedError",
        Kind::Io => "IoError",
        _ => "InternalError",
    };
    let module = MODULE.get_or_try_init(py, || PyModule::import(py, "variegate.errors").map(Bound::unbind))?;
    let path = error.path().map(|path| path.display().to_string());
    module.bind(py).getattr(class)?.call1((error.to_string(), path))
}

/// Results of the engine, as Python wants them.
pub trait OrRaise<T> {
    /// Turns the error into its exception.
    fn or_raise(self, py: Python<'_>) -> PyResult<T>;
}

impl<T> OrRaise<T> for Result<T, Error> {
    fn or_raise(self, py: Python<'_>) -> PyResult<T> {
        self.map_err(|error| exception(py, &error))
    }
}

/// Runs what a call asks for; a panic becomes an `InternalError` in place of an exception nobody catches.
pub fn guarded<T>(py: Python<'_>, work: impl FnOnce() -> PyResult<T>) -> PyResult<T> {
    // Whatever the closure borrowed is dropped or immutable after a panic: scratch memory is not given back to its
    // pool, and half-written arrays were never handed out.
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| Err(exception(py, &broken(panic.as_ref()))))
}

/// The error of a panic.
pub fn broken(panic: &(dyn std::any::Any + Send)) -> Error {
    let said = panic.downcast_ref::<&str>().copied().or(panic.downcast_ref::<String>().map(String::as_str));
    Error::internal(format!(
        "variegate broke down ({}); this is a bug: please report the call that led here",
        said.unwrap_or("without a word")
    ))
}
