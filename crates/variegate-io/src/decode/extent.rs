//! A raw picture within an open file: its rows are read straight into the pixels that are wanted, and no others.
//!
//! The loader asks for it where a source says that a picture lies there as it is. Rows are read whole, so that one read
//! serves, and the part that is given is as wide as the picture. What is not a raster of bytes is left to
//! [`super::open`].

use std::fs::File;

use variegate_picture::{Pixels, Result};

use super::opened::window;
use super::{DecodeOptions, DecodeWish, Decoded, Format, Header, Window, pnm, samples};
use crate::Limits;
use crate::file::read_at;

/// More than any header without comments has.
const HEAD: usize = 256;

/// Where in an open file a picture lies.
#[derive(Clone, Copy, Debug)]
pub struct Extent<'f> {
    /// The file.
    pub file: &'f File,
    /// Where the picture begins.
    pub offset: u64,
    /// How many bytes it has.
    pub size: u64,
}

/// A raw picture whose header has been read.
#[derive(Debug)]
pub struct Rows<'f> {
    extent: Extent<'f>,
    header: Header,
    /// Where the pixels begin, from the start of the picture.
    data: u64,
}

impl<'f> Extent<'f> {
    /// Reads what the picture says of itself; none where its rows cannot be read by themselves, or are not bytes with
    /// 255 for white, or its header is longer than most. Refuses what the limits refuse.
    pub fn rows(self, limits: &Limits) -> Result<Option<Rows<'f>>> {
        limits.check_bytes(self.size)?;
        let mut head = [0; HEAD];
        let head = &mut head[..self.size.min(HEAD as u64) as usize];
        read_at(self.file, head, self.offset)?;
        if Format::of(head).ok() != Some(Format::Pnm) {
            return Ok(None);
        }
        Ok(pnm::rows(head, self.size, limits)?.map(|(header, data)| Rows { extent: self, header, data: data as u64 }))
    }
}

impl Rows<'_> {
    /// What the file says of its picture.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Reads the rows a plan wishes, in their whole width, into the memory of `spare`.
    pub fn decode(self, options: &DecodeOptions, wish: &DecodeWish, mut spare: Vec<u8>) -> Result<Decoded> {
        let Self { extent, header, data } = self;
        let wanted = window(&header, wish)?;
        let rows = Window { x0: 0, x1: header.size.width, ..wanted };
        let (stride, count) = (header.size.width * header.channels, rows.size().pixels() * header.channels);
        let (channels, dtype) = header.outcome(options);
        options.limits.check_memory((count + rows.size().pixels() * channels * dtype.bytes()) as u64)?;
        spare.resize(count, 0);
        let offset = extent.offset + data + (rows.y0 * stride) as u64;
        read_at(extent.file, &mut spare, offset)?;
        let whole = Window::of(rows.size());
        let raw =
            samples::Raw { size: rows.size(), model: super::raster::model(header.channels), pixels: Pixels::U8(spare) };
        Ok(Decoded { picture: samples::finish(raw, whole, options)?, origin: (0, rows.y0), scale: 1 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::{Colour, decode_region};
    use crate::{EncodeFormat, encode};
    use variegate_picture::{Picture, Size};

    struct Kept(std::path::PathBuf);

    impl Kept {
        /// A file with bytes of its own before and behind the picture's.
        fn new(test: &str, bytes: &[u8]) -> Self {
            let path = std::env::temp_dir().join(format!("variegate-io-extent-{test}-{}", std::process::id()));
            std::fs::write(&path, [&[1; 300], bytes, &[2; 300]].concat()).expect("writes");
            Self(path)
        }
    }

    impl Drop for Kept {
        fn drop(&mut self) {
            let _ = std::fs::remove_file(&self.0);
        }
    }

    fn scene(channels: usize) -> Picture {
        let pixels = (0..13 * 17 * channels).map(|k| (k * 37 % 251) as u8).collect();
        Picture::new(Size::new(13, 17), channels, Pixels::U8(pixels)).expect("a picture")
    }

    #[test]
    fn rows_are_those_of_the_decoded_file() {
        for channels in [1, 2, 3, 4] {
            let bytes = encode(&scene(channels), &EncodeFormat::Pnm).expect("encodes");
            let kept = Kept::new(&channels.to_string(), &bytes);
            let file = File::open(&kept.0).expect("opens");
            let extent = Extent { file: &file, offset: 300, size: bytes.len() as u64 };
            for colour in [Colour::AsStored, Colour::Grey, Colour::Rgb] {
                let options = DecodeOptions { colour, ..DecodeOptions::default() };
                for (x0, y0, x1, y1) in [(0, 0, 17, 13), (3, 4, 9, 11), (16, 12, 17, 13)] {
                    let rows = extent.rows(&options.limits).expect("reads").expect("a raster");
                    let header = *rows.header();
                    let asked = DecodeWish { region: Some((x0, y0, x1, y1)), scale: 4 };
                    let made = rows.decode(&options, &asked, vec![9; 40]).expect("reads");
                    let wide = DecodeWish { region: Some((0, y0, 17, y1)), scale: 1 };
                    assert_eq!(made, decode_region(&bytes, &header, &options, &wide).expect("decodes"));
                }
            }
        }
    }

    #[test]
    fn what_is_no_raster_of_bytes_is_left_to_others() {
        let wide = Picture::new(Size::new(2, 2), 1, Pixels::U16(vec![1, 2, 3, 4])).expect("a picture");
        let others = [
            encode(&wide, &EncodeFormat::Pnm).expect("encodes"),
            encode(&scene(3), &EncodeFormat::Png).expect("encodes"),
            b"P2\n2 1\n255\n7 8\n".to_vec(),
            b"P5\n2 1\n9\n\x07\x08".to_vec(),
            format!("P5\n#{}\n2 1\n255\n..", " ".repeat(400)).into_bytes(),
        ];
        for (k, bytes) in others.iter().enumerate() {
            let kept = Kept::new(&format!("other{k}"), bytes);
            let file = File::open(&kept.0).expect("opens");
            let extent = Extent { file: &file, offset: 300, size: bytes.len() as u64 };
            assert!(extent.rows(&Limits::default()).expect("no error").is_none(), "{k}");
        }
    }

    #[test]
    fn a_picture_cut_short_or_too_large_is_refused() {
        let bytes = encode(&scene(3), &EncodeFormat::Pnm).expect("encodes");
        let kept = Kept::new("cut", &bytes);
        let file = File::open(&kept.0).expect("opens");
        let extent = Extent { file: &file, offset: 300, size: bytes.len() as u64 };
        let cut = Extent { size: extent.size - 1, ..extent }.rows(&Limits::default()).expect_err("a byte is missing");
        assert!(cut.message().contains("cut short"), "{cut}");
        assert!(extent.rows(&Limits { max_pixels: 200, ..Limits::default() }).is_err());
        let gone = Extent { offset: 10_000, ..extent }.rows(&Limits::default()).expect_err("behind the end");
        assert!(gone.message().contains("ends before"), "{gone}");
    }
}
