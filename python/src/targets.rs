//! The arguments of a call: a picture and everything attached to it, under names.
//!
//! They are read in the caller's order, checked against one size, handed to the engine as a [`Sample`], and come back
//! under the same names.

use pyo3::exceptions::PyTypeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString, PyTuple};
use variegate::picture::error::nearest;
use variegate::{Augmented, BoxFormat, Boxes, Error, Frame, Pipeline, Points, Sample, Size};

use crate::arrays::{Stack, from_picture, from_pictures, unusable};
use crate::errors::{OrRaise, exception};
use crate::masks::MaskStack;
use crate::rows::Rows;

const TARGETS: [&str; 13] = [
    "image",
    "images",
    "mask",
    "masks",
    "boxes",
    "box_format",
    "box_labels",
    "points",
    "labels",
    "video",
    "video_mask",
    "volume",
    "volume_mask",
];

/// Names of other libraries, and ours.
const FOREIGN: [(&str, &str); 7] = [
    ("bboxes", "boxes"),
    ("bounding_boxes", "boxes"),
    ("keypoints", "points"),
    ("segmentation_mask", "mask"),
    ("segmentation_masks", "masks"),
    ("label", "labels"),
    ("mask3d", "volume_mask"),
];

/// One entry of the result, in the order it was given.
enum Entry<'py> {
    /// Pictures from here on; `one` without a list around it.
    Image {
        at: usize,
    },
    Images {
        at: usize,
        count: usize,
    },
    /// Frames or slices of one array.
    Stack {
        at: usize,
    },
    /// Their masks.
    StackMask {
        at: usize,
    },
    Mask {
        at: usize,
    },
    Masks {
        at: usize,
        count: usize,
    },
    Boxes,
    BoxLabels(Bound<'py, PyAny>),
    Points,
    /// Handed through.
    Kept(Bound<'py, PyAny>),
}

/// What a call was given.
pub struct Targets<'py> {
    py: Python<'py>,
    entries: Vec<(Bound<'py, PyString>, Entry<'py>)>,
    pictures: Vec<Stack<'py>>,
    stacks: Vec<Stack<'py>>,
    masks: Vec<MaskStack<'py>>,
    stack_masks: Vec<MaskStack<'py>>,
    boxes: Option<(Rows, BoxFormat)>,
    points: Option<Rows>,
    /// The first thing with a size, and the frame it implies.
    first: Option<(String, Frame)>,
    /// Whether it was one array alone, so that one array comes back.
    alone: bool,
    /// `epoch=`.
    pub epoch: u64,
    /// `sample=`.
    pub sample: Option<u64>,
}

impl<'py> Targets<'py> {
    /// Reads the arguments of a call. `addressed` says whether `epoch` and `sample` are among them.
    pub fn new(
        py: Python<'py>,
        image: Option<Bound<'py, PyAny>>,
        named: Option<&Bound<'py, PyDict>>,
        addressed: bool,
    ) -> PyResult<Self> {
        let mut targets = Self {
            py,
            entries: Vec::new(),
            pictures: Vec::new(),
            stacks: Vec::new(),
            masks: Vec::new(),
            stack_masks: Vec::new(),
            boxes: None,
            points: None,
            first: None,
            alone: false,
            epoch: 0,
            sample: None,
        };
        if let Some(image) = &image {
            targets.add(intern!(py, "image").clone(), image, None)?;
            targets.alone = true;
        }
        if let Some(named) = named {
            let format = named.get_item(intern!(py, "box_format"))?;
            for (key, value) in named {
                let name = key.cast_into::<PyString>()?;
                match name.to_str()? {
                    "epoch" if addressed => targets.epoch = whole(&value, "epoch")?,
                    "sample" if addressed => {
                        targets.sample = if value.is_none() { None } else { Some(whole(&value, "sample")?) }
                    }
                    "box_format" => {}
                    "image" if image.is_some() => return Err(PyTypeError::new_err("image is given twice")),
                    _ => {
                        targets.add(name, &value, format.as_ref())?;
                        targets.alone = false;
                    }
                }
            }
            if format.is_some() && targets.boxes.is_none() && named.get_item("boxes")?.is_none() {
                return Err(PyTypeError::new_err("box_format is given, but no boxes"));
            }
        }
        if targets.entries.is_empty() {
            return Err(PyTypeError::new_err(
                "expected a picture: augment(image), or augment(image=…, mask=…, boxes=…)",
            ));
        }
        targets.check_labels()?;
        targets.check_depths()?;
        Ok(targets)
    }

