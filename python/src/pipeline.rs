//! The pipeline in Python: reads a document once, then draws, plans and runs.
//!
//! `variegate.Pipeline` subclasses it and adds only its construction from operations, so that a call costs no Python
//! frame.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use variegate::augment;
use variegate::plan::explain::explain;

use crate::batch::{self, Wish};
use crate::errors::{OrRaise, guarded};
use crate::profile;
use crate::recipe::{self, Recipe, frame_of, stack_of};
use crate::scratch;
use crate::targets::Targets;
use crate::views;

/// A pipeline, read from a document.
#[pyclass(frozen, subclass, module = "variegate._variegate", name = "Pipeline")]
pub struct Pipeline {
    pub inner: Arc<variegate::Pipeline>,
    /// The sample id of the next call that gives none.
    calls: AtomicU64,
}

/// The plan of one sample.
#[pyclass(frozen, module = "variegate", name = "Plan")]
pub struct Plan {
    /// The kinds of the fused nodes, in order.
    #[pyo3(get)]
    nodes: Vec<&'static str>,
    /// The kinds of the nodes as the operations wrote them.
    #[pyo3(get)]
    written: Vec<&'static str>,
    /// Passes over pixels.
    #[pyo3(get)]
    passes: usize,
    /// (height, width, channels) of the picture that goes in.
    #[pyo3(get)]
    input: (usize, usize, usize),
    /// (height, width, channels) of the picture that comes out.
    #[pyo3(get)]
    output: (usize, usize, usize),
    text: String,
}

#[pymethods]
impl Plan {
    fn __str__(&self) -> &str {
        &self.text
    }

    fn __repr__(&self) -> String {
        format!("Plan(nodes={:?}, passes={})", self.nodes, self.passes)
    }
}

#[pymethods]
impl Pipeline {
    #[new]
    #[pyo3(signature = (document, file=None))]
    fn new(py: Python<'_>, document: &str, file: Option<&str>) -> PyResult<Self> {
        guarded(py, || {
            let inner = variegate::Pipeline::from_yaml(document, file).or_raise(py)?;
            Ok(Self { inner: Arc::new(inner), calls: AtomicU64::new(0) })
        })
    }

