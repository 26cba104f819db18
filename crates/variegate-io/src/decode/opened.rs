//! A file whose header has been read: what it says of itself, and one decode.
//!
//! [`open`] reads a header once, where [`super::header`] and [`super::decode_region`] would read it twice. Workers call
//! it for every sample, so a decode may be given the memory of the last one. It keeps no state from file to file: what
//! a file gives depends on its bytes alone.

use variegate_picture::{Error, Result};

use super::{
    DecodeOptions, DecodeWish, Decoded, Format, Header, Rows, Window, array, bmp, gif, guarded, jpeg, png, pnm,
    samples, tiff, webp,
};
use crate::Limits;

/// A file whose header has been read.
#[derive(Debug)]
pub struct Opened<'a> {
    bytes: &'a [u8],
    header: Header,
    /// The decoder that read the header and waits to go on.
    jpeg: Option<variegate_jpeg::Decoder<'a>>,
    /// A raw picture of which nothing else is read.
    rows: Option<Rows<'a>>,
}

impl<'a> From<Rows<'a>> for Opened<'a> {
    fn from(rows: Rows<'a>) -> Self {
        Self { bytes: &[], header: *rows.header(), jpeg: None, rows: Some(rows) }
    }
}

/// Reads what a file says of its picture. Refuses what the limits refuse; allocates nothing that grows with
/// the picture.
pub fn open<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Opened<'a>> {
    limits.check_bytes(bytes.len() as u64)?;
    let format = Format::of(bytes)?;
    let plain = |header| (header, None);
    let (header, jpeg) = guarded(format, || match format {
        Format::Jpeg => jpeg::open(bytes, limits).map(|(header, decoder)| (header, Some(decoder))),
        Format::Png => png::header(bytes, limits).map(plain),
        Format::Webp => webp::header(bytes, limits).map(plain),
        Format::Bmp => bmp::header(bytes, limits).map(plain),
        Format::Gif => gif::header(bytes, limits).map(plain),
        Format::Tiff => tiff::header(bytes, limits).map(plain),
        Format::Pnm => pnm::header(bytes, limits).map(plain),
        Format::Array => array::header(bytes, limits).map(plain),
    })?;
    Ok(Opened { bytes, header, jpeg, rows: None })
}

impl<'a> Opened<'a> {
    /// The same bytes with the header read from them before.
    pub(super) fn again(bytes: &'a [u8], header: Header) -> Self {
        Self { bytes, header, jpeg: None, rows: None }
    }

    /// What the file says of its picture.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Decodes the part a plan wishes, shrunk by as much as the plan wishes where the format can; the region widens to
    /// whole scaled pixels. `spare` is memory for the pixels, used where a format decodes straight to what is wanted.
    pub fn decode(self, options: &DecodeOptions, wish: &DecodeWish, spare: Vec<u8>) -> Result<Decoded> {
        let Self { bytes, header, jpeg, rows } = self;
        if let Some(rows) = rows {
            return rows.decode(options, wish, spare);
        }
        let window = window(&header, wish)?;
        options.limits.check(header.size, header.channels * header.dtype.bytes(), bytes.len())?;
        let scale = if header.shrinks { wish.scale } else { 1 };
        let step = usize::from(scale);
        let scaled = Window {
            x0: window.x0 / step,
            y0: window.y0 / step,
            x1: window.x1.div_ceil(step),
            y1: window.y1.div_ceil(step),
        };
        let (channels, dtype) = header.outcome(options);
        let count = scaled.size().pixels() as u64;
        let stored = header.size.pixels() as u64 * (header.channels * header.dtype.bytes()) as u64;
        let held = if header.crops { count * 4 } else { stored };
        options.limits.check_memory(held.saturating_add(count * (channels * dtype.bytes()) as u64))?;

        let (raw, window) = guarded(header.format, || match header.format {
            Format::Jpeg => jpeg::decode(jpeg, bytes, &header, options, scaled, scale, spare),
            Format::Png => png::decode(bytes, options, scaled),
            Format::Webp => webp::decode(bytes, options).map(|raw| (raw, window)),
            Format::Bmp => bmp::decode(bytes, options).map(|raw| (raw, window)),
            Format::Gif => gif::decode(bytes, options).map(|raw| (raw, window)),
            Format::Tiff => tiff::decode(bytes, options).map(|raw| (raw, window)),
            Format::Pnm => pnm::decode(bytes, scaled),
            Format::Array => array::decode(bytes, scaled),
        })?;
        if window.x1 > raw.size.width || window.y1 > raw.size.height {
            return Err(Error::input(format!(
                "the header says {} pixels, but the {} decoder found {}; the file is damaged or another's header was given",
                header.size,
                header.format.name(),
                raw.size
            )));
        }
        let picture = samples::finish(raw, window, options)?;
        Ok(Decoded { picture, origin: (scaled.x0, scaled.y0), scale })
    }
}

/// The part that is wished for, checked.
pub(super) fn window(header: &Header, wish: &DecodeWish) -> Result<Window> {
    if !matches!(wish.scale, 1 | 2 | 4 | 8) {
        return Err(Error::parameter(format!("a decoder shrinks by 1, 2, 4 or 8, not by {}", wish.scale)));
    }
    let whole = Window::of(header.size);
    match wish.region {
        None => Ok(whole),
        Some((x0, y0, x1, y1)) if x0 < x1 && y0 < y1 && x1 <= whole.x1 && y1 <= whole.y1 => {
            Ok(Window { x0, y0, x1, y1 })
        }
        Some((x0, y0, x1, y1)) => Err(Error::parameter(format!(
            "the region [{x0}, {x1}) × [{y0}, {y1}) is empty or leaves the picture of {}",
            header.size
        ))),
    }
}
