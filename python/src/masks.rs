//! Masks in NumPy arrays of any dtype: opaque elements that are moved and never mixed.

use numpy::{
    PyArray1, PyArrayDescr, PyArrayDescrMethods, PyArrayDyn, PyArrayMethods, PyReadonlyArrayDyn, PyUntypedArrayMethods,
};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{IntoPyDict, PyBytes};
use variegate::{Error, MaskView, Size};

use crate::arrays::{as_array, in_order, unusable};
use crate::errors::{OrRaise, exception};

/// One mask, or several of one shape in one array, held while the engine reads it.
pub struct MaskStack<'py> {
    bytes: PyReadonlyArrayDyn<'py, u8>,
    dtype: Bound<'py, PyArrayDescr>,
    /// How many masks there are.
    pub count: usize,
    /// Height and width of each.
    pub size: Size,
    channels: Option<usize>,
}

impl<'py> MaskStack<'py> {
    /// Holds one mask of (height, width) or (height, width, channels).
    pub fn one(object: &Bound<'py, PyAny>, what: &str) -> PyResult<Self> {
        Self::new(object, what, false)
    }

    /// Holds several masks of (n, height, width) or (n, height, width, channels).
    pub fn several(object: &Bound<'py, PyAny>, what: &str) -> PyResult<Self> {
        Self::new(object, what, true)
    }

    fn new(object: &Bound<'py, PyAny>, what: &str, several: bool) -> PyResult<Self> {
        let py = object.py();
        let array = as_array(object)?;
        let shape = array.shape();
        let (count, sides) = match shape.split_first() {
            Some((count, sides)) if several => (*count, sides),
            _ => (1, shape),
        };
        let (size, channels) = match *sides {
            [height, width] => (Size::new(height, width), None),
            [height, width, channels] => (Size::new(height, width), Some(channels)),
            _ => {
                let n = if several { "n, " } else { "" };
                return Err(unusable(
                    py,
                    format!(
                        "{what}: expected an array of ({n}height, width) or ({n}height, width, channels), found shape \
                         {shape:?}"
                    ),
                ));
            }
        };
        if shape.contains(&0) {
            return Err(unusable(py, format!("{what}: has no elements, its shape is {shape:?}")));
        }
        let dtype = array.dtype();
        if dtype.has_object() {
            return Err(unusable(py, format!("{what}: expected numbers, found {dtype}")));
        }
        let bytes = in_order(&array)?.call_method1(intern!(py, "view"), (intern!(py, "u1"),))?;
        let bytes = bytes.cast_into::<PyArrayDyn<u8>>()?.try_readonly()?;
        Ok(Self { bytes, dtype, count, size, channels })
    }

    /// Bytes of a pixel.
    pub fn element(&self) -> usize {
        self.dtype.itemsize() * self.channels.unwrap_or(1)
    }

    /// The mask at a position, to be read without a copy.
    pub fn view(&self, k: usize) -> PyResult<MaskView<'_>> {
        let n = self.size.pixels() * self.element();
        let bytes = self.bytes.as_slice()?.get(k * n..(k + 1) * n).unwrap_or(&[]);
        MaskView::new(self.size, self.element(), bytes).or_raise(self.bytes.py())
    }

    /// The bytes of a pixel of which every element is `value`, which the dtype must be able to hold.
    pub fn filling(&self, value: f64, what: &str) -> PyResult<Vec<u8>> {
        let py = self.bytes.py();
        if value == 0.0 {
            return Ok(vec![0; self.element()]);
        }
        let misfit = || {
            exception(
                py,
                &Error::parameter(format!(
                    "{what}: mask_fill {value} is no value of its dtype {}; convert the mask, or choose another fill",
                    self.dtype
                )),
            )
        };
        let numpy = PyModule::import(py, intern!(py, "numpy"))?;
        let quiet = numpy.call_method("errstate", (), Some(&[("all", "ignore")].into_py_dict(py)?))?;
        quiet.call_method0("__enter__")?;
        let cast = numpy.call_method1("array", (value,))?.call_method1("astype", (&self.dtype,));
        quiet.call_method1("__exit__", (py.None(), py.None(), py.None()))?;
        let cast = cast.map_err(|_| misfit())?;
        if cast.extract::<f64>().map_or(true, |kept| kept != value) {
            return Err(misfit());
        }
        let bytes = cast.call_method0(intern!(py, "tobytes"))?.cast_into::<PyBytes>()?;
        Ok(bytes.as_bytes().repeat(self.channels.unwrap_or(1)))
    }

    /// Whether masks of both can lie in one array.
    pub fn is_like(&self, other: &Self) -> bool {
        self.channels == other.channels && self.dtype.is_equiv_to(&other.dtype)
    }

    /// An array of this dtype of one moved mask.
    pub fn array(&self, bytes: Vec<u8>, size: Size) -> PyResult<Bound<'py, PyAny>> {
        let flat = PyArray1::from_vec(self.bytes.py(), bytes);
        self.reshaped(flat.into_any(), vec![size.height, size.width])
    }

    /// An array of this dtype of moved masks, whose bytes lie one after the other.
    pub fn shaped(&self, bytes: Bound<'py, PyAny>, count: usize, size: Size) -> PyResult<Bound<'py, PyAny>> {
        self.reshaped(bytes, vec![count, size.height, size.width])
    }

    fn reshaped(&self, bytes: Bound<'py, PyAny>, mut shape: Vec<usize>) -> PyResult<Bound<'py, PyAny>> {
        let py = bytes.py();
        shape.extend(self.channels);
        let typed = bytes.call_method1(intern!(py, "view"), (&self.dtype,))?;
        typed.call_method1(intern!(py, "reshape"), (shape,))
    }
}
