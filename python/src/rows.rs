//! Boxes and points in NumPy arrays: rows of numbers.
//!
//! float32 and float64 keep their dtype; anything else comes out as float32.

use numpy::ndarray::Ix2;
use numpy::{PyArrayDescrMethods, PyArrayDyn, PyArrayMethods, PyUntypedArrayMethods};
use pyo3::intern;
use pyo3::prelude::*;

use crate::arrays::{array, as_array, unusable};

/// Rows of numbers, and the dtype they go out in.
pub struct Rows {
    /// The numbers, row by row.
    pub values: Vec<f64>,
    /// Numbers in a row.
    pub columns: usize,
    wide: bool,
}

impl Rows {
    /// Reads (n, columns); `allowed` says how many columns there may be, the first of them serves an empty list.
    pub fn new(object: &Bound<'_, PyAny>, what: &str, allowed: std::ops::RangeInclusive<usize>) -> PyResult<Self> {
        let py = object.py();
        let given = as_array(object)?;
        let shape = given.shape().to_vec();
        let expected = if allowed.start() == allowed.end() {
            format!("{}", allowed.start())
        } else {
            format!("{} to {}", allowed.start(), allowed.end())
        };
        let wrong = |found: String| {
            unusable(py, format!("{what}: expected an array of (n, {expected}) numbers, found {found}"))
        };
        let columns = match *shape {
            [_, columns] if allowed.contains(&columns) => columns,
            _ if given.is_empty() => *allowed.start(),
            _ => return Err(wrong(format!("shape {shape:?}"))),
        };
        if let Ok(floats) = given.cast::<PyArrayDyn<f64>>() {
            return Ok(Self {
                values: floats.try_readonly()?.as_array().iter().copied().collect(),
                columns,
                wide: true,
            });
        }
        if let Ok(floats) = given.cast::<PyArrayDyn<f32>>() {
            let values = floats.try_readonly()?.as_array().iter().map(|v| f64::from(*v)).collect();
            return Ok(Self { values, columns, wide: false });
        }
        let dtype = given.dtype();
        if !matches!(dtype.kind(), b'f' | b'i' | b'u' | b'b') {
            return Err(wrong(format!("{dtype}")));
        }
        let wide = dtype.kind() == b'f' && dtype.itemsize() >= 8 || given.is_empty() && dtype.kind() == b'f';
        let cast = given.call_method1(intern!(py, "astype"), ("float64", "C"))?;
        let cast = cast.cast_into::<PyArrayDyn<f64>>()?;
        Ok(Self { values: cast.try_readonly()?.as_array().iter().copied().collect(), columns, wide })
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.values.len() / self.columns
    }

    /// An array of moved rows, in the dtype of these.
    pub fn array<'py>(&self, py: Python<'py>, values: Vec<f64>) -> PyResult<Bound<'py, PyAny>> {
        let shape = Ix2(values.len() / self.columns, self.columns);
        if self.wide {
            array(py, shape, values)
        } else {
            array(py, shape, values.into_iter().map(|v| v as f32).collect())
        }
    }
}
