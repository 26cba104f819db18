//! How files are read, and which views are made of them, as Python says it.

use pyo3::prelude::*;
use variegate::io::Colour;
use variegate::loader::PartialDecode;
use variegate::{Error, Result, Views};

use crate::errors::exception;
use crate::pipeline::Pipeline;

/// The views of pairs of a pipeline and a count.
pub fn views_of(list: &[(Bound<'_, Pipeline>, usize)]) -> Result<Views> {
    Views::of(list.iter().map(|(pipeline, count)| ((*pipeline.get().inner).clone(), *count)))
}

/// The colour of a name.
pub fn colour_of(name: &str) -> Result<Colour> {
    match name {
        "rgb" => Ok(Colour::Rgb),
        "grey" | "gray" => Ok(Colour::Grey),
        "rgba" => Ok(Colour::Rgba),
        _ => Err(expected("colour", "\"rgb\", \"grey\" or \"rgba\"", name)),
    }
}

/// How much less than a whole picture may be decoded: True or nothing, False, or "region".
pub fn partial_decode_of(given: Option<&Bound<'_, PyAny>>) -> PyResult<PartialDecode> {
    let Some(given) = given else { return Ok(PartialDecode::default()) };
    if let Ok(flag) = given.extract::<bool>() {
        return Ok(if flag { PartialDecode::Shrink } else { PartialDecode::Off });
    }
    match given.extract::<String>().as_deref() {
        Ok("region") => Ok(PartialDecode::Region),
        _ => {
            let found = given.str()?.to_string();
            Err(exception(given.py(), &expected("partial_decode", "True, False or \"region\"", &found)))
        }
    }
}

/// The error of a name that is none of a list.
pub fn expected(what: &str, names: &str, found: &str) -> Error {
    Error::parameter(format!("{what}: expected {names}, found {found:?}"))
}
