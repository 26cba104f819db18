//! The boxes and points of a batch as arrays, under the names that a loader gives them.
//!
//! A batch calls it, and adds its masks.

use numpy::{PyArray1, PyArrayMethods};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use variegate::loader::Targets;

/// Boxes and points of one view of a batch of `count` samples.
pub fn rows<'py>(py: Python<'py>, targets: &Targets, count: usize) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    if let Some(boxes) = &targets.boxes {
        let most = boxes.most;
        dict.set_item("boxes", PyArray1::from_slice(py, &boxes.rows).reshape([count, most, 4])?)?;
        dict.set_item("box_labels", PyArray1::from_slice(py, &boxes.labels).reshape([count, most])?)?;
        dict.set_item("box_counts", PyArray1::from_slice(py, &boxes.counts))?;
    }
    if let Some(points) = &targets.points {
        let (rows, seen) = (PyArray1::from_slice(py, &points.rows), PyArray1::from_slice(py, &points.seen));
        let (most, columns) = (points.most, points.columns);
        match points.of_box {
            0 => {
                dict.set_item("points", rows.reshape([count, most, columns])?)?;
                dict.set_item("points_visible", seen.reshape([count, most])?)?;
                dict.set_item("point_counts", PyArray1::from_slice(py, &points.counts))?;
            }
            each => {
                dict.set_item("points", rows.reshape([count, most / each, each, columns])?)?;
                dict.set_item("points_visible", seen.reshape([count, most / each, each])?)?;
            }
        }
    }
    Ok(dict)
}
