//! TIFF, through the `tiff` crate: the first page.
//!
//! The crate gives samples; what they mean is settled here. It refuses palettes and CIE Lab outright, so of
//! those files it is shown a copy whose photometric tag says grey or RGB.

use std::borrow::Cow;
use std::io::Cursor;

use tiff::ColorType;
use tiff::decoder::{Decoder, DecodingResult};
use tiff::tags::{SampleFormat, Tag};
use variegate_picture::{Dtype, Error, Pixels, Result, Size};

use super::orientation::Directory;
use super::samples::{Model, Raw};
use super::{Colour, DecodeOptions, Format, Header, Orientation, damaged, truncated};
use crate::Limits;

type Source<'a> = Decoder<Cursor<Cow<'a, [u8]>>>;

/// What the samples mean.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Meaning {
    Plain(Model),
    Palette,
    Cmyk,
    YCbCr,
    /// L, a and b; whether a and b are signed (CIE) or offset by 128 (ICC).
    Lab {
        signed: bool,
    },
}

struct Page<'a> {
    decoder: Source<'a>,
    size: Size,
    bits: u8,
    samples: usize,
    float: bool,
    meaning: Meaning,
    orientation: Orientation,
}

fn fault(error: tiff::TiffError) -> Error {
    match error {
        tiff::TiffError::IoError(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => truncated(Format::Tiff),
        tiff::TiffError::UnsupportedError(error) => {
            Error::unsupported(format!("a variety of TIFF this build cannot decode ({error}); convert the file to PNG"))
        }
        tiff::TiffError::LimitsExceeded => Error::limit(
            "the TIFF decoder asks for more memory than the limits allow; raise max_memory or shrink the file",
        ),
        other => damaged(Format::Tiff, other),
    }
}

const BITS: u16 = 258;
const COMPRESSION: u16 = 259;
const PHOTOMETRIC: u16 = 262;
/// The compression scheme of group 4 fax.
const FAX: u16 = 4;

/// The file, or a copy of it that the crate consents to read; and its photometric interpretation.
fn readable(bytes: &[u8]) -> (Cow<'_, [u8]>, Option<u16>) {
    let Some(directory) = Directory::new(bytes) else { return (Cow::Borrowed(bytes), None) };
    let photometric = directory.shorts_at(PHOTOMETRIC).next();
    let mut stand_ins = Vec::new();
    match photometric {
        Some((at, 3)) => stand_ins.push((at, 1u16)),
        Some((at, 8)) => stand_ins.push((at, 2)),
        _ => {}
    }
    // Fax has one bit a pixel, whatever a damaged directory says a second time.
    if directory.short(COMPRESSION) == Some(FAX) {
        stand_ins.extend(directory.shorts_at(BITS).filter(|(_, bits)| *bits != 1).map(|(at, _)| (at, 1)));
    }
    let photometric = photometric.map(|(_, value)| value);
    if stand_ins.is_empty() {
        return (Cow::Borrowed(bytes), photometric);
    }
    let mut copy = bytes.to_vec();
    for (at, value) in stand_ins {
        let value = if directory.is_little() { value.to_le_bytes() } else { value.to_be_bytes() };
        copy[at..at + 2].copy_from_slice(&value);
    }
    (Cow::Owned(copy), photometric)
}

fn open<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Page<'a>> {
    let (bytes, photometric) = readable(bytes);
    let length = bytes.len();
    let memory = usize::try_from(limits.max_memory).unwrap_or(usize::MAX);
    let mut decoder = Decoder::new(Cursor::new(bytes)).map_err(fault)?;
    let mut bound = tiff::decoder::Limits::default();
    bound.decoding_buffer_size = memory;
    bound.intermediate_buffer_size = memory;
    // The directory of a file cannot be longer than the file.
    bound.ifd_value_size = length.min(memory);
    decoder = decoder.with_limits(bound);
    let (width, height) = decoder.dimensions().map_err(fault)?;
    let size = Size::new(height as usize, width as usize);
    limits.check(size, 1, length)?;

    let colour = decoder.colortype().map_err(fault)?;
    let (bits, samples) = (colour.bit_depth(), usize::from(colour.num_samples()));
    let meaning = match (photometric, colour) {
        (Some(3), ColorType::Gray(_)) => Meaning::Palette,
        (Some(8), ColorType::RGB(8)) => Meaning::Lab { signed: true },
        (_, ColorType::Lab(8)) => Meaning::Lab { signed: false },
        (_, ColorType::Gray(_)) => Meaning::Plain(Model::Grey),
        (_, ColorType::GrayA(_)) => Meaning::Plain(Model::GreyAlpha),
        (_, ColorType::RGB(_)) => Meaning::Plain(Model::Rgb),
        (_, ColorType::RGBA(_)) => Meaning::Plain(Model::Rgba),
        (_, ColorType::CMYK(8)) => Meaning::Cmyk,
        (_, ColorType::YCbCr(8)) => Meaning::YCbCr,
        (Some(0 | 1), ColorType::Multiband { num_samples: 2, .. }) => Meaning::Plain(Model::GreyAlpha),
        (_, ColorType::Multiband { num_samples, .. }) => Meaning::Plain(Model::Bands(usize::from(num_samples))),
        (_, other) => {
            return Err(Error::unsupported(format!("a TIFF of {other:?} samples; convert the file to PNG")));
        }
    };
    let formats = decoder.find_tag_unsigned_vec::<u16>(Tag::SampleFormat).map_err(fault)?.unwrap_or_default();
    let float = formats.first() == Some(&SampleFormat::IEEEFP.to_u16());
    let served = if float { matches!(bits, 16 | 32 | 64) } else { matches!(bits, 1 | 2 | 4 | 8 | 16) };
    let signed = formats.iter().any(|f| *f == SampleFormat::Int.to_u16()) && !matches!(meaning, Meaning::Lab { .. });
    let packed = bits < 8 && samples > 1;
    if !served || signed || packed {
        return Err(Error::unsupported(format!(
            "a TIFF of {samples} {} of {bits} bits; this build decodes unsigned integers of 1 (grey) to 16 bits and \
             floats. Convert the file",
            if signed { "signed integers" } else { "samples" },
        )));
    }
    let orientation = decoder.find_tag_unsigned::<u16>(Tag::Orientation).ok().flatten();
    let orientation = orientation.and_then(|n| Orientation::from_number(n.into())).unwrap_or_default();
    Ok(Page { decoder, size, bits, samples, float, meaning, orientation })
}

