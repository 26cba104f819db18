//! Decoding: from the bytes of a file to a [`Picture`], in the orientation it is stored in.
//!
//! The loader and the façade [`open`] a file, make a plan from its header, and decode what the plan wishes. It must
//! never allocate before the limits have seen the header, never panic, and never turn or blend pixels.
//!
//! # The decode contract
//!
//! The format is told from the content, never from the name. What a file stores, and what becomes of it:
//!
//! | Stored | `AsStored` | `Grey` | `Rgb` (default) | `Rgba` |
//! |---|---|---|---|---|
//! | grey | 1 channel | the same | three equal channels | and alpha = white |
//! | grey and alpha | 2 channels | alpha dropped | alpha dropped | kept |
//! | RGB | 3 channels | luma | the same | and alpha = white |
//! | RGB and alpha | 4 channels | alpha dropped | alpha dropped | the same |
//! | palette (PNG, TIFF) | 1 channel: the *indices*, for masks | luma of the colour | the colour | tRNS kept (PNG) |
//! | palette (GIF, BMP) | as RGBA (GIF), RGB (BMP) | luma | the colour | GIF: transparent = 0 |
//! | JPEG YCbCr | as RGB | the stored luma plane | libjpeg-turbo, accurate DCT, fancy upsampling | and alpha |
//! | JPEG CMYK, YCCK | as RGB | luma | always taken for inverted, as Adobe stores it and Pillow assumes | and alpha |
//! | TIFF CMYK | as RGB | luma | 0 = no ink; simple multiplication by black | and alpha |
//! | TIFF Lab (CIE or ICC) | as RGB | luma | CIE L\*a\*b\* under D50 to sRGB, clamped | and alpha |
//! | TIFF of other bands | every band | refused | refused | refused |
//! | PNM of 1 to 4 channels | those | as grey, grey and alpha, RGB, RGB and alpha | the same | the same |
//! | PNM of more channels | every channel | refused | refused | refused |
//!
//! * *Alpha* is dropped, not blended: what colour lies under it is what you get. Blend with `Rgba` if you want another.
//! * *Luma* is Pillow's `convert("L")`: (19595 R + 38470 G + 7471 B + 32768) >> 16. A colour JPEG gives its own
//!   luma plane instead (as `tf.io.decode_jpeg` and torchvision do), within 2 of that and faster.
//! * *Bits*: 1, 2 and 4 bits of grey are stretched to 0–255, and whatever white is in a PNM file. 16 bits stay with `Depth::AsStored`; `Depth::Eight`
//!   (default) divides by 257 and rounds, where Pillow takes the high byte.
//! * *Floats* (TIFF): `Depth::AsStored` gives them as they are; `Depth::Eight` takes 0–1 for black to white and
//!   refuses a picture that leaves that range. Integers of 32 bits and signed integers are refused.
//! * *Animations* (GIF, WebP, APNG) and many pages (TIFF, MPO) give the first picture.
//! * *Colour profiles*, gamma and HDR tags are ignored, as by Keras and torchvision.
//! * *Orientation* is told, not applied: from EXIF in JPEG (APP1), PNG (`eXIf`) and WebP (`EXIF`), and from TIFF's
//!   own tag. XMP is not read. A damaged EXIF block means upright.
//! * *Damage*: a file that ends before its picture does is an error, whichever region is asked for; a JPEG or PNG that
//!   stops early in a region looks at what lies below it just enough to know. Stray bytes between or after JPEG
//!   segments, corrupt spots inside JPEG scans, damaged fax lines (TIFF, white from there on) and undecodable
//!   metadata are stepped over, as Pillow does.
//! * *Not decoded*: JPEG of 12 bits, lossless JPEG, AVIF, HEIF, JPEG 2000, JPEG XL, ICO.
//! * *Regions*: JPEG decodes only the rows down to the region and only the columns around it, exactly equal to the
//!   same part of the whole, and shrinks by 2, 4 or 8 in the inverse DCT. PNG without interlacing stops below the
//!   region, and PNM of bytes reads nothing else. The others decode everything and cut. Only JPEG shrinks; the others answer with scale 1.

mod array;
mod bmp;
mod extent;
mod gif;
mod jpeg;
mod opened;
mod orientation;
mod png;
mod pnm;
mod raster;
mod samples;
mod sniff;
#[cfg(test)]
mod tests;
mod tiff;
mod webp;

use std::panic::{AssertUnwindSafe, catch_unwind};

use variegate_picture::{Dtype, Error, Picture, Pixels, Result, Size};

pub use array::{ARRAY_HEADER, array_header};
pub use extent::{Extent, Rows};
pub use opened::{Opened, open};
pub use orientation::Orientation;
pub use sniff::Format;

use crate::Limits;
use samples::Raw;

/// Which channels are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Colour {
    /// Those the file stores; indices where it stores indices.
    AsStored,
    /// One.
    Grey,
    /// Three.
    #[default]
    Rgb,
    /// Four.
    Rgba,
}

/// Which depth is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Depth {
    /// That of the file: 8 bits, 16 bits or floats.
    AsStored,
    /// 8 bits.
    #[default]
    Eight,
}

/// How to decode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct DecodeOptions {
    /// Which channels.
    pub colour: Colour,
    /// Which depth.
    pub depth: Depth,
    /// What it may cost.
    pub limits: Limits,
}

/// What a file says of its picture, read without decoding and within the limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// The format.
    pub format: Format,
    /// Height and width as stored, before any turn.
    pub size: Size,
    /// Channels as stored; 1 where the file stores palette indices.
    pub channels: usize,
    /// Element type as stored; bits below 8 count as 8.
    pub dtype: Dtype,
    /// How the stored picture has to be moved to stand upright.
    pub orientation: Orientation,
    /// Whether the file stores indices into a palette that [`Colour::AsStored`] hands out.
    pub indexed: bool,
    /// Whether the decoder can shrink by 2, 4 and 8.
    pub shrinks: bool,
    /// Whether the decoder saves work when it is asked for a region.
    pub crops: bool,
}

