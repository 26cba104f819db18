//! A finished batch in Python: an array over its memory, without a copy.
#![allow(unsafe_code)]

use numpy::ndarray::ArrayView1;
use numpy::{PyArray1, PyArray2, PyArrayMethods, get_array_module};
use pyo3::exceptions::PyIndexError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use variegate::Dtype;

use crate::collected;
use crate::errors::guarded;

/// A finished batch. It owns its memory, which nobody else touches from the moment it is delivered; every array made
/// of it keeps it alive, and with the last one the memory returns to the loader.
#[pyclass(frozen, module = "variegate._variegate", name = "Batch")]
pub struct Batch {
    inner: variegate::loader::Batch,
    starts: Vec<Start>,
    /// Of the masks of each view, where there are some.
    masks: Vec<Option<Start>>,
}

/// Where the pixels of a view of a batch start.
struct Start(*mut u8);

// SAFETY: the pointer leads into the heap block of the batch beside it, which moves along with it and stays where it
// is; reading or writing there is left to NumPy, whose rules for threads hold for any of its arrays.
unsafe impl Send for Start {}
// SAFETY: as above; the pointer itself is never changed.
unsafe impl Sync for Start {}

impl Batch {
    pub fn new(mut inner: variegate::loader::Batch) -> Self {
        // Taken while the batch is ours alone; from here on no reference to its bytes is made in Rust.
        let starts = (0..inner.views()).map(|k| Start(inner.bytes_mut(k).as_mut_ptr())).collect();
        let masks = inner.targets.iter_mut().map(|targets| {
            let masks = targets.masks.as_mut()?;
            Some(Start(masks.bytes_mut().as_mut_ptr()))
        });
        let masks = masks.collect();
        Self { inner, starts, masks }
    }
}

#[pymethods]
impl Batch {
    /// The pictures of view `k`, as an array over the batch's own memory: aligned to 64 bytes, and writable, since
    /// nobody else will ever look at it.
    fn images<'py>(slf: &Bound<'py, Self>, k: usize) -> PyResult<Bound<'py, PyAny>> {
        let py = slf.py();
        guarded(py, || {
            let this = slf.get();
            let Some(start) = this.starts.get(k) else {
                return Err(PyIndexError::new_err(format!("view {k}: this batch has {}", this.starts.len())));
            };
            let count = this.inner.count * this.inner.slot(k);
            // SAFETY: `start` leads to the `count` bytes of view `k` of the batch.
            let bytes = unsafe { lent(slf, start, count) };
            let typed = match descr(py, this.inner.dtype)? {
                Some(dtype) => bytes.call_method1(intern!(py, "view"), (dtype,))?,
                None => bytes,
            };
            typed.call_method1(intern!(py, "reshape"), (PyTuple::new(py, this.inner.shape(k))?,))
        })
    }

    /// What is attached to the pictures of view `k`, by name; None where there is nothing. Masks are an array over the
    /// batch's own memory, as the pictures are.
    fn targets<'py>(slf: &Bound<'py, Self>, k: usize) -> PyResult<Option<Bound<'py, PyDict>>> {
        let py = slf.py();
        guarded(py, || {
            let this = slf.get();
            let Some(targets) = this.inner.targets.get(k) else { return Ok(None) };
            let dict = collected::rows(py, targets, this.inner.count)?;
            if let (Some(masks), Some(Some(start))) = (&targets.masks, this.masks.get(k)) {
                let size = this.inner.size(k);
                // SAFETY: `start` leads to the bytes of these masks, which the batch owns.
                let bytes = unsafe { lent(slf, start, masks.bytes().len()) };
                let typed = bytes.call_method1(intern!(py, "view"), (masks.dtype.name(),))?;
                let shape = (this.inner.count, size.height, size.width);
                dict.set_item("masks", typed.call_method1(intern!(py, "reshape"), (shape,))?)?;
            }
            Ok(Some(dict))
        })
    }

    /// How many views of each sample there are.
    #[getter]
    fn views(&self) -> usize {
        self.starts.len()
    }

    /// The classes, or None where there are none.
    #[getter]
    fn classes<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyArray1<i32>>> {
        let labels: Option<Vec<i32>> = self.inner.labels.iter().map(|label| label.map(|l| l as i32)).collect();
        labels.map(|labels| PyArray1::from_vec(py, labels))
    }

    /// Whether a view mixes samples.
    #[getter]
    fn mixes(&self) -> bool {
        !self.inner.soft.is_empty()
    }

    /// The labels of view `k` as shares of (pictures, classes), where it mixes; None where it does not, or where a sample
    /// has no class.
    fn soft<'py>(&self, py: Python<'py>, k: usize) -> PyResult<Option<Bound<'py, PyArray2<f32>>>> {
        let Some(Some(rows)) = self.inner.soft.get(k) else { return Ok(None) };
        PyArray1::from_slice(py, rows).reshape([self.inner.count, self.inner.classes]).map(Some)
    }

    /// The id each sample has in its source.
    #[getter]
    fn ids<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<i64>> {
        PyArray1::from_iter(py, self.inner.ids.iter().map(|id| *id as i64))
    }

    /// What each sample's draws are addressed by.
    #[getter]
    fn samples<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<i64>> {
        PyArray1::from_iter(py, self.inner.samples.iter().map(|sample| *sample as i64))
    }

    /// 1 for each sample and 0 for padding, where the last batch is padded.
    #[getter]
    fn weights<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyArray1<f32>>> {
        self.inner.weights.as_ref().map(|weights| PyArray1::from_slice(py, weights))
    }

    /// The epoch.
    #[getter]
    fn epoch(&self) -> u64 {
        self.inner.epoch
    }

    /// The step within the epoch.
    #[getter]
    fn step(&self) -> u64 {
        self.inner.step
    }

    fn __len__(&self) -> usize {
        self.inner.count
    }
}

/// Bytes of a batch as an array that keeps the batch alive.
///
/// # Safety
///
/// `start` leads to at least `count` bytes that the batch owns.
unsafe fn lent<'py>(batch: &Bound<'py, Batch>, start: &Start, count: usize) -> Bound<'py, PyAny> {
    // SAFETY: the caller vouches for `count` initialised bytes of the batch; the array below keeps it alive.
    let view = unsafe { ArrayView1::from_shape_ptr(count, start.0.cast_const()) };
    // SAFETY: the container owns the memory the view looks at, is frozen, and never reallocates it: its bytes are
    // dropped with it and not reached otherwise. The pointer was made from a unique reference, so that writing through
    // it is allowed.
    unsafe { PyArray1::borrow_from_array(&view, batch.clone().into_any()) }.into_any()
}

/// NumPy's type of a batch; none for bytes. Brain floats are those of `ml_dtypes`, which JAX and Keras bring along;
/// without it they are handed over as their bits, in uint16.
fn descr(py: Python<'_>, dtype: Dtype) -> PyResult<Option<Bound<'_, PyAny>>> {
    let numpy = get_array_module(py)?;
    let name = match dtype {
        Dtype::U8 => return Ok(None),
        Dtype::BF16 => match PyModule::import(py, "ml_dtypes") {
            Ok(module) => return Ok(Some(numpy.call_method1(intern!(py, "dtype"), (module.getattr("bfloat16")?,))?)),
            Err(_) => Dtype::U16.name(),
        },
        _ => dtype.name(),
    };
    Ok(Some(numpy.call_method1(intern!(py, "dtype"), (name,))?))
}
