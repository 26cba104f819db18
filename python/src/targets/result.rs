//! What came out of the engine, under the names and in the forms that went in.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyTuple};
use variegate::{Augmented, Error};

use super::{Entry, Targets};
use crate::arrays::{from_picture, from_pictures};
use crate::errors::exception;

impl<'py> Targets<'py> {
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
        let (mut moved_masks, mut fields) = (augmented.masks, augmented.fields.into_iter());
        let mut instances = moved_masks.split_off(self.masks.len().min(moved_masks.len())).into_iter();
        let mut masks = moved_masks.into_iter();
        let kept = augmented.boxes.as_ref().map(|(_, kept)| kept.as_slice());
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
                Entry::InstanceMasks { at } => {
                    let of = &self.instance_masks[*at];
                    let moved: Vec<_> = instances.by_ref().take(of.count).collect();
                    let stays = |k: &usize| kept.is_none_or(|kept| kept.contains(k));
                    let staying: Vec<_> = (0..moved.len()).filter(stays).collect();
                    let bytes: Vec<u8> = staying.iter().flat_map(|k| moved[*k].bytes()).copied().collect();
                    let bytes = numpy::PyArray1::from_vec(py, bytes).into_any();
                    of.shaped(bytes, staying.len(), augmented.size)?
                }
                Entry::Field { at } => self.fields[*at].array(py, fields.next().ok_or_else(lost)?)?,
                Entry::Polygons => match &self.polygons {
                    Some(polygons) => polygons.list(py, &augmented.polygons, kept)?,
                    None => return Err(lost()),
                },
                Entry::Boxes => match (&self.boxes, &augmented.boxes) {
                    (Some((rows, _)), Some((boxes, _))) => rows.array(py, boxes.to_rows(augmented.size))?,
                    _ => return Err(lost()),
                },
                Entry::BoxLabels(labels) => filtered(labels, kept.unwrap_or(&[]))?,
                Entry::Points => match (&self.points, &augmented.points) {
                    (Some(rows), Some((points, _))) => rows.array(py, points.to_rows())?,
                    _ => return Err(lost()),
                },
                Entry::PointsVisible => {
                    let visible = augmented.points.as_ref().map_or(&[][..], |(points, _)| &points.visible);
                    numpy::PyArray1::from_slice(py, visible).into_any()
                }
                Entry::Kept(value) => value.clone(),
            };
            dict.set_item(name, value)?;
            if let (Entry::Points, Some((_, seen)), true) = (entry, &augmented.points, self.visible.is_empty()) {
                let seen = numpy::PyArray1::from_slice(py, seen);
                dict.set_item(intern!(py, "points_visible"), seen)?;
            }
        }
        Ok(dict.into_any())
    }
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
