//! Files made here, decoded in every way there is.

use variegate_jpeg::{Decoder, EncodeOptions, JpegLimits, Model, Output, Region, Request, Scale, Subsampling, encode};
use variegate_picture::{Error, Kind, Size};

/// A picture with edges, ramps and a little noise, so that chroma upsampling has something to do.
fn scene(size: Size, channels: usize) -> Vec<u8> {
    let mut state = 12345u32;
    let mut pixels = Vec::with_capacity(size.pixels() * channels);
    for y in 0..size.height {
        for x in 0..size.width {
            for c in 0..channels {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let checks = ((x / 13 + y / 7) % 2 * 120) as u32;
                let ramp = (x * (c + 1) + y * (3 - c.min(3))) as u32 % 110;
                pixels.push((checks + ramp + (state >> 28)) as u8);
            }
        }
    }
    pixels
}

fn decode(bytes: &[u8], scale: Scale, output: Output, region: Option<Region>) -> Result<Vec<u8>, Error> {
    let decoder = Decoder::new(bytes, &JpegLimits::default())?;
    let region = region.unwrap_or(Region::of(scale.of_size(decoder.header().size)));
    let stride = region.size().width * output.channels();
    let mut out = vec![0; stride * region.size().height];
    decoder.decode_into(&Request { scale, output, region }, &mut out, stride)?;
    Ok(out)
}

fn cut(full: &[u8], size: Size, channels: usize, region: Region) -> Vec<u8> {
    (region.y0..region.y1)
        .flat_map(|y| {
            full[(y * size.width + region.x0) * channels..(y * size.width + region.x1) * channels].iter().copied()
        })
        .collect()
}

fn files(size: Size) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for subsampling in [Subsampling::S444, Subsampling::S422, Subsampling::S420] {
        for progressive in [false, true] {
            let options = EncodeOptions { quality: 80, subsampling, progressive };
            let bytes = encode(&scene(size, 3), size, 3, &options).expect("encodes");
            files.push((format!("{subsampling:?} progressive {progressive}"), bytes));
        }
    }
    let options = EncodeOptions::default();
    files.push(("grey".into(), encode(&scene(size, 1), size, 1, &options).expect("encodes")));
    files.push(("cmyk".into(), encode(&scene(size, 4), size, 4, &options).expect("encodes")));
    files
}

#[test]
fn what_is_encoded_comes_back_within_the_loss() {
    let size = Size::new(61, 83);
    let pixels = scene(size, 3);
    let options = EncodeOptions { quality: 98, subsampling: Subsampling::S444, progressive: false };
    let bytes = encode(&pixels, size, 3, &options).expect("encodes");
    let back = decode(&bytes, Scale::Full, Output::Rgb, None).expect("decodes");
    let mean = pixels.iter().zip(&back).map(|(a, b)| f64::from(a.abs_diff(*b))).sum::<f64>() / pixels.len() as f64;
    assert!(mean < 2.0, "{mean}");
}

