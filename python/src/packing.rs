//! Packing a source into shards.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use variegate::Error;
use variegate::pack::{PackFormat, PackOptions, PackProgress, Packing, ShardSize};

use crate::errors::{OrRaise, exception, guarded};
use crate::source::Source;

/// How often Python is asked whether to go on.
const ASK: Duration = Duration::from_millis(100);

/// Packs a source. `shard_size` is a number and whether that is bytes; `progress` is called with samples done and samples
/// in all.
#[pyfunction]
#[pyo3(signature = (source, out, short_side, format, quality, shard_size, threads, strict, verify, progress))]
pub fn pack<'py>(
    py: Python<'py>,
    source: PyRef<'py, Source>,
    out: PathBuf,
    short_side: Option<u32>,
    format: &str,
    quality: Option<u8>,
    shard_size: (u64, bool),
    threads: Option<usize>,
    strict: bool,
    verify: bool,
    progress: Option<Py<PyAny>>,
) -> PyResult<Bound<'py, PyDict>> {
    guarded(py, || {
        let Some(format) = PackFormat::from_name(format) else {
            let known = PackFormat::ALL.map(PackFormat::name).join(", ");
            let wrong = Error::parameter(format!("format: expected one of {known}, found {format:?}"));
            return Err(exception(py, &wrong));
        };
        let (size, is_bytes) = shard_size;
        let shard_size = if is_bytes { ShardSize::Bytes(size) } else { ShardSize::Samples(size) };
        let usual = PackOptions::default();
        let threads = threads.unwrap_or(usual.threads);
        let options = PackOptions { short_side, format, quality, shard_size, threads, strict, verify, ..usual };
        let samples = source.samples.clone();
        let (mut raised, mut asked) = (None, Instant::now());
        let packed = py.detach(|| {
            variegate::pack::pack(&*samples, &out, &options, &mut |how| {
                if how.done < how.total && asked.elapsed() < ASK {
                    return Ok(());
                }
                asked = Instant::now();
                Python::attach(|py| ask(py, how, progress.as_ref())).map_err(|error| {
                    raised = Some(error);
                    Error::internal("the caller ends the job")
                })
            })
        });
        match raised {
            Some(error) => Err(error),
            None => told(py, &packed.or_raise(py)?),
        }
    })
}

/// Tells how far the job is; an exception of a signal or of the callback ends it.
fn ask(py: Python<'_>, how: &PackProgress, progress: Option<&Py<PyAny>>) -> PyResult<()> {
    py.check_signals()?;
    match progress {
        Some(progress) => progress.call1(py, (how.done, how.total)).map(drop),
        None => Ok(()),
    }
}

fn told<'py>(py: Python<'py>, packing: &Packing) -> PyResult<Bound<'py, PyDict>> {
    let bad = PyList::empty(py);
    for lost in packing.bad() {
        let one = PyDict::new(py);
        one.set_item("sample", lost.sample)?;
        one.set_item("file", &lost.file)?;
        one.set_item("kind", &lost.kind)?;
        one.set_item("reason", &lost.reason)?;
        bad.append(one)?;
    }
    let told = PyDict::new(py);
    told.set_item("shards", packing.shards.len())?;
    told.set_item("made", packing.made)?;
    told.set_item("samples", packing.samples())?;
    told.set_item("bytes", packing.bytes())?;
    told.set_item("bad", bad)?;
    Ok(told)
}
