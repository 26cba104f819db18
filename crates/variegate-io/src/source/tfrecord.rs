//! TFRecord files of `tf.train.Example`: where their pictures lie, and their labels.
//!
//! A record is its length (8 bytes), a checksum of that, the message, and a checksum of the message. [`read_tfrecord`]
//! steps from record to record and through each message, over pictures and not into them; [`check_record`] looks at the
//! message's checksum when its picture is read. Of the messages only what is written below is known.
//!
//! ```text
//! Example  { 1: Features }          Features { 1: repeated entry { 1: key, 2: Feature } }
//! Feature  { 1: BytesList | 2: FloatList | 3: Int64List }, each { 1: repeated value }
//! ```

use std::io::{BufReader, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::Path;

use variegate_picture::error::nearest;
use variegate_picture::{Error, Result};

use crate::Blob;
use crate::store::Reader;

use super::packed::{Member, Shard};
use super::table::Fields;

/// The longest key or label that is read.
const LONGEST: u64 = 1 << 16;

/// The checksum of some bytes as records keep it: CRC-32C, turned and moved.
fn masked(bytes: &[u8]) -> u32 {
    crc32c::crc32c(bytes).rotate_right(15).wrapping_add(0xA282_EAD8)
}

/// Checks a message and the checksum behind it.
pub fn check_record(message_and_sum: &[u8]) -> Result<()> {
    let Some((message, sum)) = message_and_sum.split_last_chunk::<4>() else {
        return Err(Error::input("a record without a checksum; fetch the file again"));
    };
    if masked(message) == u32::from_le_bytes(*sum) {
        Ok(())
    } else {
        Err(Error::input("the record's checksum does not fit its bytes; it is damaged. Fetch the file again"))
    }
}

/// Where the pictures of a file of records lie.
///
/// # Errors
///
/// When the file is compressed, damaged or cut short, and when a record lacks a feature: with the record's number, from
/// 0, and the byte it begins at.
pub fn read_tfrecord(_path: &Path, file: &Blob, fields: &Fields) -> Result<Shard> {
    let length = file.size();
    let mut walk = Walk { reader: BufReader::with_capacity(4096, file.reader()), position: 0 };
    walk.go(0)?;
    let mut shard = Shard::default();
    let mut offset = 0;
    while offset < length {
        let number = shard.members.len();
        let told = |error: Error| {
            Error::new(error.kind(), format!("record {number} from byte {offset} on: {}", error.message()))
        };
        let member = record(&mut walk, offset, length, fields).map_err(told)?;
        offset = member.offset + member.length;
        shard.members.push(Member { name: format!("record {number}"), ..member });
    }
    if shard.members.is_empty() {
        return Err(Error::input("the file holds no records; fetch or write it again"));
    }
    Ok(shard)
}

fn record(walk: &mut Walk<'_>, offset: u64, length: u64, fields: &Fields) -> Result<Member> {
    if length - offset < 16 {
        return Err(Error::input(format!(
            "{} bytes are no record; the file was cut short. Fetch it again",
            length - offset
        )));
    }
    walk.go(offset)?;
    let mut head = [0u8; 12];
    walk.read(&mut head)?;
    let (size, sum) = head.split_at(8);
    if masked(size).to_le_bytes() != sum {
        if offset == 0 && head.starts_with(&[0x1F, 0x8B]) {
            return Err(Error::unsupported(
                "the file is compressed by gzip, and its pictures cannot be read in place; decompress it",
            ));
        }
        return Err(Error::input(
            "the checksum does not fit the length: no TFRecord file, or a damaged one. Fetch it again",
        ));
    }
    let size = size.iter().rev().fold(0u64, |size, byte| size << 8 | u64::from(*byte));
    let from = offset + 12;
    let end = from.checked_add(size).filter(|end| end.checked_add(4).is_some_and(|end| end <= length));
    let end = end.ok_or_else(|| {
        Error::input(format!(
            "{size} bytes of message, and the file has only {} more; it was cut short. Fetch it again",
            length - from
        ))
    })?;
    let (image, label) = example(walk, from..end, fields)?;
    Ok(Member {
        name: String::new(),
        offset: from,
        length: size + 4,
        start: image.start - from,
        size: image.end - image.start,
        label,
    })
}

/// Where the picture of a message lies, and its label.
fn example(walk: &mut Walk<'_>, message: Range<u64>, fields: &Fields) -> Result<(Range<u64>, Option<String>)> {
    let (mut image, mut label, mut keys) = (None, None, Vec::new());
    for features in walk.pieces(message, 1)? {
        for entry in walk.pieces(features, 1)? {
            let Some(key) = walk.pieces(entry.clone(), 1)?.pop() else { continue };
            let key = walk.text(key)?;
            let feature = walk.pieces(entry, 2)?.pop();
            if key == fields.image {
                image = feature;
            } else if fields.label.as_ref() == Some(&key) {
                label = feature;
            }
            keys.push(key);
        }
    }
    let image = image.ok_or_else(|| lacking(&fields.image, &keys))?;
    let wrong = |what: &str| Error::input(format!("the feature {:?} {what}", fields.image));
    let list = walk.pieces(image, 1)?.pop();
    let mut values = walk.pieces(list.ok_or_else(|| wrong("holds no bytes; expected an encoded picture"))?, 1)?;
    let image = match (values.pop(), values.len()) {
        (Some(image), 0) => image,
        (_, more) => {
            let count = if more == 0 { 0 } else { more + 1 };
            return Err(wrong(&format!("holds {count} values; expected one encoded picture")));
        }
    };
    let label = match (&fields.label, label) {
        (None, _) => None,
        (Some(wanted), None) => return Err(lacking(wanted, &keys)),
        (Some(wanted), Some(feature)) => walk
            .label(feature)
            .map_err(|error| Error::new(error.kind(), format!("the feature {wanted:?}: {}", error.message())))?,
    };
    Ok((image, label))
}

fn lacking(wanted: &str, keys: &[String]) -> Error {
    let mend = match nearest(wanted, keys.iter().map(String::as_str)) {
        Some(near) => format!("did you mean {near:?}?"),
        None => format!("there are {}", keys.join(", ")),
    };
    Error::input(format!("no feature {wanted:?}; {mend}"))
}

fn unread(error: std::io::Error) -> Error {
    Error::io(format!("the file cannot be read: {error}"))
}

fn broken() -> Error {
    Error::input("the message is no tf.train.Example, or a damaged one")
}

/// A walk through a file that reads what it steps on and no more.
struct Walk<'f> {
    reader: BufReader<Reader<'f>>,
    position: u64,
}

