//! Sources with boxes, points or masks: data sets in the layouts of COCO, Pascal VOC, YOLO and mask folders.
//!
//! `variegate.annotated` wraps the makers; what they return is a source like any other.

use std::path::PathBuf;

use pyo3::prelude::*;
use variegate::io::Limits;
use variegate::loader::Annotated;
use variegate::loader::annotated::{coco as coco_files, masks as mask_files, voc as voc_files, yolo as yolo_files};

use crate::errors::{OrRaise, guarded};
use crate::reading::expected;
use crate::source::Source;

fn made(py: Python<'_>, read: impl FnOnce() -> variegate::Result<Annotated> + Send) -> PyResult<Source> {
    guarded(py, || {
        let annotated = py.detach(read).or_raise(py)?;
        let problems = annotated.problems.iter().map(ToString::to_string).collect();
        Ok(Source::new(annotated, problems))
    })
}

/// Reads a COCO file.
#[pyfunction]
pub fn coco(
    py: Python<'_>,
    file: PathBuf,
    images: Option<PathBuf>,
    crowd: bool,
    masks: Option<&str>,
) -> PyResult<Source> {
    let masks = match masks {
        None => None,
        Some("classes") => Some(coco_files::Drawn::Classes),
        Some("instances") => Some(coco_files::Drawn::Instances),
        Some(other) => return Err(expected("masks", "\"classes\", \"instances\" or None", other)).or_raise(py),
    };
    made(py, move || {
        let how = coco_files::Coco { images: images.as_deref(), crowd, masks };
        coco_files::read(&file, &how, &Limits::default())
    })
}

/// Reads a Pascal VOC folder.
#[pyfunction]
pub fn voc(
    py: Python<'_>,
    folder: PathBuf,
    split: Option<String>,
    classes: Option<Vec<String>>,
    one_based: bool,
    difficult: bool,
) -> PyResult<Source> {
    let how = voc_files::Voc { split, classes, one_based, difficult };
    made(py, move || voc_files::read(&folder, &how, &Limits::default()))
}

/// Reads a YOLO data set.
#[pyfunction]
pub fn yolo(py: Python<'_>, place: PathBuf, split: Option<String>) -> PyResult<Source> {
    made(py, move || yolo_files::read(&place, split.as_deref(), &Limits::default()))
}

/// Pairs pictures with masks of their names.
#[pyfunction]
pub fn masks(
    py: Python<'_>,
    images: PathBuf,
    folder: PathBuf,
    suffix: String,
    classes: Vec<String>,
) -> PyResult<Source> {
    made(py, move || mask_files::read(&images, &folder, &suffix, classes))
}
