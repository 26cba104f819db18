//! Many pictures into one array, on as many threads as asked, each picture straight into its place.
//!
//! All draws and output sizes are known before a pixel is touched. The bytes do not depend on the number of threads,
//! and neither does the error where several pictures fail: the first one's is raised.

use std::sync::atomic::{AtomicU64, Ordering};

use numpy::{PyArray1, PyArrayMethods, PyReadwriteArray1, PyUntypedArray, PyUntypedArrayMethods, get_array_module};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PySlice, PyTuple};
use variegate::{Company, Dtype, Error, Frame, Layout, MaskView, Pipeline, Recipe, Sample, Slot, View, augment};

use crate::arrays::{Stack, as_array, unusable};
use crate::errors::{OrRaise, exception};
use crate::labels;
use crate::masks::MaskStack;
use crate::scratch;
use crate::targets::whole;
use crate::threads;

/// How the batch is wanted.
pub struct Wish<'py> {
    pub threads: usize,
    pub dtype: Option<Dtype>,
    pub layout: Layout,
    pub out: Option<Bound<'py, PyAny>>,
}

impl<'py> Wish<'py> {
    /// Reads the arguments that say how.
    pub fn new(
        py: Python<'py>,
        threads: Option<usize>,
        dtype: Option<&str>,
        layout: &str,
        out: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Self> {
        let wrong = |message: String| exception(py, &Error::parameter(message));
        let threads = match threads {
            Some(0) => return Err(wrong("threads: expected 1 or more, or None for one a core, found 0".into())),
            Some(n) => n,
            None => std::thread::available_parallelism().map_or(1, usize::from),
        };
        let dtype = match dtype {
            None => None,
            Some(name) => Some(Dtype::from_name(name).ok_or_else(|| {
                wrong(format!("dtype: expected uint8, uint16, float32, float16 or bfloat16, found {name:?}"))
            })?),
        };
        let layout = Layout::from_name(layout)
            .ok_or_else(|| wrong(format!("layout: expected \"NHWC\" or \"NCHW\", found {layout:?}")))?;
        Ok(Self { threads, dtype, layout, out })
    }
}

/// Pictures of a batch: one array of them, or a list of arrays.
pub struct Pictures<'py> {
    stacks: Vec<Stack<'py>>,
    pub flat: bool,
    pub channels: usize,
    pub dtype: Dtype,
}

impl<'py> Pictures<'py> {
    /// Holds the pictures of an array or of a list of arrays, all of one kind.
    pub fn new(images: &Bound<'py, PyAny>) -> PyResult<Self> {
        let py = images.py();
        let is_array = images.cast::<PyUntypedArray>().is_ok() || images.hasattr(intern!(py, "__array_interface__"))?;
        let stacks = if is_array {
            vec![Stack::several(images, "images")?]
        } else {
            let each = images.try_iter()?.enumerate().map(|(k, item)| Stack::one(&item?, &format!("images[{k}]")));
            each.collect::<PyResult<Vec<_>>>()?
        };
        let Some(first) = stacks.first() else {
            return Err(unusable(py, "images: expected at least one picture, found none"));
        };
        let (flat, channels, dtype) = (first.flat, first.channels, first.dtype());
        for (k, stack) in stacks.iter().enumerate() {
            if (stack.flat, stack.channels, stack.dtype()) != (flat, channels, dtype) {
                return Err(unusable(
                    py,
                    format!(
                        "images[{k}] has {} channels of {}, images[0] has {channels} of {}; a batch is of one kind",
                        stack.channels,
                        stack.dtype().name(),
                        dtype.name()
                    ),
                ));
            }
        }
        Ok(Self { stacks, flat, channels, dtype })
    }

    /// The pictures in order, to be read without a copy.
    pub fn views(&self) -> PyResult<Vec<View<'_>>> {
        self.stacks.iter().flat_map(|stack| (0..stack.count).map(|k| stack.view(k))).collect()
    }
}

/// Masks of a batch.
struct Masks<'py> {
    stacks: Vec<MaskStack<'py>>,
    fill: Vec<u8>,
}

