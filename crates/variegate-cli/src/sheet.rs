//! A contact sheet: pictures fitted into equal tiles on a neutral ground.
//!
//! `preview` calls it, and the page of `inspect` for its thumbnails. It resizes through the engine and copies pixels; it never draws anything random.

use variegate::ops::resolution::Resize;
use variegate::picture::{Pixels, PixelsView};
use variegate::{Error, Picture, Pipeline, Result, Scratch, Size};

use crate::original::transformed;

/// Between white product photos and black borders, both of which stay visible on it.
const GROUND: u8 = 150;

/// Pixels between tiles and around them.
const GAP: usize = 4;

/// Pixels between the first column and the others.
const WIDE_GAP: usize = 12;

/// The most pixels of a sheet, 300 MB of memory.
const MOST: usize = 100_000_000;

/// A sheet in the making.
pub struct Sheet {
    tile: usize,
    size: Size,
    pixels: Vec<u8>,
}

impl Sheet {
    /// An empty sheet.
    pub fn new(rows: usize, columns: usize, tile: usize) -> Result<Self> {
        let size = Size::new(GAP + rows * (tile + GAP), WIDE_GAP + columns * (tile + GAP));
        if size.pixels() > MOST {
            return Err(Error::parameter(format!(
                "a sheet of {rows} rows and {columns} columns of {tile} pixels would be {size}; ask for fewer or smaller tiles"
            )));
        }
        Ok(Self { tile, size, pixels: vec![GROUND; size.pixels() * 3] })
    }

    /// Side of a tile.
    pub fn tile(&self) -> usize {
        self.tile
    }

    /// Fits a picture into a tile, keeping its aspect, and puts it in the middle.
    pub fn place(&mut self, row: usize, column: usize, picture: &Picture, scratch: &mut Scratch) -> Result<()> {
        let fitted = fit(picture, self.tile, scratch)?;
        let view = fitted.view();
        let PixelsView::U8(pixels) = view.pixels() else {
            return Err(Error::internal("a sheet takes 8-bit pictures"));
        };
        let (size, channels) = (fitted.size(), fitted.channels());
        let shift = if column > 0 { WIDE_GAP - GAP } else { 0 };
        let left = GAP + column * (self.tile + GAP) + shift + (self.tile - size.width) / 2;
        let top = GAP + row * (self.tile + GAP) + (self.tile - size.height) / 2;
        for y in 0..size.height {
            let from = &pixels[y * size.width * channels..][..size.width * channels];
            let to = &mut self.pixels[((top + y) * self.size.width + left) * 3..][..size.width * 3];
            for (to, from) in to.chunks_exact_mut(3).zip(from.chunks_exact(channels)) {
                // Grey pictures, alone or with alpha, are grey in all three.
                to.copy_from_slice(&[0, 1, 2].map(|c| from[if channels < 3 { 0 } else { c }]));
            }
        }
        Ok(())
    }

    /// The finished sheet.
    pub fn into_picture(self) -> Result<Picture> {
        Picture::new(self.size, 3, Pixels::U8(self.pixels))
    }
}

/// The picture at the greatest size that fits into a square of `tile`.
pub fn fit(picture: &Picture, tile: usize, scratch: &mut Scratch) -> Result<Picture> {
    let size = picture.size();
    let longer = size.height.max(size.width);
    let side = |length: usize| ((length * tile + longer / 2) / longer).max(1);
    // Small pictures show their pixels.
    let filter = if tile >= 2 * longer { "nearest" } else { "bicubic" };
    let resize = Resize::config().size(Size::new(side(size.height), side(size.width))).filter(filter);
    transformed(picture, &Pipeline::builder().then(resize).build()?, scratch)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_fitted_in_the_middle_of_their_tiles() {
        let mut sheet = Sheet::new(1, 2, 16).unwrap();
        let white = Picture::new(Size::new(4, 8), 1, Pixels::U8(vec![255; 32])).unwrap();
        sheet.place(0, 1, &white, &mut Scratch::default()).unwrap();
        let sheet = sheet.into_picture().unwrap();
        assert_eq!(sheet.size(), Size::new(4 + 20, 12 + 40));
        let Pixels::U8(pixels) = sheet.pixels() else { panic!() };
        let white: Vec<usize> = (0..24 * 52).filter(|k| pixels[k * 3..][..3] == [255; 3]).collect();
        // 8 × 16 from row 4 + 4 and column 4 + 20 + 8 on.
        assert_eq!((white.len(), white[0], white[127]), (128, 8 * 52 + 32, 15 * 52 + 47));
    }

    #[test]
    fn an_enormous_sheet_is_refused() {
        assert!(Sheet::new(100, 100, 2048).is_err());
    }
}
