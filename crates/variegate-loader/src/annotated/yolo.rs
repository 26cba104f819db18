//! YOLO: a text file of boxes for each picture, and the names of classes in a `data.yaml`.
//!
//! A line is `class cx cy width height` in shares of the picture, or `class x y x y …`, the corners of an outline, of
//! which the box around is taken. A picture without a text file has no boxes.

use std::path::{Component, Path, PathBuf};

use variegate_io::{Folder, FolderOptions, Limits};
use variegate_ops::raw::{Raw, RawValue};
use variegate_picture::{Error, Point, Rect, Result};

use super::{Annotated, Gathered, text_of};
use crate::annotations::{Annotations, Labelled};

/// What a `data.yaml` says.
#[derive(Debug, Default)]
struct Told {
    names: Vec<String>,
    path: Option<String>,
    /// The folders of each split.
    splits: Vec<(String, Vec<String>)>,
}

/// Pictures with boxes. `place` is a `data.yaml`, or a folder with or without one; `split` names the pictures in it.
pub fn read(place: &Path, split: Option<&str>, limits: &Limits) -> Result<Annotated> {
    let file = if place.is_dir() { place.join("data.yaml") } else { place.to_path_buf() };
    let told = if place.is_dir() && !file.is_file() { Told::default() } else { told(&file, limits)? };
    let base = file.parent().unwrap_or(Path::new(""));
    let roots = roots(&told, base, split, &file)?;
    let mut gathered = Gathered::of(base);
    let mut most = 0;
    for root in roots {
        let folder = Folder::read(&root, &FolderOptions { labelled: Some(false), ..FolderOptions::default() })?;
        gathered.problems.extend(folder.problems.iter().cloned());
        for entry in &folder.files {
            let picture = root.join(&entry.path);
            let listed = labels_of(&picture);
            let boxes = if listed.is_file() { boxes(&listed, &told.names, &mut gathered, limits)? } else { Vec::new() };
            most = most.max(boxes.iter().map(|labelled| labelled.label + 1).max().unwrap_or(0));
            let annotations = Annotations { boxes: Some(boxes), relative: true, ..Annotations::default() };
            // Relative where it can be, so that a data set may move.
            let path = picture.strip_prefix(base).unwrap_or(&picture).to_path_buf();
            gathered.entries.push((path, annotations));
        }
    }
    let names = if told.names.is_empty() { (0..most).map(|k| k.to_string()).collect() } else { told.names };
    gathered.finished(names, &file)
}

/// The folders of pictures that are meant.
fn roots(told: &Told, base: &Path, split: Option<&str>, file: &Path) -> Result<Vec<PathBuf>> {
    // Files are handed on with the path of another machine in them: then the folder of the file itself is meant.
    let base =
        told.path.as_ref().map(|path| base.join(path)).filter(|path| path.is_dir()).unwrap_or_else(|| base.into());
    let Some(split) = split.or(told.splits.first().map(|(name, _)| name.as_str())) else {
        let images = base.join("images");
        return Ok(vec![if images.is_dir() { images } else { base }]);
    };
    if let Some((_, folders)) = told.splits.iter().find(|(name, _)| name == split) {
        return Ok(folders.iter().map(|folder| below(&base, folder)).collect());
    }
    let beside = [base.join("images").join(split), base.join(split).join("images"), base.join(split)];
    beside.into_iter().find(|folder| folder.is_dir()).map(|folder| vec![folder]).ok_or_else(|| {
        let names: Vec<&str> = told.splits.iter().map(|(name, _)| name.as_str()).collect();
        Error::parameter(format!(
            "there is no split {split:?}; expected one of [{}], or a folder images/{split}",
            names.join(", ")
        ))
        .at(file)
    })
}

/// A folder of a split. Some files say `../train/images` and mean `train/images`.
fn below(base: &Path, folder: &str) -> PathBuf {
    let (said, meant) = (base.join(folder), folder.strip_prefix("../").map(|folder| base.join(folder)));
    match meant {
        Some(meant) if !said.is_dir() && meant.is_dir() => meant,
        _ => said,
    }
}

