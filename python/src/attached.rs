//! Attached things that are neither pictures nor masks nor rows: measured values, and polygons.

use numpy::{PyArrayDescr, PyArrayDescrMethods, PyUntypedArrayMethods};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{IntoPyDict, PyList};
use variegate::picture::Point;
use variegate::{Error, Field, FieldKind, Picture, Size};

use crate::arrays::{Stack, as_array, from_picture, unusable};
use crate::errors::exception;
use crate::rows::Rows;

/// Measured values in an array of any kind of float.
pub struct FieldArray<'py> {
    values: Stack<'py>,
    dtype: Bound<'py, PyArrayDescr>,
    kind: FieldKind,
}

impl<'py> FieldArray<'py> {
    /// Reads (height, width) or (height, width, channels) floats.
    pub fn new(object: &Bound<'py, PyAny>, what: &str, kind: FieldKind) -> PyResult<Self> {
        let py = object.py();
        let array = as_array(object)?;
        let dtype = array.dtype();
        if dtype.kind() != b'f' {
            let message = format!("{what}: expected floats, found {dtype}; convert it with .astype(\"float32\")");
            return Err(unusable(py, message));
        }
        let values = Stack::one(&array.call_method1(intern!(py, "astype"), (intern!(py, "float32"),))?, what)?;
        match kind.channels() {
            Some(n) if n != values.channels => {
                let message = format!(
                    "{what}: expected an array of (height, width, {n}), found shape {:?}",
                    as_array(object)?.shape()
                );
                Err(unusable(py, message))
            }
            _ => Ok(Self { values, dtype, kind }),
        }
    }

    /// Its height and width.
    pub fn size(&self) -> Size {
        self.values.size
    }

    /// As the engine takes it.
    pub fn field(&self) -> PyResult<Field<'_>> {
        Ok(Field { values: self.values.view(0)?, kind: self.kind })
    }

    /// An array of this dtype of moved values.
    pub fn array(&self, py: Python<'py>, moved: Picture) -> PyResult<Bound<'py, PyAny>> {
        let array = from_picture(py, moved, self.values.flat)?;
        array.call_method(
            intern!(py, "astype"),
            (&self.dtype,),
            Some(&[(intern!(py, "copy"), false)].into_py_dict(py)?),
        )
    }
}

/// One outline as it was given.
struct Outline {
    corners: Rows,
    /// Whether it was one list of x, y, x, y, …
    flat: bool,
}

/// Polygons: for each instance one outline, or a list of them.
pub struct Polygons {
    instances: Vec<(Vec<Outline>, bool)>,
}

impl Polygons {
    /// Reads a sequence of outlines or of lists of outlines.
    pub fn new(object: &Bound<'_, PyAny>) -> PyResult<Self> {
        let mut instances = Vec::new();
        let items = object.try_iter().map_err(|_| {
            let found = object.get_type();
            unusable(object.py(), format!("polygons: expected a list with one entry for each instance, found {found}"))
        })?;
        for (k, item) in items.enumerate() {
            let item = item?;
            let what = format!("polygons[{k}]");
            match outline(&item, &what) {
                Ok(Some(one)) => instances.push((vec![one], false)),
                Ok(None) => {
                    let mut several = Vec::new();
                    for (i, part) in item.try_iter()?.enumerate() {
                        let what = format!("{what}[{i}]");
                        let part = part?;
                        several.push(outline(&part, &what)?.ok_or_else(|| misshaped(&part, &what))?);
                    }
                    instances.push((several, true));
                }
                Err(error) => return Err(error),
            }
        }
        Ok(Self { instances })
    }

    /// How many instances there are.
    pub fn len(&self) -> usize {
        self.instances.len()
    }

    /// All corners, one list for each outline.
    pub fn corners(&self) -> Vec<Vec<Point>> {
        let outlines = self.instances.iter().flat_map(|(outlines, _)| outlines);
        let points = |rows: &Rows| rows.values.chunks_exact(2).map(|p| Point::new(p[0], p[1])).collect();
        outlines.map(|outline| points(&outline.corners)).collect()
    }

    /// What became of them, in the form they were given; those of `kept` alone where something decides that. Of an
    /// instance with several outlines, those that are gone are left out.
    pub fn list<'py>(
        &self,
        py: Python<'py>,
        moved: &[Vec<Point>],
        kept: Option<&[usize]>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let list = PyList::empty(py);
        let mut moved = moved.iter();
        for (k, (outlines, several)) in self.instances.iter().enumerate() {
            let parts = PyList::empty(py);
            for (outline, corners) in outlines.iter().zip(&mut moved) {
                if corners.is_empty() && *several {
                    continue;
                }
                let array = outline.corners.array(py, corners.iter().flat_map(|p| [p.x, p.y]).collect())?;
                parts.append(if outline.flat { array.call_method0(intern!(py, "ravel"))? } else { array })?;
            }
            if kept.is_none_or(|kept| kept.contains(&k)) {
                list.append(if *several { parts.into_any() } else { parts.get_item(0)? })?;
            }
        }
        Ok(list.into_any())
    }
}

/// An outline of (n, 2) corners or of x, y, x, y, …; none where it is a list of outlines.
fn outline(item: &Bound<'_, PyAny>, what: &str) -> PyResult<Option<Outline>> {
    let py = item.py();
    // Outlines of unlike length make no array.
    let Ok(array) = as_array(item) else { return Ok(None) };
    if !matches!(array.dtype().kind(), b'f' | b'i' | b'u') {
        return Ok(None);
    }
    match *array.shape() {
        [n, 2] if n >= 3 || n == 0 => Ok(Some(Outline { corners: Rows::new(item, what, 2..=2)?, flat: false })),
        [n] if n >= 6 && n.is_multiple_of(2) => {
            let pairs = array.call_method1(intern!(py, "reshape"), (-1, 2))?;
            Ok(Some(Outline { corners: Rows::new(&pairs, what, 2..=2)?, flat: true }))
        }
        [_] | [_, 2] => Err(misshaped(item, what)),
        _ => Ok(None),
    }
}

fn misshaped(item: &Bound<'_, PyAny>, what: &str) -> PyErr {
    let found = as_array(item).map_or_else(|_| "something else".into(), |array| format!("shape {:?}", array.shape()));
    exception(
        item.py(),
        &Error::input(format!(
            "{what}: expected a polygon of (n, 2) corners with n at least 3, or numbers x, y, x, y, …; found {found}"
        )),
    )
}
