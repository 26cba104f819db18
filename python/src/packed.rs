//! Archives and files of records, as sources.

use std::path::PathBuf;

use pyo3::prelude::*;
use variegate::io::{Fields, Keep, Shard, Storage, TarFields, classes_beside, expand, index, index_tar, read_tfrecord};
use variegate::loader::Packed;

use crate::errors::{OrRaise, guarded};
use crate::source::Source;
use crate::storage::{Named, storage};

/// Indexes files with `indexed` and makes a source of them. `cache` is a folder for indices; False for none, nothing for
/// beside the files. Where classes are not given, they have the names that a plan beside the files says.
fn packed(
    py: Python<'_>,
    paths: Vec<PathBuf>,
    classes: Option<Vec<String>>,
    cache: Cache,
    named: Named,
    checked: bool,
    indexed: impl Fn(&[PathBuf], &Storage, &Keep) -> variegate::Result<Vec<Shard>> + Sync,
) -> PyResult<Source> {
    guarded(py, || {
        let storage = storage(py, named)?;
        let keep = match cache {
            None => Keep::Beside,
            Some((_, false)) => Keep::Nowhere,
            Some((folder, true)) => Keep::In(folder),
        };
        let made = py.detach(|| {
            let shards = indexed(&paths, &storage, &keep)?;
            let told = |(path, shard): (&PathBuf, &Shard)| {
                shard.problems.iter().map(|problem| format!("{}: {problem}", path.display())).collect::<Vec<_>>()
            };
            let problems: Vec<String> = paths.iter().zip(&shards).flat_map(told).collect();
            let names = if classes.is_none() { classes_beside(&paths, &storage) } else { None };
            let source = Packed::new(paths.into_iter().zip(shards), classes, checked)?.within(storage);
            Ok((source.named(names.unwrap_or_default()), problems))
        });
        let (source, problems) = made.or_raise(py)?;
        Ok(Source::new(source, problems))
    })
}

/// A folder and whether indices are kept at all; nothing for beside the files.
type Cache = Option<(PathBuf, bool)>;

/// Tar archives.
#[pyfunction]
#[pyo3(signature = (paths, image, label, classes, cache, storage=None))]
pub fn tar(
    py: Python<'_>,
    paths: Vec<PathBuf>,
    image: Option<String>,
    label: Option<String>,
    classes: Option<Vec<String>>,
    cache: Cache,
    storage: Named,
) -> PyResult<Source> {
    let fields = TarFields { image, label };
    packed(py, paths, classes, cache, storage, false, |paths, storage, keep| index_tar(paths, storage, keep, &fields))
}

/// TFRecord files.
#[pyfunction]
#[pyo3(signature = (paths, image, label, classes, cache, storage=None))]
pub fn tfrecord(
    py: Python<'_>,
    paths: Vec<PathBuf>,
    image: String,
    label: Option<String>,
    classes: Option<Vec<String>>,
    cache: Cache,
    storage: Named,
) -> PyResult<Source> {
    let fields = Fields { image, label };
    let what = format!("{fields:?}");
    packed(py, paths, classes, cache, storage, true, |paths, storage, keep| {
        index(paths, storage, keep, &what, &|path, file| read_tfrecord(path, file, &fields))
    })
}

/// All names that a pattern with braces stands for.
#[pyfunction]
pub fn expand_braces(py: Python<'_>, pattern: &str) -> PyResult<Vec<String>> {
    expand(pattern).or_raise(py)
}
