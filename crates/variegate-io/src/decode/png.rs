//! PNG, through the `png` crate: row by row, so that a region needs only its own memory and stops early.
//!
//! Text and colour-profile chunks are skipped unread (a few bytes of them can unpack to gigabytes).

use std::io::Cursor;
use std::ops::Range;

use png::{BitDepth, ColorType, Decoder, DecodingError, Reader, Transformations};
use variegate_picture::{Dtype, Error, Pixels, Result, Size};

use super::samples::{Model, Raw};
use super::{Colour, DecodeOptions, Format, Header, Orientation, Window, damaged, truncated};
use crate::Limits;

/// What the chunks of a file tell without being unpacked.
struct Chunks {
    exif: Option<Range<usize>>,
    transparency: bool,
    data: Vec<Range<usize>>,
    /// Whether there is pixel data, every chunk of it to its last byte.
    whole: bool,
}

fn walk(bytes: &[u8]) -> Chunks {
    let mut chunks = Chunks { exif: None, transparency: false, data: Vec::new(), whole: false };
    let mut at = 8;
    while let Some(head) = bytes.get(at..at + 8) {
        let length = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
        let body = at + 8..(at + 8).saturating_add(length);
        let there = bytes.len() >= body.end.saturating_add(4);
        match &head[4..] {
            b"IDAT" => {
                chunks.whole = there;
                chunks.data.push(body.clone());
            }
            b"eXIf" if there => chunks.exif = Some(body.clone()),
            b"tRNS" => chunks.transparency = true,
            b"IEND" => break,
            _ => {}
        }
        at = body.end.saturating_add(4);
        if !there {
            break;
        }
    }
    chunks
}

impl Chunks {
    /// Checks that all pixel data is there and has its checksum, so that a damaged file is found out whichever region
    /// is asked for. Far cheaper than unpacking; the decoder itself never looks at the last chunk's checksum.
    fn check(&self, bytes: &[u8]) -> Result<()> {
        if !self.whole {
            return Err(truncated(Format::Png));
        }
        let sound = self.data.iter().all(|body| {
            let sum = bytes.get(body.end..).and_then(|rest| rest.first_chunk::<4>());
            let data = bytes.get(body.start - 4..body.end);
            data.zip(sum).is_some_and(|(data, sum)| crc32fast::hash(data) == u32::from_be_bytes(*sum))
        });
        if sound { Ok(()) } else { Err(damaged(Format::Png, "the checksum of the pixel data is wrong")) }
    }
}

fn fault(error: DecodingError) -> Error {
    match error {
        DecodingError::IoError(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => truncated(Format::Png),
        DecodingError::LimitsExceeded => Error::limit(
            "the PNG decoder asks for more memory than the limits allow; raise max_memory or shrink the file",
        ),
        other => damaged(Format::Png, other),
    }
}

fn open<'a>(bytes: &'a [u8], limits: &Limits) -> Decoder<Cursor<&'a [u8]>> {
    let memory = usize::try_from(limits.max_memory).unwrap_or(usize::MAX);
    let mut decoder = Decoder::new_with_limits(Cursor::new(bytes), png::Limits { bytes: memory });
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    decoder
}

pub(super) fn header(bytes: &[u8], limits: &Limits) -> Result<Header> {
    let mut decoder = open(bytes, limits);
    let info = decoder.read_header_info().map_err(fault)?;
    let size = Size::new(info.height as usize, info.width as usize);
    let dtype = if info.bit_depth == BitDepth::Sixteen { Dtype::U16 } else { Dtype::U8 };
    let (colour, indexed) = (info.color_type, info.color_type == ColorType::Indexed);
    let chunks = walk(bytes);
    let channels = match colour {
        ColorType::Indexed => 1,
        ColorType::Grayscale => 1 + usize::from(chunks.transparency),
        ColorType::GrayscaleAlpha => 2,
        ColorType::Rgb => 3 + usize::from(chunks.transparency),
        ColorType::Rgba => 4,
    };
    limits.check(size, channels * dtype.bytes(), bytes.len())?;
    let exif = chunks.exif.clone().and_then(|range| bytes.get(range));
    Ok(Header {
        format: Format::Png,
        size,
        channels,
        dtype,
        orientation: exif.map(Orientation::from_exif).unwrap_or_default(),
        indexed,
        shrinks: false,
        crops: !info.interlaced,
    })
}

/// How a row of the decoder becomes pixels.
struct Rows {
    model: Model,
    bits: usize,
    /// Red, green, blue, alpha of each index, where indices are to be replaced.
    palette: Option<Vec<[u8; 4]>>,
}

