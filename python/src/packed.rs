//! Archives and files of records, as sources.

use std::fs::File;
use std::path::{Path, PathBuf};

use pyo3::prelude::*;
use variegate::io::{Fields, Keep, Shard, TarFields, expand, index, read_tar, read_tfrecord};
use variegate::loader::Packed;

use crate::errors::{OrRaise, guarded};
use crate::source::Source;

/// Indexes files with `read` and makes a source of them. `cache` is a folder for indices; False for none, nothing for
/// beside the files.
fn packed(
    py: Python<'_>,
    paths: Vec<PathBuf>,
    classes: Option<Vec<String>>,
    cache: Cache,
    what: String,
    checked: bool,
    read: impl Fn(&Path, &File) -> variegate::Result<Shard> + Sync,
) -> PyResult<Source> {
    guarded(py, || {
        let keep = match cache {
            None => Keep::Beside,
            Some((_, false)) => Keep::Nowhere,
            Some((folder, true)) => Keep::In(folder),
        };
        let made = py.detach(|| {
            let shards = index(&paths, &keep, &what, &read)?;
            let told = |(path, shard): (&PathBuf, &Shard)| {
                shard.problems.iter().map(|problem| format!("{}: {problem}", path.display())).collect::<Vec<_>>()
            };
            let problems: Vec<String> = paths.iter().zip(&shards).flat_map(told).collect();
            Ok((Packed::new(paths.into_iter().zip(shards), classes, checked)?, problems))
        });
        let (source, problems) = made.or_raise(py)?;
        Ok(Source::new(source, problems))
    })
}

/// A folder and whether indices are kept at all; nothing for beside the files.
type Cache = Option<(PathBuf, bool)>;

/// Tar archives.
#[pyfunction]
#[pyo3(signature = (paths, image, label, classes, cache))]
pub fn tar(
    py: Python<'_>,
    paths: Vec<PathBuf>,
    image: Option<String>,
    label: Option<String>,
    classes: Option<Vec<String>>,
    cache: Cache,
) -> PyResult<Source> {
    let fields = TarFields { image, label };
    let what = format!("{fields:?}");
    packed(py, paths, classes, cache, what, false, |path, file| read_tar(path, file, &fields))
}

/// TFRecord files.
#[pyfunction]
#[pyo3(signature = (paths, image, label, classes, cache))]
pub fn tfrecord(
    py: Python<'_>,
    paths: Vec<PathBuf>,
    image: String,
    label: Option<String>,
    classes: Option<Vec<String>>,
    cache: Cache,
) -> PyResult<Source> {
    let fields = Fields { image, label };
    let what = format!("{fields:?}");
    packed(py, paths, classes, cache, what, true, |path, file| read_tfrecord(path, file, &fields))
}

/// All names that a pattern with braces stands for.
#[pyfunction]
pub fn expand_braces(py: Python<'_>, pattern: &str) -> PyResult<Vec<String>> {
    expand(pattern).or_raise(py)
}
