//! Annotated: pictures with boxes, points or masks, read from the files of a data set.
//!
//! A reader for each layout makes one, once, when a source is made; the loader's workers then ask it for annotations
//! and read nothing but pictures and masks. Boxes that leave their picture follow one rule, `Gathered::fitted`;
//! whatever a reader changes or leaves aside stands in `problems`.

pub mod coco;
pub mod masks;
pub mod voc;
pub mod yolo;

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use variegate_io::{FileBuffer, Limits, read_file};
use variegate_picture::key::name;
use variegate_picture::{Error, Rect, Result, Size};

use crate::annotations::{Annotations, MaskFile};
use crate::source::Source;

/// Boxes cut by no more than this many pixels are not told: data sets round.
const SLACK: f64 = 1.0;

/// What a problem says of a box of which something is cut off. Surveys count by these words.
pub const CUT: &str = "leaves it and is cut";

/// What a problem says of a box of which nothing is left.
pub const WITHOUT_AREA: &str = "has no area there and is left out";

/// What a problem says of an annotation whose picture or class the data set does not list.
pub const UNLISTED: &str = "which is not listed; left out";

/// Pictures of a folder, and what is known of them.
#[derive(Clone, Debug, Default)]
pub struct Annotated {
    root: PathBuf,
    entries: Vec<(PathBuf, Annotations)>,
    classes: Vec<String>,
    /// What was changed or left aside, and why.
    pub problems: Vec<Error>,
}

impl Source for Annotated {
    fn len(&self) -> u64 {
        self.entries.len() as u64
    }

    fn read(&self, id: u64, limits: &Limits) -> Result<Vec<u8>> {
        read_file(self.name(id), limits)
    }

    fn read_into<'b>(&self, id: u64, limits: &Limits, buffer: &'b mut FileBuffer) -> Result<&'b [u8]> {
        let path = self.entries.get(id as usize).map_or(Path::new(""), |(path, _)| path);
        buffer.read_in(&self.root, path, limits)
    }

    /// None: its boxes have classes, a picture has none.
    fn label(&self, _: u64) -> Option<u32> {
        None
    }

    fn class_names(&self) -> &[String] {
        &self.classes
    }

    fn annotations(&self, id: u64) -> Result<Cow<'_, Annotations>> {
        match self.entries.get(id as usize) {
            Some((_, annotations)) => Ok(Cow::Borrowed(annotations)),
            None => Err(Error::parameter(format!("there is no sample {id}; the source has {}", self.entries.len()))),
        }
    }

    fn name(&self, id: u64) -> PathBuf {
        self.entries.get(id as usize).map_or_else(PathBuf::new, |(path, _)| self.root.join(path))
    }

    fn mark(&self, id: u64) -> u64 {
        let Some((path, annotations)) = self.entries.get(id as usize) else { return 0 };
        let mut hash = name(&path.to_string_lossy());
        let mut add = |number: u64| hash = hash.rotate_left(7).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ number;
        for labelled in annotations.boxes.iter().flatten() {
            let Rect { x0, y0, x1, y1 } = labelled.edges;
            [x0, y0, x1, y1].into_iter().for_each(|edge| add(edge.to_bits()));
            add(labelled.label as u64);
        }
        for row in annotations.points.iter().flat_map(|points| &points.rows) {
            row.iter().for_each(|value| add(value.to_bits()));
        }
        match &annotations.mask {
            // Its name alone, so that a data set may move.
            Some(MaskFile::Path(path)) => add(name(&path.file_name().unwrap_or_default().to_string_lossy())),
            Some(MaskFile::Bytes(bytes)) => add(bytes.len() as u64),
            Some(MaskFile::Drawn(drawing)) => add(drawing.fingerprint()),
            None => {}
        }
        hash
    }
}

/// What a reader gathers.
#[derive(Debug, Default)]
struct Gathered {
    root: PathBuf,
    entries: Vec<(PathBuf, Annotations)>,
    problems: Vec<Error>,
}

impl Gathered {
    fn of(root: &Path) -> Self {
        Self { root: root.to_path_buf(), ..Self::default() }
    }

    /// A box cut at the edges of its picture, where the size is known; none where nothing of it is left. `place` says
    /// where it stands, for `problems`: a box is told where it is dropped, and where more than a pixel is cut off.
    fn fitted(&mut self, edges: Rect, size: Option<Size>, file: &Path, place: impl FnOnce() -> String) -> Option<Rect> {
        let cut = size.map_or(edges, |size| edges.intersect(Rect::of(size)));
        let finite = [edges.x0, edges.y0, edges.x1, edges.y1].iter().all(|edge| edge.is_finite());
        let is_left = finite && cut.x1 > cut.x0 && cut.y1 > cut.y0;
        if !is_left || !edges.within(cut, SLACK) {
            let Rect { x0, y0, x1, y1 } = edges;
            let of = size.map_or_else(String::new, |size| format!(" of a picture of {size} (height × width)"));
            let outcome = if is_left { CUT } else { WITHOUT_AREA };
            let message = format!("{}: the box ({x0}, {y0}, {x1}, {y1}){of} {outcome}", place());
            self.problems.push(Error::input(message).at(file));
        }
        is_left.then_some(cut)
    }

    /// Tells of something that is left aside.
    fn tell(&mut self, file: &Path, message: String) {
        self.problems.push(Error::input(message).at(file));
    }

    /// The source; `file` is what is named where there is nothing.
    fn finished(self, classes: Vec<String>, file: &Path) -> Result<Annotated> {
        let Self { root, entries, problems } = self;
        if entries.is_empty() {
            let first = problems.first().map_or_else(String::new, |problem| format!("; first problem: {problem}"));
            return Err(Error::input(format!("no annotated picture found{first}")).at(file));
        }
        Ok(Annotated { root, entries, classes, problems })
    }
}

/// The whole text of a file.
fn text_of(path: &Path, limits: &Limits) -> Result<String> {
    String::from_utf8(read_file(path, limits)?).map_err(|_| Error::input("the file is not UTF-8 text").at(path))
}

/// The number of a class among names; those of a data set are unique.
fn label_of(classes: &[String], name: &str) -> Result<i32> {
    if let Some(label) = classes.iter().position(|class| class == name) {
        return Ok(label as i32);
    }
    let near = variegate_picture::error::nearest(name, classes.iter().map(String::as_str));
    let mend =
        near.map_or_else(|| format!("the classes are {}", classes.join(", ")), |n| format!("did you mean {n:?}?"));
    Err(Error::input(format!("unknown class {name:?}; {mend}")))
}
