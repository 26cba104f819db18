//! Arrays over the memory of pictures: when the last one is gone, the memory serves the next picture.
//!
//! Called for what an augmentation gives back. A fresh megabyte costs more to be had from the system, page by page, than a
//! flip costs to be written into it; a loop that drops one result before it asks for the next gets the same memory
//! again. Who keeps every result gets memory of its own each time.
#![allow(unsafe_code)]

use std::sync::Mutex;

use numpy::ndarray::{ArrayView, Dimension};
use numpy::{Element, PyArray};
use pyo3::prelude::*;
use variegate::picture::Pixels;
use variegate::{Error, Picture};

use crate::errors::exception;
use crate::scratch;

/// The pixels of one picture, which only the arrays that keep this alive look at.
#[pyclass(frozen, module = "variegate._variegate")]
pub struct Lent(Mutex<Option<Pixels>>);

impl Drop for Lent {
    fn drop(&mut self) {
        if let Ok(pixels) = self.0.get_mut()
            && let Some(pixels) = pixels.take()
        {
            scratch::take_back(pixels);
        }
    }
}

/// An array over the pixels of a picture, without a copy.
pub fn array<D: Dimension>(py: Python<'_>, shape: D, picture: Picture) -> PyResult<Bound<'_, PyAny>> {
    let mut pixels = picture.into_pixels();
    // The block on the heap stays where it is while the list that owns it moves.
    let (start, count) = match &mut pixels {
        Pixels::U8(v) => (v.as_mut_ptr().cast::<u8>(), v.len()),
        Pixels::U16(v) => (v.as_mut_ptr().cast(), v.len()),
        Pixels::F32(v) => (v.as_mut_ptr().cast(), v.len()),
    };
    if count != shape.size() {
        return Err(exception(py, &Error::internal(format!("{count} values in an array of shape {shape:?}"))));
    }
    let dtype = pixels.dtype();
    let owner = Bound::new(py, Lent(Mutex::new(Some(pixels))))?.into_any();
    // SAFETY of all three: `start` leads to `count` values of this type, as many as the shape holds, in a block that the
    // owner keeps until the last array is gone, and that no reference in Rust is made to meanwhile.
    Ok(match dtype {
        variegate::Dtype::U8 => unsafe { over::<u8, D>(shape, start, owner) },
        variegate::Dtype::U16 => unsafe { over::<u16, D>(shape, start, owner) },
        _ => unsafe { over::<f32, D>(shape, start, owner) },
    })
}

/// An array of what lies at `start`.
///
/// # Safety
///
/// As many values of type `T` as the shape has must lie there for as long as `owner` lives, and nobody else may look.
unsafe fn over<T: Element, D: Dimension>(shape: D, start: *mut u8, owner: Bound<'_, PyAny>) -> Bound<'_, PyAny> {
    // SAFETY: the caller's promise.
    unsafe {
        let view = ArrayView::from_shape_ptr(shape, start.cast::<T>());
        PyArray::borrow_from_array(&view, owner).into_any()
    }
}
