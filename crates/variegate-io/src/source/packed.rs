//! Pictures that lie in a larger file: where, what they are called, and their labels.
//!
//! The readers of archives and record files make a [`Shard`] of each file, once; [`index`] keeps it beside the file or
//! in a folder, for the next time. Pictures are then read in place, by offset. Nothing is ever unpacked, and what is
//! kept is believed only while the file's size and time are what they were.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;
use variegate_picture::key::name;
use variegate_picture::{Error, Result};

use crate::{Blob, Storage, is_remote};

/// Version of what is kept.
const VERSION: u64 = 1;

/// A picture within a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// What it is called there.
    pub name: String,
    /// Where the piece that holds it begins.
    pub offset: u64,
    /// How long that piece is.
    pub length: u64,
    /// Where in the piece the picture begins; behind its end where the piece is the picture.
    pub start: u64,
    /// How long the picture is.
    pub size: u64,
    /// Its label as it is written.
    pub label: Option<String>,
}

/// What a file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shard {
    /// The pictures, in the order of the file.
    pub members: Vec<Member>,
    /// What was met and left aside.
    pub problems: Vec<String>,
}

/// Where indices are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Keep {
    /// Beside each file; nowhere where its folder cannot be written to, or is in a store.
    #[default]
    Beside,
    /// In a folder, which is made where it is missing.
    In(PathBuf),
    /// Nowhere.
    Nowhere,
}

/// The shards of files: kept ones where they are still true, others read by `read`, several at a time, and kept.
/// `what` stands for how they are read: an index made in another way is not believed.
///
/// # Errors
///
/// The first error of `read`, in the order of the files; and when a folder for indices cannot be written to.
pub fn index(
    paths: &[PathBuf],
    storage: &Storage,
    keep: &Keep,
    what: &str,
    read: &(dyn Fn(&Path, &Blob) -> Result<Shard> + Sync),
) -> Result<Vec<Shard>> {
    if let Keep::In(folder) = keep {
        std::fs::create_dir_all(folder)
            .map_err(|error| Error::io(format!("the folder for indices cannot be made: {error}")).at(folder))?;
    }
    let next = AtomicUsize::new(0);
    let made: Mutex<Vec<Option<Result<Shard>>>> = Mutex::new(vec![None; paths.len()]);
    let work = || {
        loop {
            let k = next.fetch_add(1, Ordering::Relaxed);
            let Some(path) = paths.get(k) else { return };
            let shard = one(path, storage, keep, what, read).map_err(|error| error.at(path));
            if let Some(place) = made.lock().unwrap_or_else(std::sync::PoisonError::into_inner).get_mut(k) {
                *place = Some(shard);
            }
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get).min(paths.len());
    std::thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(work))));
    let made = made.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    made.into_iter().map(|shard| shard.unwrap_or_else(|| Err(Error::internal("a file was not indexed")))).collect()
}

fn one(
    path: &Path,
    storage: &Storage,
    keep: &Keep,
    what: &str,
    read: &(dyn Fn(&Path, &Blob) -> Result<Shard> + Sync),
) -> Result<Shard> {
    let blob = Blob::open(path, storage)?;
    let (kept, head) = (place(path, keep, what), head(&blob, what));
    if let Some(shard) = kept.as_ref().and_then(|kept| load(kept, &head, blob.size())) {
        return Ok(shard);
    }
    let shard = read(path, &blob)?;
    if let Some(kept) = kept {
        let stored = store(&kept, &head, &shard);
        if let (Err(error), Keep::In(_)) = (stored, keep) {
            return Err(Error::io(format!("the index cannot be kept in {}: {error}", kept.display())));
        }
    }
    Ok(shard)
}

/// Where the index of a file is kept.
fn place(path: &Path, keep: &Keep, what: &str) -> Option<PathBuf> {
    let file = path.file_name()?.to_string_lossy();
    let sign = name(what) as u32;
    match keep {
        Keep::Beside if is_remote(path) => None,
        Keep::Beside => Some(path.with_file_name(format!(".{file}.{sign:08x}.index"))),
        Keep::In(folder) => {
            let whole = if is_remote(path) { path.to_path_buf() } else { std::path::absolute(path).ok()? };
            Some(folder.join(format!("{file}.{:016x}.{sign:08x}.index", name(&whole.to_string_lossy()))))
        }
        Keep::Nowhere => None,
    }
}

/// The first line: of which file, and how it was read.
fn head(blob: &Blob, what: &str) -> String {
    json!({"variegate_index": VERSION, "size": blob.size(), "changed": blob.changed(), "what": what}).to_string()
}

type Line = (u64, u64, u64, u64, Option<String>, String);

fn load(kept: &Path, head: &str, size: u64) -> Option<Shard> {
    let mut lines = BufReader::new(File::open(kept).ok()?).lines();
    if lines.next()?.ok()? != head {
        return None;
    }
    let problems: Vec<String> = serde_json::from_str(&lines.next()?.ok()?).ok()?;
    let mut members = Vec::new();
    for line in lines {
        let line = line.ok()?;
        if line == "end" {
            return Some(Shard { members, problems });
        }
        let (offset, length, start, picture, label, name): Line = serde_json::from_str(&line).ok()?;
        let inside = |from: u64, length: u64, whole: u64| from.checked_add(length).is_some_and(|end| end <= whole);
        if !inside(offset, length, size) || !inside(start, picture, length) {
            return None;
        }
        members.push(Member { name, offset, length, start, size: picture, label });
    }
    None
}

