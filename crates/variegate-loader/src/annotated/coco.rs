//! COCO: one JSON file of pictures, categories and annotations.
//!
//! Categories are numbered from 0 in the order of their ids. A picture without annotations has no boxes. Where
//! annotations have keypoints, each box has as many points, (0, 0) and unseen where it has none. Where masks are asked
//! for, outlines are kept and drawn when a sample is made, the smaller over the larger. `document` reads the file.

mod document;
mod segments;

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use serde_core::de::{DeserializeOwned, IgnoredAny};
use variegate_io::{Limits, read_file};
use variegate_picture::{Error, Points, Rect, Result, Size};

use self::document::{Category, Document, Listed, Marked};
use self::segments::{Outline, Segments};
use super::{Annotated, Gathered, UNLISTED};
use crate::annotations::{Annotations, Labelled, MaskFile};
use crate::drawn::Drawing;

/// The limit of the file, in place of a picture's: the training half of COCO takes 450 MB.
const MOST_BYTES: u64 = 4 << 30;

/// What masks are drawn of outlines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drawn {
    /// 1 + the label of what is seen there; 0 elsewhere.
    Classes,
    /// 1 + the place of the box of what is seen there; 0 elsewhere.
    Instances,
}

/// How a file is read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Coco<'a> {
    /// Where pictures lie: beside the file, where it is none.
    pub images: Option<&'a Path>,
    /// Whether crowds count.
    pub crowd: bool,
    /// Which masks are drawn; none, where it is none.
    pub masks: Option<Drawn>,
}

/// An outline of a document, or the lack of one.
trait Drawable: DeserializeOwned + Default {
    fn outline(self) -> Option<Outline>;
}

impl Drawable for IgnoredAny {
    fn outline(self) -> Option<Outline> {
        None
    }
}

impl Drawable for Segments {
    fn outline(self) -> Option<Outline> {
        self.0
    }
}

/// Pictures with what a file says of them.
pub fn read(file: &Path, coco: &Coco<'_>, limits: &Limits) -> Result<Annotated> {
    match coco.masks {
        Some(_) => read_as::<Segments>(file, coco, limits),
        None => read_as::<IgnoredAny>(file, coco, limits),
    }
}

fn read_as<S: Drawable>(file: &Path, coco: &Coco<'_>, limits: &Limits) -> Result<Annotated> {
    let bytes = read_file(file, &Limits { max_bytes: limits.max_bytes.max(MOST_BYTES), ..*limits })?;
    let document = Document::<S>::parse(&bytes).map_err(|error| error.at(file))?;
    drop(bytes);
    let mut gathered = Gathered::of(coco.images.unwrap_or_else(|| file.parent().unwrap_or(Path::new(""))));
    let categories = sorted(document.categories).map_err(|error| error.at(file))?;
    let label_of: HashMap<i64, i32> =
        categories.iter().zip(0..).map(|(category, label)| (category.id, label)).collect();
    let points_of_box = document.annotations.iter().map(|one| one.keypoints.len() / 3).max().unwrap_or(0);
    let mut place_of: HashMap<i64, usize> = HashMap::with_capacity(document.pictures.len());
    let mut drawings: Vec<Vec<(Outline, i32, usize)>> = Vec::new();
    for picture in document.pictures {
        if place_of.insert(picture.id, gathered.entries.len()).is_some() {
            return Err(Error::input(format!("two images have the id {}", picture.id)).at(file));
        }
        let entry = listed(&picture, points_of_box, coco.masks).map_err(|error| error.at(file))?;
        gathered.entries.push((picture.file_name.into(), entry));
        drawings.push(Vec::new());
    }
    for one in document.annotations {
        let Some(place) = place_of.get(&one.image_id).copied() else {
            gathered.tell(file, format!("annotation {} belongs to image {}, {UNLISTED}", one.id, one.image_id));
            continue;
        };
        let Some(label) = label_of.get(&one.category_id).copied() else {
            let message = format!("annotation {} is of category {}, {UNLISTED}", one.id, one.category_id);
            gathered.tell(file, message);
            continue;
        };
        if one.crowd && !coco.crowd {
            continue;
        }
        let [x, y, width, height] = one.bbox;
        let edges = Rect::new(x, y, x + width, y + height);
        let size = gathered.entries[place].1.size;
        let Some(edges) = gathered.fitted(edges, size, file, || format!("annotation {}", one.id)) else { continue };
        let annotations = &mut gathered.entries[place].1;
        if let Some(points) = &mut annotations.points {
            add_points(points, &one, points_of_box);
        }
        let boxes = annotations.boxes.get_or_insert_default();
        if let Some(outline) = one.segments.outline() {
            if let (Some([height, width]), Some(size)) = (outline.size, size)
                && Size::new(height, width) != size
            {
                let message =
                    format!("annotation {}: run lengths of {height} × {width} for a picture of {size}", one.id);
                return Err(Error::input(message).at(file));
            }
            drawings[place].push((outline, label, boxes.len()));
        }
        boxes.push(Labelled { edges, label });
    }
    if let Some(drawn) = coco.masks {
        for ((_, annotations), outlines) in gathered.entries.iter_mut().zip(drawings) {
            draw(annotations, outlines, drawn);
        }
    }
    gathered.finished(categories.into_iter().map(|category| category.name).collect(), file)
}

