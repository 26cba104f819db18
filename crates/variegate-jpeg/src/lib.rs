//! A thin safe wrapper over libjpeg-turbo: header, decoding of a region at a scale into a given buffer with
//! an early stop, and encoding.
//!
//! `variegate-io` calls it, and the JPEG artefact kernel. It never allocates a picture, never decides
//! limits on pixels (the caller has the header before it has the pixels), and never lets a C jump or a
//! panic cross the border: the shim in `shim/shim.c` turns every error of the library into a code.
//!
//! The pixels are those of Pillow and OpenCV, which ship the same library: accurate integer DCT, fancy
//! chroma upsampling, never merged with the colour conversion.
#![allow(unsafe_code)]

mod decode;
mod encode;
mod header;
mod request;
mod sys;

pub use decode::{Decoder, JpegLimits};
pub use encode::{EncodeOptions, Subsampling, encode};
pub use header::{Header, Model};
pub use request::{Output, Region, Report, Request, Scale};

/// The library and its version, for stamps of reproducibility: pixels may differ between decoders.
pub const BACKEND: &str = "libjpeg-turbo 3.1.0";
