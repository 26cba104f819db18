//! Masks: one integer (or float, or bool) a pixel that is moved, never mixed.

use crate::geometry::Rect;
use crate::{Error, Result, Size};

/// An owned mask: opaque elements of 1, 2, 4 or 8 bytes, so that every integer dtype keeps its ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mask {
    size: Size,
    element: usize,
    bytes: Vec<u8>,
}

/// A borrowed mask, rows without gaps.
#[derive(Clone, Copy, Debug)]
pub struct MaskView<'a> {
    size: Size,
    element: usize,
    bytes: &'a [u8],
}

impl Mask {
    /// A mask of the given size; every element is a copy of `fill`.
    pub fn filled(size: Size, fill: &[u8]) -> Self {
        Self { size, element: fill.len(), bytes: fill.repeat(size.pixels()) }
    }

    /// Wraps bytes; their count must be height × width × element.
    pub fn new(size: Size, element: usize, bytes: Vec<u8>) -> Result<Self> {
        MaskView::new(size, element, &bytes)?;
        Ok(Self { size, element, bytes })
    }

    /// Height and width.
    pub fn size(&self) -> Size {
        self.size
    }

    /// Bytes of one element (all channels of a pixel count as one element).
    pub fn element(&self) -> usize {
        self.element
    }

    /// The bytes, row by row.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The bytes, to be written.
    pub fn bytes_mut(&mut self) -> &mut [u8] {
        &mut self.bytes
    }

    /// Takes the bytes out.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// Borrows the mask.
    pub fn view(&self) -> MaskView<'_> {
        MaskView { size: self.size, element: self.element, bytes: &self.bytes }
    }
}

impl<'a> MaskView<'a> {
    /// Wraps borrowed bytes; their count must be height × width × element.
    pub fn new(size: Size, element: usize, bytes: &'a [u8]) -> Result<Self> {
        if size.pixels() == 0 || element == 0 || bytes.len() != size.pixels() * element {
            return Err(Error::input(format!("{} bytes given for a mask of {size} × {element} bytes", bytes.len())));
        }
        Ok(Self { size, element, bytes })
    }

    /// Height and width.
    pub fn size(&self) -> Size {
        self.size
    }

    /// Bytes of one element.
    pub fn element(&self) -> usize {
        self.element
    }

    /// The bytes, row by row.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The smallest rectangle around every element that is not zero; none where all are.
    pub fn marked(&self) -> Option<Rect> {
        let row = self.size.width * self.element;
        let is_set = |v: &u8| *v != 0;
        let mut edges: Option<(usize, usize, usize, usize)> = None;
        for (y, bytes) in self.bytes.chunks_exact(row).enumerate() {
            let (Some(first), Some(last)) = (bytes.iter().position(is_set), bytes.iter().rposition(is_set)) else {
                continue;
            };
            let (first, last) = (first / self.element, last / self.element + 1);
            edges = Some(match edges {
                None => (first, y, last, y + 1),
                Some((left, top, right, _)) => (left.min(first), top, right.max(last), y + 1),
            });
        }
        edges.map(|(left, top, right, bottom)| Rect::new(left as f64, top as f64, right as f64, bottom as f64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_marked_is_framed() {
        let mut mask = Mask::filled(Size::new(5, 7), &[0, 0]);
        assert_eq!(mask.view().marked(), None);
        for (row, column) in [(1, 4), (3, 2)] {
            mask.bytes_mut()[(row * 7 + column) * 2 + 1] = 9;
        }
        assert_eq!(mask.view().marked(), Some(Rect::new(2.0, 1.0, 5.0, 4.0)));
    }
}