    /// Augments one picture and everything attached to it: one array for one array, a dict for names.
    ///
    /// Args:
    ///     image: An array of (height, width) or (height, width, channels): uint8, uint16 or float32. Named as `image=`
    ///         or together with any other name, the result is a dict of the same names.
    ///     images, mask, masks, boxes, box_format, box_labels, points, labels, video, video_mask, volume, volume_mask: See
    ///         the class.
    ///     epoch: Which epoch, from 0.
    ///     sample: The sample's id, from 0; without it, the number of calls so far that gave none.
    ///
    /// Raises:
    ///     InputError: If an array cannot be used: its message names it, and says what was expected.
    #[pyo3(signature = (*args, **kwargs))]
    fn __call__<'py>(
        &self,
        py: Python<'py>,
        args: &Bound<'py, PyTuple>,
        kwargs: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        guarded(py, || {
            let targets = Targets::new(py, positional(args, 0)?, kwargs, true)?;
            let sample = targets.sample.unwrap_or_else(|| self.next_call());
            let recipe = self.inner.draw(targets.frame()?, targets.epoch, sample);
            self.run(py, &targets, &recipe)
        })
    }

    /// Applies a recipe to a picture and everything attached to it: the same bytes as the call it was drawn for.
    ///
    /// Args:
    ///     recipe: A `Recipe`, its dict or its JSON, edited or not.
    ///     image: As in a call, and so are all other names. Boxes and points need no picture here.
    ///
    /// Raises:
    ///     InputError: If something is not of the size that the recipe was drawn for.
    ///     ParameterError: If an edited value is out of bounds.
    #[pyo3(signature = (recipe, *args, **kwargs))]
    fn apply<'py>(
        &self,
        py: Python<'py>,
        recipe: &Bound<'py, PyAny>,
        args: &Bound<'py, PyTuple>,
        kwargs: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        guarded(py, || {
            let recipe = recipe::from_any(recipe)?;
            let targets = Targets::new(py, positional(args, 1)?, kwargs, false)?;
            targets.expect(recipe.frame.size, "the recipe was drawn for")?;
            self.run(py, &targets, &recipe)
        })
    }

    /// Takes predictions on an augmented picture back to the original one: test-time augmentation.
    ///
    /// Geometry alone is undone, not colour. Pictures (maps of probabilities, say) are read bilinearly, masks by the
    /// nearest pixel; black and the mask fill stand where nothing is known.
    ///
    /// Args:
    ///     recipe: A `Recipe`, its dict or its JSON.
    ///     image: As in a call, and so are all other names; everything of the size that the recipe ends in.
    ///
    /// Raises:
    ///     InputError: If something is not of that size.
    ///     UnsupportedError: If a step maps many places onto one.
    #[pyo3(signature = (recipe, *args, **kwargs))]
    fn undo<'py>(
        &self,
        py: Python<'py>,
        recipe: &Bound<'py, PyAny>,
        args: &Bound<'py, PyTuple>,
        kwargs: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        guarded(py, || {
            let recipe = recipe::from_any(recipe)?;
            let targets = Targets::new(py, positional(args, 1)?, kwargs, false)?;
            let size = augment::plan(&self.inner, &recipe, recipe.frame.channels).output.size;
            targets.expect(size, "the recipe ends in")?;
            let sample = targets.sample(&self.inner, size)?;
            let undone = py.detach(|| scratch::with(|scratch| augment::undo(&self.inner, &recipe, &sample, scratch)));
            targets.result(undone.or_raise(py)?)
        })
    }

    /// Augments an encoded picture, of which only the part that the plan looks at is decoded, and shrunk on the way where
    /// the plan shrinks: much less work than a decode for large photos.
    ///
    /// Args:
    ///     source: A path, the bytes of a file, or a file opened in binary mode.
    ///     epoch: Which epoch, from 0.
    ///     sample: The sample's id, from 0; without it, the number of calls so far that gave none.
    ///     colour: "rgb", "grey" or "rgba".
    ///     upright: Whether a picture that its EXIF data says lies on its side is turned.
    ///     partial_decode: False decodes all of the picture, "region" the part without shrinking.
    ///
    /// Returns:
    ///     The array that a `Loader` of this pipeline gives for the same epoch and sample: (height, width, channels).
    ///
    /// Raises:
    ///     InputError: If the file is no picture, broken or cut short.
    ///     IoError: If it cannot be read.
    #[pyo3(signature = (source, *, epoch=0, sample=None, colour="rgb", upright=true, partial_decode=None))]
    #[pyo3(
        text_signature = "($self, source, *, epoch=0, sample=None, colour='rgb', upright=True, partial_decode=True)"
    )]
    fn open<'py>(
        &self,
        py: Python<'py>,
        source: &Bound<'py, PyAny>,
        epoch: u64,
        sample: Option<u64>,
        colour: &str,
        upright: bool,
        partial_decode: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        guarded(py, || {
            let reading = views::reading(py, colour, upright, partial_decode)?;
            let sample = sample.unwrap_or_else(|| self.next_call());
            let list = (*self.inner).clone().into();
            Ok(views::of_file(py, source, &list, &reading, epoch, sample)?.swap_remove(0))
        })
    }

    /// Augments many pictures into one array, each with draws of its own.
    ///
    /// Args:
    ///     images: An array of (n, height, width) or (n, height, width, channels), or a list of arrays, whose sizes may
    ///         differ where the pipeline ends in one size.
    ///     labels: One for each picture; handed through untouched, unless the pipeline mixes pictures: then whole numbers,
    ///         or rows of a share for each class.
    ///     masks: One for each picture, of its size: an array or a list.
    ///     epoch: Which epoch, from 0.
    ///     samples: The ids of the samples; without them, the counter of calls goes on by n.
    ///     threads: How many threads work; None for one a core. The bytes do not depend on it.
    ///     dtype: "uint8", "uint16", "float32", "float16" or "bfloat16"; that of the pictures, or float32 where the
    ///         pipeline normalises, unless given.
    ///     layout: "NHWC" or "NCHW".
    ///     out: An array to be written into, of the right shape and dtype and C-contiguous.
    ///
    /// Returns:
    ///     The batch, aligned to 64 bytes; a tuple (batch, labels), (batch, masks) or (batch, labels, masks) where they
    ///     were given. A pipeline that mixes takes the partners of a picture from the same batch, by its draws, and gives
    ///     labels of float32 (n, classes) whose rows sum to 1; of whole numbers the greatest says how many classes there
    ///     are. Masks cannot be mixed yet.
    ///
    /// Raises:
    ///     InputError: If pictures come out of different sizes: it says which.
    ///     UnsupportedError: If the pipeline mixes and masks are given.
    #[pyo3(
        signature = (
            images, labels=None, masks=None, *,
            epoch=0, samples=None, threads=Some(1), dtype=None, layout="NHWC", out=None
        ),
        text_signature = "($self, images, labels=None, masks=None, *, epoch=0, samples=None, threads=1, dtype=None, \
                          layout='NHWC', out=None)"
    )]
    fn batch<'py>(
        &self,
        py: Python<'py>,
        images: &Bound<'py, PyAny>,
        labels: Option<Bound<'py, PyAny>>,
        masks: Option<Bound<'py, PyAny>>,
        epoch: u64,
        samples: Option<Bound<'py, PyAny>>,
        threads: Option<usize>,
        dtype: Option<&str>,
        layout: &str,
        out: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        guarded(py, || {
            let wish = Wish::new(py, threads, dtype, layout, out)?;
            batch::run(py, &self.inner, &self.calls, images, labels, masks, epoch, samples, wish)
        })
    }

    /// Draws the parameters of one sample.
    ///
    /// Args:
    ///     shape: (height, width) or (height, width, channels) of the picture; three channels unless given.
    ///     epoch: Which epoch, from 0.
    ///     sample: The sample's id, from 0.
    ///     boxes, box_format, mask, masks: As in a call, for operations that look at them: the recipe keeps where they lie.
    #[pyo3(signature = (shape, epoch=0, sample=0, **attached))]
    fn draw<'py>(
        &self,
        py: Python<'py>,
        shape: &Bound<'py, PyAny>,
        epoch: u64,
        sample: u64,
        attached: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Recipe> {
        guarded(py, || {
            let recipe = self.inner.draw(frame_of(shape)?, epoch, sample);
            let Some(attached) = attached.filter(|named| !named.is_empty()) else { return Ok(Recipe(recipe)) };
            let targets = Targets::new(py, None, Some(attached), false)?;
            targets.expect(recipe.frame.size, "the recipe is drawn for")?;
            let sample = targets.sample(&self.inner, recipe.frame.size)?;
            Ok(Recipe(augment::seeing(&recipe, &sample).into_owned()))
        })
    }

    /// The plan of one sample; arguments as for `draw`, or the shape (depth, height, width, channels) of a volume or video.
    #[pyo3(signature = (shape, epoch=0, sample=0))]
    fn plan(&self, py: Python<'_>, shape: &Bound<'_, PyAny>, epoch: u64, sample: u64) -> PyResult<Plan> {
        guarded(py, || {
            let plan = self.planned(shape, epoch, sample)?;
            let shape = |frame: variegate::Frame| (frame.size.height, frame.size.width, frame.channels);
            Ok(Plan {
                nodes: plan.nodes.iter().map(|node| node.kind()).collect(),
                written: plan.written.iter().map(|node| node.kind()).collect(),
                passes: plan.passes().len(),
                input: shape(plan.input),
                output: shape(plan.output),
                text: explain(&plan),
            })
        })
    }

    /// The plan of one sample in words, before and after fusion; arguments as for `plan`.
    #[pyo3(signature = (shape, epoch=0, sample=0))]
    fn explain(&self, py: Python<'_>, shape: &Bound<'_, PyAny>, epoch: u64, sample: u64) -> PyResult<String> {
        guarded(py, || Ok(explain(&self.planned(shape, epoch, sample)?)))
    }

    /// The pipeline as YAML.
    fn to_yaml(&self) -> String {
        self.inner.to_yaml()
    }

    /// The pipeline as one line of JSON.
    fn to_json(&self) -> String {
        variegate::ops::emit::to_json(&self.inner)
    }

    /// The document of the pipeline that makes view `k` where several are made with this one.
    fn _view(&self, k: u64) -> String {
        variegate::ops::emit::to_json(&variegate::loader::view(&self.inner, k))
    }

    /// Where the time goes, over an array or files.
    fn _profile<'py>(
        &self,
        py: Python<'py>,
        image: Option<&Bound<'py, PyAny>>,
        files: Vec<std::path::PathBuf>,
        n: usize,
    ) -> PyResult<Bound<'py, PyDict>> {
        profile::run(py, &self.inner, image, files, n)
    }

    /// The seed of every draw.
    #[getter]
    fn seed(&self) -> u64 {
        self.inner.options.seed
    }

    /// A number that changes whenever the pipeline does.
    #[getter]
    fn fingerprint(&self) -> u64 {
        self.inner.fingerprint()
    }

    fn __len__(&self) -> usize {
        self.inner.stages.len()
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other.cast::<Self>().is_ok_and(|other| other.get().to_json() == self.to_json())
    }

    fn __hash__(&self) -> u64 {
        self.inner.fingerprint()
    }
}

