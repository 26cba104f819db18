//! Lossy WebP, by libwebp.

use variegate_picture::{Error, Picture, Pixels, Result};

/// The side that the format's header can hold.
const LARGEST: usize = 16383;

/// The bytes of a file; none where the format cannot hold such a picture.
pub fn encode(picture: &Picture, quality: u8) -> Result<Option<Vec<u8>>> {
    let size = picture.size();
    let Pixels::U8(pixels) = picture.pixels() else { return Ok(None) };
    if size.width.max(size.height) > LARGEST {
        return Err(Error::parameter(format!("WebP holds {LARGEST} pixels a side, the picture is {size}; choose PNG")));
    }
    let (width, height) = (size.width as u32, size.height as u32);
    let encoded = match picture.channels() {
        1 => {
            let colour: Vec<u8> = pixels.iter().flat_map(|v| [*v; 3]).collect();
            webp::Encoder::from_rgb(&colour, width, height).encode_simple(false, f32::from(quality.min(100)))
        }
        3 => webp::Encoder::from_rgb(pixels, width, height).encode_simple(false, f32::from(quality.min(100))),
        4 => webp::Encoder::from_rgba(pixels, width, height).encode_simple(false, f32::from(quality.min(100))),
        _ => return Ok(None),
    };
    let memory = encoded.map_err(|error| Error::internal(format!("WebP of {size}: {error:?}")))?;
    Ok(Some(memory.to_vec()))
}