impl Page<'_> {
    fn channels(&self) -> usize {
        match self.meaning {
            Meaning::Plain(model) => model.channels(),
            Meaning::Palette => 1,
            Meaning::Cmyk | Meaning::YCbCr | Meaning::Lab { .. } => 3,
        }
    }

    fn dtype(&self) -> Dtype {
        match (self.float, self.bits) {
            (true, _) => Dtype::F32,
            (false, 16) => Dtype::U16,
            _ => Dtype::U8,
        }
    }
}

pub(super) fn header(bytes: &[u8], limits: &Limits) -> Result<Header> {
    let page = open(bytes, limits)?;
    limits.check(page.size, page.samples.max(page.channels()) * page.dtype().bytes(), bytes.len())?;
    Ok(Header {
        format: Format::Tiff,
        size: page.size,
        channels: page.channels(),
        dtype: page.dtype(),
        orientation: page.orientation,
        indexed: page.meaning == Meaning::Palette,
        shrinks: false,
        crops: false,
    })
}

pub(super) fn decode(bytes: &[u8], options: &DecodeOptions) -> Result<Raw> {
    let mut page = open(bytes, &options.limits)?;
    let (size, samples) = (page.size, page.samples);
    options.limits.check(size, samples * page.dtype().bytes(), bytes.len())?;
    if page.bits == 1 && page.decoder.find_tag_unsigned::<u16>(Tag::Compression).map_err(fault)? == Some(FAX) {
        let packed = read_fax(&mut page, bytes.len())?;
        let pixels = Pixels::U8(unpack(&packed, size, 1, page.meaning));
        return interpret(&mut page, pixels, options);
    }
    let mut result = DecodingResult::U8(Vec::new());
    let layout = page.decoder.read_image_to_buffer(&mut result).map_err(fault)?;
    let pixels = match result {
        DecodingResult::U8(v) if page.bits < 8 => Pixels::U8(unpack(&v, size, page.bits, page.meaning)),
        DecodingResult::U8(v) => Pixels::U8(interleave(v, layout.planes, size, samples)?),
        DecodingResult::I8(v) => {
            let bytes = v.into_iter().map(|s| s as u8).collect();
            Pixels::U8(interleave(bytes, layout.planes, size, samples)?)
        }
        DecodingResult::U16(v) => Pixels::U16(interleave(v, layout.planes, size, samples)?),
        DecodingResult::F16(v) => {
            let wide = v.into_iter().map(|s| s.to_f32()).collect();
            Pixels::F32(interleave(wide, layout.planes, size, samples)?)
        }
        DecodingResult::F32(v) => Pixels::F32(interleave(v, layout.planes, size, samples)?),
        DecodingResult::F64(v) => {
            let narrow = v.into_iter().map(|s| s as f32).collect();
            Pixels::F32(interleave(narrow, layout.planes, size, samples)?)
        }
        _ => return Err(Error::unsupported("a TIFF of 32-bit or signed integers; convert it to 16 bits or floats")),
    };
    interpret(&mut page, pixels, options)
}

