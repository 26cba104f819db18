//! The loader in Python: waits for batches with the interpreter released, and looks after signals in between.
//!
//! `variegate.Loader` wraps it. Its lock is taken only while the interpreter is released, so that a thread which waits
//! for the one never holds the other; its workers never touch Python.

use std::ffi::CString;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use pyo3::prelude::*;
use pyo3::types::PyDict;
use variegate::loader::{
    Budget, Busy, Excluded, Kinds, LoaderOptions, MaskDtype, Next, OnBad, Report, Rest, Sampling, TargetOptions, Token,
    Weights,
};
use variegate::{BoxFormat, Dtype, Error, Layout};

use crate::delivered::Batch;
use crate::errors::{OrRaise, guarded};
use crate::pipeline::Pipeline;
use crate::reading::{colour_of, expected, partial_decode_of, views_of};
use crate::source::Source;

/// How long one wait lasts before signals are looked after.
const PATIENCE: Duration = Duration::from_millis(100);

/// Batches of a data set, made on threads of its own.
#[pyclass(frozen, module = "variegate._variegate", name = "Loader")]
pub struct Loader {
    inner: Mutex<variegate::Loader>,
    process: u32,
    /// Batches of an epoch.
    #[pyo3(get)]
    steps: u64,
    /// Samples of the source.
    #[pyo3(get)]
    samples: u64,
    /// The seed of the order.
    #[pyo3(get)]
    seed: u64,
    /// Seconds of waiting for one batch after which the cause is told.
    stall_after: Option<f64>,
}

impl Loader {
    /// Warns that nothing came for so long, with what each worker is at.
    fn stalled(&self, py: Python<'_>, seconds: f64) -> PyResult<()> {
        let told = self.ask(py, |loader| Ok((loader.epoch(), loader.step(), loader.busy())))?;
        let text = CString::new(stall_text(seconds, told)).unwrap_or_default();
        let stall = py.import("variegate.errors")?.getattr("StallWarning")?;
        PyErr::warn(py, &stall, &text, 1)
    }

    /// Asks the engine something, with the interpreter released.
    fn ask<T: Send>(
        &self,
        py: Python<'_>,
        work: impl FnOnce(&mut variegate::Loader) -> variegate::Result<T> + Send,
    ) -> PyResult<T> {
        guarded(py, || {
            // After a fork the lock may be held by a thread that stayed in the parent: it is not touched then.
            if std::process::id() != self.process {
                return Err(forked()).or_raise(py);
            }
            py.detach(|| work(&mut self.inner.lock().unwrap_or_else(PoisonError::into_inner))).or_raise(py)
        })
    }
}

