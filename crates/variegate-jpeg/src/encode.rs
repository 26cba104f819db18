//! Pixels to a JPEG file in memory.
//!
//! `variegate-io` and the JPEG artefact kernel call it. It writes baseline or progressive files with the
//! standard tables, byte for byte those Pillow writes at the same quality and subsampling.

use std::ffi::c_int;

use variegate_picture::{Error, Result, Size};

use crate::sys;

/// How the chroma of RGB pictures is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Subsampling {
    /// As sharp as luma.
    S444,
    /// Half as wide.
    S422,
    /// Half as wide and half as high: the default of nearly every encoder.
    #[default]
    S420,
}

/// How to encode.
#[derive(Clone, Copy, Debug)]
pub struct EncodeOptions {
    /// 1 (smallest) to 100 (best).
    pub quality: u8,
    /// Of the chroma.
    pub subsampling: Subsampling,
    /// Whether the file refines the whole picture scan by scan.
    pub progressive: bool,
}

impl Default for EncodeOptions {
    fn default() -> Self {
        Self { quality: 75, subsampling: Subsampling::default(), progressive: false }
    }
}

/// Encodes rows without gaps of 1 (grey), 3 (RGB) or 4 (inks, 255 = none, as Adobe stores them) channels.
pub fn encode(pixels: &[u8], size: Size, channels: usize, options: &EncodeOptions) -> Result<Vec<u8>> {
    if !matches!(channels, 1 | 3 | 4) {
        return Err(Error::parameter(format!("JPEG holds 1, 3 or 4 channels, not {channels}")));
    }
    if !(1..=100).contains(&options.quality) {
        return Err(Error::parameter(format!("JPEG quality is 1 to 100, not {}", options.quality)));
    }
    let longest = size.height.max(size.width);
    if size.height.min(size.width) == 0 || longest > 65_500 {
        return Err(Error::parameter(format!("a JPEG has sides of 1 to 65500 pixels, not {size}; resize or use PNG")));
    }
    if pixels.len() != size.pixels() * channels {
        return Err(Error::parameter(format!("{} bytes given for a picture of {size} × {channels}", pixels.len())));
    }
    let sampling = match options.subsampling {
        Subsampling::S444 => 0x11,
        Subsampling::S422 => 0x21,
        Subsampling::S420 => 0x22,
    };
    let (mut buffer, mut length) = (std::ptr::null_mut(), 0usize);
    // SAFETY: `pixels` holds height rows of width × channels bytes (checked above); the out-pointers are live.
    let code = unsafe {
        sys::vj_encode(
            pixels.as_ptr(),
            size.width as u32,
            size.height as u32,
            channels as u32,
            size.width * channels,
            c_int::from(options.quality),
            sampling,
            c_int::from(options.progressive),
            &mut buffer,
            &mut length,
        )
    };
    if code == sys::MEMORY {
        return Err(Error::limit(format!("no memory is left to encode a JPEG of {size}")));
    }
    if code != sys::OK || buffer.is_null() {
        return Err(Error::internal(format!("the JPEG encoder failed with code {code} on a picture of {size}")));
    }
    // SAFETY: on success the shim vouches for `length` written bytes at `buffer`.
    let bytes = unsafe { std::slice::from_raw_parts(buffer, length) }.to_vec();
    // SAFETY: the buffer came from the shim, is freed once and not used afterwards.
    unsafe { sys::vj_free(buffer) };
    Ok(bytes)
}
