//! What is asked of a decoder, and what it has to say afterwards.
//!
//! `variegate-io` writes a [`Request`], the decoder serves it. Nothing here touches a file.

use variegate_picture::Size;

/// By how much the inverse DCT shrinks each side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Scale {
    /// 1/1.
    #[default]
    Full,
    /// 1/2.
    Half,
    /// 1/4.
    Quarter,
    /// 1/8.
    Eighth,
}

impl Scale {
    /// The scale of a denominator: 1, 2, 4 or 8.
    pub fn of(denominator: usize) -> Option<Self> {
        [Scale::Full, Scale::Half, Scale::Quarter, Scale::Eighth].into_iter().find(|s| s.denominator() == denominator)
    }

    /// 1, 2, 4 or 8.
    pub fn denominator(self) -> usize {
        match self {
            Scale::Full => 1,
            Scale::Half => 2,
            Scale::Quarter => 4,
            Scale::Eighth => 8,
        }
    }

    /// The size a picture has at this scale: sides round up.
    pub fn of_size(self, size: Size) -> Size {
        Size::new(size.height.div_ceil(self.denominator()), size.width.div_ceil(self.denominator()))
    }
}

/// What the decoder writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// One channel: the luma as stored, or Pillow's luma of inks.
    Grey,
    /// Three channels.
    Rgb,
}

impl Output {
    /// Channels of a pixel.
    pub fn channels(self) -> usize {
        match self {
            Output::Grey => 1,
            Output::Rgb => 3,
        }
    }
}

/// A rectangle in *scaled* pixels; right and bottom edges are outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    /// Left edge.
    pub x0: usize,
    /// Top edge.
    pub y0: usize,
    /// Right edge.
    pub x1: usize,
    /// Bottom edge.
    pub y1: usize,
}

impl Region {
    /// The whole of a picture.
    pub fn of(size: Size) -> Self {
        Self { x0: 0, y0: 0, x1: size.width, y1: size.height }
    }

    /// Its height and width.
    pub fn size(self) -> Size {
        Size::new(self.y1.saturating_sub(self.y0), self.x1.saturating_sub(self.x0))
    }
}

/// What is wanted of a file.
#[derive(Clone, Copy, Debug)]
pub struct Request {
    /// How far to shrink.
    pub scale: Scale,
    /// What to write.
    pub output: Output,
    /// Which part. Rows below it are not decoded, columns beside it are not computed.
    pub region: Region,
}

/// What there is to say of a decode that succeeded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Corruptions the decoder stepped over, as Pillow does: stray bytes, bad restart markers.
    pub warnings: u64,
}
