//! PNM: pixels as they are behind a header of text, for what is to be read without decoding.
//!
//! One channel becomes P5, three P6, any other number P7 (PAM); two bytes of an element stand high byte first.

use variegate_picture::{Picture, Pixels};

/// The bytes of a file; none where the format cannot hold such a picture.
pub fn encode(picture: &Picture) -> Option<Vec<u8>> {
    let (size, channels) = (picture.size(), picture.channels());
    let (width, height) = (size.width, size.height);
    let (white, length) = match picture.pixels() {
        Pixels::U8(pixels) => (255, pixels.len()),
        Pixels::U16(pixels) => (65535, 2 * pixels.len()),
        Pixels::F32(_) => return None,
    };
    let head = match channels {
        1 => format!("P5\n{width} {height}\n{white}\n"),
        3 => format!("P6\n{width} {height}\n{white}\n"),
        n => format!("P7\nWIDTH {width}\nHEIGHT {height}\nDEPTH {n}\nMAXVAL {white}\nENDHDR\n"),
    };
    let mut out = Vec::with_capacity(head.len() + length);
    out.extend_from_slice(head.as_bytes());
    match picture.pixels() {
        Pixels::U8(pixels) => out.extend_from_slice(pixels),
        Pixels::U16(pixels) => out.extend(pixels.iter().flat_map(|value| value.to_be_bytes())),
        Pixels::F32(_) => return None,
    }
    Some(out)
}
