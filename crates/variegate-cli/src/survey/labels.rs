//! What is wrong with labels: what the source's reader told, and what shows once the picture's size is known.
//!
//! The survey's workers call [`troubles`] for each sample, the findings [`Trouble::told`] for each problem of the
//! reader. It mends nothing.

use variegate::Error;
use variegate::Size;
use variegate::io::{Header, Limits, header as read_header, read_file};
use variegate::loader::annotated::{CUT, UNLISTED, WITHOUT_AREA};
use variegate::loader::{MaskFile, Source};
use variegate::picture::Rect;

/// Pixels by which a box may leave its picture: data sets round.
const SLACK: f64 = 1.0;

/// A kind of trouble with labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trouble {
    /// A listed picture is not there.
    MissingPicture,
    /// A box leaves its picture.
    Outside,
    /// A box has no area.
    NoArea,
    /// A class or picture that the data set does not list.
    Unlisted,
    /// The annotation or mask is of another size than the picture.
    SizeDiffers,
    /// The same box twice.
    Twice,
    /// Anything else that the reader told.
    Other,
}

impl Trouble {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::MissingPicture,
        Self::Outside,
        Self::NoArea,
        Self::Unlisted,
        Self::SizeDiffers,
        Self::Twice,
        Self::Other,
    ];

    /// Its name in JSON.
    pub fn key(self) -> &'static str {
        match self {
            Self::MissingPicture => "missing_picture",
            Self::Outside => "box_outside",
            Self::NoArea => "box_without_area",
            Self::Unlisted => "unknown_id",
            Self::SizeDiffers => "size_differs",
            Self::Twice => "box_twice",
            Self::Other => "other",
        }
    }

    /// Its name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::MissingPicture => "missing pictures",
            Self::Outside => "boxes outside",
            Self::NoArea => "boxes without area",
            Self::Unlisted => "unknown ids",
            Self::SizeDiffers => "another size than the picture",
            Self::Twice => "boxes listed twice",
            Self::Other => "other",
        }
    }

    /// The kind of a problem that a reader told.
    pub fn told(problem: &Error) -> Self {
        let message = problem.message();
        let kinds = [(CUT, Self::Outside), (WITHOUT_AREA, Self::NoArea), (UNLISTED, Self::Unlisted)];
        kinds.into_iter().find(|(words, _)| message.contains(words)).map_or(Self::Other, |(_, kind)| kind)
    }
}

/// What is wrong with the labels of a picture whose header is known.
pub fn troubles(source: &dyn Source, id: u64, header: &Header, limits: &Limits) -> Vec<(Trouble, String)> {
    let annotations = match source.annotations(id) {
        Ok(annotations) => annotations,
        Err(error) => return vec![(Trouble::Other, error.to_string())],
    };
    let mut found = Vec::new();
    let (stored, upright) = (header.size, header.upright());
    let is_size = |size: Size| size == stored || size == upright;
    if let Some(size) = annotations.size.filter(|size| !is_size(*size)) {
        found.push((Trouble::SizeDiffers, format!("annotated as {size} (height × width), the picture is {upright}")));
    }
    let boxes = annotations.boxes.as_deref().unwrap_or(&[]);
    for (k, one) in boxes.iter().enumerate() {
        let Rect { x0, y0, x1, y1 } = one.edges;
        // Where the size was told, the reader has cut the boxes and said so.
        if annotations.size.is_none() && !annotations.relative && !one.edges.within(Rect::of(upright), SLACK) {
            found.push((Trouble::Outside, format!("box ({x0}, {y0}, {x1}, {y1}) leaves the picture of {upright}")));
        }
        if boxes[..k].contains(one) {
            found.push((
                Trouble::Twice,
                format!("box ({x0:.3}, {y0:.3}, {x1:.3}, {y1:.3}) of one class is listed twice"),
            ));
        }
    }
    if let Some(MaskFile::Path(path)) = &annotations.mask {
        match read_file(path, limits).and_then(|bytes| read_header(&bytes, limits)) {
            Ok(mask) if is_size(mask.size) => {}
            Ok(mask) => {
                found.push((Trouble::SizeDiffers, format!("the mask is {}, the picture {upright}", mask.size)));
            }
            Err(error) => found.push((Trouble::Other, error.to_string())),
        }
    }
    found
}