fn told(file: &Path, limits: &Limits) -> Result<Told> {
    let at = |place: (usize, usize), message: String| {
        Error::input(format!("line {}, column {}: {message}", place.0, place.1)).at(file)
    };
    let document = Raw::parse(&text_of(file, limits)?).map_err(|error| error.at(file))?;
    let RawValue::Map(entries) = &document.value else {
        return Err(at(document.place, "expected `names:` and the folders of pictures".into()));
    };
    let mut told = Told::default();
    for (key, place, value) in entries {
        match (key.as_str(), &value.value) {
            ("names", RawValue::List(list)) => told.names = list.iter().map(name_of).collect(),
            ("names", RawValue::Map(map)) => {
                let mut numbered = map
                    .iter()
                    .map(|(key, place, name)| {
                        let number = key.parse::<usize>();
                        let wrong = |_| at(*place, format!("expected the number of a class, found {key:?}"));
                        number.map_err(wrong).map(|number| (number, name_of(name)))
                    })
                    .collect::<Result<Vec<_>>>()?;
                numbered.sort();
                if numbered.iter().enumerate().any(|(k, (number, _))| k != *number) {
                    return Err(at(*place, "expected the classes numbered 0, 1, 2, … without gaps".into()));
                }
                told.names = numbered.into_iter().map(|(_, name)| name).collect();
            }
            ("names", _) => {
                return Err(at(value.place, format!("expected a list of names, found {}", value.describe())));
            }
            ("path", RawValue::Text(path)) => told.path = Some(path.clone()),
            ("train" | "val" | "test", RawValue::Text(folder)) => told.splits.push((key.clone(), vec![folder.clone()])),
            ("train" | "val" | "test", RawValue::List(list)) => {
                told.splits.push((key.clone(), list.iter().map(name_of).collect()));
            }
            _ => {}
        }
    }
    Ok(told)
}

fn name_of(raw: &Raw) -> String {
    match &raw.value {
        RawValue::Text(text) => text.clone(),
        _ => raw.describe(),
    }
}

/// Where the boxes of a picture stand: in `labels` in the place of its path's last `images`, or beside it.
fn labels_of(picture: &Path) -> PathBuf {
    let beside = picture.with_extension("txt");
    let parts: Vec<Component<'_>> = beside.components().collect();
    match parts.iter().rposition(|part| part.as_os_str() == "images") {
        Some(k) => {
            let labels = Component::Normal("labels".as_ref());
            let moved: PathBuf = parts[..k].iter().chain(std::iter::once(&labels)).chain(&parts[k + 1..]).collect();
            if moved.is_file() { moved } else { beside }
        }
        None => beside,
    }
}

fn boxes(file: &Path, names: &[String], gathered: &mut Gathered, limits: &Limits) -> Result<Vec<Labelled>> {
    let mut boxes = Vec::new();
    for (k, line) in text_of(file, limits)?.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let wrong = |message: String| Error::input(format!("line {}: {message}", k + 1)).at(file);
        let numbers = line.split_whitespace().map(str::parse::<f64>).collect::<std::result::Result<Vec<_>, _>>();
        let numbers = numbers.map_err(|_| wrong(format!("expected numbers, found {line:?}")))?;
        let expected = || wrong(format!("expected `class cx cy width height` or a class and corners, found {line:?}"));
        let (class, rest) = numbers.split_first().ok_or_else(expected)?;
        let known = if names.is_empty() { f64::from(i32::MAX) } else { names.len() as f64 };
        if class.fract() != 0.0 || *class < 0.0 || *class >= known {
            return Err(wrong(format!("class {class}: expected a whole number from 0 to {}", known - 1.0)));
        }
        let edges = match *rest {
            [cx, cy, w, h] => Some(Rect::new(cx - w / 2.0, cy - h / 2.0, cx + w / 2.0, cy + h / 2.0)),
            [..] if rest.len() >= 6 && rest.len().is_multiple_of(2) => {
                Rect::around(rest.chunks_exact(2).map(|corner| Point::new(corner[0], corner[1])))
            }
            [..] => None,
        };
        let edges = edges.ok_or_else(expected)?;
        let whole = Rect::new(0.0, 0.0, 1.0, 1.0);
        // Shares: a hundredth of the picture is what a pixel is elsewhere.
        let scaled = |rect: Rect, by: f64| Rect::new(rect.x0 * by, rect.y0 * by, rect.x1 * by, rect.y1 * by);
        let place = || format!("line {} (in hundredths of the picture)", k + 1);
        let hundred = Some(variegate_picture::Size::new(100, 100));
        if gathered.fitted(scaled(edges, 100.0), hundred, file, place).is_some() {
            boxes.push(Labelled { edges: edges.intersect(whole), label: *class as i32 });
        }
    }
    Ok(boxes)
}
