//! Arrays in memory as files: a header of its own kind, and the elements behind it.
//!
//! Sources of arrays write it with [`array_header`], so that a picture of an array goes the way of all files. It is no
//! format to store anything in: its header may change from version to version.

use variegate_picture::{Dtype, Error, Result, Size};

use super::raster::{Raster, model};
use super::samples::Raw;
use super::{Format, Header, Orientation, Window, truncated};
use crate::Limits;

/// How the header begins.
pub(super) const MAGIC: &[u8; 8] = b"\x93VGARRAY";

/// Bytes of the header.
pub const ARRAY_HEADER: usize = 24;

/// The header of an array of height × width × channels, whose elements follow it row by row, the low byte first.
///
/// # Errors
///
/// When the array has no pixels, a side of more than 2³²−1, or elements that no picture has.
pub fn array_header(size: Size, channels: usize, dtype: Dtype) -> Result<[u8; ARRAY_HEADER]> {
    let code = match dtype {
        Dtype::U8 => 1,
        Dtype::U16 => 2,
        Dtype::F32 => 4,
        other => {
            return Err(Error::parameter(format!("arrays of pictures are uint8, uint16 or float32, not {other:?}")));
        }
    };
    let mut header = [0; ARRAY_HEADER];
    header[..8].copy_from_slice(MAGIC);
    for (k, number) in [code, size.height, size.width, channels].into_iter().enumerate() {
        let number = u32::try_from(number).ok().filter(|number| *number > 0).ok_or_else(|| {
            Error::parameter(format!(
                "an array of {size} with {channels} channels is no picture; expected sides from 1"
            ))
        })?;
        header[8 + 4 * k..12 + 4 * k].copy_from_slice(&number.to_le_bytes());
    }
    Ok(header)
}

fn raster(bytes: &[u8]) -> Result<Raster> {
    let number = |k: usize| {
        let four = bytes.get(8 + 4 * k..12 + 4 * k).ok_or_else(|| truncated(Format::Array))?;
        Ok(four.iter().rev().fold(0usize, |number, byte| number << 8 | usize::from(*byte)))
    };
    let dtype = match number(0)? {
        1 => Dtype::U8,
        2 => Dtype::U16,
        4 => Dtype::F32,
        code => return Err(Error::input(format!("an array of elements of the unknown kind {code}"))),
    };
    let (size, channels) = (Size::new(number(1)?, number(2)?), number(3)?);
    if !(1..=1024).contains(&channels) {
        return Err(Error::input(format!("an array of {channels} channels; expected 1 to 1024")));
    }
    Ok(Raster { size, channels, dtype, big_endian: false, white: None })
}

pub(super) fn header(bytes: &[u8], limits: &Limits) -> Result<Header> {
    let raster = raster(bytes)?;
    limits.check(raster.size, raster.channels * raster.dtype.bytes(), bytes.len())?;
    if ((bytes.len() - ARRAY_HEADER) as u64) < raster.bytes() {
        return Err(truncated(Format::Array));
    }
    Ok(Header {
        format: Format::Array,
        size: raster.size,
        channels: raster.channels,
        dtype: raster.dtype,
        orientation: Orientation::Upright,
        indexed: false,
        shrinks: false,
        crops: true,
    })
}

/// The pixels of a window, as a picture of their own.
pub(super) fn decode(bytes: &[u8], window: Window) -> Result<(Raw, Window)> {
    let raster = raster(bytes)?;
    let data = &bytes[ARRAY_HEADER..];
    if (data.len() as u64) < raster.bytes() {
        return Err(truncated(Format::Array));
    }
    let (size, model) = (window.size(), model(raster.channels));
    Ok((Raw { size, model, pixels: raster.read(data, window)? }, Window::of(size)))
}