impl<'py> Masks<'py> {
    fn new(masks: &Bound<'py, PyAny>, pipeline: &Pipeline) -> PyResult<Self> {
        let stacks = if masks.cast::<PyUntypedArray>().is_ok() {
            vec![MaskStack::several(masks, "masks")?]
        } else {
            let each = masks.try_iter()?.enumerate().map(|(k, item)| MaskStack::one(&item?, &format!("masks[{k}]")));
            each.collect::<PyResult<Vec<_>>>()?
        };
        let Some(first) = stacks.first() else {
            return Err(unusable(masks.py(), "masks: expected one for each picture, found none"));
        };
        for (k, stack) in stacks.iter().enumerate() {
            if !stack.is_like(first) {
                return Err(unusable(masks.py(), format!("masks[{k}] is of another dtype or rank than masks[0]")));
            }
        }
        let fill = first.filling(pipeline.options.mask_fill, "masks")?;
        Ok(Self { stacks, fill })
    }

    fn views(&self) -> PyResult<Vec<MaskView<'_>>> {
        self.stacks.iter().flat_map(|stack| (0..stack.count).map(|k| stack.view(k))).collect()
    }
}

/// One picture's work: where it comes from and where it goes.
struct Job<'a> {
    index: usize,
    recipe: &'a Recipe,
    slot: Slot<'a>,
    mask: Option<(MaskView<'a>, &'a mut [u8])>,
}

/// Augments a batch.
pub fn run<'py>(
    py: Python<'py>,
    pipeline: &Pipeline,
    calls: &AtomicU64,
    images: &Bound<'py, PyAny>,
    labels: Option<Bound<'py, PyAny>>,
    masks: Option<Bound<'py, PyAny>>,
    epoch: u64,
    samples: Option<Bound<'py, PyAny>>,
    wish: Wish<'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let pictures = Pictures::new(images)?;
    let views = pictures.views()?;
    let count = views.len();
    if masks.is_some() && pipeline.mixes() {
        return Err(exception(
            py,
            &Error::unsupported(
                "masks: this pipeline mixes pictures, and masks are not mixed yet; leave one of them out",
            ),
        ));
    }
    let held_masks = masks.as_ref().map(|masks| Masks::new(masks, pipeline)).transpose()?;
    let mask_views = held_masks.as_ref().map(Masks::views).transpose()?;
    check_masks(py, &views, mask_views.as_deref())?;
    if let Some(labels) = &labels {
        check_count(py, "labels", labels.len()?, count)?;
    }
    let ids = match &samples {
        Some(samples) => samples.try_iter()?.map(|id| whole(&id?, "samples")).collect::<PyResult<Vec<_>>>()?,
        None => {
            let first = calls.fetch_add(count as u64, Ordering::Relaxed);
            (0..count as u64).map(|k| first.wrapping_add(k)).collect()
        }
    };
    check_count(py, "samples", ids.len(), count)?;

    let drawn = views.iter().zip(&ids).enumerate().map(|(k, (view, id))| {
        let sample = Sample { masks: mask_views.iter().map(|masks| masks[k]).collect(), ..Sample::default() };
        augment::seeing(&pipeline.draw(view.frame(), epoch, *id), &sample).into_owned()
    });
    let recipes: Vec<Recipe> = drawn.collect();
    let company = Company { pipeline, images: &views, samples: &ids, epoch };
    let (output, normalised) = outcome(py, pipeline, &recipes, pictures.channels)?;
    let labels = match labels {
        Some(labels) if pipeline.mixes() => {
            let parts: Vec<_> = (0..count).map(|k| company.parts(k, &company.plan(k))).collect();
            Some(labels::mixed(&labels, &parts)?.into_any())
        }
        labels => labels,
    };
    let dtype = wish.dtype.unwrap_or(if normalised { Dtype::F32 } else { pictures.dtype });
    let shape = shape(count, output, wish.layout, pictures.flat);
    let batch = match &wish.out {
        Some(out) => Place::given(out, &shape, dtype)?,
        None => Place::new(py, &shape, dtype)?,
    };
    let mask_place = match &held_masks {
        Some(masks) => {
            let bytes = count * output.size.pixels() * masks.fill.len();
            Some(zeroed(py, bytes)?.cast_into::<PyArray1<u8>>()?)
        }
        None => None,
    };
    {
        let mut held = batch.writeable()?;
        let mut held_mask = mask_place.as_ref().map(|place| place.try_readwrite()).transpose()?;
        let bytes = output.size.pixels() * output.channels * dtype.bytes();
        let mut slots = held.as_slice_mut()?.chunks_exact_mut(bytes);
        let mask_bytes = held_masks.as_ref().map_or(1, |masks| output.size.pixels() * masks.fill.len());
        let mut mask_slots = match &mut held_mask {
            Some(held) => Some(held.as_slice_mut()?.chunks_exact_mut(mask_bytes)),
            None => None,
        };
        let mut jobs = Vec::with_capacity(count);
        for (index, recipe) in recipes.iter().enumerate() {
            let Some(bytes) = slots.next() else { break };
            let slot = Slot::new(output.size, output.channels, dtype, wish.layout, bytes).or_raise(py)?;
            let mask = match (&mask_views, &mut mask_slots) {
                (Some(views), Some(slots)) => slots.next().map(|slot| (views[index], slot)),
                _ => None,
            };
            jobs.push(Job { index, recipe, slot, mask });
        }
        let fill = held_masks.as_ref().map_or(&[][..], |masks| &masks.fill);
        py.detach(|| threads::each(jobs, wish.threads, |job| one(&company, job, fill))).or_raise(py)?;
    }

    let array = match wish.out {
        Some(out) => out,
        None => batch.array,
    };
    let mut results = vec![array];
    results.extend(labels);
    if let (Some(masks), Some(place)) = (&held_masks, mask_place) {
        results.push(masks.stacks[0].shaped(place.into_any(), count, output.size)?);
    }
    if results.len() == 1 {
        return Ok(results.remove(0));
    }
    Ok(PyTuple::new(py, results)?.into_any())
}