    fn add(
        &mut self,
        name: Bound<'py, PyString>,
        value: &Bound<'py, PyAny>,
        format: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<()> {
        let key = name.to_str()?.to_owned();
        if !TARGETS.contains(&key.as_str()) {
            return Err(unknown(&key));
        }
        if value.is_none() {
            self.entries.push((name, Entry::Kept(value.clone())));
            return Ok(());
        }
        let entry = match key.as_str() {
            "image" => {
                let picture = Stack::one(value, &key)?;
                self.sized(&key, picture.size, picture.channels)?;
                self.pictures.push(picture);
                Entry::Image { at: self.pictures.len() - 1 }
            }
            "images" => {
                let at = self.pictures.len();
                for (k, item) in value.try_iter()?.enumerate() {
                    let what = format!("images[{k}]");
                    let picture = Stack::one(&item?, &what)?;
                    self.sized(&what, picture.size, picture.channels)?;
                    self.pictures.push(picture);
                }
                Entry::Images { at, count: self.pictures.len() - at }
            }
            "video" | "volume" => {
                let pictures = Stack::several(value, &key)?;
                self.sized(&key, pictures.size, pictures.channels)?;
                self.stacks.push(pictures);
                Entry::Stack { at: self.stacks.len() - 1 }
            }
            "video_mask" | "volume_mask" => {
                let masks = MaskStack::several(value, &key)?;
                self.sized(&key, masks.size, 3)?;
                self.stack_masks.push(masks);
                Entry::StackMask { at: self.stack_masks.len() - 1 }
            }
            "mask" => {
                let mask = MaskStack::one(value, &key)?;
                self.sized(&key, mask.size, 3)?;
                self.masks.push(mask);
                Entry::Mask { at: self.masks.len() - 1 }
            }
            "masks" => {
                let at = self.masks.len();
                for (k, item) in value.try_iter()?.enumerate() {
                    let what = format!("masks[{k}]");
                    let mask = MaskStack::one(&item?, &what)?;
                    self.sized(&what, mask.size, 3)?;
                    self.masks.push(mask);
                }
                Entry::Masks { at, count: self.masks.len() - at }
            }
            "boxes" => {
                let format = match format.filter(|format| !format.is_none()) {
                    Some(format) => BoxFormat::from_name(format.cast::<PyString>()?.to_str()?).or_raise(self.py)?,
                    None => BoxFormat::XYXY,
                };
                let columns = format.columns();
                self.boxes = Some((Rows::new(value, &key, columns..=columns)?, format));
                Entry::Boxes
            }
            "box_labels" => Entry::BoxLabels(value.clone()),
            "points" => {
                self.points = Some(Rows::new(value, &key, 2..=4)?);
                Entry::Points
            }
            _ => Entry::Kept(value.clone()),
        };
        self.entries.push((name, entry));
        Ok(())
    }

    /// Checks one more size against the first.
    fn sized(&mut self, what: &str, size: Size, channels: usize) -> PyResult<()> {
        match &mut self.first {
            None => self.first = Some((what.to_owned(), Frame { size, channels })),
            Some((first, frame)) if frame.size != size => {
                return Err(unusable(
                    self.py,
                    format!(
                        "{what} is {size} (height × width), {first} is {}; all that moves together has one size",
                        frame.size
                    ),
                ));
            }
            // A mask does not know the channels of the picture.
            Some((first, frame)) if first.contains("mask") && !what.contains("mask") => {
                *first = what.to_owned();
                frame.channels = channels;
            }
            Some(_) => {}
        }
        Ok(())
    }

    fn check_labels(&self) -> PyResult<()> {
        for (_, entry) in &self.entries {
            let Entry::BoxLabels(labels) = entry else { continue };
            let Some((rows, _)) = &self.boxes else {
                return Err(PyTypeError::new_err("box_labels are given, but no boxes"));
            };
            if labels.len()? != rows.len() {
                return Err(unusable(
                    self.py,
                    format!("box_labels: expected one for each of the {} boxes, found {}", rows.len(), labels.len()?),
                ));
            }
        }
        Ok(())
    }

    /// Checks that a volume and its mask have as many slices, a video and its mask as many frames.
    fn check_depths(&self) -> PyResult<()> {
        let named = |wanted: &str| self.entries.iter().find(|(name, _)| name.to_str().is_ok_and(|name| name == wanted));
        for (stack, mask) in [("video", "video_mask"), ("volume", "volume_mask")] {
            let (Some((_, Entry::Stack { at })), Some((_, Entry::StackMask { at: of }))) = (named(stack), named(mask))
            else {
                continue;
            };
            let (there, found) = (self.stacks[*at].count, self.stack_masks[*of].count);
            if there != found {
                let message = format!("{mask}: expected one mask for each of the {there} of {stack}, found {found}");
                return Err(unusable(self.py, message));
            }
        }
        Ok(())
    }

    /// The frame that everything lies in.
    pub fn frame(&self) -> PyResult<Frame> {
        match &self.first {
            Some((_, frame)) => Ok(*frame),
            None => Err(PyTypeError::new_err(
                "boxes and points alone have no size; give the image or a mask too, or draw((height, width)) a recipe \
                 and apply it",
            )),
        }
    }

    /// Checks that everything is of a size that something else decides.
    pub fn expect(&self, size: Size, decides: &str) -> PyResult<()> {
        match &self.first {
            Some((first, frame)) if frame.size != size => {
                Err(unusable(self.py, format!("{first} is {} (height × width), {decides} {size}", frame.size)))
            }
            _ => Ok(()),
        }
    }

    /// Everything as the engine takes it, attached to a picture of `size`.
    pub fn sample(&self, pipeline: &Pipeline, size: Size) -> PyResult<Sample<'_>> {
        let mut sample = Sample::default();
        for stack in &self.pictures {
            for k in 0..stack.count {
                sample.images.push(stack.view(k)?);
            }
        }
        for stack in &self.stacks {
            sample.stacks.push((0..stack.count).map(|k| stack.view(k)).collect::<PyResult<_>>()?);
        }
        for masks in &self.stack_masks {
            let fill = masks.filling(pipeline.options.mask_fill, "mask")?;
            sample.mask_stacks.push(((0..masks.count).map(|k| masks.view(k)).collect::<PyResult<_>>()?, fill));
        }
        for mask in &self.masks {
            sample.masks.push(mask.view(0)?);
            sample.mask_fills.push(mask.filling(pipeline.options.mask_fill, "mask")?);
        }
        if let Some((rows, format)) = &self.boxes {
            sample.boxes = Some(Boxes::from_rows(&rows.values, *format, size).or_raise(self.py)?);
        }
        if let Some(rows) = &self.points {
            sample.points = Some(Points::from_rows(&rows.values, rows.columns).or_raise(self.py)?);
        }
        Ok(sample)
    }

