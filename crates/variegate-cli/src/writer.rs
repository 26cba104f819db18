//! Files that appear finished or not at all.
//!
//! `augment` writes through it. A file is made in a hidden folder of OUT and renamed to its place, so an interruption at
//! any moment leaves no half-written file among the outputs; what it leaves in the hidden folder the next run removes.
//! One run at a time: a lock says so. It never touches a file it was not asked for.

use std::fs::{self, File, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use variegate::{Error, Result};

/// The hidden folder; no reader of picture folders looks into one whose name begins with a dot.
const PARTS: &str = ".variegate-part";

/// Writes below one folder.
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
            return Err(
                Error::io("another `variegate augment` is writing here; wait for it or choose another folder").at(out)
            );
        }
        for entry in fs::read_dir(&parts).map_err(refused)?.flatten().filter(|entry| entry.file_name() != "lock") {
            fs::remove_file(entry.path()).map_err(refused)?;
        }
        Ok(Self { out: out.to_path_buf(), parts, count: AtomicU64::new(0), _lock: lock })
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
            Error::io(format!("the file cannot be written: {error}")).at(place)
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

impl Drop for Writer {
    fn drop(&mut self) {
        // A folder that stays is harmless: it is hidden, and the next run uses it.
        let _ = fs::remove_file(self.parts.join("lock")).and_then(|()| fs::remove_dir(&self.parts));
    }
}
