//! Tar archives of pictures, as WebDataset lays them out: members of one name belong together, and their endings tell
//! what they are.
//!
//! [`read_tar`] walks the headers of an archive and says where the pictures lie; the loader reads them in place. Nothing
//! is unpacked, so that no name in an archive can reach a file.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};

use tar::{Archive, Entry, EntryType};
use variegate_picture::error::nearest;
use variegate_picture::{Error, Result};

use super::folder::EXTENSIONS;
use crate::{Blob, Storage};

use super::packed::{Keep, Member, Shard, index};

/// The longest member that is read for a label.
const LONGEST: u64 = 1 << 20;

/// Which members make a sample.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TarFields {
    /// The ending of the picture, as `jpg` or `left.png`; the only picture there is unless given.
    pub image: Option<String>,
    /// The ending of the label, as `cls`; or of a JSON object and its key, as `json.label`.
    pub label: Option<String>,
}

/// What has been found of a sample so far.
#[derive(Default)]
struct Sample {
    key: Vec<u8>,
    image: Option<Member>,
    endings: Vec<String>,
    label: Option<String>,
}

/// Where the pictures of archives lie: as indices kept before say, and by [`read_tar`] where they are not true.
///
/// # Errors
///
/// Those of [`index`] and [`read_tar`].
pub fn index_tar(paths: &[PathBuf], storage: &Storage, keep: &Keep, fields: &TarFields) -> Result<Vec<Shard>> {
    index(paths, storage, keep, &format!("{fields:?}"), &|path, file| read_tar(path, file, fields))
}

/// Where the pictures of an archive lie.
///
/// # Errors
///
/// When the archive is compressed, damaged or cut short, when a sample has several pictures and none was chosen, and
/// when a label cannot be read: with the member.
pub fn read_tar(_path: &Path, file: &Blob, fields: &TarFields) -> Result<Shard> {
    let length = file.size();
    refuse_compressed(file)?;
    let mut archive = Archive::new(file.reader());
    let (mut shard, mut sample, mut end) = (Shard::default(), Sample::default(), 0u64);
    let mut lacking = BTreeSet::new();
    for entry in archive.entries_with_seek().map_err(unread)? {
        let mut entry = entry.map_err(|error| {
            Error::input(format!(
                "the archive is damaged or cut short behind byte {end} ({error}); fetch or pack it again"
            ))
        })?;
        let name = entry.path_bytes().into_owned();
        let (offset, size) = (entry.raw_file_position(), entry.size());
        let shown = String::from_utf8_lossy(&name).into_owned();
        match offset.checked_add(size).filter(|end| *end <= length) {
            Some(behind) => end = behind,
            None => {
                return Err(Error::input(format!(
                    "the archive ends within its member {shown}: {size} bytes from byte {offset} on, and the file has {length}; fetch or pack it again"
                )));
            }
        }
        let Some((key, ending)) = split(&name) else { continue };
        match entry.header().entry_type() {
            EntryType::Regular | EntryType::Continuous => {}
            EntryType::Directory => continue,
            other => {
                shard.problems.push(format!("{shown}: a member of type {other:?} is left aside; pack plain files"));
                continue;
            }
        }
        if key != sample.key {
            flush(std::mem::take(&mut sample), &mut shard, &mut lacking);
            sample.key = key.to_vec();
        }
        let told = |error: Error| Error::new(error.kind(), format!("member {shown}: {}", error.message()));
        if is_image(&ending, fields.image.as_deref()) {
            if sample.image.is_some() {
                return Err(told(several(&sample.endings, &ending, fields.image.is_some())));
            }
            let name = shown.trim_start_matches('/').to_string();
            sample.image = Some(Member { name, offset, length: size, start: 0, size, label: None });
        } else if let Some(keys) = fields.label.as_ref().and_then(|label| label_of(&ending, label)) {
            sample.label = label(&mut entry, keys).map_err(told)?;
        }
        sample.endings.push(ending);
    }
    flush(sample, &mut shard, &mut lacking);
    if end == 0 && length < 1024 {
        return Err(Error::input(format!("{length} bytes are no tar archive; fetch or pack it again")));
    }
    if end.next_multiple_of(512) >= length {
        shard.problems.push("the archive has no end mark; it may have been cut short between members".into());
    }
    if shard.members.is_empty() {
        return Err(empty(fields, &lacking));
    }
    Ok(shard)
}

fn unread(error: std::io::Error) -> Error {
    Error::io(format!("the archive cannot be read: {error}"))
}

