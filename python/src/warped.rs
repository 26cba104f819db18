//! A batch under maps that Python gives, one for each picture, straight into one array.
//!
//! The layers and the generator of `variegate.keras` call it where a transform is known in numbers. It draws nothing.

use numpy::{PyReadonlyArrayDyn, PyUntypedArrayMethods};
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use variegate::picture::{Border, Channels, Filter, Homography};
use variegate::{Error, MaskView, Slot, View, mapped};

use crate::batch::{Pictures, Place, Wish, check_count, check_masks, shape};
use crate::errors::{OrRaise, exception, guarded};
use crate::masks::MaskStack;
use crate::{scratch, threads};

struct Job<'a> {
    map: Homography,
    image: View<'a>,
    slot: Slot<'a>,
    mask: Option<(MaskView<'a>, &'a mut [u8])>,
}

/// Moves pictures of one size, each by its matrix.
///
/// Args:
///     images: (n, height, width) or (n, height, width, channels), or a list of such pictures.
///     maps: (n, 3, 3) float64, from the centres of output pixels to those of input pixels, whole numbers being centres.
///     masks: (n, height, width) or with channels, of any dtype; they take the nearest pixel.
///     filter, border, fill: As of the operations; `fill` is a number, 0 black to 1 white.
///     white: The value of white in float pictures.
///     scale: What values are multiplied by as they are written, where the result is of floats.
///     antialias: Whether shrinking averages.
///     threads: How many, or None for one a core.
///     dtype: Of the result; that of the pictures unless given.
///     layout: "NHWC" or "NCHW", of the result.
///     out: An array to write to.
#[pyfunction]
#[pyo3(signature = (images, maps, masks=None, *, filter="bilinear", border="edge", fill=0.0, white=255.0, scale=1.0, antialias=false, threads=None, dtype=None, layout="NHWC", out=None))]
pub fn warped<'py>(
    py: Python<'py>,
    images: &Bound<'py, PyAny>,
    maps: PyReadonlyArrayDyn<'py, f64>,
    masks: Option<Bound<'py, PyAny>>,
    filter: &str,
    border: &str,
    fill: f64,
    white: f32,
    scale: f64,
    antialias: bool,
    threads: Option<usize>,
    dtype: Option<&str>,
    layout: &str,
    out: Option<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    guarded(py, || {
        let look = mapped::Look {
            filter: named(py, "filter", filter, Filter::NAMES)?,
            border: named(py, "border", border, Border::NAMES)?,
            fill: Channels::All(fill),
            antialias,
            white,
            scale,
        };
        let wish = Wish::new(py, threads, dtype, layout, out)?;
        let pictures = Pictures::new(images)?;
        let views = pictures.views()?;
        let maps = matrices(py, &maps, views.len())?;
        let frame = views.first().map(View::frame).ok_or_else(|| wrong(py, "images: found none"))?;
        if let Some(k) = views.iter().position(|view| view.frame() != frame) {
            return Err(wrong(py, format!("images[{k}] is {}, images[0] is {}", views[k].size(), frame.size)));
        }
        let held = masks.as_ref().map(|masks| MaskStack::several(masks, "masks")).transpose()?;
        let mask_views = held
            .as_ref()
            .map(|held| (0..held.count).map(|k| held.view(k)).collect::<PyResult<Vec<_>>>())
            .transpose()?;
        check_masks(py, &views, mask_views.as_deref())?;
        let element = held.as_ref().map_or(1, MaskStack::element);

        let dtype = wish.dtype.unwrap_or(pictures.dtype);
        if scale != 1.0 && matches!(dtype, variegate::Dtype::U8 | variegate::Dtype::U16) {
            return Err(wrong(py, format!("scale: {scale} needs a dtype of floats, found {}", dtype.name())));
        }
        let shape = shape(views.len(), frame, wish.layout, pictures.flat);
        let batch = match &wish.out {
            Some(out) => Place::given(out, &shape, dtype)?,
            None => Place::new(py, &shape, dtype)?,
        };
        let mask_place = match &held {
            Some(_) => Some(Place::new(py, &[views.len() * frame.size.pixels() * element], variegate::Dtype::U8)?),
            None => None,
        };
        {
            let mut bytes = batch.writeable()?;
            let mut mask_bytes = mask_place.as_ref().map(Place::writeable).transpose()?;
            let mut slots =
                bytes.as_slice_mut()?.chunks_exact_mut(frame.size.pixels() * frame.channels * dtype.bytes());
            let mut mask_slots = match &mut mask_bytes {
                Some(bytes) => Some(bytes.as_slice_mut()?.chunks_exact_mut(frame.size.pixels() * element)),
                None => None,
            };
            let mut jobs = Vec::with_capacity(views.len());
            for (k, (image, map)) in views.iter().zip(maps).enumerate() {
                let Some(bytes) = slots.next() else { break };
                let slot = Slot::new(frame.size, frame.channels, dtype, wish.layout, bytes).or_raise(py)?;
                let mask = match (&mask_views, &mut mask_slots) {
                    (Some(views), Some(slots)) => slots.next().map(|slot| (views[k], slot)),
                    _ => None,
                };
                jobs.push(Job { map, image: *image, slot, mask });
            }
            let one = |job: &mut Job<'_>| {
                scratch::with(|scratch| mapped::apply_into(job.map, &look, job.image, &mut job.slot, scratch))?;
                if let Some((mask, slot)) = &mut job.mask {
                    slot.copy_from_slice(mapped::apply_to_mask(job.map, &look, *mask, &vec![0; element]).bytes());
                }
                Ok(())
            };
            py.detach(|| threads::each(jobs, wish.threads, one)).or_raise(py)?;
        }
        match (held, mask_place) {
            (Some(held), Some(place)) => {
                let masks = held.shaped(place.array, views.len(), frame.size)?;
                Ok(PyTuple::new(py, [batch.array, masks])?.into_any())
            }
            _ => Ok(batch.array),
        }
    })
}

/// The maps of an array of matrices.
fn matrices(py: Python<'_>, maps: &PyReadonlyArrayDyn<'_, f64>, count: usize) -> PyResult<Vec<Homography>> {
    let [found, 3, 3] = *maps.shape() else {
        return Err(wrong(py, format!("maps: expected shape (n, 3, 3), found {:?}", maps.shape())));
    };
    check_count(py, "maps", found, count)?;
    let values: Vec<f64> = maps.as_array().iter().copied().collect();
    let each = values.chunks_exact(9).map(|m| [[m[0], m[1], m[2]], [m[3], m[4], m[5]], [m[6], m[7], m[8]]]);
    each.map(|matrix| mapped::of_centres(matrix).or_raise(py)).collect()
}

fn named<T: Copy>(py: Python<'_>, what: &str, name: &str, known: &[(&'static str, T)]) -> PyResult<T> {
    known.iter().find(|(word, _)| *word == name).map(|(_, value)| *value).ok_or_else(|| {
        let words: Vec<_> = known.iter().map(|(word, _)| *word).collect();
        wrong(py, format!("{what}: expected one of {}, found {name:?}", words.join(", ")))
    })
}

fn wrong(py: Python<'_>, message: impl Into<String>) -> PyErr {
    exception(py, &Error::parameter(message))
}