    /// What came out, under the names that went in.
    pub fn result(&self, augmented: Augmented) -> PyResult<Bound<'py, PyAny>> {
        let py = self.py;
        let mut images = augmented.images.into_iter();
        let lost = || exception(py, &Error::internal("fewer results than arguments"));
        if self.alone {
            let flat = self.pictures.first().is_some_and(|picture| picture.flat);
            return from_picture(py, images.next().ok_or_else(lost)?, flat);
        }
        let dict = PyDict::new(py);
        // Pictures are taken in the order they were read, which is the order of the entries.
        let mut stacks = augmented.stacks.into_iter();
        let mut stack_masks = augmented.mask_stacks.into_iter();
        let mut masks = augmented.masks.into_iter();
        let mut mask = |at: usize| -> PyResult<Bound<'py, PyAny>> {
            let moved = masks.next().ok_or_else(lost)?;
            let size = moved.size();
            self.masks[at].array(moved.into_bytes(), size)
        };
        for (name, entry) in &self.entries {
            let value = match entry {
                Entry::Image { at } => from_picture(py, images.next().ok_or_else(lost)?, self.pictures[*at].flat)?,
                Entry::Images { at, count } => {
                    let list = PyList::empty(py);
                    for stack in &self.pictures[*at..at + count] {
                        list.append(from_picture(py, images.next().ok_or_else(lost)?, stack.flat)?)?;
                    }
                    list.into_any()
                }
                Entry::Stack { at } => from_pictures(py, stacks.next().ok_or_else(lost)?, self.stacks[*at].flat)?,
                Entry::StackMask { at } => {
                    let moved = stack_masks.next().ok_or_else(lost)?;
                    let size = moved.first().ok_or_else(lost)?.size();
                    let bytes: Vec<u8> = moved.iter().flat_map(|mask| mask.bytes()).copied().collect();
                    let bytes = numpy::PyArray1::from_vec(py, bytes).into_any();
                    self.stack_masks[*at].shaped(bytes, moved.len(), size)?
                }
                Entry::Mask { at } => mask(*at)?,
                Entry::Masks { at, count } => {
                    let list = PyList::empty(py);
                    for k in *at..at + count {
                        list.append(mask(k)?)?;
                    }
                    list.into_any()
                }
                Entry::Boxes => match (&self.boxes, &augmented.boxes) {
                    (Some((rows, _)), Some((boxes, _))) => rows.array(py, boxes.to_rows(augmented.size))?,
                    _ => return Err(lost()),
                },
                Entry::BoxLabels(labels) => {
                    filtered(labels, augmented.boxes.as_ref().map_or(&[], |(_, kept)| kept.as_slice()))?
                }
                Entry::Points => match (&self.points, &augmented.points) {
                    (Some(rows), Some((points, _))) => rows.array(py, points.to_rows())?,
                    _ => return Err(lost()),
                },
                Entry::Kept(value) => value.clone(),
            };
            dict.set_item(name, value)?;
            if let (Entry::Points, Some((_, seen))) = (entry, &augmented.points) {
                let seen = numpy::PyArray1::from_slice(py, seen);
                dict.set_item(intern!(py, "points_visible"), seen)?;
            }
        }
        Ok(dict.into_any())
    }
}