#[test]
fn a_region_equals_the_same_part_of_the_whole_at_every_scale() {
    let size = Size::new(157, 211);
    for (name, bytes) in files(size) {
        for scale in [Scale::Full, Scale::Half, Scale::Quarter, Scale::Eighth] {
            let scaled = scale.of_size(size);
            for output in [Output::Rgb, Output::Grey] {
                let full = decode(&bytes, scale, output, None).expect("decodes");
                let (w, h) = (scaled.width, scaled.height);
                let regions = [
                    (0, 0, w, h),
                    (0, 0, 1, 1),
                    (w - 1, h - 1, w, h),
                    (w / 3, h / 4, w / 3 * 2, h / 4 * 3),
                    (w / 2, 0, w, h / 2),
                    (0, h / 2, w / 2, h),
                    (5, 7, 8, 9),
                    (16.min(w - 2), 16.min(h - 2), w - 1, h - 1),
                    (w / 2, h / 2, w / 2 + 1, h / 2 + 1),
                ];
                for (x0, y0, x1, y1) in regions {
                    let region = Region { x0, y0, x1, y1 };
                    let part = decode(&bytes, scale, output, Some(region)).expect("decodes");
                    assert!(
                        part == cut(&full, scaled, output.channels(), region),
                        "{name} {scale:?} {output:?} {region:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn rows_are_written_at_the_stride_and_nowhere_else() {
    let size = Size::new(20, 30);
    let bytes = encode(&scene(size, 3), size, 3, &EncodeOptions::default()).expect("encodes");
    let decoder = Decoder::new(&bytes, &JpegLimits::default()).expect("a header");
    let region = Region { x0: 3, y0: 2, x1: 13, y1: 12 };
    let mut out = vec![7u8; 100 * 10];
    let request = Request { scale: Scale::Full, output: Output::Rgb, region };
    decoder.decode_into(&request, &mut out, 100).expect("decodes");
    assert!(out.chunks(100).all(|row| row[30..].iter().all(|v| *v == 7)));

    let decoder = Decoder::new(&bytes, &JpegLimits::default()).expect("a header");
    let error = decoder.decode_into(&request, &mut out[..900], 100).expect_err("a row too few");
    assert_eq!(error.kind(), Kind::Parameter);
    let decoder = Decoder::new(&bytes, &JpegLimits::default()).expect("a header");
    let outside = Request { region: Region { x0: 0, y0: 0, x1: 31, y1: 1 }, ..request };
    assert_eq!(decoder.decode_into(&outside, &mut out, 100).expect_err("outside").kind(), Kind::Parameter);
}

#[test]
fn the_header_says_what_is_stored() {
    let size = Size::new(40, 24);
    let models = [(1, Model::Grey), (3, Model::YCbCr), (4, Model::Cmyk)];
    for (channels, model) in models {
        let bytes = encode(&scene(size, channels), size, channels, &EncodeOptions::default()).expect("encodes");
        let decoder = Decoder::new(&bytes, &JpegLimits::default()).expect("a header");
        let header = decoder.header();
        assert_eq!((header.size, header.components, header.model), (size, channels, model));
        assert!(!header.progressive && !header.lossless && !header.arithmetic && header.precision == 8);
        assert!(decoder.exif().is_none());
    }
}

#[test]
fn inks_become_light_by_multiplication() {
    // Four flat inks, stored as Adobe stores them: 255 = none.
    let size = Size::new(16, 16);
    let cases = [
        ([255, 255, 255, 255], [255, 255, 255]),
        ([255, 255, 255, 0], [0, 0, 0]),
        ([0, 255, 255, 255], [0, 255, 255]),
        ([128, 255, 64, 128], [64, 128, 32]),
    ];
    for (inks, light) in cases {
        let options = EncodeOptions { quality: 100, ..EncodeOptions::default() };
        let bytes = encode(&inks.repeat(size.pixels()), size, 4, &options).expect("encodes");
        let rgb = decode(&bytes, Scale::Full, Output::Rgb, None).expect("decodes");
        let close = rgb[..3].iter().zip(light).all(|(a, b)| a.abs_diff(b) <= 2);
        assert!(close, "{inks:?} gave {:?}, expected {light:?}", &rgb[..3]);
    }
}

#[test]
fn a_file_cut_short_is_an_error_whatever_part_is_asked_for() {
    let size = Size::new(200, 160);
    for (name, bytes) in files(size) {
        let top = Region { x0: 0, y0: 0, x1: 160, y1: 8 };
        for part in [9, 6, 3] {
            let short = &bytes[..bytes.len() * part / 10];
            for region in [None, Some(top)] {
                let error = decode(short, Scale::Full, Output::Rgb, region).expect_err(&name);
                assert_eq!(error.kind(), Kind::Input, "{name}: {error}");
                assert!(error.message().contains("ends in the middle of the picture"), "{name}: {error}");
            }
        }
        // Without its end marker a file cannot vouch for its last block. Pillow and OpenCV refuse it, too.
        let unfinished = &bytes[..bytes.len() - 2];
        decode(unfinished, Scale::Full, Output::Rgb, None).expect_err(&name);
        decode(unfinished, Scale::Full, Output::Rgb, Some(top)).expect_err(&name);
    }
}

#[test]
fn no_prefix_and_no_flipped_byte_crashes() {
    let size = Size::new(40, 48);
    for (_, bytes) in files(size) {
        for length in (0..bytes.len()).step_by(7) {
            let _ = decode(&bytes[..length], Scale::Full, Output::Rgb, None);
        }
        for k in (0..bytes.len()).step_by(3) {
            let mut damaged = bytes.clone();
            damaged[k] ^= 0x5a;
            // A flipped size byte may claim gigabytes; the caller's limits would refuse it, so does this.
            let small =
                Decoder::new(&damaged, &JpegLimits::default()).is_ok_and(|d| d.header().size.pixels() < 1 << 20);
            if small {
                let _ = decode(&damaged, Scale::Full, Output::Rgb, None);
                let _ = decode(&damaged, Scale::Half, Output::Grey, Some(Region { x0: 3, y0: 3, x1: 9, y1: 9 }));
            }
        }
    }
}

#[test]
fn endless_scans_and_great_coefficient_stores_are_refused() {
    let size = Size::new(64, 64);
    let options = EncodeOptions { progressive: true, ..EncodeOptions::default() };
    let bytes = encode(&scene(size, 3), size, 3, &options).expect("encodes");
    let run = |limits: JpegLimits| {
        let mut out = vec![0; size.pixels() * 3];
        let decoder = Decoder::new(&bytes, &limits).expect("a header");
        let request = Request { scale: Scale::Full, output: Output::Rgb, region: Region::of(size) };
        decoder.decode_into(&request, &mut out, size.width * 3)
    };
    run(JpegLimits::default()).expect("within the limits");
    let error = run(JpegLimits { max_scans: 3, ..JpegLimits::default() }).expect_err("ten scans");
    assert_eq!(error.kind(), Kind::Limit);
    assert!(error.message().contains("scans"), "{error}");
}

#[test]
fn a_header_of_65535_pixels_a_side_is_refused_as_a_limit() {
    let size = Size::new(16, 16);
    let mut bytes = encode(&scene(size, 3), size, 3, &EncodeOptions::default()).expect("encodes");
    let frame = bytes.windows(2).position(|two| two == [0xFF, 0xC0]).expect("a frame header");
    bytes[frame + 5..frame + 9].copy_from_slice(&[0xFF; 4]);
    let error = Decoder::new(&bytes, &JpegLimits::default()).expect_err("refused");
    assert_eq!(error.kind(), Kind::Limit, "{error}");
}

#[test]
fn wrong_arguments_of_the_encoder_are_named() {
    let size = Size::new(2, 2);
    let options = EncodeOptions::default();
    assert!(encode(&[0; 8], size, 2, &options).is_err());
    assert!(encode(&[0; 11], size, 3, &options).is_err());
    assert!(encode(&[0; 12], size, 3, &EncodeOptions { quality: 0, ..options }).is_err());
    assert!(encode(&[], Size::new(0, 2), 3, &options).is_err());
}
