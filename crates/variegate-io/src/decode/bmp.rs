//! BMP, through the `image` crate.

use std::io::Cursor;

use image::ImageDecoder;
use image::codecs::bmp::BmpDecoder;
use variegate_picture::{Dtype, Result, Size};

use super::samples::Raw;
use super::{DecodeOptions, Format, Header, Orientation, from_image, read_whole};
use crate::Limits;

fn open(bytes: &[u8]) -> Result<BmpDecoder<Cursor<&[u8]>>> {
    BmpDecoder::new(Cursor::new(bytes)).map_err(|error| from_image(Format::Bmp, error))
}

pub(super) fn header(bytes: &[u8], limits: &Limits) -> Result<Header> {
    let decoder = open(bytes)?;
    let (width, height) = decoder.dimensions();
    let size = Size::new(height as usize, width as usize);
    let channels = usize::from(decoder.color_type().channel_count());
    limits.check(size, channels, bytes.len())?;
    Ok(Header {
        format: Format::Bmp,
        size,
        channels,
        dtype: Dtype::U8,
        orientation: Orientation::Upright,
        indexed: false,
        shrinks: false,
        crops: false,
    })
}

pub(super) fn decode(bytes: &[u8], _options: &DecodeOptions) -> Result<Raw> {
    read_whole(Format::Bmp, open(bytes)?)
}
