//! Any source of samples, in Python: its paths, labels and classes, and other sources made of it.
//!
//! `variegate.Source` wraps it; the makers of sources beside this file make it. It reads no sample.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;

use pyo3::prelude::*;
use variegate::loader;

use crate::errors::{OrRaise, guarded};

/// Samples in a fixed order. `variegate.Source` wraps it.
#[pyclass(frozen, module = "variegate._variegate", name = "Source")]
pub struct Source {
    pub samples: Arc<dyn loader::Source>,
    problems: Arc<Vec<String>>,
}

impl Source {
    /// A source, and what was met and left aside when it was made.
    pub fn new(samples: impl loader::Source + 'static, problems: Vec<String>) -> Self {
        Self { samples: Arc::new(samples), problems: Arc::new(problems) }
    }

    fn with(&self, samples: impl loader::Source + 'static) -> Self {
        Self { samples: Arc::new(samples), problems: self.problems.clone() }
    }
}

#[pymethods]
impl Source {
    /// Names of the classes, by label; numbers where labels have no names.
    #[getter]
    fn classes(&self, py: Python<'_>) -> Vec<String> {
        let names = self.samples.class_names();
        if !names.is_empty() {
            return names.to_vec();
        }
        py.detach(|| (0..self.samples.classes()).map(|label| label.to_string()).collect())
    }

    /// Paths of all samples. A name that is no UTF-8 is decoded as Python does it, by `os.fsdecode`.
    #[getter]
    fn paths(&self, py: Python<'_>) -> Vec<OsString> {
        py.detach(|| (0..self.samples.len()).map(|id| self.samples.name(id).into_os_string()).collect())
    }

    /// The label of each sample; None where it has none.
    #[getter]
    fn labels(&self, py: Python<'_>) -> Vec<Option<u32>> {
        py.detach(|| (0..self.samples.len()).map(|id| self.samples.label(id)).collect())
    }

    /// What could not be read, and classes without pictures.
    #[getter]
    fn problems(&self) -> Vec<String> {
        self.problems.to_vec()
    }

    /// A number that changes when the list of samples does.
    #[getter]
    fn fingerprint(&self, py: Python<'_>) -> u64 {
        py.detach(|| self.samples.fingerprint())
    }

    fn __len__(&self) -> usize {
        self.samples.len() as usize
    }

    /// The path and the label of a sample.
    fn _entry(&self, py: Python<'_>, position: u64) -> PyResult<(OsString, Option<u32>)> {
        guarded(py, || {
            if position >= self.samples.len() {
                let n = self.samples.len();
                let error = variegate::Error::parameter(format!("there is no sample {position}; the source has {n}"));
                return Err(error).or_raise(py);
            }
            let path: PathBuf = self.samples.name(position);
            Ok((path.into_os_string(), self.samples.label(position)))
        })
    }

    /// A number for each sample that stands for its name and what is known of it, wherever the data set lies.
    fn _marks(&self, py: Python<'_>) -> Vec<u64> {
        py.detach(|| (0..self.samples.len()).map(|id| self.samples.mark(id)).collect())
    }

    /// The samples at some positions, in that order.
    fn _select(&self, py: Python<'_>, positions: Vec<u64>) -> PyResult<Self> {
        guarded(py, || Ok(self.with(loader::Chosen::select(self.samples.clone(), positions).or_raise(py)?)))
    }

    /// The same samples with other labels.
    fn _relabel(&self, py: Python<'_>, labels: Vec<u32>, classes: Vec<String>) -> PyResult<Self> {
        guarded(py, || Ok(self.with(loader::Chosen::relabel(self.samples.clone(), labels, classes).or_raise(py)?)))
    }

    /// The first part of a seeded shuffle, and its last `share`.
    fn _split(&self, py: Python<'_>, share: f64, seed: u64) -> PyResult<(Self, Self)> {
        guarded(py, || {
            let (first, last) = loader::Chosen::split(&self.samples, share, seed).or_raise(py)?;
            Ok((self.with(first), self.with(last)))
        })
    }

    /// This source and others, one after another or by weight.
    fn _concat(&self, py: Python<'_>, others: Vec<PyRef<'_, Source>>, weights: Option<Vec<f64>>) -> PyResult<Self> {
        guarded(py, || {
            let all = || std::iter::once(self).chain(others.iter().map(|other| &**other));
            let sources = all().map(|source| source.samples.clone()).collect();
            let problems = all().flat_map(|source| source.problems.iter().cloned()).collect();
            let joined = py.detach(|| loader::Joined::new(sources, weights.as_deref())).or_raise(py)?;
            Ok(Self::new(joined, problems))
        })
    }
}
