//! Data sets that lie beside or among the pictures: COCO, Pascal VOC, YOLO, and folders of masks.
//!
//! The gallery asks which one a place holds. The readers are the loader's own, so boxes stand here as a training gets
//! them. It must never take a folder for a data set that only looks like one by half: that stays a folder of pictures.

use std::path::{Path, PathBuf};

use variegate::io::Limits;
use variegate::loader::annotated::{coco, masks as mask_files, voc, yolo};
use variegate::loader::{Annotated, Asked, Source, TargetOptions};
use variegate::{Error, Result};

/// Pictures with what is known of them.
pub struct DataSet {
    /// The pictures, by their ids, and their annotations.
    pub source: Annotated,
    /// The kinds that there are.
    pub asked: Asked,
    /// The folder below which the pictures lie.
    pub root: PathBuf,
}

/// The data set at a place; none where it is a mere folder of pictures.
///
/// # Errors
///
/// When its files cannot be read, and when `images` or `masks` is given for something they do not belong to.
pub fn read(place: &Path, images: Option<&Path>, masks: Option<&Path>) -> Result<Option<DataSet>> {
    let limits = Limits::default();
    let ends = |ending: &str| place.extension().is_some_and(|found| found.eq_ignore_ascii_case(ending));
    let has = |name: &str| place.join(name).is_dir();
    let beside = place.parent().unwrap_or(Path::new(""));
    let is_coco = place.is_file() && ends("json");
    if images.is_some() && !is_coco {
        return Err(
            Error::parameter("--images names the pictures of a COCO file; expected SRC to be its JSON").at(place)
        );
    }
    if masks.is_some() && !place.is_dir() {
        return Err(Error::parameter("--masks belongs to a folder of pictures; expected SRC to be one").at(place));
    }
    let (source, root) = if is_coco {
        let how = coco::Coco { images, crowd: false, masks: Some(coco::Drawn::Classes) };
        (coco::read(place, &how, &limits)?, images.unwrap_or(beside))
    } else if let Some(masks) = masks {
        (mask_files::read(place, masks, "", Vec::new())?, place)
    } else if place.is_file() && (ends("yaml") || ends("yml")) {
        (yolo::read(place, None, &limits)?, beside)
    } else if (has("Annotations") && has("JPEGImages")) || (has("annotations") && has("images") && !has("labels")) {
        (voc::read(place, &voc::Voc::default(), &limits)?, place)
    } else if place.join("data.yaml").is_file() || (has("images") && has("labels")) {
        (yolo::read(place, None, &limits)?, place)
    } else if has("images") && has("masks") {
        (mask_files::read(&place.join("images"), &place.join("masks"), "", Vec::new())?, place)
    } else {
        return Ok(None);
    };
    let asked = kinds(&source, &limits)?;
    let root = if root.as_os_str().is_empty() { Path::new(".") } else { root };
    Ok(Some(DataSet { source, asked, root: root.to_path_buf() }))
}

/// What is asked of each picture: the kinds that any of the first ones has.
fn kinds(source: &Annotated, limits: &Limits) -> Result<Asked> {
    Asked::of(source, &TargetOptions::default(), limits)
}

impl DataSet {
    /// Names of the classes of boxes, by label.
    pub fn classes(&self) -> &[String] {
        self.source.class_names()
    }
}

#[cfg(test)]
#[path = "data_set_tests.rs"]
mod tests;