#[pymethods]
impl Loader {
    #[new]
    #[pyo3(signature = (source, views, *, batch_size, shuffle, seed, num_shards, shard_id, threads, prefetch, memory,
                        dtype, layout, on_bad, rest, colour, upright, max_bad, max_bad_rate, partial_decode, targets,
                        box_format, max_boxes, min_area, min_visibility, mask_dtype, weights, balanced, repeats,
                        exclude, stall_after))]
    fn new(
        py: Python<'_>,
        source: &Bound<'_, Source>,
        views: Vec<(Bound<'_, Pipeline>, usize)>,
        batch_size: usize,
        shuffle: bool,
        seed: Option<u64>,
        num_shards: u64,
        shard_id: u64,
        threads: Option<usize>,
        prefetch: Option<usize>,
        memory: u64,
        dtype: &str,
        layout: &str,
        on_bad: &str,
        rest: &str,
        colour: &str,
        upright: bool,
        max_bad: Option<u64>,
        max_bad_rate: f64,
        partial_decode: &Bound<'_, PyAny>,
        targets: Option<Vec<String>>,
        box_format: &str,
        max_boxes: Option<usize>,
        min_area: Option<f64>,
        min_visibility: Option<f64>,
        mask_dtype: Option<&str>,
        weights: Option<Vec<f64>>,
        balanced: bool,
        repeats: u64,
        exclude: Vec<u64>,
        stall_after: Option<f64>,
    ) -> PyResult<Self> {
        guarded(py, || {
            let targets = TargetOptions {
                kinds: kinds_of(targets.as_deref()).or_raise(py)?,
                box_format: BoxFormat::from_name(box_format).or_raise(py)?,
                max_boxes,
                min_area,
                min_visibility,
                mask_dtype: mask_dtype.map(mask_dtype_of).transpose().or_raise(py)?,
            };
            let options = LoaderOptions {
                batch_size,
                shuffle,
                seed,
                sampling: Sampling {
                    weights: match weights {
                        Some(weights) => Weights::Each(weights.into()),
                        None if balanced => Weights::Balanced,
                        None => Weights::Equal,
                    },
                    repeats,
                },
                excluded: Excluded::new(exclude),
                num_shards,
                shard_id,
                threads,
                prefetch,
                memory,
                dtype: Dtype::from_name(dtype)
                    .ok_or_else(|| expected("dtype", "uint8, uint16, float32, float16 or bfloat16", dtype))
                    .or_raise(py)?,
                layout: Layout::from_name(layout)
                    .ok_or_else(|| expected("layout", "\"NHWC\" or \"NCHW\"", layout))
                    .or_raise(py)?,
                on_bad: OnBad::from_name(on_bad)
                    .ok_or_else(|| expected("on_bad", "\"raise\", \"skip\", \"substitute\" or \"quarantine\"", on_bad))
                    .or_raise(py)?,
                budget: Budget { count: max_bad, rate: max_bad_rate },
                rest: rest_of(rest).or_raise(py)?,
                colour: colour_of(colour).or_raise(py)?,
                upright,
                partial_decode: partial_decode_of(Some(partial_decode))?,
                targets,
                ..LoaderOptions::default()
            };
            let samples = source.get().samples.clone();
            let views = views_of(&views).or_raise(py)?;
            let seed = seed.unwrap_or(views.pipelines()[0].options.seed);
            let made = py.detach(|| variegate::Loader::new(samples, views, options)).or_raise(py)?;
            let (steps, samples) = (made.steps(), made.samples());
            Ok(Self { inner: Mutex::new(made), process: std::process::id(), steps, samples, seed, stall_after })
        })
    }

    /// Waits for the next batch; None at the end of each epoch. Ctrl-C ends the wait.
    fn next(&self, py: Python<'_>) -> PyResult<Option<Batch>> {
        let from = Instant::now();
        let mut patience = self.stall_after;
        loop {
            match self.ask(py, |loader| loader.next_within(PATIENCE))? {
                Next::Batch(batch) => return Ok(Some(Batch::new(*batch))),
                Next::EpochEnd => return Ok(None),
                Next::NotYet => py.check_signals()?,
            }
            if let Some(seconds) = patience.filter(|seconds| from.elapsed().as_secs_f64() >= *seconds) {
                self.stalled(py, from.elapsed().as_secs_f64())?;
                patience = Some(2.0 * seconds);
            }
        }
    }

    /// (epoch, step) of the next batch; the step is `steps` at the end of an epoch.
    fn place(&self, py: Python<'_>) -> PyResult<(u64, u64)> {
        self.ask(py, |loader| Ok((loader.epoch(), loader.step())))
    }

    /// Goes to a step of an epoch.
    fn seek(&self, py: Python<'_>, epoch: u64, step: u64) -> PyResult<()> {
        self.ask(py, |loader| loader.seek(epoch, step))
    }

    /// Where the loader stands, as JSON.
    fn state(&self, py: Python<'_>) -> PyResult<String> {
        self.ask(py, |loader| Ok(loader.state().to_json()))
    }

    /// Goes on where a token says.
    fn resume(&self, py: Python<'_>, token: &str) -> PyResult<()> {
        self.ask(py, |loader| loader.resume(&Token::from_json(token)?))
    }

    /// Where the time went.
    fn report<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        as_dict(py, &self.ask(py, |loader| Ok(loader.report()))?)
    }

    /// Samples that could not be used, by id.
    fn bad<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyDict>>> {
        let bad = self.ask(py, |loader| Ok(loader.bad()))?;
        let entry = |sample: variegate::loader::BadSample| {
            let dict = PyDict::new(py);
            dict.set_item("path", sample.path.into_os_string())?;
            dict.set_item("reason", sample.error.message())?;
            dict.set_item("kind", sample.error.kind().name())?;
            dict.set_item("id", sample.id)?;
            dict.set_item("epoch", sample.epoch)?;
            Ok(dict)
        };
        bad.into_iter().map(entry).collect()
    }

    /// Ends the threads. In a child process there are none.
    fn close(&self, py: Python<'_>) -> PyResult<()> {
        if std::process::id() != self.process {
            return Ok(());
        }
        self.ask(py, |loader| {
            loader.close();
            Ok(())
        })
    }
}

