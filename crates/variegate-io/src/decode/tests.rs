//! Pictures made here, encoded, and decoded in every way there is.

use super::*;
use crate::{EncodeFormat, encode};
use variegate_picture::Kind;

fn scene(size: Size, channels: usize) -> Picture {
    let mut state = 99u32;
    let pixels = (0..size.pixels() * channels).map(|_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    });
    Picture::new(size, channels, Pixels::U8(pixels.collect())).expect("fits")
}

fn as_stored() -> DecodeOptions {
    DecodeOptions { colour: Colour::AsStored, depth: Depth::AsStored, ..DecodeOptions::default() }
}

/// One big-endian PNG chunk.
fn chunk(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let mut bytes = (body.len() as u32).to_be_bytes().to_vec();
    bytes.extend(kind);
    bytes.extend(body);
    bytes.extend(crc32fast::hash(&bytes[4..]).to_be_bytes());
    bytes
}

#[test]
fn lossless_formats_return_what_they_were_given() {
    let size = Size::new(13, 17);
    let cases = [
        (EncodeFormat::Png, &[1, 2, 3, 4][..]),
        (EncodeFormat::WebpLossless, &[3, 4]),
        (EncodeFormat::Bmp, &[3, 4]),
        (EncodeFormat::Tiff, &[1, 3, 4]),
        (EncodeFormat::Pnm, &[1, 2, 3, 4, 7]),
    ];
    for (format, channels) in cases {
        for channels in channels {
            let picture = scene(size, *channels);
            let bytes = encode(&picture, &format).expect("encodes");
            assert_eq!(decode(&bytes, &as_stored()).expect("decodes"), picture, "{format:?} {channels}");
            let header = header(&bytes, &Limits::default()).expect("a header");
            assert_eq!((header.size, header.channels, header.dtype), (size, *channels, Dtype::U8));
            assert_eq!(header.format.name(), format.name());
        }
    }
}

#[test]
fn sixteen_bits_and_floats_are_kept_when_asked() {
    let size = Size::new(3, 5);
    let wide = |channels: usize| {
        let pixels = (0..15 * channels).map(|k| (k * 4111 % 65536) as u16).collect();
        Picture::new(size, channels, Pixels::U16(pixels)).expect("fits")
    };
    let cases = [(EncodeFormat::Png, 1), (EncodeFormat::Png, 4), (EncodeFormat::Tiff, 1), (EncodeFormat::Pnm, 3)];
    for (format, channels) in cases {
        let picture = wide(channels);
        let bytes = encode(&picture, &format).expect("encodes");
        assert_eq!(decode(&bytes, &as_stored()).expect("decodes"), picture, "{format:?} {channels}");
        let eight = decode(&bytes, &DecodeOptions { colour: Colour::AsStored, ..DecodeOptions::default() });
        let (Pixels::U16(wide), Pixels::U8(narrow)) = (picture.pixels(), eight.expect("decodes").into_pixels()) else {
            panic!("depths")
        };
        assert!(wide.iter().zip(narrow).all(|(w, n)| (f64::from(*w) / 257.0).round() as u8 == n));
    }
    let floats = Picture::new(size, 3, Pixels::F32((0..45).map(|k| k as f32 * 10.0 - 5.0).collect())).expect("fits");
    let bytes = encode(&floats, &EncodeFormat::Tiff).expect("encodes");
    assert_eq!(decode(&bytes, &as_stored()).expect("decodes"), floats);
    assert!(decode(&bytes, &DecodeOptions::default()).expect_err("beyond 1").message().contains("floats beyond"));
}