fn one(company: &Company<'_>, job: &mut Job<'_>, fill: &[u8]) -> Result<(), Error> {
    scratch::with(|scratch| {
        company.apply_into(job.index, job.recipe, &mut job.slot, scratch)?;
        if let Some((view, slot)) = &mut job.mask {
            let sample = Sample { masks: vec![*view], mask_fills: vec![fill.to_vec()], ..Sample::default() };
            let moved = augment::apply(company.pipeline, job.recipe, &sample, scratch)?;
            for mask in moved.masks {
                slot.copy_from_slice(mask.bytes());
            }
        }
        Ok(())
    })
}

/// The frame all pictures come out with, and whether they come out normalised.
fn outcome(py: Python<'_>, pipeline: &Pipeline, recipes: &[Recipe], channels: usize) -> PyResult<(Frame, bool)> {
    let mut first: Option<(Frame, bool)> = None;
    for (k, recipe) in recipes.iter().enumerate() {
        let plan = augment::plan(pipeline, recipe, channels);
        match first {
            None => first = Some((plan.output, plan.is_normalised())),
            Some((frame, _)) if frame != plan.output => {
                return Err(unusable(
                    py,
                    format!(
                        "images[{k}] comes out at {} with {} channels, images[0] at {} with {}; a batch needs one size: \
                         let the pipeline end in one, as ResizedCrop(224), Resize((224, 224)) or CenterCrop(224) do",
                        plan.output.size, plan.output.channels, frame.size, frame.channels
                    ),
                ));
            }
            Some(_) => {}
        }
    }
    first.ok_or_else(|| exception(py, &Error::internal("an empty batch")))
}

/// Checks that there is one of something for each picture.
pub fn check_count(py: Python<'_>, what: &str, found: usize, expected: usize) -> PyResult<()> {
    if found == expected {
        return Ok(());
    }
    Err(unusable(py, format!("{what}: expected one for each of the {expected} pictures, found {found}")))
}

/// Checks that there is a mask of its size for each picture.
pub fn check_masks(py: Python<'_>, views: &[View<'_>], masks: Option<&[MaskView<'_>]>) -> PyResult<()> {
    let Some(masks) = masks else { return Ok(()) };
    check_count(py, "masks", masks.len(), views.len())?;
    match views.iter().zip(masks).position(|(view, mask)| view.size() != mask.size()) {
        Some(k) => Err(unusable(
            py,
            format!(
                "masks[{k}] is {} (height × width), images[{k}] is {}; all that moves together has one size",
                masks[k].size(),
                views[k].size()
            ),
        )),
        None => Ok(()),
    }
}