/// Fax of group 4: a damaged line spoils the lines after it, which stay white, as libtiff leaves them; but data that
/// is missing from the file is an error.
fn read_fax(page: &mut Page<'_>, file_bytes: usize) -> Result<Vec<u8>> {
    let decoder = &mut page.decoder;
    let layout = decoder.image_buffer_layout().map_err(fault)?;
    // The crate reads a strip into the buffer and inverts it only when all of it has come.
    let mut packed = vec![0; layout.complete_len];
    match decoder.read_image_bytes(&mut packed) {
        Ok(()) => Ok(packed),
        Err(tiff::TiffError::IoError(error)) => {
            let offsets = decoder.get_tag_u64_vec(Tag::StripOffsets).map_err(fault)?;
            let lengths = decoder.get_tag_u64_vec(Tag::StripByteCounts).map_err(fault)?;
            let [(offset, length)] = offsets.into_iter().zip(lengths).collect::<Vec<_>>()[..] else {
                return Err(damaged(Format::Tiff, error));
            };
            if offset.saturating_add(length) > file_bytes as u64 {
                return Err(truncated(Format::Tiff));
            }
            if decoder.find_tag_unsigned::<u16>(Tag::PhotometricInterpretation).map_err(fault)? == Some(0) {
                packed.iter_mut().for_each(|byte| *byte = !*byte);
            }
            Ok(packed)
        }
        Err(error) => Err(fault(error)),
    }
}

/// Grey or indices of 1, 2 or 4 bits, rows padded to whole bytes. Grey is stretched to 255, indices are not.
fn unpack(packed: &[u8], size: Size, bits: u8, meaning: Meaning) -> Vec<u8> {
    let bits = usize::from(bits);
    let most = (1u8 << bits) - 1;
    let gain = if meaning == Meaning::Palette { 1 } else { 255 / most };
    let stride = (size.width * bits).div_ceil(8);
    let mut out = Vec::with_capacity(size.pixels());
    for row in packed.chunks_exact(stride).take(size.height) {
        out.extend((0..size.width).map(|x| {
            let bit = x * bits;
            ((row[bit / 8] >> (8 - bits - bit % 8)) & most) * gain
        }));
    }
    out
}

/// Planes after one another become channels side by side.
fn interleave<T: Copy>(samples: Vec<T>, planes: usize, size: Size, channels: usize) -> Result<Vec<T>> {
    let count = size.pixels();
    if samples.len() != count * channels {
        return Err(damaged(Format::Tiff, format!("{} samples for {size} pixels of {channels}", samples.len())));
    }
    if planes <= 1 {
        return Ok(samples);
    }
    Ok((0..count).flat_map(|k| (0..channels).map(move |c| c * count + k)).map(|k| samples[k]).collect())
}

