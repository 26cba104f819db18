//! What operations may know of a sample besides its frame: where its boxes lie, and what its masks mark.
//!
//! The façade reads it from a sample, a recipe keeps it, and the builder carries it along the warps to where an operation
//! asks. It holds no pixels and no ids.

use variegate_picture::boxes::Shape;
use variegate_picture::{BoxFormat, Boxes, Rect, Size};

use crate::node::Node;
use crate::route::{BoxRules, Route};

/// Boxes and marks of the picture a recipe starts with; empty where nothing is known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Attached {
    /// Upright rectangles around the boxes.
    pub boxes: Vec<Rect>,
    /// The rectangle around everything masks mark.
    pub marked: Option<Rect>,
}

impl Attached {
    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.boxes.is_empty() && self.marked.is_none()
    }
}

/// Rectangles after the warps among `nodes`, cut at what is seen; those that are seen no more are left out.
pub fn moved(rects: &[Rect], nodes: &[Node], from: Size, to: Size) -> Vec<Rect> {
    let boxes = Boxes { shapes: rects.iter().map(|rect| Shape::Upright(*rect)).collect(), format: BoxFormat::XYXY };
    let (boxes, _) = Route::of(nodes, from, to).boxes(&boxes, &BoxRules::default());
    boxes.shapes.iter().map(Shape::around).collect()
}
