//! GIF, through the `gif` crate: the first frame on its canvas.
//!
//! Indices are turned into colours here, so that transparent pixels keep the colour that lies under them. A GIF
//! without a palette is legal: its indices are grey levels, as Pillow takes them.

use std::borrow::Cow;

use gif::{ColorOutput, DecodeOptions as GifOptions, Decoder, MemoryLimit};
use variegate_picture::{Dtype, Error, Pixels, Result, Size};

use super::samples::{Model, Raw};
use super::{DecodeOptions, Format, Header, Orientation, damaged, truncated};
use crate::Limits;

/// The file; without a palette of its own, a copy with one of grey levels, on which the crate insists.
fn with_palette(bytes: &[u8]) -> Cow<'_, [u8]> {
    match bytes.get(10) {
        Some(flags) if flags & 0x80 == 0 && bytes.len() >= 13 => {
            let mut copy = bytes[..13].to_vec();
            // A palette follows, of 2^(7 + 1) colours.
            copy[10] |= 0x87;
            copy.extend((0..=255).flat_map(|level| [level; 3]));
            copy.extend_from_slice(&bytes[13..]);
            Cow::Owned(copy)
        }
        _ => Cow::Borrowed(bytes),
    }
}

fn open(bytes: &[u8]) -> Result<Decoder<&[u8]>> {
    let mut options = GifOptions::new();
    options.set_color_output(ColorOutput::Indexed);
    // Frames are measured here, before their buffers are made.
    options.set_memory_limit(MemoryLimit::Unlimited);
    options.read_info(bytes).map_err(fault)
}

fn fault(error: gif::DecodingError) -> Error {
    match error {
        gif::DecodingError::UnexpectedEof => truncated(Format::Gif),
        gif::DecodingError::Io(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => truncated(Format::Gif),
        other => damaged(Format::Gif, other),
    }
}

pub(super) fn header(bytes: &[u8], limits: &Limits) -> Result<Header> {
    // The canvas stands in the first ten bytes; what follows is read only if they are acceptable.
    let Some([w0, w1, h0, h1]) = bytes.get(6..).and_then(|rest| rest.first_chunk::<4>()).copied() else {
        return Err(truncated(Format::Gif));
    };
    let size = Size::new(usize::from(u16::from_le_bytes([h0, h1])), usize::from(u16::from_le_bytes([w0, w1])));
    limits.check(size, 4, bytes.len())?;
    open(bytes)?;
    Ok(Header {
        format: Format::Gif,
        size,
        channels: 4,
        dtype: Dtype::U8,
        orientation: Orientation::Upright,
        indexed: false,
        shrinks: false,
        crops: false,
    })
}

pub(super) fn decode(bytes: &[u8], options: &DecodeOptions) -> Result<Raw> {
    let file_bytes = bytes.len();
    let bytes = with_palette(bytes);
    let mut decoder = open(&bytes)?;
    let size = Size::new(usize::from(decoder.height()), usize::from(decoder.width()));
    options.limits.check(size, 4, file_bytes)?;
    let frame = decoder.next_frame_info().map_err(fault)?.ok_or_else(|| damaged(Format::Gif, "there is no frame"))?;
    let (left, top) = (usize::from(frame.left), usize::from(frame.top));
    let inner = Size::new(usize::from(frame.height), usize::from(frame.width));
    let transparent = frame.transparent;
    let local = frame.palette.clone();
    options.limits.check(inner, 1, file_bytes)?;
    let mut indices = vec![0u8; inner.pixels()];
    decoder.read_into_buffer(&mut indices).map_err(fault)?;
    let colours = local.as_deref().or_else(|| decoder.global_palette()).unwrap_or_default();
    let mut palette = [[0u8; 3]; 256];
    for (entry, colour) in palette.iter_mut().zip(colours.as_chunks::<3>().0) {
        *entry = *colour;
    }

    let mut pixels = vec![0u8; size.pixels() * 4];
    let (right, bottom) = ((left + inner.width).min(size.width), (top + inner.height).min(size.height));
    for y in top..bottom {
        for x in left..right {
            let index = indices[(y - top) * inner.width + x - left];
            let [r, g, b] = palette[usize::from(index)];
            let alpha = if transparent == Some(index) { 0 } else { 255 };
            pixels[(y * size.width + x) * 4..][..4].copy_from_slice(&[r, g, b, alpha]);
        }
    }
    Ok(Raw { size, model: Model::Rgba, pixels: Pixels::U8(pixels) })
}