impl Pipeline {
    /// The sample id of a call that gives none.
    pub fn next_call(&self) -> u64 {
        self.calls.fetch_add(1, Ordering::Relaxed)
    }

    fn planned(&self, shape: &Bound<'_, PyAny>, epoch: u64, sample: u64) -> PyResult<variegate::Plan> {
        let (frame, depth) = stack_of(shape)?;
        let recipe = self.inner.draw(frame, epoch, sample);
        Ok(match depth {
            Some(depth) => augment::stack_plan(&self.inner, &recipe, frame.channels, depth),
            None => self.inner.lower(&recipe, self.inner.options.meaning),
        })
    }

    fn run<'py>(
        &self,
        py: Python<'py>,
        targets: &Targets<'py>,
        recipe: &variegate::Recipe,
    ) -> PyResult<Bound<'py, PyAny>> {
        let sample = targets.sample(&self.inner, recipe.frame.size)?;
        let done = py.detach(|| scratch::with(|scratch| augment::apply(&self.inner, recipe, &sample, scratch)));
        targets.result(done.or_raise(py)?)
    }
}

/// The one positional argument there may be after the first `before`.
fn positional<'py>(args: &Bound<'py, PyTuple>, before: usize) -> PyResult<Option<Bound<'py, PyAny>>> {
    match args.len() {
        0 => Ok(None),
        1 => args.get_item(0).map(Some),
        n => Err(PyTypeError::new_err(format!(
            "{} positional arguments given, at most {} expected; name the others, as mask=…",
            n + before,
            1 + before
        ))),
    }
}