impl Header {
    /// Channels and element type a decode with these options gives.
    pub fn outcome(&self, options: &DecodeOptions) -> (usize, Dtype) {
        let channels = match options.colour {
            Colour::AsStored => self.channels,
            Colour::Grey => 1,
            Colour::Rgb => 3,
            Colour::Rgba => 4,
        };
        (channels, if options.depth == Depth::Eight { Dtype::U8 } else { self.dtype })
    }

    /// The size of the picture when it stands upright.
    pub fn upright(&self) -> Size {
        self.orientation.homography(self.size).1
    }
}

/// What a plan wishes of the decoder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecodeWish {
    /// (x0, y0, x1, y1) in stored pixels, right and bottom outside; none for the whole picture.
    pub region: Option<(usize, usize, usize, usize)>,
    /// By how much the decoder may shrink each side: 1, 2, 4 or 8.
    pub scale: u8,
}

impl Default for DecodeWish {
    fn default() -> Self {
        Self { region: None, scale: 1 }
    }
}

/// What the decoder gave.
#[derive(Clone, Debug, PartialEq)]
pub struct Decoded {
    /// The pixels.
    pub picture: Picture,
    /// (x, y) of their top-left corner in the scaled stored picture.
    pub origin: (usize, usize),
    /// By how much each side is shrunk; 1 where the format cannot.
    pub scale: u8,
}

/// A rectangle inside a picture; right and bottom outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    pub x0: usize,
    pub y0: usize,
    pub x1: usize,
    pub y1: usize,
}

impl Window {
    fn of(size: Size) -> Self {
        Self { x0: 0, y0: 0, x1: size.width, y1: size.height }
    }

    pub(crate) fn size(self) -> Size {
        Size::new(self.y1 - self.y0, self.x1 - self.x0)
    }
}

/// Reads what a file says of its picture. Refuses what the limits refuse; allocates nothing that grows with
/// the picture.
pub fn header(bytes: &[u8], limits: &Limits) -> Result<Header> {
    Ok(*open(bytes, limits)?.header())
}

/// Decodes a whole picture in its stored orientation.
pub fn decode(bytes: &[u8], options: &DecodeOptions) -> Result<Picture> {
    Ok(open(bytes, &options.limits)?.decode(options, &DecodeWish::default(), Vec::new())?.picture)
}

/// Decodes the part a plan wishes, shrunk by as much as the plan wishes where the format can.
///
/// The region widens to whole scaled pixels. `header` is that of the same bytes.
pub fn decode_region(bytes: &[u8], header: &Header, options: &DecodeOptions, wish: &DecodeWish) -> Result<Decoded> {
    decode_region_reusing(bytes, header, options, wish, Vec::new())
}

/// [`decode_region`] into the memory of `spare` where the format decodes straight to the wanted pixels (JPEG):
/// a worker that gives back its last picture's vector spares the kernel the zeroing of fresh pages.
pub fn decode_region_reusing(
    bytes: &[u8],
    header: &Header,
    options: &DecodeOptions,
    wish: &DecodeWish,
    spare: Vec<u8>,
) -> Result<Decoded> {
    Opened::again(bytes, *header).decode(options, wish, spare)
}

/// Runs a decoder and turns a panic of its into an error about the file.
fn guarded<T>(format: Format, run: impl FnOnce() -> Result<T>) -> Result<T> {
    // Nothing the closure borrows is looked at after a panic: it only reads the file's bytes.
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| {
        Err(Error::input(format!(
            "the {} decoder broke down on this file; it is damaged. Fetch or export it again",
            format.name()
        )))
    })
}

/// The error of a damaged file of a format.
fn damaged(format: Format, error: impl std::fmt::Display) -> Error {
    Error::input(format!("a damaged {} file ({error}); fetch or export it again", format.name()))
}

/// The error of a file that stops too early.
fn truncated(format: Format) -> Error {
    Error::input(format!(
        "the {} file ends in the middle of the picture; it was cut short. Fetch or export it again",
        format.name()
    ))
}

/// The error of the `image` crate in our words.
fn from_image(format: Format, error: image::ImageError) -> Error {
    match error {
        image::ImageError::Limits(error) => Error::limit(format!(
            "the {} decoder asks for more memory than the limits allow ({error}); raise max_memory or shrink the file",
            format.name()
        )),
        image::ImageError::Unsupported(error) => {
            Error::unsupported(format!("a variety of {} this build cannot decode ({error})", format.name()))
        }
        image::ImageError::IoError(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => truncated(format),
        other => damaged(format, other),
    }
}

/// Reads the whole picture through a decoder of the `image` crate.
fn read_whole(format: Format, decoder: impl image::ImageDecoder) -> Result<Raw> {
    use image::ColorType;
    let (width, height) = decoder.dimensions();
    let size = Size::new(height as usize, width as usize);
    let model = match decoder.color_type() {
        ColorType::L8 => samples::Model::Grey,
        ColorType::La8 => samples::Model::GreyAlpha,
        ColorType::Rgb8 => samples::Model::Rgb,
        ColorType::Rgba8 => samples::Model::Rgba,
        other => {
            return Err(Error::unsupported(format!("a {} file of {other:?} pixels; convert it to PNG", format.name())));
        }
    };
    let mut pixels = vec![0u8; size.pixels() * model.channels()];
    decoder.read_image(&mut pixels).map_err(|error| from_image(format, error))?;
    Ok(Raw { size, model, pixels: Pixels::U8(pixels) })
}