impl Drop for Loader {
    fn drop(&mut self) {
        // Workers finish the sample they are at; the interpreter need not wait for that. Where there is none any more,
        // the loader's own drop waits.
        let close = || self.inner.get_mut().unwrap_or_else(PoisonError::into_inner).close();
        let _ = Python::try_attach(|py| py.detach(close));
    }
}

fn rest_of(name: &str) -> variegate::Result<Rest> {
    match name {
        "keep" => Ok(Rest::Keep),
        "drop" => Ok(Rest::Drop),
        "wrap" => Ok(Rest::Wrap),
        "pad" => Ok(Rest::Pad),
        _ => Err(expected("rest", "\"keep\", \"drop\", \"wrap\" or \"pad\"", name)),
    }
}

fn kinds_of(names: Option<&[String]>) -> variegate::Result<Kinds> {
    let Some(names) = names else { return Ok(Kinds::ALL) };
    let mut kinds = Kinds::default();
    for name in names {
        match name.as_str() {
            "boxes" => kinds.boxes = true,
            "points" => kinds.points = true,
            "masks" => kinds.masks = true,
            _ => return Err(expected("targets", "\"boxes\", \"points\" and \"masks\"", name)),
        }
    }
    Ok(kinds)
}

fn mask_dtype_of(name: &str) -> variegate::Result<MaskDtype> {
    MaskDtype::from_name(name).ok_or_else(|| expected("mask_dtype", "\"uint8\", \"uint16\" or \"int32\"", name))
}

fn stall_text(seconds: f64, (epoch, step, busy): (u64, u64, Vec<Busy>)) -> String {
    let one = |busy: &Busy| {
        let Busy { worker, stage, id, name, seconds } = busy;
        format!("worker {worker} is at \"{}\" of sample {id} ({}) for {seconds:.1} s", stage.name(), name.display())
    };
    let mut workers: Vec<String> = busy.iter().take(4).map(one).collect();
    match busy.len() {
        0 => workers.push("no worker is at a sample".into()),
        n @ 5.. => workers.push(format!("{} more are at work", n - 4)),
        _ => {}
    }
    // A warning is a text of C: a name with a zero in it would end it.
    format!("no batch for {seconds:.1} s, at step {step} of epoch {epoch}: {}", workers.join("; ")).replace('\0', "?")
}

fn forked() -> Error {
    Error::unsupported(
        "this loader was made before the process forked, and its threads stayed in the parent; make the loader in the child process",
    )
}

fn as_dict<'py>(py: Python<'py>, report: &Report) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    let (bottleneck, share) = report.bottleneck();
    dict.set_item("images", report.images)?;
    dict.set_item("batches", report.batches)?;
    dict.set_item("seconds", report.seconds)?;
    dict.set_item("images_per_second", report.images as f64 / report.seconds.max(1e-9))?;
    dict.set_item("cpu_seconds", report.busy())?;
    dict.set_item("waiting_seconds", report.waiting)?;
    dict.set_item("read_seconds", report.read)?;
    dict.set_item("plan_seconds", report.plan)?;
    dict.set_item("decode_seconds", report.decode)?;
    dict.set_item("augment_seconds", report.augment)?;
    dict.set_item("idle_seconds", report.idle)?;
    dict.set_item("threads", report.threads)?;
    dict.set_item("bad", report.bad)?;
    dict.set_item("bottleneck", bottleneck)?;
    dict.set_item("bottleneck_share", share)?;
    Ok(dict)
}
