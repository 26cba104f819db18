//! COCO: one JSON file of pictures, categories and annotations.
//!
//! Categories are numbered from 0 in the order of their ids. A picture without annotations has no boxes. Where annotations
//! have keypoints, each box has as many points, (0, 0) and unseen where it has none. [`document`] reads the file.

mod document;

use std::collections::HashMap;
use std::path::Path;

use variegate_io::{Limits, read_file};
use variegate_picture::{Error, Points, Rect, Result, Size};

use self::document::{Document, Marked};
use super::{Annotated, Gathered};
use crate::annotations::{Annotations, Labelled};

/// The limit of the file, in place of a picture's: the training half of COCO takes 450 MB.
const MOST_BYTES: u64 = 4 << 30;

/// Pictures with boxes. `images` is where they lie: beside the file, where it is none. `crowd` says whether boxes around
/// crowds count.
pub fn read(file: &Path, images: Option<&Path>, crowd: bool, limits: &Limits) -> Result<Annotated> {
    let bytes = read_file(file, &Limits { max_bytes: limits.max_bytes.max(MOST_BYTES), ..*limits })?;
    let document = Document::parse(&bytes).map_err(|error| error.at(file))?;
    drop(bytes);
    let mut gathered = Gathered::of(images.unwrap_or_else(|| file.parent().unwrap_or(Path::new(""))));
    let mut categories = document.categories;
    categories.sort_by_key(|category| category.id);
    if let Some(pair) = categories.windows(2).find(|pair| pair[0].id == pair[1].id) {
        return Err(Error::input(format!(
            "two categories have the id {}: {:?}, {:?}",
            pair[0].id, pair[0].name, pair[1].name
        ))
        .at(file));
    }
    let label_of: HashMap<i64, i32> =
        categories.iter().zip(0..).map(|(category, label)| (category.id, label)).collect();
    let mut place_of: HashMap<i64, usize> = HashMap::with_capacity(document.pictures.len());
    let points_of_box = document.annotations.iter().map(|one| one.keypoints.len() / 3).max().unwrap_or(0);
    for picture in document.pictures {
        if place_of.insert(picture.id, gathered.entries.len()).is_some() {
            return Err(Error::input(format!("two images have the id {}", picture.id)).at(file));
        }
        let size = match (picture.height, picture.width) {
            (0, _) | (_, 0) => None,
            (height, width) => Some(Size::new(height, width)),
        };
        let points = (points_of_box > 0).then(|| Points { rows: Vec::new(), given: 2, visible: Vec::new() });
        let annotations =
            Annotations { size, boxes: Some(Vec::new()), points, points_of_box, ..Annotations::default() };
        gathered.entries.push((picture.file_name.into(), annotations));
    }
    for one in document.annotations {
        let Some(place) = place_of.get(&one.image_id).copied() else {
            gathered.tell(
                file,
                format!("annotation {} belongs to image {}, which is not listed; left out", one.id, one.image_id),
            );
            continue;
        };
        let Some(label) = label_of.get(&one.category_id).copied() else {
            let message =
                format!("annotation {} is of category {}, which is not listed; left out", one.id, one.category_id);
            gathered.tell(file, message);
            continue;
        };
        if one.crowd && !crowd {
            continue;
        }
        let [x, y, width, height] = one.bbox;
        let edges = Rect::new(x, y, x + width, y + height);
        let size = gathered.entries[place].1.size;
        let Some(edges) = gathered.fitted(edges, size, file, || format!("annotation {}", one.id)) else { continue };
        let annotations = &mut gathered.entries[place].1;
        annotations.boxes.get_or_insert_default().push(Labelled { edges, label });
        if let Some(points) = &mut annotations.points {
            add_points(points, &one, points_of_box);
        }
    }
    gathered.finished(categories.into_iter().map(|category| category.name).collect(), file)
}

/// The keypoints of a box: x, y, and 0 for not labelled, 1 hidden, 2 seen.
fn add_points(points: &mut Points, one: &Marked, count: usize) {
    for k in 0..count {
        let [x, y, seen] = match one.keypoints.get(3 * k..3 * k + 3) {
            Some([x, y, seen]) => [*x, *y, *seen],
            _ => [0.0; 3],
        };
        points.rows.push([x, y, 0.0, 1.0]);
        points.visible.push(seen.clamp(0.0, 255.0) as u8);
    }
}
