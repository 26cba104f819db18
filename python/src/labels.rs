//! Labels of a batch whose pictures are mixed: rows of shares that sum to 1.

use numpy::{PyArray1, PyArray2, PyArrayMethods, PyUntypedArrayMethods, get_array_module};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::arrays::unusable;

/// The labels of pictures of which each is made of several, by place and share: float32 of (pictures, classes).
///
/// `labels` are whole numbers, then there are as many classes as the greatest says, or rows of one share for each class.
pub fn mixed<'py>(labels: &Bound<'py, PyAny>, parts: &[Vec<(usize, f64)>]) -> PyResult<Bound<'py, PyArray2<f32>>> {
    let py = labels.py();
    let array = get_array_module(py)?.call_method1(intern!(py, "asarray"), (labels,))?;
    let kind: String = array.getattr(intern!(py, "dtype"))?.getattr(intern!(py, "kind"))?.extract()?;
    let ndim: usize = array.getattr(intern!(py, "ndim"))?.extract()?;
    let (rows, classes) = match (ndim, kind.as_str()) {
        (1, "i" | "u" | "b") => {
            let whole = array.call_method1(intern!(py, "astype"), ("int64",))?.cast_into::<PyArray1<i64>>()?;
            one_hot(py, whole.readonly().as_slice()?)?
        }
        (2, "f" | "i" | "u" | "b") => {
            let rows_first = PyDict::new(py);
            rows_first.set_item("order", "C")?;
            let rows = array.call_method(intern!(py, "astype"), ("float32",), Some(&rows_first))?;
            let rows = rows.cast_into::<PyArray2<f32>>()?;
            (rows.readonly().as_slice()?.to_vec(), rows.shape()[1])
        }
        _ => {
            return Err(unusable(
                py,
                format!(
                    "labels: a pipeline that mixes needs whole numbers, one for each picture, or rows of a share for each \
                     class; found {ndim} axes of {}",
                    array.getattr(intern!(py, "dtype"))?
                ),
            ));
        }
    };
    let mut out = vec![0.0f32; parts.len() * classes];
    for (row, parts) in out.chunks_exact_mut(classes.max(1)).zip(parts) {
        for (class, share) in row.iter_mut().enumerate() {
            let sum =
                parts.iter().map(|(place, weight)| weight * f64::from(rows[place * classes + class])).sum::<f64>();
            *share = sum as f32;
        }
    }
    PyArray1::from_vec(py, out).reshape([parts.len(), classes])
}

/// A row of a single 1 for each label.
fn one_hot(py: Python<'_>, labels: &[i64]) -> PyResult<(Vec<f32>, usize)> {
    /// Rows of more classes than this are a mistake: ids, say.
    const MOST: i64 = 1 << 20;
    if let Some(label) = labels.iter().find(|label| !(0..MOST).contains(*label)) {
        return Err(unusable(py, format!("labels: expected classes from 0 to {}, found {label}", MOST - 1)));
    }
    let classes = labels.iter().max().map_or(0, |label| *label as usize + 1);
    let mut rows = vec![0.0; labels.len() * classes];
    for (k, label) in labels.iter().enumerate() {
        rows[k * classes + *label as usize] = 1.0;
    }
    Ok((rows, classes))
}