/// Categories by their ids.
fn sorted(mut categories: Vec<Category>) -> Result<Vec<Category>> {
    categories.sort_by_key(|category| category.id);
    match categories.windows(2).find(|pair| pair[0].id == pair[1].id) {
        Some(pair) => {
            let (first, second) = (&pair[0].name, &pair[1].name);
            Err(Error::input(format!("two categories have the id {}: {first:?} and {second:?}", pair[0].id)))
        }
        None => Ok(categories),
    }
}

/// A picture of which nothing is known yet.
fn listed(picture: &Listed, points_of_box: usize, masks: Option<Drawn>) -> Result<Annotations> {
    let size = match (picture.height, picture.width) {
        (0, _) | (_, 0) if masks.is_some() => {
            return Err(Error::input(format!("image {} has no height and width, which masks need", picture.id)));
        }
        (0, _) | (_, 0) => None,
        (height, width) => Some(Size::new(height, width)),
    };
    let points = (points_of_box > 0).then(|| Points { rows: Vec::new(), given: 2, visible: Vec::new() });
    Ok(Annotations { size, boxes: Some(Vec::new()), points, points_of_box, ..Annotations::default() })
}

/// The keypoints of a box: x, y, and 0 for not labelled, 1 hidden, 2 seen.
fn add_points<S>(points: &mut Points, one: &Marked<S>, count: usize) {
    for k in 0..count {
        let [x, y, seen] = match one.keypoints.get(3 * k..3 * k + 3) {
            Some([x, y, seen]) => [*x, *y, *seen],
            _ => [0.0; 3],
        };
        points.rows.push([x, y, 0.0, 1.0]);
        points.visible.push(seen.clamp(0.0, 255.0) as u8);
    }
}

/// Gives a picture the mask of its outlines, each with its label and the place of its box.
fn draw(annotations: &mut Annotations, mut outlines: Vec<(Outline, i32, usize)>, drawn: Drawn) {
    let Some(size) = annotations.size else { return };
    let boxes = annotations.boxes.as_deref().unwrap_or(&[]);
    // The smaller lie over the larger.
    let area = |place: usize| boxes.get(place).map_or(0.0, |labelled| labelled.edges.area());
    outlines.sort_by(|a, b| area(b.2).total_cmp(&area(a.2)));
    let shapes = outlines.into_iter().map(|(outline, label, place)| match drawn {
        Drawn::Classes => (outline.shape, label as u32 + 1),
        Drawn::Instances => (outline.shape, place as u32 + 1),
    });
    annotations.mask = Some(MaskFile::Drawn(Arc::new(Drawing { size, shapes: shapes.collect() })));
    annotations.mask_of_boxes = drawn == Drawn::Instances;
}
