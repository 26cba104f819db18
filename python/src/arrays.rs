//! Pictures in NumPy arrays: held while the engine reads them, and made from what it gives back.
//!
//! An array that is C-contiguous, aligned and of a native dtype is read where it lies; any other is copied first.
//! Arrays of the caller are never written.

use numpy::ndarray::{Array, Dimension, Ix2, Ix3, Ix4};
use numpy::{
    Element, PyArray, PyArrayDescrMethods, PyArrayDyn, PyArrayMethods, PyReadonlyArrayDyn, PyUntypedArray,
    PyUntypedArrayMethods, get_array_module,
};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyString;
use variegate::picture::{Pixels, PixelsView};
use variegate::{Dtype, Error, Picture, Size, View};

use crate::errors::{OrRaise, exception};
use crate::lent;

/// The memory of one array, borrowed for as long as this lives.
enum Memory<'py> {
    U8(PyReadonlyArrayDyn<'py, u8>),
    U16(PyReadonlyArrayDyn<'py, u16>),
    F32(PyReadonlyArrayDyn<'py, f32>),
}

/// One picture, or several of one shape in one array.
pub struct Stack<'py> {
    memory: Memory<'py>,
    /// How many pictures there are.
    pub count: usize,
    /// Height and width of each.
    pub size: Size,
    /// Channels of each.
    pub channels: usize,
    /// Whether the array has no axis of channels.
    pub flat: bool,
}

/// An error about an argument that cannot be used.
pub fn unusable(py: Python<'_>, message: impl Into<String>) -> PyErr {
    exception(py, &Error::input(message))
}

/// Any object as an array, as `numpy.asarray` sees it.
pub fn as_array<'py>(object: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyUntypedArray>> {
    if let Ok(array) = object.cast::<PyUntypedArray>() {
        return Ok(array.clone());
    }
    let made = get_array_module(object.py())?.call_method1(intern!(object.py(), "asarray"), (object,))?;
    Ok(made.cast_into()?)
}

/// The array itself where its elements lie in C order, otherwise a copy of which that is true.
pub fn in_order<'py>(array: &Bound<'py, PyUntypedArray>) -> PyResult<Bound<'py, PyUntypedArray>> {
    if array.is_c_contiguous() { Ok(array.clone()) } else { copied(array) }
}

fn copied<'py>(array: &Bound<'py, PyUntypedArray>) -> PyResult<Bound<'py, PyUntypedArray>> {
    Ok(array.call_method1(intern!(array.py(), "copy"), ("C",))?.cast_into()?)
}

impl<'py> Memory<'py> {
    fn of(array: &Bound<'py, PyUntypedArray>, what: &str) -> PyResult<Self> {
        if let Some(memory) = Self::native(array)? {
            return Ok(memory);
        }
        let py = array.py();
        let dtype = array.dtype();
        let target = match (dtype.kind(), dtype.itemsize()) {
            (b'f', 2 | 4 | 8) => "float32",
            (b'u', 2) => "uint16",
            _ => {
                let hint = match dtype.kind() {
                    b'U' | b'S' => "; to read a file, use vg.decode",
                    b'b' => "; hand it over as mask=, or convert it",
                    _ => "; convert it first, with the white you mean: image.astype(numpy.uint8)",
                };
                let message = format!("{what}: expected uint8, uint16 or float32, found {dtype}{hint}");
                return Err(unusable(py, message));
            }
        };
        let cast: Bound<'py, PyUntypedArray> = array.call_method1(intern!(py, "astype"), (target, "C"))?.cast_into()?;
        Self::native(&cast)?.ok_or_else(|| exception(py, &Error::internal(format!("{what}: {dtype} was not cast"))))
    }

    fn native(array: &Bound<'py, PyUntypedArray>) -> PyResult<Option<Self>> {
        fn held<'py, T: Element>(array: &Bound<'py, PyArrayDyn<T>>) -> PyResult<PyReadonlyArrayDyn<'py, T>> {
            let memory = in_order(array.as_untyped())?.cast_into::<PyArrayDyn<T>>()?.try_readonly()?;
            if memory.as_slice().is_ok() {
                return Ok(memory);
            }
            // In order, but misaligned.
            Ok(copied(array.as_untyped())?.cast_into::<PyArrayDyn<T>>()?.try_readonly()?)
        }
        Ok(if let Ok(array) = array.cast::<PyArrayDyn<u8>>() {
            Some(Memory::U8(held(array)?))
        } else if let Ok(array) = array.cast::<PyArrayDyn<f32>>() {
            Some(Memory::F32(held(array)?))
        } else if let Ok(array) = array.cast::<PyArrayDyn<u16>>() {
            Some(Memory::U16(held(array)?))
        } else {
            None
        })
    }
}

