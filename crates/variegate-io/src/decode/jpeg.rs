//! JPEG, through libjpeg-turbo: region, shrinking and early stop.

use variegate_jpeg::{Decoder, JpegLimits, Output, Region, Request, Scale};
use variegate_picture::{Dtype, Error, Pixels, Result};

use super::samples::{Model, Raw};
use super::{Colour, DecodeOptions, Format, Header, Orientation, Window};
use crate::Limits;

/// The header, and the decoder that read it.
pub(super) fn open<'a>(bytes: &'a [u8], limits: &Limits) -> Result<(Header, Decoder<'a>)> {
    let decoder = Decoder::new(bytes, &JpegLimits::default())?;
    decoder.servable()?;
    let found = decoder.header();
    let channels = if found.components == 1 { 1 } else { 3 };
    limits.check(found.size, channels, bytes.len())?;
    let header = Header {
        format: Format::Jpeg,
        size: found.size,
        channels,
        dtype: Dtype::U8,
        orientation: decoder.exif().map(Orientation::from_exif).unwrap_or_default(),
        indexed: false,
        shrinks: true,
        crops: true,
    };
    Ok((header, decoder))
}

/// The window is in scaled pixels. `opened` is the decoder that read the header, where it is still at hand.
pub(super) fn decode(
    opened: Option<Decoder<'_>>,
    bytes: &[u8],
    header: &Header,
    options: &DecodeOptions,
    window: Window,
    scale: u8,
    spare: Vec<u8>,
) -> Result<(Raw, Window)> {
    let (output, model) = match options.colour {
        Colour::Grey => (Output::Grey, Model::Grey),
        Colour::AsStored if header.channels == 1 => (Output::Grey, Model::Grey),
        _ => (Output::Rgb, Model::Rgb),
    };
    let size = window.size();
    let taken = (size.pixels() as u64).saturating_mul(output.channels() as u64);
    let memory = usize::try_from(options.limits.max_memory.saturating_sub(taken)).unwrap_or(usize::MAX);
    let mut decoder = match opened {
        Some(decoder) => decoder,
        None => Decoder::new(bytes, &JpegLimits::default())?,
    };
    decoder.limit_memory(memory.max(1));
    if decoder.header().size != header.size {
        return Err(Error::parameter("the header given is not that of the bytes given"));
    }
    let scale = Scale::of(usize::from(scale)).ok_or_else(|| Error::internal("a scale of 1, 2, 4 or 8"))?;
    let mut pixels = spare;
    let region = Region { x0: window.x0, y0: window.y0, x1: window.x1, y1: window.y1 };
    decoder.decode_onto(&Request { scale, output, region }, &mut pixels)?;
    Ok((Raw { size, model, pixels: Pixels::U8(pixels) }, Window::of(size)))
}