impl Walk<'_> {
    fn go(&mut self, to: u64) -> Result<()> {
        let by = to as i64 - self.position as i64;
        let moved = if self.position == 0 && to == 0 {
            self.reader.seek(SeekFrom::Start(0)).map(|_| ())
        } else {
            self.reader.seek_relative(by)
        };
        moved.map_err(unread)?;
        self.position = to;
        Ok(())
    }

    fn read(&mut self, bytes: &mut [u8]) -> Result<()> {
        self.reader.read_exact(bytes).map_err(unread)?;
        self.position += bytes.len() as u64;
        Ok(())
    }

    fn number(&mut self, end: u64) -> Result<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let mut byte = [0u8];
            if self.position >= end {
                break;
            }
            self.read(&mut byte)?;
            number |= u64::from(byte[0] & 0x7F) << shift;
            if byte[0] < 0x80 {
                return Ok(number);
            }
        }
        Err(broken())
    }

    /// The next field of a message that ends at `end`: its number, its kind, and its bytes.
    fn field(&mut self, end: u64) -> Result<(u64, u64, Range<u64>)> {
        let tag = self.number(end)?;
        let from = self.position;
        let (from, length) = match tag & 7 {
            0 => {
                self.number(end)?;
                (from, self.position - from)
            }
            1 => (from, 8),
            2 => {
                let length = self.number(end)?;
                (self.position, length)
            }
            5 => (from, 4),
            _ => return Err(broken()),
        };
        let to = from.checked_add(length).filter(|to| *to <= end).ok_or_else(broken)?;
        Ok((tag >> 3, tag & 7, from..to))
    }

    /// Where the pieces with a number lie in a message.
    fn pieces(&mut self, message: Range<u64>, wanted: u64) -> Result<Vec<Range<u64>>> {
        let mut found = Vec::new();
        let mut from = message.start;
        while from < message.end {
            self.go(from)?;
            let (number, kind, bytes) = self.field(message.end)?;
            from = bytes.end;
            if number == wanted && kind == 2 {
                found.push(bytes);
            }
        }
        Ok(found)
    }

    fn text(&mut self, bytes: Range<u64>) -> Result<String> {
        let length = bytes.end - bytes.start;
        if length > LONGEST {
            return Err(Error::limit(format!("{length} bytes for a name, more than {LONGEST}")));
        }
        self.go(bytes.start)?;
        let mut text = vec![0; length as usize];
        self.read(&mut text)?;
        String::from_utf8(text).map_err(|_| Error::input("expected a text, found bytes that are not UTF-8"))
    }

    /// The one value of a feature of texts or whole numbers; none where it has no value.
    fn label(&mut self, feature: Range<u64>) -> Result<Option<String>> {
        let one = |values: usize| match values {
            0 | 1 => Ok(()),
            _ => Err(Error::input(format!("{values} values; expected one label"))),
        };
        if let Some(list) = self.pieces(feature.clone(), 1)?.pop() {
            let mut values = self.pieces(list, 1)?;
            one(values.len())?;
            let text = values.pop().map(|value| self.text(value)).transpose()?;
            return Ok(text.filter(|text| !text.is_empty()));
        }
        if let Some(list) = self.pieces(feature.clone(), 3)?.pop() {
            let values = self.numbers(list)?;
            one(values.len())?;
            return match values.first() {
                Some(value) if *value > i64::MAX as u64 => {
                    Err(Error::input(format!("the label {}; expected a whole number from 0", *value as i64)))
                }
                value => Ok(value.map(u64::to_string)),
            };
        }
        if !self.pieces(feature, 2)?.is_empty() {
            return Err(Error::input("floats; expected a text or a whole number for a label"));
        }
        Ok(None)
    }

    /// Values of a list of whole numbers, packed or one by one; no more than are needed to see that there are several.
    fn numbers(&mut self, list: Range<u64>) -> Result<Vec<u64>> {
        let mut values = Vec::new();
        let mut from = list.start;
        while from < list.end && values.len() < 1000 {
            self.go(from)?;
            let (number, kind, bytes) = self.field(list.end)?;
            from = bytes.end;
            if number != 1 {
                continue;
            }
            self.go(bytes.start)?;
            while self.position < bytes.end && matches!(kind, 0 | 2) && values.len() < 1000 {
                values.push(self.number(bytes.end)?);
            }
        }
        Ok(values)
    }
}

#[cfg(test)]
#[path = "tfrecord_tests.rs"]
mod tests;
