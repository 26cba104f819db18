//! Pixels in memory: rows from the top, channels of a pixel side by side (HWC).

use crate::{Dtype, Error, Frame, Result, Sample, Size};

/// The pixels of an owned picture.
#[derive(Clone, Debug, PartialEq)]
pub enum Pixels {
    /// 8-bit.
    U8(Vec<u8>),
    /// 16-bit.
    U16(Vec<u16>),
    /// Floats.
    F32(Vec<f32>),
}

impl Pixels {
    /// The element type.
    pub fn dtype(&self) -> Dtype {
        match self {
            Pixels::U8(_) => Dtype::U8,
            Pixels::U16(_) => Dtype::U16,
            Pixels::F32(_) => Dtype::F32,
        }
    }

    /// How many values there are: those of all channels of all pixels.
    pub fn count(&self) -> usize {
        match self {
            Pixels::U8(v) => v.len(),
            Pixels::U16(v) => v.len(),
            Pixels::F32(v) => v.len(),
        }
    }
}

/// An owned picture, rows without gaps.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    size: Size,
    channels: usize,
    pixels: Pixels,
}

/// The pixels of a borrowed picture.
#[derive(Clone, Copy, Debug)]
pub enum PixelsView<'a> {
    /// 8-bit.
    U8(&'a [u8]),
    /// 16-bit.
    U16(&'a [u16]),
    /// Floats.
    F32(&'a [f32]),
}

/// A borrowed picture: rows may be further apart than they are long.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    size: Size,
    channels: usize,
    stride: usize,
    pixels: PixelsView<'a>,
}

impl Picture {
    /// Wraps pixels; their count must be height × width × channels.
    pub fn new(size: Size, channels: usize, pixels: Pixels) -> Result<Self> {
        let expected = size.height.checked_mul(size.width).and_then(|n| n.checked_mul(channels));
        let found = match &pixels {
            Pixels::U8(p) => p.len(),
            Pixels::U16(p) => p.len(),
            Pixels::F32(p) => p.len(),
        };
        if size.height == 0 || size.width == 0 || channels == 0 {
            return Err(Error::input(format!(
                "a picture of {size} × {channels} has no pixels; every side must be at least 1"
            )));
        }
        if expected != Some(found) {
            return Err(Error::input(format!("{found} values given for a picture of {size} × {channels}")));
        }
        Ok(Self { size, channels, pixels })
    }

    /// A picture of zeros.
    pub fn zeros(size: Size, channels: usize, dtype: Dtype) -> Result<Self> {
        let count = size.pixels() * channels;
        let pixels = match dtype {
            Dtype::U8 => Pixels::U8(vec![0; count]),
            Dtype::U16 => Pixels::U16(vec![0; count]),
            Dtype::F32 => Pixels::F32(vec![0.0; count]),
            other => {
                return Err(Error::unsupported(format!("pictures are uint8, uint16 or float32, not {}", other.name())));
            }
        };
        Self::new(size, channels, pixels)
    }

    /// Height and width.
    pub fn size(&self) -> Size {
        self.size
    }

    /// Channels of a pixel.
    pub fn channels(&self) -> usize {
        self.channels
    }

    /// Size and channels.
    pub fn frame(&self) -> Frame {
        Frame { size: self.size, channels: self.channels }
    }

    /// The element type.
    pub fn dtype(&self) -> Dtype {
        self.view().dtype()
    }

    /// The pixels.
    pub fn pixels(&self) -> &Pixels {
        &self.pixels
    }

    /// The pixels, to be written.
    pub fn pixels_mut(&mut self) -> &mut Pixels {
        &mut self.pixels
    }

    /// Takes the pixels out.
    pub fn into_pixels(self) -> Pixels {
        self.pixels
    }

    /// Borrows the whole picture.
    pub fn view(&self) -> View<'_> {
        let pixels = match &self.pixels {
            Pixels::U8(p) => PixelsView::U8(p),
            Pixels::U16(p) => PixelsView::U16(p),
            Pixels::F32(p) => PixelsView::F32(p),
        };
        View { size: self.size, channels: self.channels, stride: self.size.width * self.channels, pixels }
    }
}

impl<'a> View<'a> {
    /// Wraps borrowed pixels; `stride` is the distance of rows in elements.
    pub fn new(size: Size, channels: usize, stride: usize, pixels: PixelsView<'a>) -> Result<Self> {
        let found = match pixels {
            PixelsView::U8(p) => p.len(),
            PixelsView::U16(p) => p.len(),
            PixelsView::F32(p) => p.len(),
        };
        if size.height == 0 || size.width == 0 || channels == 0 {
            return Err(Error::input(format!(
                "a picture of {size} × {channels} has no pixels; every side must be at least 1"
            )));
        }
        let row = size.width.checked_mul(channels);
        let needed = row.and_then(|row| stride.checked_mul(size.height - 1)?.checked_add(row));
        if row.is_none_or(|row| stride < row) || needed.is_none_or(|needed| found < needed) {
            return Err(Error::input(format!("{found} values are too few for a picture of {size} × {channels}")));
        }
        Ok(Self { size, channels, stride, pixels })
    }

    /// Height and width.
    pub fn size(&self) -> Size {
        self.size
    }

    /// Channels of a pixel.
    pub fn channels(&self) -> usize {
        self.channels
    }

    /// Distance of rows in elements.
    pub fn stride(&self) -> usize {
        self.stride
    }

    /// Size and channels.
    pub fn frame(&self) -> Frame {
        Frame { size: self.size, channels: self.channels }
    }

    /// The element type.
    pub fn dtype(&self) -> Dtype {
        match self.pixels {
            PixelsView::U8(_) => Dtype::U8,
            PixelsView::U16(_) => Dtype::U16,
            PixelsView::F32(_) => Dtype::F32,
        }
    }

    /// The pixels.
    pub fn pixels(&self) -> PixelsView<'a> {
        self.pixels
    }

    /// Copies into an owned picture without gaps.
    pub fn to_picture(&self) -> Picture {
        fn rows<T: Sample>(p: &[T], view: &View<'_>) -> Vec<T> {
            let row = view.size.width * view.channels;
            if row == view.stride {
                return p[..view.size.height * row].to_vec();
            }
            let mut all = Vec::with_capacity(view.size.height * row);
            (0..view.size.height).for_each(|y| all.extend_from_slice(&p[y * view.stride..][..row]));
            all
        }
        let pixels = match self.pixels {
            PixelsView::U8(p) => Pixels::U8(rows(p, self)),
            PixelsView::U16(p) => Pixels::U16(rows(p, self)),
            PixelsView::F32(p) => Pixels::F32(rows(p, self)),
        };
        Picture { size: self.size, channels: self.channels, pixels }
    }
}
