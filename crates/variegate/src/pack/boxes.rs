//! Boxes of a sample in the pixels of its packed picture.
//!
//! Records call it. Boxes that were made for the picture as it is stored are turned upright with it.

use variegate_io::Header;
use variegate_loader::Annotations;
use variegate_picture::{Error, Rect, Result, Size};

/// Edges and class of each box, in a picture of size `to`; nothing where the source knows nothing of boxes.
///
/// # Errors
///
/// When the boxes were made for a picture of another size.
pub fn packed_boxes(known: &Annotations, header: &Header, to: Size) -> Result<Option<Vec<(Rect, i32)>>> {
    let Some(boxes) = &known.boxes else { return Ok(None) };
    let upright = header.upright();
    let turned = match known.size {
        Some(size) if size != upright && size == header.size => true,
        Some(size) if size != upright => {
            return Err(Error::input(format!(
                "the boxes are for a picture of {size} (height × width), this one is {upright}; mend the annotations, or \
                 give the pictures they were made for"
            )));
        }
        _ => false,
    };
    let of = if turned { header.size } else { upright };
    let (width, height) = if known.relative { (of.width as f64, of.height as f64) } else { (1.0, 1.0) };
    let map = if turned { header.orientation.homography(header.size).0.inverse() } else { None };
    let (x, y) = (to.width as f64 / upright.width as f64, to.height as f64 / upright.height as f64);
    let moved = |edges: Rect| {
        let pixels = Rect { x0: edges.x0 * width, y0: edges.y0 * height, x1: edges.x1 * width, y1: edges.y1 * height };
        let stands = map.and_then(|map| Rect::around(pixels.corners().map(|corner| map.apply(corner))));
        let edges = stands.unwrap_or(pixels);
        Rect { x0: edges.x0 * x, y0: edges.y0 * y, x1: edges.x1 * x, y1: edges.y1 * y }
    };
    Ok(Some(boxes.iter().map(|labelled| (moved(labelled.edges), labelled.label)).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use variegate_io::{EncodeFormat, Limits, Orientation, encode, header};
    use variegate_loader::Labelled;
    use variegate_picture::{Picture, Pixels};

    /// The header of a stored picture 20 high and 40 wide, that stands upright after a quarter turn: 40 × 20.
    fn lying() -> Header {
        let picture = Picture::new(Size::new(20, 40), 1, Pixels::U8(vec![0; 800])).expect("a picture");
        let bytes = encode(&picture, &EncodeFormat::Pnm).expect("encodes");
        Header { orientation: Orientation::QuarterTurn, ..header(&bytes, &Limits::default()).expect("a header") }
    }

    fn known(size: Size, edges: [f64; 4], relative: bool) -> Annotations {
        let [x0, y0, x1, y1] = edges;
        let boxes = Some(vec![Labelled { edges: Rect { x0, y0, x1, y1 }, label: 3 }]);
        Annotations { size: Some(size), boxes, relative, ..Annotations::default() }
    }

    fn packed(known: &Annotations) -> [f64; 4] {
        let boxes = packed_boxes(known, &lying(), Size::new(20, 10)).expect("fits").expect("boxes");
        let (Rect { x0, y0, x1, y1 }, 3) = boxes[0] else { panic!("{boxes:?}") };
        [x0, y0, x1, y1]
    }

    #[test]
    fn boxes_shrink_and_turn_with_their_picture() {
        assert_eq!(packed(&known(Size::new(40, 20), [2.0, 4.0, 10.0, 40.0], false)), [1.0, 2.0, 5.0, 20.0]);
        assert_eq!(packed(&known(Size::new(40, 20), [0.1, 0.1, 0.5, 1.0], true)), [1.0, 2.0, 5.0, 20.0]);
        // A quarter turn clockwise: the stored left edge lies on top, the stored bottom on the left.
        assert_eq!(packed(&known(Size::new(20, 40), [0.0, 16.0, 8.0, 20.0], false)), [0.0, 0.0, 2.0, 4.0]);
        let other = known(Size::new(7, 7), [0.0, 0.0, 1.0, 1.0], false);
        assert!(packed_boxes(&other, &lying(), Size::new(20, 10)).expect_err("another size").message().contains("7"));
        assert!(packed_boxes(Annotations::NONE, &lying(), Size::new(20, 10)).expect("nothing").is_none());
    }
}
