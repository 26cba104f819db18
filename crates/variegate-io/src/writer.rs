//! Files that appear finished or not at all.
//!
//! Offline jobs write through it. A file is made in a hidden folder of OUT and renamed to its place, so an interruption
//! at any moment leaves no half-written file among the outputs; what it leaves in the hidden folder the next run removes.
//! One run at a time: a lock says so. It never touches a file it was not asked for.

use std::fs::{self, File, TryLockError};
use std::io::{BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use variegate_picture::{Error, Result};

/// The hidden folder; no reader of picture folders looks into one whose name begins with a dot.
const PARTS: &str = ".variegate-part";

/// Writes below one folder.
#[derive(Debug)]
pub struct Writer {
    out: PathBuf,
    parts: PathBuf,
    count: AtomicU64,
    _lock: File,
}

impl Writer {
    /// Makes the folder, takes its lock, and removes what an interrupted run left.
    pub fn open(out: &Path) -> Result<Self> {
        let parts = out.join(PARTS);
        let refused = |error: std::io::Error| Error::io(format!("the output folder cannot be made: {error}")).at(out);
        fs::create_dir_all(&parts).map_err(refused)?;
        let lock = File::create(parts.join("lock")).map_err(refused)?;
        // A file system without locks is no reason to refuse the work.
        if let Err(TryLockError::WouldBlock) = lock.try_lock() {
            return Err(Error::io("another `variegate` is writing here; wait for it or choose another folder").at(out));
        }
        for entry in fs::read_dir(&parts).map_err(refused)?.flatten().filter(|entry| entry.file_name() != "lock") {
            fs::remove_file(entry.path()).map_err(refused)?;
        }
        Ok(Self { out: out.to_path_buf(), parts, count: AtomicU64::new(0), _lock: lock })
    }

    /// Begins a long file below the folder; it appears there when it is published.
    pub fn begin(&self, relative: &Path) -> Result<Part<'_>> {
        let path = self.parts.join(self.count.fetch_add(1, Ordering::Relaxed).to_string());
        let place = self.out.join(relative);
        match File::create(&path) {
            Ok(file) => Ok(Part { out: BufWriter::with_capacity(1 << 20, file), path, place, writer: self }),
            Err(error) => Err(unwritten(&error).at(place)),
        }
    }

    /// Writes a file below the folder down to the disk: it is there whole also after the machine goes down.
    pub fn write_durably(&self, relative: &Path, bytes: &[u8]) -> Result<()> {
        let mut part = self.begin(relative)?;
        part.out.write_all(bytes).map_err(|error| unwritten(&error).at(&part.place))?;
        part.publish()
    }

    /// Writes a file below the folder.
    pub fn write(&self, relative: &Path, bytes: &[u8]) -> Result<()> {
        let part = self.parts.join(self.count.fetch_add(1, Ordering::Relaxed).to_string());
        let place = self.out.join(relative);
        let written = fs::write(&part, bytes).and_then(|()| match fs::rename(&part, &place) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                fs::create_dir_all(place.parent().unwrap_or(&self.out))?;
                fs::rename(&part, &place)
            }
            done => done,
        });
        written.map_err(|error| {
            // The first error is the one to tell; the next run cleans up what stays.
            let _ = fs::remove_file(&part);
            unwritten(&error).at(place)
        })
    }

    /// Whether a finished file stands there. Nothing written here is empty; an empty file is one that the machine lost.
    pub fn has(&self, relative: &Path) -> bool {
        fs::metadata(self.out.join(relative)).is_ok_and(|metadata| metadata.is_file() && metadata.len() > 0)
    }

    /// Removes a file, if it is there.
    pub fn remove(&self, relative: &Path) -> Result<()> {
        let place = self.out.join(relative);
        match fs::remove_file(&place) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(Error::io(format!("the old file cannot be removed: {error}")).at(place))
            }
            _ => Ok(()),
        }
    }
}

/// A file that is being written and nobody sees yet. One that is not published leaves nothing.
#[derive(Debug)]
pub struct Part<'w> {
    out: BufWriter<File>,
    path: PathBuf,
    place: PathBuf,
    writer: &'w Writer,
}

impl Part<'_> {
    /// Brings the file down to the disk and puts it in its place.
    pub fn publish(mut self) -> Result<()> {
        let done = self.out.flush().and_then(|()| self.out.get_ref().sync_all());
        let done = done.and_then(|()| fs::rename(&self.path, &self.place)).and_then(|()| sync(&self.writer.out));
        done.map_err(|error| unwritten(&error).at(&self.place))
    }
}

impl Write for Part<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.out.flush()
    }
}

impl Drop for Part<'_> {
    fn drop(&mut self) {
        // A published file is there no more, and one that stays the next run removes.
        let _ = fs::remove_file(&self.path);
    }
}

/// Brings the names of a folder down to the disk, where the system has such a thing.
fn sync(folder: &Path) -> std::io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

fn unwritten(error: &std::io::Error) -> Error {
    Error::io(format!("the file cannot be written: {error}"))
}

impl Drop for Writer {
    fn drop(&mut self) {
        // A folder that stays is harmless: it is hidden, and the next run uses it.
        let _ = fs::remove_file(self.parts.join("lock")).and_then(|()| fs::remove_dir(&self.parts));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_appears_when_it_is_published_and_never_otherwise() {
        let out = std::env::temp_dir().join(format!("variegate-io-writer-{}", std::process::id()));
        let _ = fs::remove_dir_all(&out);
        let writer = Writer::open(&out).expect("opens");
        assert!(Writer::open(&out).expect_err("one at a time").message().contains("is writing here"));
        let mut part = writer.begin(Path::new("a")).expect("begins");
        part.write_all(b"whole").expect("writes");
        assert!(!writer.has(Path::new("a")));
        part.publish().expect("publishes");
        assert_eq!(fs::read(out.join("a")).expect("reads"), b"whole");
        let mut left = writer.begin(Path::new("b")).expect("begins");
        left.write_all(b"half").expect("writes");
        drop(left);
        writer.write_durably(Path::new("c"), b"short").expect("writes");
        drop(writer);
        let mut names: Vec<_> = fs::read_dir(&out).expect("lists").map(|e| e.expect("an entry").file_name()).collect();
        names.sort();
        assert_eq!(names, ["a", "c"]);
        fs::remove_dir_all(&out).expect("cleans up");
    }
}
