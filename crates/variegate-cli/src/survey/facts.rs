//! What one file shows: its header, whether it decodes to its end, and two hashes.
//!
//! The survey's workers call it. The content hash tells equal files, the picture hash tells pictures that look alike:
//! a difference hash of 128 bits (Krawetz 2013), the signs of differences between neighbours of a 9 × 9 grid of means,
//! 64 across and 64 down. It holds no pixels after it returns.

use variegate::io::{Colour, DecodeOptions, DecodeWish, Depth, FileBuffer, Header, Limits, open, sha256};
use variegate::loader::Source;
use variegate::picture::{Pixels, Point};
use variegate::{Dtype, Error, Kind, Picture, Result, Size};

use super::labels::{Trouble, troubles};

/// Cells of the grid along each side.
const GRID: usize = 9;

/// Samples of a cell along each side.
const FINE: usize = 8;

/// Decoders shrink until the shorter side would fall below this: the grid needs no more.
const ENOUGH: usize = 2 * GRID * FINE;

/// Levels of 255 by which the cells of a picture must differ: below it the signs are noise.
const BLANK: f64 = 2.0;

/// What one file shows.
pub struct Facts {
    /// The sample.
    pub id: u64,
    /// Length of the file; 0 where it cannot be read.
    pub bytes: u64,
    /// Half of the SHA-256 of the file.
    pub content: Option<u128>,
    /// What was seen, or why it is broken.
    pub seen: std::result::Result<Seen, Error>,
    /// Whether there is no such file.
    pub missing: bool,
    /// What is wrong with its labels.
    pub troubles: Vec<(Trouble, String)>,
}

/// What is seen of a picture that decodes.
pub struct Seen {
    /// The header.
    pub header: Header,
    /// The picture hash; none where the picture is all but blank.
    pub look: Option<u128>,
    /// Whether its extension is of another format.
    pub misnamed: bool,
}

impl Facts {
    /// Looks at a sample.
    pub fn of(source: &dyn Source, id: u64, limits: &Limits, buffer: &mut FileBuffer) -> Self {
        let path = source.name(id);
        let bytes = match source.read_into(id, limits, buffer) {
            Ok(bytes) => bytes,
            Err(error) => {
                let missing = error.kind() == Kind::Io && !path.exists();
                return Self { id, bytes: 0, content: None, seen: Err(error), missing, troubles: Vec::new() };
            }
        };
        let content = sha256(bytes).ok().and_then(|hex| u128::from_str_radix(hex.get(..32)?, 16).ok());
        let seen = look(bytes, limits).map(|(header, look)| {
            let named = path.extension().and_then(|e| e.to_str()).unwrap_or("").to_ascii_lowercase();
            Seen { misnamed: !fits(&named, header.format.name()), header, look }
        });
        let found = seen.as_ref().map(|seen| troubles(source, id, &seen.header, limits)).unwrap_or_default();
        Self { id, bytes: bytes.len() as u64, content, seen, missing: false, troubles: found }
    }
}

/// Whether an extension is one of a format; one that is of no format is no lie.
fn fits(extension: &str, format: &str) -> bool {
    let meant = match extension {
        "jpg" | "jpeg" => "JPEG",
        "png" | "apng" => "PNG",
        "webp" => "WebP",
        "bmp" => "BMP",
        "gif" => "GIF",
        "tif" | "tiff" => "TIFF",
        "ppm" | "pgm" | "pbm" | "pnm" | "pam" => "PNM",
        _ => return true,
    };
    meant.eq_ignore_ascii_case(format)
}

/// The header and the picture hash of a file that decodes to its end.
fn look(bytes: &[u8], limits: &Limits) -> Result<(Header, Option<u128>)> {
    let opened = open(bytes, limits)?;
    let header = *opened.header();
    let (colour, depth) =
        if header.indexed { (Colour::Rgb, Depth::Eight) } else { (Colour::AsStored, Depth::AsStored) };
    let shorter = header.size.height.min(header.size.width);
    let scale = [8u8, 4, 2].into_iter().find(|scale| shorter / usize::from(*scale) >= ENOUGH).unwrap_or(1);
    let options = DecodeOptions { colour, depth, limits: *limits };
    let picture = opened.decode(&options, &DecodeWish { region: None, scale }, Vec::new())?.picture;
    Ok((header, hash(&grid(&picture, &header))))
}

/// Means of grey over the cells of the upright picture, from 0 to 255; floats as they are.
fn grid(picture: &Picture, header: &Header) -> [[f64; GRID]; GRID] {
    let stored = picture.size();
    let (map, upright) = header.orientation.homography(stored);
    let channels = picture.channels();
    let colours = if channels < 3 { 1 } else { 3 };
    let value = |k: usize| match picture.pixels() {
        Pixels::U8(values) => f64::from(values[k]),
        Pixels::U16(values) => f64::from(values[k]) / 257.0,
        Pixels::F32(values) => f64::from(values[k]) * 255.0,
    };
    let at = |y: f64, x: f64| {
        let Point { x, y } = map.apply(Point::new(x, y));
        let row = (y.max(0.0) as usize).min(stored.height - 1);
        let column = (x.max(0.0) as usize).min(stored.width - 1);
        let first = (row * stored.width + column) * channels;
        (0..colours).map(|c| value(first + c)).sum::<f64>() / colours as f64
    };
    let step = |k: usize, side: usize| (k as f64 + 0.5) * side as f64 / (GRID * FINE) as f64;
    let Size { height, width } = upright;
    let mut cells = [[0.0; GRID]; GRID];
    for y in 0..GRID * FINE {
        for x in 0..GRID * FINE {
            cells[y / FINE][x / FINE] += at(step(y, height), step(x, width)) / (FINE * FINE) as f64;
        }
    }
    cells
}

/// The signs of differences; none for a picture that is all but blank, or not of numbers.
fn hash(cells: &[[f64; GRID]; GRID]) -> Option<u128> {
    let all = || cells.iter().flatten().copied();
    let (least, most) = (all().fold(f64::INFINITY, f64::min), all().fold(f64::NEG_INFINITY, f64::max));
    if (most - least).is_nan() || most - least < BLANK {
        return None;
    }
    let mut bits = 0u128;
    for y in 0..GRID - 1 {
        for x in 0..GRID - 1 {
            bits = bits << 1 | u128::from(cells[y][x] < cells[y][x + 1]);
            bits = bits << 1 | u128::from(cells[y][x] < cells[y + 1][x]);
        }
    }
    Some(bits)
}

/// Bits of a sample.
pub fn bits(dtype: Dtype) -> usize {
    dtype.bytes() * 8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ramp_rises_in_every_bit_across_and_in_none_down() {
        let cells = std::array::from_fn(|_| std::array::from_fn(|x| x as f64 * 10.0));
        assert_eq!(hash(&cells), Some(0xAAAA_AAAA_AAAA_AAAA_AAAA_AAAA_AAAA_AAAA));
        assert_eq!(hash(&[[7.0; GRID]; GRID]), None);
        assert_eq!(hash(&[[f64::NAN; GRID]; GRID]), None);
    }

    #[test]
    fn extensions_are_of_formats() {
        assert!(fits("jpg", "JPEG") && fits("tif", "TIFF") && fits("xyz", "PNG"));
        assert!(!fits("jpg", "PNG"));
    }
}
