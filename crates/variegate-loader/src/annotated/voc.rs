//! Pascal VOC: an XML file of boxes for each picture.
//!
//! The layout is `Annotations`, `JPEGImages` and `ImageSets/Main`; annotations and pictures in one folder will do as
//! well.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use roxmltree::{Document, Node};
use variegate_io::source::folder::EXTENSIONS;
use variegate_io::{Limits, read_file};
use variegate_picture::{Error, Rect, Result, Size};

use super::{Annotated, Gathered, label_of, text_of};
use crate::annotations::{Annotations, Labelled};

/// How a data set is read.
#[derive(Clone, Debug)]
pub struct Voc {
    /// The pictures named in `ImageSets/Main/<split>.txt`; all, where it is none.
    pub split: Option<String>,
    /// Names of the classes, by label; all that there are, sorted, where it is none.
    pub classes: Option<Vec<String>>,
    /// Whether coordinates are pixels counted from 1, the last one inside, as in the original data set; edges
    /// otherwise.
    pub one_based: bool,
    /// Whether objects marked as difficult count.
    pub difficult: bool,
}

impl Default for Voc {
    fn default() -> Self {
        Self { split: None, classes: None, one_based: false, difficult: true }
    }
}

/// One object of a file.
struct Object {
    name: String,
    edges: Rect,
    /// Line and what to call it.
    place: String,
    line: u32,
}

/// Pictures with boxes.
pub fn read(root: &Path, voc: &Voc, limits: &Limits) -> Result<Annotated> {
    let sub = |name: &str| Some(root.join(name)).filter(|path| path.is_dir());
    let described = sub("Annotations").or_else(|| sub("annotations")).unwrap_or_else(|| root.to_path_buf());
    let pictured = sub("JPEGImages").or_else(|| sub("images")).unwrap_or_else(|| root.to_path_buf());
    let mut gathered = Gathered::of(&pictured);
    let mut files = Vec::new();
    for stem in stems(root, &described, voc, limits)? {
        let file = described.join(format!("{stem}.xml"));
        files.push(one(&file, &stem, &pictured, voc, limits).map(|found| (file, found))?);
    }
    let found: BTreeSet<&str> =
        files.iter().flat_map(|(_, (_, _, objects))| objects).map(|o| o.name.as_str()).collect();
    let classes = voc.classes.clone().unwrap_or_else(|| found.iter().map(|name| (*name).to_owned()).collect());
    for (file, (picture, size, objects)) in &files {
        let mut boxes = Vec::with_capacity(objects.len());
        for object in objects {
            let label = label_of(&classes, &object.name)
                .map_err(|error| Error::input(format!("line {}: {}", object.line, error.message())).at(file))?;
            if let Some(edges) = gathered.fitted(object.edges, *size, file, || object.place.clone()) {
                boxes.push(Labelled { edges, label });
            }
        }
        let annotations = Annotations { size: *size, boxes: Some(boxes), ..Annotations::default() };
        gathered.entries.push((picture.clone(), annotations));
    }
    gathered.finished(classes, root)
}

/// The names of the annotation files without their extension: those of a split, or all, sorted.
fn stems(root: &Path, described: &Path, voc: &Voc, limits: &Limits) -> Result<Vec<String>> {
    if let Some(split) = &voc.split {
        let list = text_of(&root.join("ImageSets").join("Main").join(format!("{split}.txt")), limits)?;
        return Ok(list.lines().filter_map(|line| line.split_whitespace().next().map(str::to_owned)).collect());
    }
    let refused = |error: std::io::Error| Error::io(format!("the folder cannot be listed: {error}")).at(described);
    let mut stems = Vec::new();
    for entry in std::fs::read_dir(described).map_err(refused)? {
        let path = entry.map_err(refused)?.path();
        if path.extension().is_some_and(|extension| extension == "xml")
            && let Some(stem) = path.file_stem().and_then(|stem| stem.to_str())
        {
            stems.push(stem.to_owned());
        }
    }
    stems.sort();
    Ok(stems)
}

type Found = (PathBuf, Option<Size>, Vec<Object>);

/// The picture of an annotation file, its size where it is told, and its objects.
fn one(file: &Path, stem: &str, pictured: &Path, voc: &Voc, limits: &Limits) -> Result<Found> {
    let bytes = read_file(file, limits)?;
    let text = std::str::from_utf8(&bytes).map_err(|_| Error::input("the file is not UTF-8 text").at(file))?;
    let document = Document::parse(text).map_err(|error| Error::input(format!("not XML: {error}")).at(file))?;
    let root = document.root_element();
    let side = |size: Node<'_, '_>, name: &str| number(size, name).map(|side| side as usize);
    let size = child(root, "size").map(|size| Ok::<_, Error>((side(size, "height")?, side(size, "width")?)));
    let size = match size.transpose().map_err(|error| error.at(file))? {
        // Many tools write 0 for what they do not know.
        Some((height, width)) if height > 0 && width > 0 => Some(Size::new(height, width)),
        _ => None,
    };
    let named = child(root, "filename").and_then(|name| name.text()).map(|name| PathBuf::from(name.trim()));
    let mut objects = Vec::new();
    for node in root.children().filter(|node| node.has_tag_name("object")) {
        let difficult = child(node, "difficult").and_then(|flag| flag.text()).is_some_and(|flag| flag.trim() == "1");
        if voc.difficult || !difficult {
            objects.push(object(node, voc.one_based).map_err(|error| error.at(file))?);
        }
    }
    Ok((picture(pictured, named, stem), size, objects))
}

/// The file of a picture: the one that is named, or else one of the annotation's own name.
fn picture(pictured: &Path, named: Option<PathBuf>, stem: &str) -> PathBuf {
    let fallback = || EXTENSIONS.iter().map(|extension| PathBuf::from(format!("{stem}.{extension}")));
    let is_there = |path: &PathBuf| pictured.join(path).is_file();
    named.iter().cloned().chain(fallback()).find(is_there).or(named).unwrap_or_else(|| format!("{stem}.jpg").into())
}

fn object(node: Node<'_, '_>, one_based: bool) -> Result<Object> {
    let name = child(node, "name").and_then(|name| name.text()).map(str::trim).unwrap_or("");
    if name.is_empty() {
        return Err(at(node, "an object has no name"));
    }
    let bounds = child(node, "bndbox").ok_or_else(|| at(node, "an object has no <bndbox>"))?;
    let [x0, y0, x1, y1] = ["xmin", "ymin", "xmax", "ymax"].map(|edge| number(bounds, edge));
    let shift = if one_based { 1.0 } else { 0.0 };
    let edges = Rect::new(x0? - shift, y0? - shift, x1?, y1?);
    let line = line_of(node);
    Ok(Object { name: name.to_owned(), edges, place: format!("line {line}, {name:?}"), line })
}

fn child<'a, 'd>(node: Node<'a, 'd>, name: &str) -> Option<Node<'a, 'd>> {
    node.children().find(|child| child.has_tag_name(name))
}

fn number(node: Node<'_, '_>, name: &str) -> Result<f64> {
    let found = child(node, name).ok_or_else(|| at(node, &format!("<{}> has no <{name}>", node.tag_name().name())))?;
    let text = found.text().unwrap_or("").trim();
    text.parse().map_err(|_| at(found, &format!("<{name}>: expected a number, found {text:?}")))
}

fn line_of(node: Node<'_, '_>) -> u32 {
    node.document().text_pos_at(node.range().start).row
}

fn at(node: Node<'_, '_>, message: &str) -> Error {
    Error::input(format!("line {}: {message}", line_of(node)))
}
