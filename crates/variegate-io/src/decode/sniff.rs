//! What a file is, told from its first bytes and never from its name.
//!
//! `header` calls it. A file that is not a picture of this build gets an error that says what it is.

use variegate_picture::{Error, Result};

/// A picture format this build decodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// JPEG, and the first picture of an MPO.
    Jpeg,
    /// PNG, and the default picture of an APNG.
    Png,
    /// WebP.
    Webp,
    /// Windows bitmap.
    Bmp,
    /// GIF, its first frame.
    Gif,
    /// TIFF, its first page.
    Tiff,
    /// PBM, PGM, PPM or PAM.
    Pnm,
    /// An array in memory.
    Array,
}

impl Format {
    /// The name people use.
    pub fn name(self) -> &'static str {
        match self {
            Format::Jpeg => "JPEG",
            Format::Png => "PNG",
            Format::Webp => "WebP",
            Format::Bmp => "BMP",
            Format::Gif => "GIF",
            Format::Tiff => "TIFF",
            Format::Pnm => "PNM",
            Format::Array => "array",
        }
    }

    /// Tells the format from the content.
    pub fn of(bytes: &[u8]) -> Result<Self> {
        let starts = |magic: &[u8]| bytes.starts_with(magic);
        if starts(&[0xFF, 0xD8]) {
            Ok(Format::Jpeg)
        } else if starts(b"\x89PNG\r\n\x1a\n") {
            Ok(Format::Png)
        } else if starts(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
            Ok(Format::Webp)
        } else if starts(b"GIF87a") || starts(b"GIF89a") {
            Ok(Format::Gif)
        } else if [b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"].iter().any(|magic| starts(*magic)) {
            Ok(Format::Tiff)
        } else if starts(b"BM") && bytes.get(15..18) == Some(&[0; 3]) {
            // The length of the header that follows, little-endian: no known one exceeds 124 bytes.
            Ok(Format::Bmp)
        } else if super::pnm::is(bytes) {
            Ok(Format::Pnm)
        } else if starts(super::array::MAGIC) {
            Ok(Format::Array)
        } else {
            Err(stranger(bytes))
        }
    }
}

const WANTED: &str = "expected a JPEG, PNG, WebP, BMP, GIF, TIFF or PNM picture";

fn stranger(bytes: &[u8]) -> Error {
    if bytes.is_empty() {
        return Error::input(format!("the file is empty; {WANTED}. Fetch or export it again"));
    }
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    let brand = |brands: &[&[u8]]| {
        bytes.get(4..8) == Some(b"ftyp") && bytes.get(8..12).is_some_and(|found| brands.contains(&found))
    };
    let convert = |name: &str| {
        Error::unsupported(format!("{name} is not supported by this build; convert the file to PNG, JPEG or WebP"))
    };
    if brand(&[b"avif", b"avis"]) {
        return convert("AVIF");
    }
    if brand(&[b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"]) {
        return convert("HEIF (HEIC)");
    }
    if starts(b"\0\0\0\x0cjP  ") || starts(&[0xFF, 0x4F, 0xFF, 0x51]) {
        return convert("JPEG 2000");
    }
    if starts(&[0xFF, 0x0A]) || starts(b"\0\0\0\x0cJXL ") {
        return convert("JPEG XL");
    }
    if starts(b"\0\0\x01\0") || starts(b"\0\0\x02\0") {
        return convert("ICO (Windows icon)");
    }
    if starts(b"8BPS") {
        return convert("PSD (Photoshop)");
    }
    if starts(b"\x93NUMPY") {
        return convert("NPY (a NumPy array)");
    }
    if starts(b"v/1\x01") || starts(b"#?RADIANCE") || starts(b"qoif") || starts(b"DDS ") {
        return convert("this image format (EXR, HDR, QOI or DDS)");
    }
    let what = if starts(b"version https://git-lfs") {
        "a Git LFS pointer, not the picture it stands for; run `git lfs pull`".to_string()
    } else if bytes.get(1..4) == Some(b"PNG") {
        "a PNG whose signature is damaged; fetch or export it again".to_string()
    } else if let Some(text) = text(bytes) {
        text
    } else if starts(b"%PDF") {
        "a PDF document, not an image".to_string()
    } else if starts(b"PK\x03\x04") || starts(&[0x1F, 0x8B]) || starts(b"Rar!") || starts(b"7z\xBC\xAF") {
        "an archive, not an image; unpack it first".to_string()
    } else if bytes.get(4..8) == Some(b"ftyp") || starts(&[0x1A, 0x45, 0xDF, 0xA3]) {
        "a video, not an image".to_string()
    } else {
        let first: Vec<String> = bytes.iter().take(8).map(|b| format!("{b:02x}")).collect();
        format!("{} bytes of no image format this build knows (they begin {})", bytes.len(), first.join(" "))
    };
    Error::input(format!("this is {what}; {WANTED}"))
}

/// What a file of text is, if it is one.
fn text(bytes: &[u8]) -> Option<String> {
    let head = &bytes[..bytes.len().min(512)];
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    let readable = head.iter().all(|b| *b >= 32 && *b != 127 || matches!(b, b'\n' | b'\r' | b'\t'));
    if !readable || head.iter().filter(|b| **b >= 128).count() * 4 > head.len() {
        return None;
    }
    let lower = String::from_utf8_lossy(head).trim_start().to_lowercase();
    Some(
        if lower.starts_with("<!doctype html") || lower.contains("<html") {
            "an HTML page, not an image: probably the error page of a failed download"
        } else if lower.contains("<svg") {
            "an SVG drawing, not a picture of pixels; render it first"
        } else if lower.starts_with("<?xml") || lower.starts_with('<') {
            "an XML document, not an image"
        } else if lower.starts_with('{') || lower.starts_with('[') {
            "a JSON document, not an image"
        } else {
            "a text file, not an image"
        }
        .to_string(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strangers_are_called_by_their_names() {
        let cases: [(&[u8], &str); 9] = [
            (b"", "the file is empty"),
            (b"<!DOCTYPE html><html>404</html>", "this is an HTML page, not an image"),
            (b"\0\0\0\x20ftypavif....", "AVIF is not supported by this build; convert"),
            (b"\0\0\0\x20ftypheic....", "HEIF (HEIC) is not supported"),
            (b"version https://git-lfs.github.com/spec/v1\n", "Git LFS pointer"),
            (b"{\"error\": 1}", "a JSON document"),
            (b"PK\x03\x04\0\0", "an archive"),
            (b"\x93PNG\r\n\x1a\n", "signature is damaged"),
            (&[1, 2, 3, 200, 255], "no image format"),
        ];
        for (bytes, part) in cases {
            let error = Format::of(bytes).expect_err(part);
            assert!(error.message().contains(part), "{error} lacks {part:?}");
        }
    }
}
