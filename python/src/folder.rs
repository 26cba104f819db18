//! The files of a folder, in Python: their paths, labels and classes, and other lists made of them.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;

use pyo3::prelude::*;
use variegate::io::{Folder, FolderOptions};
use variegate::loader::{Files, Source};

use crate::errors::{OrRaise, guarded};

/// The files of a folder, in a fixed order. `variegate.Source` wraps it.
#[pyclass(frozen, module = "variegate._variegate", name = "FolderSource")]
pub struct FolderSource {
    pub files: Arc<Files>,
    problems: Arc<Vec<String>>,
}

impl FolderSource {
    fn with(&self, files: Files) -> Self {
        Self { files: Arc::new(files), problems: self.problems.clone() }
    }
}

#[pymethods]
impl FolderSource {
    #[new]
    #[pyo3(signature = (path, classes=None, labelled=None, follow_links=false))]
    fn new(
        py: Python<'_>,
        path: PathBuf,
        classes: Option<Vec<String>>,
        labelled: Option<bool>,
        follow_links: bool,
    ) -> PyResult<Self> {
        guarded(py, || {
            let options = FolderOptions { classes, labelled, follow_links };
            let folder = py.detach(|| Folder::read(&path, &options)).or_raise(py)?;
            let problems = folder.problems.iter().map(ToString::to_string).collect();
            Ok(Self { files: Arc::new(Files::of(&folder)), problems: Arc::new(problems) })
        })
    }

    /// Names of the classes, by label.
    #[getter]
    fn classes(&self) -> Vec<String> {
        self.files.classes.clone()
    }

    /// Paths of all files. A name that is no UTF-8 is decoded as Python does it, by `os.fsdecode`.
    #[getter]
    fn paths(&self) -> Vec<OsString> {
        self.files.paths().into_iter().map(PathBuf::into_os_string).collect()
    }

    /// The label of each file; None where it has none.
    #[getter]
    fn labels(&self) -> Vec<Option<u32>> {
        self.files.labels()
    }

    /// What could not be read, and classes without pictures.
    #[getter]
    fn problems(&self) -> Vec<String> {
        self.problems.to_vec()
    }

    /// A number that changes when the list of files does.
    #[getter]
    fn fingerprint(&self, py: Python<'_>) -> u64 {
        py.detach(|| self.files.fingerprint())
    }

    fn __len__(&self) -> usize {
        self.files.len() as usize
    }

    /// The files at some positions, in that order.
    fn _select(&self, py: Python<'_>, positions: Vec<usize>) -> PyResult<Self> {
        guarded(py, || Ok(self.with(self.files.select(&positions).or_raise(py)?)))
    }

    /// The same files with other labels.
    fn _relabel(&self, py: Python<'_>, labels: Vec<u32>, classes: Vec<String>) -> PyResult<Self> {
        guarded(py, || {
            let mut files = self.files.relabel(&labels).or_raise(py)?;
            files.classes = classes;
            Ok(self.with(files))
        })
    }

    /// The first part of a seeded shuffle, and its last `share`.
    fn _split(&self, py: Python<'_>, share: f64, seed: u64) -> PyResult<(Self, Self)> {
        guarded(py, || {
            let (first, last) = self.files.split(share, seed).or_raise(py)?;
            Ok((self.with(first), self.with(last)))
        })
    }
}
