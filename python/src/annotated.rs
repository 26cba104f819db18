//! Pictures with boxes, points or masks, in Python: data sets in the layouts of COCO, Pascal VOC, YOLO and mask folders.
//!
//! `variegate.Source` wraps it as it wraps a folder; what it says of itself has the same names.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use variegate::Error;
use variegate::io::Limits;
use variegate::loader::annotated::{coco, masks, voc, yolo};
use variegate::loader::{Annotated, Source};

use crate::errors::{OrRaise, guarded};
use crate::folder::FolderSource;
use crate::reading::expected;

/// Pictures and what is known of them, in a fixed order.
#[pyclass(frozen, module = "variegate._variegate", name = "AnnotatedSource")]
pub struct AnnotatedSource {
    inner: Arc<Annotated>,
}

/// The engine's source behind any of the native ones.
pub fn source_of(object: &Bound<'_, PyAny>) -> PyResult<Arc<dyn Source>> {
    if let Ok(folder) = object.cast::<FolderSource>() {
        return Ok(folder.get().files.clone());
    }
    match object.cast::<AnnotatedSource>() {
        Ok(annotated) => Ok(annotated.get().inner.clone()),
        Err(_) => Err(PyTypeError::new_err("source: expected a native source")),
    }
}

impl AnnotatedSource {
    fn read(py: Python<'_>, read: impl FnOnce() -> variegate::Result<Annotated> + Send) -> PyResult<Self> {
        guarded(py, || Ok(Self { inner: Arc::new(py.detach(read).or_raise(py)?) }))
    }
}

#[pymethods]
impl AnnotatedSource {
    #[staticmethod]
    fn coco(
        py: Python<'_>,
        file: PathBuf,
        images: Option<PathBuf>,
        crowd: bool,
        masks: Option<&str>,
    ) -> PyResult<Self> {
        let masks = match masks {
            None => None,
            Some("classes") => Some(coco::Drawn::Classes),
            Some("instances") => Some(coco::Drawn::Instances),
            Some(other) => return Err(expected("masks", "\"classes\", \"instances\" or None", other)).or_raise(py),
        };
        Self::read(py, move || {
            coco::read(&file, &coco::Coco { images: images.as_deref(), crowd, masks }, &Limits::default())
        })
    }

    #[staticmethod]
    fn voc(
        py: Python<'_>,
        folder: PathBuf,
        split: Option<String>,
        classes: Option<Vec<String>>,
        one_based: bool,
        difficult: bool,
    ) -> PyResult<Self> {
        let how = voc::Voc { split, classes, one_based, difficult };
        Self::read(py, move || voc::read(&folder, &how, &Limits::default()))
    }

    #[staticmethod]
    fn yolo(py: Python<'_>, place: PathBuf, split: Option<String>) -> PyResult<Self> {
        Self::read(py, move || yolo::read(&place, split.as_deref(), &Limits::default()))
    }

    #[staticmethod]
    fn masks(py: Python<'_>, images: PathBuf, folder: PathBuf, suffix: String, classes: Vec<String>) -> PyResult<Self> {
        Self::read(py, move || masks::read(&images, &folder, &suffix, classes))
    }

    /// Names of the classes of boxes or masks, by label.
    #[getter]
    fn classes(&self) -> Vec<String> {
        self.inner.classes.clone()
    }

    /// Paths of all pictures.
    #[getter]
    fn paths(&self) -> Vec<OsString> {
        self.inner.paths().into_iter().map(PathBuf::into_os_string).collect()
    }

    /// None for each: a picture has no class of its own.
    #[getter]
    fn labels(&self) -> Vec<Option<u32>> {
        vec![None; self.__len__()]
    }

    /// What was changed or left aside.
    #[getter]
    fn problems(&self) -> Vec<String> {
        self.inner.problems.iter().map(ToString::to_string).collect()
    }

    /// A number that changes when the pictures or what is known of them do.
    #[getter]
    fn fingerprint(&self, py: Python<'_>) -> u64 {
        py.detach(|| self.inner.fingerprint())
    }

    fn __len__(&self) -> usize {
        self.inner.len() as usize
    }

    /// The pictures at some positions, in that order.
    fn _select(&self, py: Python<'_>, positions: Vec<usize>) -> PyResult<Self> {
        guarded(py, || Ok(Self { inner: Arc::new(self.inner.select(&positions).or_raise(py)?) }))
    }

    /// Refused: boxes have classes here, pictures none.
    #[pyo3(signature = (*_labels))]
    fn _relabel(&self, py: Python<'_>, _labels: &Bound<'_, PyTuple>) -> PyResult<Self> {
        let message = "relabel gives pictures other classes, and those of this source have none, only their boxes or masks \
                       do; change box_labels in the loop";
        guarded(py, || Err(Error::unsupported(message)).or_raise(py))
    }

    /// The first part of a seeded shuffle, and its last `share`.
    fn _split(&self, py: Python<'_>, share: f64, seed: u64) -> PyResult<(Self, Self)> {
        guarded(py, || {
            let (first, last) = self.inner.split(share, seed).or_raise(py)?;
            Ok((Self { inner: Arc::new(first) }, Self { inner: Arc::new(last) }))
        })
    }
}