/// The shape of a batch.
pub fn shape(count: usize, frame: Frame, layout: Layout, flat: bool) -> Vec<usize> {
    let (height, width, channels) = (frame.size.height, frame.size.width, frame.channels);
    match layout {
        _ if flat && channels == 1 => vec![count, height, width],
        Layout::Hwc => vec![count, height, width, channels],
        Layout::Chw => vec![count, channels, height, width],
    }
}

/// The memory of a batch: its bytes, and the array users see.
pub struct Place<'py> {
    pub bytes: Bound<'py, PyArray1<u8>>,
    pub array: Bound<'py, PyAny>,
}

impl<'py> Place<'py> {
    /// Memory of its own.
    pub fn new(py: Python<'py>, shape: &[usize], dtype: Dtype) -> PyResult<Self> {
        let bytes = zeroed(py, shape.iter().product::<usize>() * dtype.bytes())?;
        let typed = bytes.call_method1(intern!(py, "view"), (descr(py, dtype)?,))?;
        let array = typed.call_method1(intern!(py, "reshape"), (PyTuple::new(py, shape)?,))?;
        Ok(Self { bytes: bytes.cast_into()?, array })
    }

    /// Its bytes, to be written to.
    pub fn writeable(&self) -> PyResult<PyReadwriteArray1<'py, u8>> {
        self.bytes.try_readwrite().map_err(|_| {
            exception(self.bytes.py(), &Error::parameter("out: must be writeable and share no memory with the images"))
        })
    }

    /// The caller's array, which must fit.
    pub fn given(out: &Bound<'py, PyAny>, shape: &[usize], dtype: Dtype) -> PyResult<Self> {
        let py = out.py();
        let array = as_array(out)?;
        let wanted = descr(py, dtype)?;
        let fits = array.shape() == shape && array.dtype().is(&wanted) || {
            array.shape() == shape && array.dtype().as_any().eq(&wanted)?
        };
        if !fits || !array.is_c_contiguous() {
            return Err(exception(
                py,
                &Error::parameter(format!(
                    "out: expected a C-contiguous array of shape {shape:?} and dtype {}, found shape {:?} and dtype {}",
                    dtype.name(),
                    array.shape(),
                    array.dtype()
                )),
            ));
        }
        let flat = array.call_method1(intern!(py, "reshape"), (-1,))?;
        let bytes = flat.call_method1(intern!(py, "view"), (intern!(py, "u1"),))?;
        Ok(Self { bytes: bytes.cast_into()?, array: array.into_any() })
    }
}

/// Zeroed bytes that start on a boundary of 64, as JAX wants them to share a buffer without a copy.
fn zeroed(py: Python<'_>, count: usize) -> PyResult<Bound<'_, PyAny>> {
    // The kernel zeroes fresh pages anyway, so that this costs no pass over the memory.
    let wide = PyArray1::<u8>::zeros(py, count + 63, false);
    let start = wide.readonly().as_slice()?.as_ptr().align_offset(64).min(63);
    let (from, to) = (isize::try_from(start)?, isize::try_from(start + count)?);
    wide.get_item(PySlice::new(py, from, to, 1))
}

/// NumPy's type of a batch; brain floats are those of `ml_dtypes`, which JAX and Keras bring along.
fn descr(py: Python<'_>, dtype: Dtype) -> PyResult<Bound<'_, PyAny>> {
    let numpy = get_array_module(py)?;
    if dtype != Dtype::BF16 {
        return numpy.call_method1(intern!(py, "dtype"), (dtype.name(),));
    }
    let module = PyModule::import(py, "ml_dtypes").map_err(|_| {
        exception(py, &Error::unsupported("NumPy knows bfloat16 only with the package ml_dtypes; install it"))
    })?;
    numpy.call_method1(intern!(py, "dtype"), (module.getattr("bfloat16")?,))
}
