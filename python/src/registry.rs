//! The operations as data.

use pyo3::prelude::*;
use serde_json::Value as Json;
use variegate::ops::registry;

/// The registry as JSON; `variegate.operations()` reads it.
#[pyfunction]
pub fn registry_json() -> String {
    Json::Array(registry::all().iter().map(|spec| registry::described(spec)).collect()).to_string()
}
