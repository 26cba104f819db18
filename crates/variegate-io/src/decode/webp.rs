//! WebP, through the `image` crate; the EXIF chunk is found here, so that its length is never trusted.

use std::io::Cursor;

use image::ImageDecoder;
use image::codecs::webp::WebPDecoder;
use variegate_picture::{Dtype, Result, Size};

use super::samples::Raw;
use super::{DecodeOptions, Format, Header, Orientation, from_image, read_whole};
use crate::Limits;

fn open(bytes: &[u8]) -> Result<WebPDecoder<Cursor<&[u8]>>> {
    WebPDecoder::new(Cursor::new(bytes)).map_err(|error| from_image(Format::Webp, error))
}

pub(super) fn header(bytes: &[u8], limits: &Limits) -> Result<Header> {
    let decoder = open(bytes)?;
    let (width, height) = decoder.dimensions();
    let size = Size::new(height as usize, width as usize);
    let channels = usize::from(decoder.color_type().channel_count());
    limits.check(size, channels, bytes.len())?;
    Ok(Header {
        format: Format::Webp,
        size,
        channels,
        dtype: Dtype::U8,
        orientation: exif(bytes).map(Orientation::from_exif).unwrap_or_default(),
        indexed: false,
        shrinks: false,
        crops: false,
    })
}

pub(super) fn decode(bytes: &[u8], options: &DecodeOptions) -> Result<Raw> {
    let mut decoder = open(bytes)?;
    let mut limits = image::Limits::no_limits();
    limits.max_alloc = Some(options.limits.max_memory);
    decoder.set_limits(limits).map_err(|error| from_image(Format::Webp, error))?;
    read_whole(Format::Webp, decoder)
}

/// The `EXIF` chunk of the RIFF container, without the signature some writers copy from JPEG.
fn exif(bytes: &[u8]) -> Option<&[u8]> {
    let mut rest = bytes.get(12..)?;
    loop {
        let length = u32::from_le_bytes(rest.get(4..8)?.try_into().ok()?) as usize;
        let body = rest.get(8..8usize.checked_add(length)?)?;
        if rest.starts_with(b"EXIF") {
            return Some(body.strip_prefix(b"Exif\0\0").unwrap_or(body));
        }
        // Chunks are padded to an even length.
        rest = rest.get(8 + length + length % 2..)?;
    }
}
