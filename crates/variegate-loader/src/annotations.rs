//! Annotations: what a source knows of a sample besides its picture.
//!
//! Sources hand them out, in the plane of the picture as it stands upright; `known` brings them into pixels
//! when the picture's header is read. They hold no pixels, but may say where a mask lies.

use std::path::PathBuf;
use std::sync::Arc;

use variegate_picture::{Points, Rect, Size};

use crate::drawn::Drawing;

/// What is known of one sample.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Annotations {
    /// Height and width of the picture they were made for, where that is told.
    pub size: Option<Size>,
    /// Its boxes; none where the source knows nothing of boxes, an empty list where there are none in the picture.
    pub boxes: Option<Vec<Labelled>>,
    /// Whether the edges of boxes are shares of the width and height, and not pixels.
    pub relative: bool,
    /// Its points, in pixels; none where the source knows nothing of points.
    pub points: Option<Points>,
    /// Where as many points belong to each box: that many. 0 where points belong to the picture.
    pub points_of_box: usize,
    /// Its mask; none where the source knows nothing of masks.
    pub mask: Option<MaskFile>,
    /// Whether the mask's value k + 1 is the instance of box k: it then follows the boxes that stay.
    pub mask_of_boxes: bool,
}

/// A box by its edges, and its class.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Labelled {
    /// Left, top, right, bottom.
    pub edges: Rect,
    /// The class, from 0.
    pub label: i32,
}

/// Where a mask lies: a picture of one channel, whose values are classes or ids.
#[derive(Clone, Debug, PartialEq)]
pub enum MaskFile {
    /// A file.
    Path(PathBuf),
    /// The bytes of one.
    Bytes(Arc<[u8]>),
    /// Shapes that are drawn when the sample is made.
    Drawn(Arc<Drawing>),
}

/// Which kinds of annotations there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kinds {
    /// Boxes.
    pub boxes: bool,
    /// Points.
    pub points: bool,
    /// Masks.
    pub masks: bool,
}

impl Kinds {
    /// All there are.
    pub const ALL: Self = Self { boxes: true, points: true, masks: true };

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }

    /// Those that both have.
    pub fn and(self, other: Self) -> Self {
        Self { boxes: self.boxes && other.boxes, points: self.points && other.points, masks: self.masks && other.masks }
    }
}

impl Annotations {
    /// What a source knows that knows nothing.
    pub const NONE: &'static Self = &Self {
        size: None,
        boxes: None,
        relative: false,
        points: None,
        points_of_box: 0,
        mask: None,
        mask_of_boxes: false,
    };

    /// The kinds that are known.
    pub fn kinds(&self) -> Kinds {
        Kinds { boxes: self.boxes.is_some(), points: self.points.is_some(), masks: self.mask.is_some() }
    }
}
