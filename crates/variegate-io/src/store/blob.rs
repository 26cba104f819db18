//! Bytes that lie somewhere: an open file, or an object of a store.
//!
//! Lists, archives and files of records are read through it. It checks that it has bytes before anyone asks for them,
//! and never follows an object that was written anew: its parts would not fit together.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use variegate_picture::{Error, Result};

use super::{Object, Storage, Store, is_remote};
use crate::Limits;
use crate::file::read_at;

/// How much of an object one step of a [`Reader`] fetches: headers of neighbours come together, and pictures that are
/// stepped over mostly do not.
const STEP: u64 = 128 << 10;

/// Bytes that lie somewhere.
#[derive(Debug)]
pub struct Blob {
    path: PathBuf,
    held: Held,
    size: u64,
    changed: String,
}

#[derive(Debug)]
enum Held {
    File(File),
    Object(Arc<dyn Store>, Object),
}

impl Blob {
    /// Opens a file or finds an object. Errors name the path.
    pub fn open(path: &Path, storage: &Storage) -> Result<Self> {
        Self::opened(path, storage).map_err(|error| error.at(path))
    }

    fn opened(path: &Path, storage: &Storage) -> Result<Self> {
        if is_remote(path) {
            let (store, name) = storage.open(path)?;
            let object = store.find(&name)?;
            let (size, changed) = (object.size, object.tag.clone());
            return Ok(Self { path: path.into(), held: Held::Object(store, object), size, changed });
        }
        let unread = |error| Error::io(format!("the file cannot be opened: {error}"));
        let metadata = std::fs::metadata(path).map_err(unread)?;
        if !metadata.is_file() {
            return Err(Error::io("this is no regular file; name a file"));
        }
        let file = File::open(path).map_err(unread)?;
        let changed = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        let changed = changed.map_or_else(String::new, |time| time.as_nanos().to_string());
        Ok(Self { path: path.into(), held: Held::File(file), size: metadata.len(), changed })
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How many bytes there are.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// What changes when it is written anew.
    pub fn changed(&self) -> &str {
        &self.changed
    }

    /// The file, where it is one.
    pub fn file(&self) -> Option<&File> {
        match &self.held {
            Held::File(file) => Some(file),
            Held::Object(..) => None,
        }
    }

    /// Fills memory from it, wherever others read of it at the same time.
    pub fn read_at(&self, bytes: &mut [u8], offset: u64) -> Result<()> {
        match &self.held {
            Held::File(file) => read_at(file, bytes, offset),
            Held::Object(store, object) => {
                let end = offset.saturating_add(bytes.len() as u64);
                if end > object.size {
                    return Err(Error::io(format!("the object ends before byte {end}; it has {} bytes", object.size)));
                }
                let read = store.read(object, offset..end)?;
                if read.len() != bytes.len() {
                    return Err(Error::internal("a store gave another number of bytes"));
                }
                bytes.copy_from_slice(&read);
                Ok(())
            }
        }
    }

    /// Begins to read a part that will be asked for soon.
    pub fn expect(&self, offset: u64, length: u64) {
        if let Held::Object(store, object) = &self.held {
            store.expect(object, offset..offset.saturating_add(length).min(object.size));
        }
    }

    /// All bytes, no more than the limits allow.
    pub fn whole(&self, limits: &Limits) -> Result<Vec<u8>> {
        limits.check_bytes(self.size)?;
        let room = usize::try_from(self.size).map_err(|_| Error::limit("more bytes than memory has addresses"))?;
        let mut bytes = vec![0; room];
        self.read_at(&mut bytes, 0)?;
        Ok(bytes)
    }

    /// Reads it from its beginning.
    pub fn reader(&self) -> Reader<'_> {
        Reader { blob: self, position: 0, step: Vec::new(), from: 0 }
    }
}

/// Reads a [`Blob`] from where it stands.
#[derive(Debug)]
pub struct Reader<'b> {
    blob: &'b Blob,
    position: u64,
    /// Bytes of an object that were fetched together, and where they begin.
    step: Vec<u8>,
    from: u64,
}

impl Read for Reader<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let left = self.blob.size.saturating_sub(self.position);
        let count = left.min(out.len() as u64) as usize;
        if count == 0 {
            return Ok(0);
        }
        if self.blob.file().is_some() {
            self.blob.read_at(&mut out[..count], self.position).map_err(io::Error::other)?;
            self.position += count as u64;
            return Ok(count);
        }
        if self.position < self.from || self.position >= self.from + self.step.len() as u64 {
            self.step.resize(left.min(STEP) as usize, 0);
            self.from = self.position;
            if let Err(error) = self.blob.read_at(&mut self.step, self.position) {
                self.step.clear();
                return Err(io::Error::other(error));
            }
        }
        let held = &self.step[(self.position - self.from) as usize..];
        let count = count.min(held.len());
        out[..count].copy_from_slice(&held[..count]);
        self.position += count as u64;
        Ok(count)
    }
}

impl Seek for Reader<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let found = match to {
            SeekFrom::Start(offset) => Some(offset),
            SeekFrom::End(offset) => self.blob.size.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
        };
        self.position = found.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_from_anywhere() {
        let path = std::env::temp_dir().join(format!("variegate-blob-{}", std::process::id()));
        std::fs::write(&path, (0..100).collect::<Vec<u8>>()).expect("writes");
        let blob = Blob::open(&path, &Storage::default()).expect("opens");
        assert_eq!((blob.size(), blob.whole(&Limits::default()).expect("reads").len()), (100, 100));
        let mut reader = blob.reader();
        let mut two = [0; 2];
        reader.seek(SeekFrom::End(-3)).expect("seeks");
        reader.read_exact(&mut two).expect("reads");
        assert_eq!(two, [97, 98]);
        assert!(reader.read_exact(&mut two).is_err() && reader.seek(SeekFrom::Current(-1000)).is_err());
        assert!(blob.whole(&Limits { max_bytes: 99, ..Limits::default() }).is_err());
        let missing = Blob::open(&path.join("x"), &Storage::default()).expect_err("missing");
        assert!(missing.path().is_some());
        std::fs::remove_file(&path).expect("cleans up");
    }
}