fn refuse_compressed(file: &Blob) -> Result<()> {
    let mut first = [0u8; 6];
    let read = file.reader().read(&mut first).map_err(unread)?;
    let magics: [&[u8]; 4] = [&[0x1F, 0x8B], b"BZh", &[0x28, 0xB5, 0x2F, 0xFD], &[0xFD, b'7', b'z', b'X', b'Z']];
    if magics.iter().any(|magic| first[..read].starts_with(magic)) {
        return Err(Error::unsupported(
            "the archive is compressed, and its pictures cannot be read in place; unpack it to a plain tar (pictures are \
             compressed already)",
        ));
    }
    Ok(())
}

/// The name up to the first dot of its last part, and the ending behind it in lower case; none of what is hidden.
fn split(name: &[u8]) -> Option<(&[u8], String)> {
    let last = name.iter().rposition(|byte| *byte == b'/').map_or(0, |slash| slash + 1);
    let dot = name[last..].iter().position(|byte| *byte == b'.').map_or(name.len(), |dot| last + dot);
    if dot == last {
        return None;
    }
    let ending = name.get(dot + 1..).unwrap_or_default();
    Some((&name[..dot], String::from_utf8_lossy(ending).to_ascii_lowercase()))
}

fn is_image(ending: &str, wanted: Option<&str>) -> bool {
    match wanted {
        Some(wanted) => wanted.split(';').any(|one| one.eq_ignore_ascii_case(ending)),
        None => EXTENSIONS.contains(&ending.rsplit('.').next().unwrap_or_default()),
    }
}

/// The keys below a member that holds the label; none for another member.
fn label_of<'l>(ending: &str, label: &'l str) -> Option<&'l str> {
    if ending.eq_ignore_ascii_case(label) {
        return Some("");
    }
    let (member, keys) = label.split_at_checked(ending.len())?;
    if !ending.ends_with("json") || !member.eq_ignore_ascii_case(ending) {
        return None;
    }
    keys.strip_prefix('.')
}

fn label(entry: &mut Entry<'_, impl Read>, keys: &str) -> Result<Option<String>> {
    if entry.size() > LONGEST {
        return Err(Error::limit(format!("{} bytes for a label, more than {LONGEST}", entry.size())));
    }
    let mut text = String::new();
    entry.read_to_string(&mut text).map_err(|error| Error::input(format!("the label is no text: {error}")))?;
    if keys.is_empty() {
        let text = text.trim();
        return Ok((!text.is_empty()).then(|| text.to_string()));
    }
    let mut value: serde_json::Value = serde_json::from_str(&text)
        .map_err(|error| Error::input(format!("line {}, column {}: no JSON: {error}", error.line(), error.column())))?;
    for key in keys.split('.') {
        let known: Vec<String> = value.as_object().map_or_else(Vec::new, |object| object.keys().cloned().collect());
        value = value.get_mut(key).map(serde_json::Value::take).ok_or_else(|| {
            let mend = match nearest(key, known.iter().map(String::as_str)) {
                Some(near) => format!("did you mean {near:?}?"),
                None => format!("there are {}", known.join(", ")),
            };
            Error::input(format!("no key {key:?}; {mend}"))
        })?;
    }
    match value {
        serde_json::Value::String(text) => Ok((!text.is_empty()).then_some(text)),
        serde_json::Value::Number(number) if number.is_u64() => Ok(Some(number.to_string())),
        serde_json::Value::Null => Ok(None),
        other => Err(Error::input(format!("expected a text or a whole number from 0 for a label, found {other}"))),
    }
}

fn several(endings: &[String], ending: &str, chosen: bool) -> Error {
    let all = endings.iter().map(String::as_str).chain([ending]).collect::<Vec<_>>().join(", ");
    let mend = if chosen { "pack samples one after another" } else { "choose one by image=" };
    Error::input(format!("a second picture of one name, among the endings {all}; {mend}"))
}

/// Puts a sample to the others; one without a picture is left aside.
fn flush(sample: Sample, shard: &mut Shard, lacking: &mut BTreeSet<String>) {
    match sample.image {
        Some(image) => shard.members.push(Member { label: sample.label, ..image }),
        None if sample.endings.is_empty() => {}
        None => {
            if lacking.is_empty() {
                let key = String::from_utf8_lossy(&sample.key);
                shard.problems.push(format!("{key}: a sample without a picture is left aside, and others like it"));
            }
            lacking.extend(sample.endings);
        }
    }
}

fn empty(fields: &TarFields, lacking: &BTreeSet<String>) -> Error {
    let found = match lacking.len() {
        0 => "no members".to_string(),
        _ => format!("members with the endings {}", lacking.iter().take(12).cloned().collect::<Vec<_>>().join(", ")),
    };
    let wanted = fields.image.clone().unwrap_or_else(|| EXTENSIONS.join(", "));
    Error::input(format!("the archive holds {found}; expected pictures with the ending {wanted}"))
}

#[cfg(test)]
#[path = "tar_tests.rs"]
mod tests;