#[test]
fn a_jpeg_decodes_to_colour_and_grey_and_shrinks() {
    let size = Size::new(50, 70);
    let bytes = encode(&scene(size, 3), &EncodeFormat::Jpeg { quality: 90 }).expect("encodes");
    let header = header(&bytes, &Limits::default()).expect("a header");
    assert!(header.shrinks && header.crops);
    for (colour, channels) in [(Colour::AsStored, 3), (Colour::Grey, 1), (Colour::Rgb, 3), (Colour::Rgba, 4)] {
        let options = DecodeOptions { colour, ..DecodeOptions::default() };
        let wish = DecodeWish { region: Some((9, 10, 41, 50)), scale: 4 };
        let decoded = decode_region(&bytes, &header, &options, &wish).expect("decodes");
        assert_eq!((decoded.origin, decoded.scale), ((2, 2), 4));
        // 9 to 41 covers the scaled columns 2 to 10, 10 to 50 the scaled rows 2 to 12.
        assert_eq!((decoded.picture.size(), decoded.picture.channels()), (Size::new(11, 9), channels));
    }
}

#[test]
fn a_spare_vector_is_used_and_changes_nothing() {
    let bytes = encode(&scene(Size::new(20, 30), 3), &EncodeFormat::Jpeg { quality: 90 }).expect("encodes");
    let options = DecodeOptions::default();
    let header = header(&bytes, &options.limits).expect("a header");
    let spare = vec![7u8; 100_000];
    let place = spare.as_ptr();
    let wish = DecodeWish::default();
    let decoded = decode_region_reusing(&bytes, &header, &options, &wish, spare).expect("decodes");
    assert_eq!(decoded.picture, decode(&bytes, &options).expect("decodes"));
    let Pixels::U8(pixels) = decoded.picture.into_pixels() else { panic!("8 bits") };
    assert_eq!(pixels.as_ptr(), place);
}

#[test]
fn wishes_that_cannot_be_are_refused() {
    let bytes = encode(&scene(Size::new(4, 5), 3), &EncodeFormat::Png).expect("encodes");
    let options = DecodeOptions::default();
    let header = header(&bytes, &options.limits).expect("a header");
    for (region, scale) in [((0, 0, 6, 1), 1), ((2, 2, 2, 3), 1), ((0, 0, 5, 5), 1), ((0, 0, 5, 4), 3)] {
        let wish = DecodeWish { region: Some(region), scale };
        let error = decode_region(&bytes, &header, &options, &wish).expect_err("no such region");
        assert_eq!(error.kind(), Kind::Parameter, "{error}");
    }
}