/// A whole number from 0.
pub fn whole(value: &Bound<'_, PyAny>, what: &str) -> PyResult<u64> {
    value.extract::<u64>().map_err(|_| {
        let found = value.repr().map_or_else(|_| "something else".into(), |text| text.to_string());
        exception(value.py(), &Error::parameter(format!("{what}: expected a whole number from 0, found {found}")))
    })
}

/// The labels of the boxes that stay: an array of an array, a tuple of a tuple, a list of anything else.
fn filtered<'py>(labels: &Bound<'py, PyAny>, kept: &[usize]) -> PyResult<Bound<'py, PyAny>> {
    let py = labels.py();
    if labels.cast::<numpy::PyUntypedArray>().is_ok() {
        let index = numpy::PyArray1::from_iter(py, kept.iter().map(|k| *k as i64));
        return labels.get_item(index);
    }
    let chosen = kept.iter().map(|k| labels.get_item(*k)).collect::<PyResult<Vec<_>>>()?;
    if labels.is_instance_of::<PyTuple>() {
        return Ok(PyTuple::new(py, chosen)?.into_any());
    }
    Ok(PyList::new(py, chosen)?.into_any())
}

fn unknown(name: &str) -> PyErr {
    let near = FOREIGN
        .iter()
        .find(|(foreign, _)| *foreign == name)
        .map(|(_, ours)| *ours)
        .or_else(|| nearest(name, TARGETS.iter().copied().chain(["epoch", "sample"])));
    let mend = match near {
        Some(near) => format!("did you mean {near:?}?"),
        None => format!("expected {}, epoch, sample", TARGETS.join(", ")),
    };
    PyTypeError::new_err(format!("unknown argument {name:?}; {mend}"))
}
