//! PBM, PGM, PPM and PAM: Netpbm's plain formats, read here.
//!
//! P1 to P3 are texts, P4 to P6 bytes behind a text header, P7 (PAM) bytes of any number of channels. Only the first
//! picture of a file is read; of those of bytes only the rows and columns that are wanted.

use variegate_picture::{Dtype, Error, Pixels, Result, Size};

use super::raster::{Raster, model, stretch};
use super::samples::{Model, Raw};
use super::{Format, Header, Orientation, Window, damaged, truncated};
use crate::Limits;

/// What a header says.
#[derive(Clone, Copy, Debug)]
struct Found {
    /// The number behind the P.
    kind: u8,
    size: Size,
    channels: usize,
    /// The value of white.
    white: u32,
    /// Where the pixels begin.
    data: usize,
}

impl Found {
    fn dtype(&self) -> Dtype {
        if self.white < 256 { Dtype::U8 } else { Dtype::U16 }
    }

    fn raster(&self) -> Raster {
        let (dtype, full) = (self.dtype(), if self.white < 256 { 255 } else { 65535 });
        let white = (self.white != full).then_some(self.white);
        Raster { size: self.size, channels: self.channels, dtype, big_endian: true, white }
    }

    /// Bytes that the pixels take at the least.
    fn least(&self) -> u64 {
        match self.kind {
            1 => self.size.pixels() as u64,
            // A digit and a sign between it and the next.
            2 | 3 => (2 * self.size.pixels() as u64 * self.channels as u64).saturating_sub(1),
            4 => self.size.height as u64 * self.size.width.div_ceil(8) as u64,
            _ => self.raster().bytes(),
        }
    }
}

/// Whether a file is of one of these formats.
pub(super) fn is(bytes: &[u8]) -> bool {
    matches!(bytes, [b'P', b'1'..=b'7', behind, ..] if behind.is_ascii_whitespace() || *behind == b'#')
}

/// Words of a text, over spaces and comments.
struct Words<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Words<'a> {
    fn skip(&mut self) {
        while let Some(byte) = self.bytes.get(self.at) {
            if *byte == b'#' {
                let rest = &self.bytes[self.at..];
                self.at += rest.iter().position(|b| matches!(b, b'\n' | b'\r')).unwrap_or(rest.len());
            } else if byte.is_ascii_whitespace() {
                self.at += 1;
            } else {
                return;
            }
        }
    }

    fn word(&mut self) -> Result<&'a [u8]> {
        self.skip();
        let rest = &self.bytes[self.at..];
        let end = rest.iter().position(|b| b.is_ascii_whitespace() || *b == b'#').unwrap_or(rest.len());
        if end == 0 {
            return Err(truncated(Format::Pnm));
        }
        self.at += end;
        Ok(&rest[..end])
    }

    fn number(&mut self) -> Result<u32> {
        let word = self.word()?;
        let number = std::str::from_utf8(word).ok().filter(|text| text.bytes().all(|b| b.is_ascii_digit()));
        number.and_then(|text| text.parse().ok()).ok_or_else(|| {
            let shown = String::from_utf8_lossy(&word[..word.len().min(20)]).into_owned();
            damaged(Format::Pnm, format!("expected a number at byte {}, found {shown:?}", self.at - word.len()))
        })
    }

    /// A bit; bits need nothing between them.
    fn bit(&mut self) -> Result<bool> {
        self.skip();
        let bit = self.bytes.get(self.at).ok_or_else(|| truncated(Format::Pnm))?;
        self.at += 1;
        match bit {
            b'0' => Ok(false),
            b'1' => Ok(true),
            other => Err(damaged(Format::Pnm, format!("expected 0 or 1 at byte {}, found {other}", self.at - 1))),
        }
    }
}

