//! Files written out by hand, arrays beside them, and headers that lie.

use variegate_picture::{Kind, Picture};

use super::*;
use crate::decode::array::{ARRAY_HEADER, array_header};
use crate::decode::{Colour, DecodeOptions, DecodeWish, Depth, decode, open};

fn stored() -> DecodeOptions {
    DecodeOptions { colour: Colour::AsStored, depth: Depth::AsStored, ..DecodeOptions::default() }
}

fn picture(height: usize, width: usize, channels: usize, pixels: Pixels) -> Picture {
    Picture::new(Size::new(height, width), channels, pixels).expect("a picture")
}

#[test]
fn every_kind_is_read() {
    let grey = |pixels: &[u8]| picture(2, 3, 1, Pixels::U8(pixels.to_vec()));
    let cases: [(&[u8], Picture); 9] = [
        (b"P1\n# a comment\n3 2\n101\n0 1#x\n0\n", grey(&[0, 255, 0, 255, 0, 255])),
        (b"P2 3 2 15\n0 5 15\n3 15 0", grey(&[0, 85, 255, 51, 255, 0])),
        (b"P3\n1 2\n255\n1 2 3\n4 5 6\n", picture(2, 1, 3, Pixels::U8(vec![1, 2, 3, 4, 5, 6]))),
        (b"P4\n3 2\n\xA0\x40", grey(&[0, 255, 0, 255, 0, 255])),
        (b"P5 3 2 255\n\x01\x02\x03\x04\x05\x06", grey(&[1, 2, 3, 4, 5, 6])),
        (b"P5\n1 2 #white\n65535\n\x01\x02\x03\x04", picture(2, 1, 1, Pixels::U16(vec![0x0102, 0x0304]))),
        (b"P6\n1 2\n255\n\n\t#456more", picture(2, 1, 3, Pixels::U8(b"\n\t#456".to_vec()))),
        (
            b"P7\nWIDTH 1\nHEIGHT 2\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\n\x01\x02\x03\x04\x05\x06\x07\x08",
            picture(2, 1, 4, Pixels::U8((1..9).collect())),
        ),
        (b"P2 2 1 1000 500 1000", picture(1, 2, 1, Pixels::U16(vec![32768, 65535]))),
    ];
    for (bytes, wanted) in cases {
        assert_eq!(decode(bytes, &stored()).expect("decodes"), wanted, "{}", String::from_utf8_lossy(bytes));
    }
}

/// A file of each kind with 16 × 24 pixels.
fn files() -> Vec<Vec<u8>> {
    let (height, width) = (16, 24);
    let values: Vec<u8> = (0..height * width * 3).map(|k| (k * 7 % 251) as u8).collect();
    let text = values.iter().map(|v| format!("{v} ")).collect::<String>();
    let array = |channels, dtype, bytes: &[u8]| {
        [&array_header(Size::new(height, width), channels, dtype).expect("a header")[..], bytes].concat()
    };
    let floats: Vec<u8> = values.iter().flat_map(|v| (f32::from(*v) / 255.0).to_le_bytes()).collect();
    vec![
        [b"P3 24 16 255\n", text.as_bytes()].concat(),
        [b"P4 24 16\n".as_slice(), &values[..48]].concat(),
        [b"P6 24 16 255\n".as_slice(), &values].concat(),
        [b"P6 24 16 250\n".as_slice(), &values].concat(),
        [b"P5 24 16 65535\n".as_slice(), &values[..768]].concat(),
        array(3, Dtype::U8, &values),
        array(1, Dtype::U16, &values[..768]),
        array(3, Dtype::F32, &floats),
    ]
}

#[test]
fn a_region_is_the_same_part_of_the_whole() {
    for (k, bytes) in files().iter().enumerate() {
        let whole = decode(bytes, &stored()).expect("decodes");
        let opened = open(bytes, &Limits::default()).expect("opens");
        let wish = DecodeWish { region: Some((5, 3, 17, 11)), scale: 1 };
        let part = opened.decode(&stored(), &wish, Vec::new()).expect("decodes");
        assert_eq!((part.origin, part.picture.size()), ((5, 3), Size::new(8, 12)), "file {k}");
        let (n, channels) = (8 * 12, whole.channels());
        for at in 0..n * channels {
            let (y, x, c) = (at / (12 * channels) + 3, at / channels % 12 + 5, at % channels);
            let from = (y * 24 + x) * channels + c;
            match (part.picture.pixels(), whole.pixels()) {
                (Pixels::U8(a), Pixels::U8(b)) => assert_eq!(a[at], b[from], "file {k}"),
                (Pixels::U16(a), Pixels::U16(b)) => assert_eq!(a[at], b[from], "file {k}"),
                (Pixels::F32(a), Pixels::F32(b)) => assert_eq!(a[at], b[from], "file {k}"),
                _ => unreachable!("the types are the same"),
            }
        }
    }
}

#[test]
fn arrays_come_back_as_they_were() {
    let bytes = &files()[7];
    let Pixels::F32(found) = decode(bytes, &stored()).expect("decodes").into_pixels() else { unreachable!("floats") };
    assert_eq!((found[0], found[1], found.len()), (0.0, 7.0 / 255.0, 16 * 24 * 3));
    // In eight bits they are what the same picture of bytes is.
    assert_eq!(decode(bytes, &DecodeOptions::default()), decode(&files()[5], &DecodeOptions::default()));
    assert!(
        array_header(Size::new(0, 4), 3, Dtype::U8).is_err() && array_header(Size::new(4, 4), 3, Dtype::F16).is_err()
    );
    assert_eq!(array_header(Size::new(1, 1), 1, Dtype::U8).expect("a header").len(), ARRAY_HEADER);
}

#[test]
fn what_is_cut_short_or_lies_is_refused() {
    for (k, bytes) in files().iter().enumerate() {
        // A text that ends within its last number cannot be told from a whole one.
        for length in [2, 8, 12, 20, 30, bytes.len() / 2, bytes.len() - 6] {
            let error = decode(&bytes[..length], &stored()).expect_err("cut short");
            assert!(matches!(error.kind(), Kind::Input), "file {k} of {length}: {error}");
        }
    }
    let said = |bytes: &[u8]| decode(bytes, &stored()).expect_err("broken").to_string();
    assert!(said(b"P6 99999 99999 255\n").contains("max_pixels"));
    assert!(said(b"P6 12000 12000 255\n0").contains("max_expansion"));
    assert!(said(b"P5 0 3 255\n").contains("at least 1"));
    assert!(said(b"P5 3 -1 255\n").contains("expected a number at byte 5"));
    assert!(said(b"P5 3 1 70000\n000").contains("white is 70000"));
    assert!(said(b"P2 3 1 9\n1 2 10").contains("a value of 10, where white is 9"));
    assert!(said(b"P1 3 1\n1 2 0").contains("expected 0 or 1"));
    assert!(said(b"P7\nWIDTH 3\nENDHDR\n").contains("no MAXVAL"));
    assert!(said(b"P7\nWITH 3\nENDHDR\n").contains("unknown line \"WITH\""));
    assert!(said(b"P8 3 1 9\n").contains("a text file, not an image"));
}