/// Writes an index beside its place and moves it there, so that it is there whole or not at all.
fn store(kept: &Path, head: &str, shard: &Shard) -> std::io::Result<()> {
    let beside = kept.with_extension(format!("{}.part", std::process::id()));
    let write = || -> std::io::Result<()> {
        let mut out = BufWriter::new(File::create(&beside)?);
        writeln!(out, "{head}\n{}", json!(shard.problems))?;
        for member in &shard.members {
            let Member { name, offset, length, start, size, label } = member;
            writeln!(out, "{}", json!([offset, length, start, size, label, name]))?;
        }
        writeln!(out, "end")?;
        out.flush()
    };
    let written = write().and_then(|()| std::fs::rename(&beside, kept));
    if written.is_err() {
        // What is half written would only lie about.
        let _ = std::fs::remove_file(&beside);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Folder(PathBuf);

    impl Folder {
        fn new(test: &str) -> Self {
            let path = std::env::temp_dir().join(format!("variegate-packed-{test}-{}", std::process::id()));
            let _ = std::fs::remove_dir_all(&path);
            std::fs::create_dir_all(&path).expect("a folder");
            Self(path)
        }

        fn files(&self, count: usize) -> Vec<PathBuf> {
            let paths: Vec<PathBuf> = (0..count).map(|k| self.0.join(format!("{k}.tar"))).collect();
            paths.iter().enumerate().for_each(|(k, path)| std::fs::write(path, vec![0; 100 + k]).expect("writes"));
            paths
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    /// A shard that tells which file it is of; counts how often one is made.
    fn counting<'c>(count: &'c AtomicUsize) -> impl Fn(&Path, &Blob) -> Result<Shard> + Sync + 'c {
        move |path, file| {
            count.fetch_add(1, Ordering::Relaxed);
            let size = file.size();
            let name = format!("{}\n\"é", path.display());
            let label = Some("bee".to_string());
            let member = Member { name, offset: 2, length: size - 2, start: 3, size: 5, label };
            Ok(Shard { members: vec![member.clone(), Member { label: None, ..member }], problems: vec!["odd".into()] })
        }
    }

    #[test]
    fn an_index_is_kept_until_the_file_changes() {
        let folder = Folder::new("kept");
        let paths = folder.files(5);
        for keep in [Keep::Beside, Keep::In(folder.0.join("cache"))] {
            let count = AtomicUsize::new(0);
            let first = index(&paths, &Storage::default(), &keep, "a", &counting(&count)).expect("indexes");
            assert_eq!((first.len(), count.load(Ordering::Relaxed)), (5, 5));
            assert_eq!(index(&paths, &Storage::default(), &keep, "a", &counting(&count)).expect("indexes"), first);
            assert_eq!(count.load(Ordering::Relaxed), 5);
            // Read in another way, the two do not push each other out.
            index(&paths, &Storage::default(), &keep, "b", &counting(&count)).expect("indexes");
            index(&paths, &Storage::default(), &keep, "a", &counting(&count)).expect("indexes");
            assert_eq!(count.load(Ordering::Relaxed), 10);
            std::fs::write(&paths[2], vec![0; 300]).expect("writes");
            let again = index(&paths, &Storage::default(), &keep, "a", &counting(&count)).expect("indexes");
            assert_eq!((again[2].members[0].length, count.load(Ordering::Relaxed)), (298, 11));
            std::fs::write(&paths[2], vec![0; 102]).expect("writes");
        }
    }

    #[test]
    fn a_damaged_index_is_made_anew() {
        let folder = Folder::new("damaged");
        let paths = folder.files(1);
        let count = AtomicUsize::new(0);
        let first = index(&paths, &Storage::default(), &Keep::Beside, "a", &counting(&count)).expect("indexes");
        let kept = place(&paths[0], &Keep::Beside, "a").expect("a place");
        let text = std::fs::read_to_string(&kept).expect("kept");
        let cases = [
            text.trim_end_matches("end\n").to_string(),
            text.replace("[2,98,", "[2,99,"),
            text.replace("[2,98,3,5", "[2,98,3,96"),
            text.replace("[2,98,", &format!("[{},98,", u64::MAX)),
            String::new(),
        ];
        for (k, damaged) in cases.iter().enumerate() {
            assert_ne!(damaged, &text, "case {k}");
            std::fs::write(&kept, damaged).expect("writes");
            assert_eq!(
                index(&paths, &Storage::default(), &Keep::Beside, "a", &counting(&count)).expect("indexes"),
                first
            );
            assert_eq!(count.load(Ordering::Relaxed), k + 2);
        }
    }

    #[test]
    fn errors_name_their_file() {
        let folder = Folder::new("errors");
        let mut paths = folder.files(2);
        paths.push(folder.0.join("none.tar"));
        let error = index(&paths, &Storage::default(), &Keep::Nowhere, "a", &counting(&AtomicUsize::new(0)))
            .expect_err("missing");
        assert_eq!(error.path(), paths.last().map(PathBuf::as_path));
        assert_eq!(std::fs::read_dir(&folder.0).expect("lists").count(), 2, "nothing is kept");
    }
}