pub(super) fn decode(bytes: &[u8], options: &DecodeOptions, window: Window) -> Result<(Raw, Window)> {
    let mut decoder = open(bytes, &options.limits);
    let info = decoder.read_header_info().map_err(fault)?;
    let indexed = info.color_type == ColorType::Indexed;
    let size = Size::new(info.height as usize, info.width as usize);
    options.limits.check(size, 1, bytes.len())?;
    walk(bytes).check(bytes)?;
    decoder.set_transformations(if indexed { Transformations::IDENTITY } else { Transformations::EXPAND });
    let mut reader = decoder.read_info().map_err(fault)?;
    let (colour, depth) = reader.output_color_type();
    let rows = Rows {
        model: match colour {
            ColorType::Grayscale => Model::Grey,
            ColorType::GrayscaleAlpha => Model::GreyAlpha,
            ColorType::Rgb => Model::Rgb,
            ColorType::Rgba => Model::Rgba,
            ColorType::Indexed if options.colour == Colour::AsStored => Model::Grey,
            ColorType::Indexed if options.colour == Colour::Rgba => Model::Rgba,
            ColorType::Indexed => Model::Rgb,
        },
        bits: depth as u8 as usize,
        palette: (indexed && options.colour != Colour::AsStored).then(|| palette(&reader)),
    };
    let mut pixels = if rows.bits == 16 { Pixels::U16(Vec::new()) } else { Pixels::U8(Vec::new()) };
    if window.x1 > size.width || window.y1 > size.height {
        return Err(Error::parameter("the header given is not that of the bytes given"));
    }
    reserve(&mut pixels, window.size().pixels() * rows.model.channels());
    if reader.info().interlaced {
        let length = reader.output_buffer_size().ok_or_else(|| damaged(Format::Png, "too large for this machine"))?;
        options.limits.check_memory(length as u64)?;
        let mut whole = vec![0; length];
        let frame = reader.next_frame(&mut whole).map_err(fault)?;
        for y in window.y0..window.y1 {
            rows.take(&whole[y * frame.line_size..][..frame.line_size], window, &mut pixels);
        }
    } else {
        for y in 0..window.y1 {
            let row = reader.next_row().map_err(fault)?.ok_or_else(|| truncated(Format::Png))?;
            if y >= window.y0 {
                rows.take(row.data(), window, &mut pixels);
            }
        }
    }
    Ok((Raw { size: window.size(), model: rows.model, pixels }, Window::of(window.size())))
}

fn reserve(pixels: &mut Pixels, count: usize) {
    match pixels {
        Pixels::U8(p) => p.reserve_exact(count),
        Pixels::U16(p) => p.reserve_exact(count),
        Pixels::F32(p) => p.reserve_exact(count),
    }
}

/// The palette filled up to 256: an index past its end is black, as in Pillow.
fn palette(reader: &Reader<Cursor<&[u8]>>) -> Vec<[u8; 4]> {
    let colours = reader.info().palette.as_deref().unwrap_or_default();
    let alphas = reader.info().trns.as_deref().unwrap_or_default();
    (0..256)
        .map(|k| {
            let [r, g, b] = colours.get(k * 3..).and_then(|c| c.first_chunk::<3>()).copied().unwrap_or_default();
            [r, g, b, alphas.get(k).copied().unwrap_or(255)]
        })
        .collect()
}

impl Rows {
    /// Appends the window's columns of one row.
    fn take(&self, row: &[u8], window: Window, out: &mut Pixels) {
        match out {
            Pixels::U16(out) => {
                let step = self.model.channels() * 2;
                let row = &row[window.x0 * step..window.x1 * step];
                out.extend(row.as_chunks::<2>().0.iter().map(|two| u16::from_be_bytes(*two)));
            }
            Pixels::U8(out) => match &self.palette {
                None if self.bits == 8 => {
                    let step = self.model.channels();
                    out.extend_from_slice(&row[window.x0 * step..window.x1 * step]);
                }
                None => out.extend((window.x0..window.x1).map(|x| self.index(row, x))),
                Some(palette) => {
                    let channels = self.model.channels();
                    for x in window.x0..window.x1 {
                        out.extend_from_slice(&palette[usize::from(self.index(row, x))][..channels]);
                    }
                }
            },
            Pixels::F32(_) => {}
        }
    }

    /// The index at column `x`, from 1, 2, 4 or 8 bits, the leftmost pixel in the highest bits.
    fn index(&self, row: &[u8], x: usize) -> u8 {
        let bit = x * self.bits;
        let shift = 8 - self.bits - bit % 8;
        (row[bit / 8] >> shift) & ((1u16 << self.bits) - 1) as u8
    }
}
