//! A picture after a real encoder and decoder: what a file of that quality would have kept.
//!
//! The codec sees eight bits. Three channels go through as one colour picture, and so do the first three of four, whose
//! fourth is alpha and stays; any other channel goes through as a grey picture of its own.

use variegate_picture::{Error, Picture, Pixels, Result};

use crate::decode::{DecodeOptions, decode};
use crate::encode::{EncodeFormat, encode};

/// Encodes and decodes a picture; `white` is what its floats hold for white.
pub fn recode(picture: &Picture, format: &EncodeFormat, white: f32) -> Result<Picture> {
    let (size, channels) = (picture.size(), picture.channels());
    if let (Pixels::U8(_), 1 | 3) = (picture.pixels(), channels) {
        // As it lies.
        return Picture::new(size, channels, Pixels::U8(through(picture, format)?));
    }
    let own = eight_bits(picture.pixels(), white);
    let mut kept = own.clone();
    let groups: Vec<(usize, usize)> = match channels {
        3 | 4 => vec![(0, 3)],
        n => (0..n).map(|c| (c, 1)).collect(),
    };
    for (first, count) in groups {
        let pixels = own.chunks_exact(channels).flat_map(|pixel| pixel[first..first + count].iter().copied());
        let made = through(&Picture::new(size, count, Pixels::U8(pixels.collect()))?, format)?;
        for (pixel, new) in kept.chunks_exact_mut(channels).zip(made.chunks_exact(count)) {
            pixel[first..first + count].copy_from_slice(new);
        }
    }
    let has_alpha = channels == 4;
    let colours = |k: usize| !(has_alpha && k % 4 == 3);
    let pixels = match picture.pixels() {
        Pixels::U8(_) => Pixels::U8(kept),
        Pixels::U16(old) => Pixels::U16(
            old.iter()
                .zip(&kept)
                .enumerate()
                .map(|(k, (old, new))| if colours(k) { u16::from(*new) * 257 } else { *old })
                .collect(),
        ),
        Pixels::F32(old) => Pixels::F32(
            old.iter()
                .zip(&kept)
                .enumerate()
                .map(|(k, (old, new))| if colours(k) { f32::from(*new) / 255.0 * white } else { *old })
                .collect(),
        ),
    };
    Picture::new(size, channels, pixels)
}

fn eight_bits(pixels: &Pixels, white: f32) -> Vec<u8> {
    match pixels {
        Pixels::U8(values) => values.clone(),
        Pixels::U16(values) => values.iter().map(|v| ((u32::from(*v) + 128) / 257) as u8).collect(),
        // Not-a-number becomes 0 in a cast.
        Pixels::F32(values) => values.iter().map(|v| (v / white * 255.0).round() as u8).collect(),
    }
}

/// Bytes of one or three channels after the codec.
fn through(picture: &Picture, format: &EncodeFormat) -> Result<Vec<u8>> {
    let channels = picture.channels();
    let bytes = encode(picture, format)?;
    let decoded = decode(&bytes, &DecodeOptions::default())?;
    let found = decoded.channels();
    match decoded.into_pixels() {
        Pixels::U8(values) if found == channels => Ok(values),
        // What knows colour alone gives a grey picture back in three equal channels, but for roundings.
        Pixels::U8(values) if channels == 1 && found >= 3 => Ok(values.chunks_exact(found).map(|p| p[1]).collect()),
        _ => Err(Error::internal(format!("{channels} channels came out of the codec as {found}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use variegate_picture::Size;

    const SIZE: Size = Size { height: 16, width: 24 };
    const FORMATS: [EncodeFormat; 2] = [EncodeFormat::Jpeg { quality: 30 }, EncodeFormat::Webp { quality: 30 }];

    fn ramp(channels: usize) -> Vec<u8> {
        (0..SIZE.pixels() * channels).map(|k| ((k * 37 + k * k / 5) % 251) as u8).collect()
    }

    fn picture(channels: usize) -> Picture {
        Picture::new(SIZE, channels, Pixels::U8(ramp(channels))).expect("a picture")
    }

    fn bytes(picture: Picture) -> Vec<u8> {
        let Pixels::U8(values) = picture.into_pixels() else { panic!("bytes") };
        values
    }

    #[test]
    fn a_colour_picture_is_what_the_file_holds() {
        let file = encode(&picture(3), &FORMATS[0]).expect("encodes");
        let read = decode(&file, &DecodeOptions::default()).expect("decodes");
        assert_eq!(bytes(recode(&picture(3), &FORMATS[0], 1.0).expect("recodes")), bytes(read));
    }

    #[test]
    fn every_number_of_channels_is_coded_and_alpha_stays() {
        for format in &FORMATS {
            for channels in [1, 2, 3, 4, 7] {
                let made = bytes(recode(&picture(channels), format, 1.0).expect("recodes"));
                assert_ne!(made, ramp(channels), "{format:?} {channels}");
                if channels == 4 {
                    assert!(made.iter().zip(ramp(4)).skip(3).step_by(4).all(|(a, b)| *a == b));
                }
            }
        }
    }

    #[test]
    fn depth_changes_nothing_but_the_scale() {
        for format in &FORMATS {
            let made = bytes(recode(&picture(3), format, 1.0).expect("recodes"));
            let words = Pixels::U16(ramp(3).iter().map(|v| u16::from(*v) * 257).collect());
            let words = recode(&Picture::new(SIZE, 3, words).expect("a picture"), format, 1.0).expect("recodes");
            let Pixels::U16(words) = words.into_pixels() else { panic!("words") };
            assert!(words.iter().zip(&made).all(|(w, b)| *w == u16::from(*b) * 257));
            let reals = Pixels::F32(ramp(3).iter().map(|v| f32::from(*v) / 255.0).collect());
            let reals = recode(&Picture::new(SIZE, 3, reals).expect("a picture"), format, 1.0).expect("recodes");
            let Pixels::F32(reals) = reals.into_pixels() else { panic!("reals") };
            assert!(reals.iter().zip(&made).all(|(r, b)| (r * 255.0).round() as u8 == *b));
        }
    }

    #[test]
    fn less_quality_is_further_from_the_picture() {
        let error = |format: EncodeFormat| -> i64 {
            let made = bytes(recode(&picture(3), &format, 1.0).expect("recodes"));
            made.iter().zip(ramp(3)).map(|(a, b)| (i64::from(*a) - i64::from(b)).pow(2)).sum()
        };
        assert!(error(EncodeFormat::Jpeg { quality: 10 }) > error(EncodeFormat::Jpeg { quality: 90 }));
        assert!(error(EncodeFormat::Webp { quality: 10 }) > error(EncodeFormat::Webp { quality: 90 }));
    }
}