/// Turns samples into grey or RGB.
fn interpret(page: &mut Page<'_>, pixels: Pixels, options: &DecodeOptions) -> Result<Raw> {
    let size = page.size;
    let rgb = |pixels| Ok(Raw { size, model: Model::Rgb, pixels: Pixels::U8(pixels) });
    match (page.meaning, pixels) {
        (Meaning::Plain(model), pixels) => Ok(Raw { size, model, pixels }),
        (Meaning::Palette, Pixels::U8(indices)) if options.colour == Colour::AsStored => {
            Ok(Raw { size, model: Model::Grey, pixels: Pixels::U8(indices) })
        }
        (Meaning::Palette, Pixels::U8(indices)) => {
            // All reds, then all greens, then all blues, of 16 bits each.
            let map = page.decoder.get_tag_u16_vec(Tag::ColorMap).map_err(fault)?;
            let colours = map.len() / 3;
            let byte = |index: u8, c: usize| {
                let index = usize::from(index);
                if index < colours { (map[c * colours + index] >> 8) as u8 } else { 0 }
            };
            rgb(indices.iter().flat_map(|index| [0, 1, 2].map(|c| byte(*index, c))).collect())
        }
        (Meaning::Cmyk, Pixels::U8(inks)) => rgb(inks.as_chunks::<4>().0.iter().flat_map(|i| from_inks(*i)).collect()),
        (Meaning::YCbCr, Pixels::U8(v)) => rgb(v.as_chunks::<3>().0.iter().flat_map(|p| from_ycbcr(*p)).collect()),
        (Meaning::Lab { signed }, Pixels::U8(v)) => {
            let offset = |s: u8| if signed { f32::from(s as i8) } else { f32::from(s) - 128.0 };
            let colour = |p: &[u8; 3]| from_lab(f32::from(p[0]) / 2.55, offset(p[1]), offset(p[2]));
            rgb(v.as_chunks::<3>().0.iter().flat_map(colour).collect())
        }
        _ => Err(Error::unsupported("a TIFF of inks, Lab or palette in more than 8 bits; convert it to RGB")),
    }
}

/// Inks (255 = all of it) to light by multiplication with black, Pillow's arithmetic.
fn from_inks([c, m, y, k]: [u8; 4]) -> [u8; 3] {
    let light = 255 - i32::from(k);
    [c, m, y].map(|ink| {
        let product = i32::from(ink) * light + 128;
        (light - ((product + (product >> 8)) >> 8)) as u8
    })
}

/// JFIF's full-range conversion (ITU-R BT.601).
fn from_ycbcr([y, cb, cr]: [u8; 3]) -> [u8; 3] {
    let (y, cb, cr) = (f32::from(y), f32::from(cb) - 128.0, f32::from(cr) - 128.0);
    [y + 1.402 * cr, y - 0.344_136 * cb - 0.714_136 * cr, y + 1.772 * cb].map(variegate_picture::Sample::store)
}

/// CIE L*a*b* under D50 to sRGB: ICC's matrix with Bradford's adaptation to D65 (Lindbloom).
fn from_lab(l: f32, a: f32, b: f32) -> [u8; 3] {
    let fy = (l + 16.0) / 116.0;
    let inverse = |f: f32| if f > 6.0 / 29.0 { f * f * f } else { (f - 4.0 / 29.0) * 108.0 / 841.0 };
    let x = 0.9642 * inverse(fy + a / 500.0);
    let y = inverse(fy);
    let z = 0.8249 * inverse(fy - b / 200.0);
    let linear = [
        3.133_856 * x - 1.616_867 * y - 0.490_615 * z,
        -0.978_768 * x + 1.916_141 * y + 0.033_454 * z,
        0.071_945 * x - 0.228_991 * y + 1.405_243 * z,
    ];
    linear.map(|v| {
        let v = v.clamp(0.0, 1.0);
        let gamma = if v <= 0.003_130_8 { 12.92 * v } else { 1.055 * v.powf(1.0 / 2.4) - 0.055 };
        variegate_picture::Sample::store(gamma * 255.0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_colours_come_out() {
        assert_eq!(from_inks([0, 0, 0, 0]), [255; 3]);
        assert_eq!(from_inks([255, 0, 0, 0]), [0, 255, 255]);
        assert_eq!(from_inks([0, 0, 0, 255]), [0; 3]);
        assert_eq!(from_ycbcr([100, 128, 128]), [100; 3]);
        let near = |found: [u8; 3], wanted: [u8; 3]| found.iter().zip(wanted).all(|(a, b)| a.abs_diff(b) <= 2);
        assert!(near(from_lab(100.0, 0.0, 0.0), [255; 3]), "{:?}", from_lab(100.0, 0.0, 0.0));
        assert!(near(from_lab(53.59, 0.0, 0.0), [128; 3]), "{:?}", from_lab(53.59, 0.0, 0.0));
        // sRGB red under D50.
        assert!(near(from_lab(54.29, 80.81, 69.89), [255, 0, 0]), "{:?}", from_lab(54.29, 80.81, 69.89));
    }

    #[test]
    fn planes_become_channels() {
        let found = interleave(vec![1, 2, 3, 4, 5, 6], 3, Size::new(1, 2), 3).expect("fits");
        assert_eq!(found, [1, 3, 5, 2, 4, 6]);
        assert!(interleave(vec![1, 2, 3], 1, Size::new(1, 2), 3).is_err());
    }
}