/// A 2-bit palette PNG of 4 × 1 pixels, indices 0 1 2 3, three colours and one transparent.
fn palette_png() -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    bytes.extend(chunk(b"IHDR", &[0, 0, 0, 4, 0, 0, 0, 1, 2, 3, 0, 0, 0]));
    bytes.extend(chunk(b"PLTE", &[255, 0, 0, 0, 255, 0, 9, 8, 7]));
    bytes.extend(chunk(b"tRNS", &[255, 128]));
    // One stored deflate block: filter 0, then the indices in one byte; Adler-32 of the two bytes.
    bytes.extend(chunk(b"IDAT", &[0x78, 0x01, 1, 2, 0, 0xFD, 0xFF, 0, 0b00_01_10_11, 0, 29, 0, 28]));
    bytes.extend(chunk(b"eXIf", b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"));
    bytes.extend(chunk(b"IEND", &[]));
    bytes
}

#[test]
fn a_palette_gives_indices_or_colours() {
    let bytes = palette_png();
    let header = header(&bytes, &Limits::default()).expect("a header");
    assert!(header.indexed && header.channels == 1);
    assert_eq!((header.orientation, header.upright()), (Orientation::QuarterTurn, Size::new(4, 1)));
    let run = |colour| {
        let options = DecodeOptions { colour, ..DecodeOptions::default() };
        decode(&bytes, &options).expect("decodes").into_pixels()
    };
    assert_eq!(run(Colour::AsStored), Pixels::U8(vec![0, 1, 2, 3]));
    // The fourth index lies past the palette: black.
    assert_eq!(run(Colour::Rgb), Pixels::U8(vec![255, 0, 0, 0, 255, 0, 9, 8, 7, 0, 0, 0]));
    let rgba = vec![255, 0, 0, 255, 0, 255, 0, 128, 9, 8, 7, 255, 0, 0, 0, 255];
    assert_eq!(run(Colour::Rgba), Pixels::U8(rgba));
    assert_eq!(run(Colour::Grey), Pixels::U8(vec![76, 150, 8, 0]));
}

#[test]
fn a_damaged_png_is_found_out_below_the_region() {
    let size = Size::new(64, 64);
    let bytes = encode(&scene(size, 3), &EncodeFormat::Png).expect("encodes");
    let options = DecodeOptions::default();
    let header = header(&bytes, &options.limits).expect("a header");
    let wish = DecodeWish { region: Some((0, 0, 8, 8)), scale: 1 };
    decode_region(&bytes, &header, &options, &wish).expect("sound");
    let mut damaged = bytes.clone();
    let last = damaged.len() - 100;
    damaged[last] ^= 0xFF;
    assert!(decode(&damaged, &options).is_err());
    assert!(decode_region(&damaged, &header, &options, &wish).is_err());
}

#[test]
fn headers_that_claim_too_much_are_refused_by_every_format() {
    let limits = Limits { max_pixels: 200, ..Limits::default() };
    let formats = [
        EncodeFormat::Jpeg { quality: 90 },
        EncodeFormat::Png,
        EncodeFormat::WebpLossless,
        EncodeFormat::Bmp,
        EncodeFormat::Tiff,
    ];
    for format in formats {
        let bytes = encode(&scene(Size::new(15, 15), 3), &format).expect("encodes");
        let error = header(&bytes, &limits).expect_err("225 pixels");
        assert!(error.kind() == Kind::Limit && error.message().contains("max_pixels"), "{format:?}: {error}");
        let options = DecodeOptions { limits: Limits { max_memory: 500, ..Limits::default() }, ..as_stored() };
        assert_eq!(decode(&bytes, &options).expect_err("675 bytes").kind(), Kind::Limit, "{format:?}");
        let options = DecodeOptions { limits: Limits { max_bytes: 9, ..Limits::default() }, ..as_stored() };
        assert_eq!(decode(&bytes, &options).expect_err("long").kind(), Kind::Limit, "{format:?}");
    }
}

#[test]
fn no_prefix_and_no_flipped_byte_crashes_any_decoder() {
    let formats = [
        EncodeFormat::Jpeg { quality: 90 },
        EncodeFormat::Png,
        EncodeFormat::WebpLossless,
        EncodeFormat::Bmp,
        EncodeFormat::Tiff,
    ];
    let limits = Limits { max_pixels: 1 << 20, ..Limits::default() };
    let options = DecodeOptions { limits, ..DecodeOptions::default() };
    let mut files: Vec<Vec<u8>> =
        formats.iter().map(|f| encode(&scene(Size::new(9, 11), 3), f).expect("encodes")).collect();
    files.push(palette_png());
    for bytes in files {
        for length in 0..bytes.len() {
            let _ = decode(&bytes[..length], &options);
        }
        for k in 0..bytes.len() {
            for flip in [0xFF, 0x01, 0x80] {
                let mut damaged = bytes.clone();
                damaged[k] ^= flip;
                let _ = decode(&damaged, &options);
            }
        }
    }
}

#[test]
fn a_panic_inside_a_decoder_is_an_error_of_the_file() {
    let error = guarded(Format::Webp, || -> Result<()> { panic!("as image's decoders may") }).expect_err("caught");
    assert!(error.kind() == Kind::Input && error.message().contains("WebP decoder broke down"), "{error}");
}

#[test]
fn formats_say_what_they_hold() {
    let size = Size::new(2, 2);
    let wide = Picture::new(size, 3, Pixels::U16(vec![0; 12])).expect("fits");
    for format in [EncodeFormat::Jpeg { quality: 90 }, EncodeFormat::WebpLossless, EncodeFormat::Bmp] {
        let error = encode(&wide, &format).expect_err("16 bits");
        assert!(error.kind() == Kind::Parameter && error.message().contains("uint16 with 3"), "{error}");
    }
    assert!(encode(&scene(size, 7), &EncodeFormat::Png).is_err());
    assert!(encode(&scene(size, 4), &EncodeFormat::Jpeg { quality: 90 }).is_err());
    assert!(encode(&scene(size, 3), &EncodeFormat::Jpeg { quality: 0 }).is_err());
}
