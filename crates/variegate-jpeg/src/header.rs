//! What a JPEG file says of itself before its first scan.
//!
//! The decoder fills it, and `variegate-io` decides by it. The numbers are a stranger's: nothing is allocated by them here.

use variegate_picture::Size;

use crate::sys;

/// What the components of a file mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Model {
    /// One component.
    Grey,
    /// Red, green, blue as they are.
    Rgb,
    /// Luma and two chromas: nearly every photo.
    YCbCr,
    /// Four inks.
    Cmyk,
    /// Four inks, three of them as luma and chromas.
    Ycck,
    /// Anything else; cannot be decoded.
    Other,
}

/// What a file says of itself before its first scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Stored height and width, before any turn.
    pub size: Size,
    /// Components of a pixel.
    pub components: usize,
    /// What they mean.
    pub model: Model,
    /// Bits of a sample.
    pub precision: u32,
    /// Whether the file refines the whole picture scan by scan.
    pub progressive: bool,
    /// Whether the entropy coder is arithmetic.
    pub arithmetic: bool,
    /// Whether the file is lossless (a predictor instead of a DCT).
    pub lossless: bool,
    /// Whether an Adobe marker is there.
    pub adobe: bool,
    /// Height and width of the smallest group of blocks: the step in which columns are skipped.
    pub mcu: Size,
}

impl Header {
    /// What is known before a header is read.
    pub(crate) const NOTHING: Self = Self {
        size: Size::new(0, 0),
        components: 0,
        model: Model::Other,
        precision: 0,
        progressive: false,
        arithmetic: false,
        lossless: false,
        adobe: false,
        mcu: Size::new(0, 0),
    };

    /// The shim's numbers as ours.
    pub(crate) fn from_raw(raw: &sys::RawHeader) -> Self {
        // The numbers are libjpeg's J_COLOR_SPACE.
        let model = match (raw.colour, raw.components) {
            (1, 1) => Model::Grey,
            (2, 3) => Model::Rgb,
            (3, 3) => Model::YCbCr,
            (4, 4) => Model::Cmyk,
            (5, 4) => Model::Ycck,
            _ => Model::Other,
        };
        Self {
            size: Size::new(raw.height as usize, raw.width as usize),
            components: raw.components as usize,
            model,
            precision: raw.precision,
            progressive: raw.progressive != 0,
            arithmetic: raw.arithmetic != 0,
            lossless: raw.lossless != 0,
            adobe: raw.adobe != 0,
            mcu: Size::new(raw.mcu_height as usize, raw.mcu_width as usize),
        }
    }
}
