//! The arguments of a call: a picture and everything attached to it, under names.
//!
//! They are read in the caller's order, checked against one size, handed to the engine as a [`Sample`], and come back
//! under the same names.

mod check;
mod result;

use pyo3::exceptions::PyTypeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};
use variegate::picture::error::nearest;
use variegate::{BoxFormat, Boxes, Error, FieldKind, Frame, Pipeline, Points, Sample, Size};

use crate::arrays::{Stack, unusable};
use crate::attached::{FieldArray, Polygons};
use crate::errors::{OrRaise, exception};
use crate::masks::MaskStack;
use crate::rows::Rows;

const TARGETS: [&str; 20] = [
    "image",
    "images",
    "mask",
    "masks",
    "boxes",
    "box_format",
    "box_labels",
    "points",
    "points_visible",
    "polygons",
    "instance_masks",
    "heatmap",
    "depth",
    "flow",
    "normals",
    "labels",
    "video",
    "video_mask",
    "volume",
    "volume_mask",
];

/// Names of other libraries, and ours.
const FOREIGN: [(&str, &str); 13] = [
    ("bboxes", "boxes"),
    ("bounding_boxes", "boxes"),
    ("keypoints", "points"),
    ("segmentation_mask", "mask"),
    ("segmentation_masks", "masks"),
    ("label", "labels"),
    ("mask3d", "volume_mask"),
    ("optical_flow", "flow"),
    ("surface_normals", "normals"),
    ("depth_map", "depth"),
    ("heatmaps", "heatmap"),
    ("segmentations", "polygons"),
    ("visibility", "points_visible"),
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
    /// One mask for each box.
    InstanceMasks {
        at: usize,
    },
    Boxes,
    BoxLabels(Bound<'py, PyAny>),
    Points,
    PointsVisible,
    Polygons,
    Field {
        at: usize,
    },
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
    instance_masks: Vec<MaskStack<'py>>,
    fields: Vec<FieldArray<'py>>,
    polygons: Option<Polygons>,
    boxes: Option<(Rows, BoxFormat)>,
    points: Option<Rows>,
    visible: Vec<u8>,
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
            instance_masks: Vec::new(),
            fields: Vec::new(),
            polygons: None,
            boxes: None,
            points: None,
            visible: Vec::new(),
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
        targets.check_instances()?;
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
            "instance_masks" => {
                let masks = MaskStack::several(value, &key)?;
                self.sized(&key, masks.size, 3)?;
                self.instance_masks.push(masks);
                Entry::InstanceMasks { at: self.instance_masks.len() - 1 }
            }
            "heatmap" | "flow" | "normals" => {
                let kind = match key.as_str() {
                    "flow" => FieldKind::Flow,
                    "normals" => FieldKind::Normals,
                    _ => FieldKind::Scalar,
                };
                let field = FieldArray::new(value, &key, kind)?;
                self.sized(&key, field.size(), 3)?;
                self.fields.push(field);
                Entry::Field { at: self.fields.len() - 1 }
            }
            "polygons" => {
                self.polygons = Some(Polygons::new(value)?);
                Entry::Polygons
            }
            "mask" | "depth" => {
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
            "points_visible" => {
                self.visible = visible(value)?;
                Entry::PointsVisible
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
            Some((first, frame)) if !is_picture(first) && is_picture(what) => {
                *first = what.to_owned();
                frame.channels = channels;
            }
            Some(_) => {}
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
        for masks in &self.instance_masks {
            let fill = masks.filling(pipeline.options.mask_fill, "instance_masks")?;
            for k in 0..masks.count {
                sample.masks.push(masks.view(k)?);
                sample.mask_fills.push(fill.clone());
            }
        }
        sample.fields = self.fields.iter().map(FieldArray::field).collect::<PyResult<_>>()?;
        sample.polygons = self.polygons.as_ref().map_or_else(Vec::new, Polygons::corners);
        if let Some((rows, format)) = &self.boxes {
            sample.boxes = Some(Boxes::from_rows(&rows.values, *format, size).or_raise(self.py)?);
        }
        if let Some(rows) = &self.points {
            let points = Points::from_rows(&rows.values, rows.columns).or_raise(self.py)?;
            sample.points = Some(Points { visible: self.visible.clone(), ..points });
        }
        Ok(sample)
    }
}

/// Whether a name stands for something whose channels decide those of the frame.
fn is_picture(name: &str) -> bool {
    ["image", "video", "volume"].iter().any(|kind| name.starts_with(kind)) && !name.contains("mask")
}

/// One flag or level of visibility for each point.
fn visible(value: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
    let py = value.py();
    let wrong = || unusable(py, "points_visible: expected a whole number from 0 to 255, or a bool, for each point");
    let rows = value.try_iter()?.map(|v| v?.call_method0("__int__")?.extract::<u8>());
    rows.collect::<PyResult<_>>().map_err(|_| wrong())
}

/// A whole number from 0.
pub fn whole(value: &Bound<'_, PyAny>, what: &str) -> PyResult<u64> {
    value.extract::<u64>().map_err(|_| {
        let found = value.repr().map_or_else(|_| "something else".into(), |text| text.to_string());
        exception(value.py(), &Error::parameter(format!("{what}: expected a whole number from 0, found {found}")))
    })
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
