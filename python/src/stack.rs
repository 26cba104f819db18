//! Arrays in memory, or mapped from a file, as a source of pictures.
#![allow(unsafe_code)]

use std::path::PathBuf;

use numpy::{Element, PyArrayDyn, PyArrayMethods, PyUntypedArrayMethods};
use pyo3::prelude::*;
use variegate::io::{ARRAY_HEADER, FileBuffer, Limits, array_header};
use variegate::loader;
use variegate::{Dtype, Error, Result, Size};

use crate::arrays::unusable;
use crate::errors::{OrRaise, guarded};
use crate::source::Source;

/// Pictures of one array of N × H × W × C.
struct Stack {
    /// The first element.
    start: *const u8,
    /// Keeps the array, and with it the memory; nothing else is asked of it.
    _array: Py<PyAny>,
    count: u64,
    /// Bytes of a picture.
    each: usize,
    header: [u8; ARRAY_HEADER],
    shape: String,
}

// SAFETY: the memory is only read through `start`, and lives while `_array` does. NumPy arrays that keep a reference are
// neither moved nor resized. A program that writes to its array meanwhile gets pictures half old and half new, as from
// any view of it.
unsafe impl Send for Stack {}
// SAFETY: as above.
unsafe impl Sync for Stack {}

impl loader::Source for Stack {
    fn len(&self) -> u64 {
        self.count
    }

    fn read(&self, id: u64, limits: &Limits) -> Result<Vec<u8>> {
        let mut buffer = FileBuffer::default();
        self.read_into(id, limits, &mut buffer).map(<[u8]>::to_vec)
    }

    fn read_into<'b>(&self, id: u64, limits: &Limits, buffer: &'b mut FileBuffer) -> Result<&'b [u8]> {
        if id >= self.count {
            return Err(Error::parameter(format!("there is no sample {id}; the array has {}", self.count)));
        }
        let length = ARRAY_HEADER + self.each;
        limits.check_bytes(length as u64)?;
        buffer.write(length, |bytes| {
            let (header, picture) = bytes.split_at_mut(ARRAY_HEADER);
            header.copy_from_slice(&self.header);
            // SAFETY: the array has `count` pictures of `each` bytes without gaps, which `new` checked; `id` is below
            // `count`, and `picture` is `each` bytes of another allocation.
            unsafe {
                let from = self.start.add(id as usize * self.each);
                std::ptr::copy_nonoverlapping(from, picture.as_mut_ptr(), self.each);
            }
            Ok(())
        })
    }

    fn label(&self, _id: u64) -> Option<u32> {
        None
    }

    fn classes(&self) -> usize {
        0
    }

    fn name(&self, id: u64) -> PathBuf {
        PathBuf::from(format!("array[{id}]"))
    }

    fn mark(&self, id: u64) -> u64 {
        variegate::picture::key::name(&self.shape) ^ id
    }
}

/// Where an array of one type lies: its first element and its shape, where it has no gaps.
fn place<T: Element>(array: &Bound<'_, PyAny>) -> Option<(*const u8, Vec<usize>)> {
    let array = array.cast::<PyArrayDyn<T>>().ok()?;
    array.is_c_contiguous().then(|| (array.data().cast_const().cast(), array.shape().to_vec()))
}

/// The pictures of an array, without labels.
#[pyfunction]
pub fn arrays(py: Python<'_>, images: &Bound<'_, PyAny>) -> PyResult<Source> {
    guarded(py, || {
        let found = place::<u8>(images).map(|found| (found, Dtype::U8));
        let found = found.or_else(|| place::<u16>(images).map(|found| (found, Dtype::U16)));
        let found = found.or_else(|| place::<f32>(images).map(|found| (found, Dtype::F32)));
        let Some(((start, shape), dtype)) = found else {
            return Err(unusable(py, "images: expected an array without gaps of uint8, uint16 or float32"));
        };
        let (count, height, width, channels) = match *shape {
            [n, h, w] => (n, h, w, 1),
            [n, h, w, c @ 1..=4] => (n, h, w, c),
            _ => {
                let found = format!("expected N × H × W × C with 1 to 4 channels, found the shape {shape:?}");
                return Err(unusable(py, format!("images: {found}")));
            }
        };
        if dtype != Dtype::U8 && cfg!(target_endian = "big") {
            return Err(Error::unsupported("arrays of more than bytes need a little-endian machine")).or_raise(py);
        }
        let stack = Stack {
            start,
            _array: images.clone().unbind(),
            count: count as u64,
            each: height * width * channels * dtype.bytes(),
            header: array_header(Size::new(height, width), channels, dtype).or_raise(py)?,
            shape: format!("array of {dtype:?} {shape:?}"),
        };
        Ok(Source::new(stack, Vec::new()))
    })
}
