//! Encoding: from a [`Picture`] to the bytes of a file.
//!
//! The offline writer, the codec artefacts and the studio call it. It never converts channels or depth in
//! silence: what a format cannot hold is an error that says what it can.

mod pnm;
mod webp;

use std::io::Cursor;

use image::codecs::{bmp::BmpEncoder, png::PngEncoder, tiff::TiffEncoder, webp::WebPEncoder};
use image::{ExtendedColorType, ImageEncoder};
use variegate_jpeg::EncodeOptions;
use variegate_picture::{Error, Picture, Pixels, Result};

/// A format to encode to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EncodeFormat {
    /// Baseline JPEG with 4:2:0 chroma: 8 bits, 1 or 3 channels.
    Jpeg {
        /// 1 to 100.
        quality: u8,
    },
    /// PNG: 8 or 16 bits, 1 to 4 channels.
    Png,
    /// Lossless WebP: 8 bits, 1 to 4 channels.
    WebpLossless,
    /// Lossy WebP: 8 bits, 1, 3 or 4 channels; a grey picture is stored in colour.
    Webp {
        /// 1 to 100.
        quality: u8,
    },
    /// BMP: 8 bits, 1, 3 or 4 channels.
    Bmp,
    /// TIFF: 8 or 16 bits or floats; 1, 3 or 4 channels.
    Tiff,
    /// PNM, not compressed: 8 or 16 bits, any number of channels.
    Pnm,
}

impl EncodeFormat {
    /// The name people use.
    pub fn name(&self) -> &'static str {
        match self {
            EncodeFormat::Jpeg { .. } => "JPEG",
            EncodeFormat::Png => "PNG",
            EncodeFormat::WebpLossless | EncodeFormat::Webp { .. } => "WebP",
            EncodeFormat::Bmp => "BMP",
            EncodeFormat::Tiff => "TIFF",
            EncodeFormat::Pnm => "PNM",
        }
    }

    /// The usual extension, without a dot.
    pub fn extension(&self) -> &'static str {
        match self {
            EncodeFormat::Jpeg { .. } => "jpg",
            EncodeFormat::Png => "png",
            EncodeFormat::WebpLossless | EncodeFormat::Webp { .. } => "webp",
            EncodeFormat::Bmp => "bmp",
            EncodeFormat::Tiff => "tif",
            EncodeFormat::Pnm => "ppm",
        }
    }

    fn holds(&self) -> &'static str {
        match self {
            EncodeFormat::Jpeg { .. } => "uint8 with 1 or 3 channels",
            EncodeFormat::Png => "uint8 or uint16 with 1 to 4 channels",
            EncodeFormat::WebpLossless => "uint8 with 1 to 4 channels",
            EncodeFormat::Webp { .. } => "uint8 with 1, 3 or 4 channels",
            EncodeFormat::Bmp => "uint8 with 1, 3 or 4 channels",
            EncodeFormat::Tiff => "uint8 or uint16 with 1, 3 or 4 channels, or float32 with 3 or 4",
            EncodeFormat::Pnm => "uint8 or uint16",
        }
    }
}

/// Encodes a picture into the bytes of a file.
pub fn encode(picture: &Picture, format: &EncodeFormat) -> Result<Vec<u8>> {
    let refused = || {
        Error::parameter(format!(
            "{} holds {}; the picture is {} with {} channels. Convert it first, or choose PNG or TIFF",
            format.name(),
            format.holds(),
            picture.dtype().name(),
            picture.channels()
        ))
    };
    if let EncodeFormat::Jpeg { quality } = *format {
        let options = EncodeOptions { quality, ..EncodeOptions::default() };
        return match (picture.pixels(), picture.channels()) {
            (Pixels::U8(pixels), 1 | 3) => variegate_jpeg::encode(pixels, picture.size(), picture.channels(), &options),
            _ => Err(refused()),
        };
    }
    if let EncodeFormat::Webp { quality } = *format {
        return webp::encode(picture, quality)?.ok_or_else(refused);
    }
    if *format == EncodeFormat::Pnm {
        return pnm::encode(picture).ok_or_else(refused);
    }
    let colour = match (picture.pixels(), picture.channels()) {
        (Pixels::U8(_), 1) => ExtendedColorType::L8,
        (Pixels::U8(_), 2) => ExtendedColorType::La8,
        (Pixels::U8(_), 3) => ExtendedColorType::Rgb8,
        (Pixels::U8(_), 4) => ExtendedColorType::Rgba8,
        (Pixels::U16(_), 1) => ExtendedColorType::L16,
        (Pixels::U16(_), 2) => ExtendedColorType::La16,
        (Pixels::U16(_), 3) => ExtendedColorType::Rgb16,
        (Pixels::U16(_), 4) => ExtendedColorType::Rgba16,
        (Pixels::F32(_), 3) => ExtendedColorType::Rgb32F,
        (Pixels::F32(_), 4) => ExtendedColorType::Rgba32F,
        _ => return Err(refused()),
    };
    use ExtendedColorType as C;
    let held = match format {
        EncodeFormat::Png => !matches!(colour, C::Rgb32F | C::Rgba32F),
        EncodeFormat::Tiff => !matches!(colour, C::La8 | C::La16),
        EncodeFormat::Bmp => matches!(colour, C::L8 | C::Rgb8 | C::Rgba8),
        EncodeFormat::WebpLossless => matches!(colour, C::L8 | C::La8 | C::Rgb8 | C::Rgba8),
        EncodeFormat::Jpeg { .. } | EncodeFormat::Webp { .. } | EncodeFormat::Pnm => false,
    };
    if !held {
        return Err(refused());
    }
    let bytes: &[u8] = match picture.pixels() {
        Pixels::U8(pixels) => pixels,
        Pixels::U16(pixels) => bytemuck::cast_slice(pixels),
        Pixels::F32(pixels) => bytemuck::cast_slice(pixels),
    };
    let side = |n: usize| {
        u32::try_from(n).map_err(|_| Error::parameter(format!("{n} pixels a side are too many for {}", format.name())))
    };
    let (width, height) = (side(picture.size().width)?, side(picture.size().height)?);
    let mut out = Vec::new();
    let written = match format {
        EncodeFormat::Png => PngEncoder::new(&mut out).write_image(bytes, width, height, colour),
        EncodeFormat::WebpLossless => WebPEncoder::new_lossless(&mut out).write_image(bytes, width, height, colour),
        EncodeFormat::Bmp => BmpEncoder::new(&mut out).write_image(bytes, width, height, colour),
        EncodeFormat::Tiff => TiffEncoder::new(Cursor::new(&mut out)).write_image(bytes, width, height, colour),
        EncodeFormat::Jpeg { .. } | EncodeFormat::Webp { .. } | EncodeFormat::Pnm => return Err(refused()),
    };
    written.map_err(|error| {
        Error::parameter(format!("{} cannot hold a picture of {} ({error})", format.name(), picture.size()))
    })?;
    Ok(out)
}