fn read(bytes: &[u8]) -> Result<Found> {
    let kind = bytes.get(1).map_or(0, |digit| digit.wrapping_sub(b'0'));
    let mut words = Words { bytes, at: 2 };
    let (mut width, mut height, mut channels, mut white) =
        (None, None, if matches!(kind, 3 | 6) { 3 } else { 1 }, None);
    if kind == 7 {
        loop {
            match words.word()? {
                b"WIDTH" => width = Some(words.number()?),
                b"HEIGHT" => height = Some(words.number()?),
                b"DEPTH" => channels = words.number()?,
                b"MAXVAL" => white = Some(words.number()?),
                b"TUPLTYPE" => drop(words.word()?),
                b"ENDHDR" => break,
                other => {
                    let shown = String::from_utf8_lossy(&other[..other.len().min(20)]).into_owned();
                    return Err(damaged(Format::Pnm, format!("an unknown line {shown:?} in its header")));
                }
            }
        }
    } else {
        (width, height) = (Some(words.number()?), Some(words.number()?));
        white = Some(if matches!(kind, 1 | 4) { 1 } else { words.number()? });
    }
    let lacks = |what: &str| damaged(Format::Pnm, format!("no {what} in its header"));
    let white = white.ok_or_else(|| lacks("MAXVAL"))?;
    if !(1..=65535).contains(&white) {
        return Err(damaged(Format::Pnm, format!("white is {white}; expected 1 to 65535")));
    }
    if !(1..=1024).contains(&channels) {
        return Err(damaged(Format::Pnm, format!("{channels} channels; expected 1 to 1024")));
    }
    let side = |side: Option<u32>, what: &str| side.map(|side| side as usize).ok_or_else(|| lacks(what));
    let size = Size::new(side(height, "HEIGHT")?, side(width, "WIDTH")?);
    // One sign of space stands before the pixels.
    let data = if matches!(kind, 1..=3) { words.at } else { words.at + 1 };
    Ok(Found { kind, size, channels: channels as usize, white, data })
}

pub(super) fn header(bytes: &[u8], limits: &Limits) -> Result<Header> {
    checked(&read(bytes)?, bytes.len(), limits)
}

/// What the first bytes of a file of `length` bytes say, and where its pixels begin. None where its header goes on
/// behind them, or its pixels are not bytes as they are.
pub(super) fn rows(head: &[u8], length: u64, limits: &Limits) -> Result<Option<(Header, usize)>> {
    // A number that is cut would be a smaller one, so the header must end within the bytes.
    let Some(found) = read(head).ok().filter(|found| found.data < head.len()) else { return Ok(None) };
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    let header = checked(&found, length, limits)?;
    let is_plain = matches!(found.kind, 5..=7) && found.white == 255;
    Ok(is_plain.then_some((header, found.data)))
}

fn checked(found: &Found, length: usize, limits: &Limits) -> Result<Header> {
    limits.check(found.size, found.channels * found.dtype().bytes(), length)?;
    if (length.saturating_sub(found.data) as u64) < found.least() {
        return Err(truncated(Format::Pnm));
    }
    Ok(Header {
        format: Format::Pnm,
        size: found.size,
        channels: found.channels,
        dtype: found.dtype(),
        orientation: Orientation::Upright,
        indexed: false,
        shrinks: false,
        crops: found.kind >= 4,
    })
}

/// The pixels of a window, as a picture of their own; the whole picture where it is a text.
pub(super) fn decode(bytes: &[u8], window: Window) -> Result<(Raw, Window)> {
    let found = read(bytes)?;
    let data = bytes.get(found.data..).unwrap_or_default();
    if (data.len() as u64) < found.least() {
        return Err(truncated(Format::Pnm));
    }
    let size = window.size();
    match found.kind {
        1..=3 => Ok((text(&found, data)?, window)),
        4 => {
            let stride = found.size.width.div_ceil(8);
            let rows = (window.y0..window.y1).map(|y| &data[y * stride..(y + 1) * stride]);
            let black = |row: &[u8], x: usize| row[x / 8] >> (7 - x % 8) & 1 == 1;
            let mut pixels = Vec::with_capacity(size.pixels());
            rows.for_each(|row| pixels.extend((window.x0..window.x1).map(|x| if black(row, x) { 0 } else { 255 })));
            Ok((Raw { size, model: Model::Grey, pixels: Pixels::U8(pixels) }, Window::of(size)))
        }
        _ => {
            let pixels = found.raster().read(data, window)?;
            Ok((Raw { size, model: model(found.channels), pixels }, Window::of(size)))
        }
    }
}

fn text(found: &Found, data: &[u8]) -> Result<Raw> {
    let count = found.size.pixels() * found.channels;
    let mut words = Words { bytes: data, at: 0 };
    let mut value = |full: u32| -> Result<u32> {
        if found.kind == 1 {
            return Ok(if words.bit()? { 0 } else { full });
        }
        let value = words.number()?;
        if value > found.white {
            return Err(Error::input(format!(
                "a value of {value}, where white is {}; the file is damaged",
                found.white
            )));
        }
        Ok(stretch(value, found.white, full))
    };
    let pixels = match found.dtype() {
        Dtype::U8 => Pixels::U8((0..count).map(|_| value(255).map(|v| v as u8)).collect::<Result<_>>()?),
        _ => Pixels::U16((0..count).map(|_| value(65535).map(|v| v as u16)).collect::<Result<_>>()?),
    };
    Ok(Raw { size: found.size, model: model(found.channels), pixels })
}

#[cfg(test)]
#[path = "pnm_tests.rs"]
mod tests;