impl<'py> Stack<'py> {
    /// Holds one picture of (height, width) or (height, width, channels).
    pub fn one(object: &Bound<'py, PyAny>, what: &str) -> PyResult<Self> {
        let array = as_array(object)?;
        let (count, size, channels, flat) = match *array.shape() {
            [height, width] => (1, Size::new(height, width), 1, true),
            [height, width, channels] => (1, Size::new(height, width), channels, false),
            ref shape => {
                let hint = if object.is_instance_of::<PyString>() { "; to read a file, use vg.decode" } else { "" };
                return Err(unusable(
                    object.py(),
                    format!(
                        "{what}: expected an array of (height, width) or (height, width, channels), found shape \
                         {shape:?}{hint}"
                    ),
                ));
            }
        };
        Ok(Self { memory: Memory::of(&array, what)?, count, size, channels, flat })
    }

    /// Holds several pictures of (n, height, width) or (n, height, width, channels).
    pub fn several(object: &Bound<'py, PyAny>, what: &str) -> PyResult<Self> {
        let array = as_array(object)?;
        let (count, size, channels, flat) = match *array.shape() {
            [count, height, width] => (count, Size::new(height, width), 1, true),
            [count, height, width, channels] => (count, Size::new(height, width), channels, false),
            ref shape => {
                return Err(unusable(
                    object.py(),
                    format!(
                        "{what}: expected an array of (n, height, width) or (n, height, width, channels), found shape \
                         {shape:?}"
                    ),
                ));
            }
        };
        if count == 0 {
            return Err(unusable(object.py(), format!("{what}: expected at least one picture, found none")));
        }
        Ok(Self { memory: Memory::of(&array, what)?, count, size, channels, flat })
    }

    /// The element type.
    pub fn dtype(&self) -> Dtype {
        match self.memory {
            Memory::U8(_) => Dtype::U8,
            Memory::U16(_) => Dtype::U16,
            Memory::F32(_) => Dtype::F32,
        }
    }

    /// The picture at a position, to be read without a copy.
    pub fn view(&self, k: usize) -> PyResult<View<'_>> {
        fn part<'a, T: Element>(memory: &'a PyReadonlyArrayDyn<'_, T>, k: usize, n: usize) -> PyResult<&'a [T]> {
            Ok(memory.as_slice()?.get(k * n..(k + 1) * n).unwrap_or(&[]))
        }
        let n = self.size.pixels() * self.channels;
        let (py, pixels) = match &self.memory {
            Memory::U8(memory) => (memory.py(), PixelsView::U8(part(memory, k, n)?)),
            Memory::U16(memory) => (memory.py(), PixelsView::U16(part(memory, k, n)?)),
            Memory::F32(memory) => (memory.py(), PixelsView::F32(part(memory, k, n)?)),
        };
        View::new(self.size, self.channels, self.size.width * self.channels, pixels).or_raise(py)
    }

    /// The picture of an array that holds one, as an owned one.
    pub fn to_picture(&self) -> PyResult<Picture> {
        Ok(self.view(0)?.to_picture())
    }
}

/// An array of a picture; without an axis of channels where `flat` and there is one channel.
pub fn from_picture(py: Python<'_>, picture: Picture, flat: bool) -> PyResult<Bound<'_, PyAny>> {
    let (size, channels) = (picture.size(), picture.channels());
    if flat && channels == 1 {
        lent::array(py, Ix2(size.height, size.width), picture)
    } else {
        lent::array(py, Ix3(size.height, size.width, channels), picture)
    }
}

/// One array of pictures that share size, channels and dtype.
pub fn from_pictures(py: Python<'_>, pictures: Vec<Picture>, flat: bool) -> PyResult<Bound<'_, PyAny>> {
    fn joined<T: Element + Copy>(
        py: Python<'_>,
        parts: Vec<Vec<T>>,
        size: Size,
        channels: usize,
        flat: bool,
    ) -> PyResult<Bound<'_, PyAny>> {
        let count = parts.len();
        if flat && channels == 1 {
            array(py, Ix3(count, size.height, size.width), parts.concat())
        } else {
            array(py, Ix4(count, size.height, size.width, channels), parts.concat())
        }
    }
    let Some(first) = pictures.first() else {
        return Err(exception(py, &Error::internal("no pictures to join")));
    };
    let (size, channels, dtype) = (first.size(), first.channels(), first.dtype());
    let (mut bytes, mut words, mut floats) = (Vec::new(), Vec::new(), Vec::new());
    for picture in pictures {
        match picture.into_pixels() {
            Pixels::U8(v) => bytes.push(v),
            Pixels::U16(v) => words.push(v),
            Pixels::F32(v) => floats.push(v),
        }
    }
    match dtype {
        Dtype::U8 => joined(py, bytes, size, channels, flat),
        Dtype::U16 => joined(py, words, size, channels, flat),
        _ => joined(py, floats, size, channels, flat),
    }
}

/// An array around a vector, without a copy.
pub fn array<T: Element, D: Dimension>(py: Python<'_>, shape: D, values: Vec<T>) -> PyResult<Bound<'_, PyAny>> {
    let array = Array::from_shape_vec(shape, values)
        .map_err(|error| exception(py, &Error::internal(format!("an array of another shape: {error}"))))?;
    Ok(PyArray::from_owned_array(py, array).into_any())
}
