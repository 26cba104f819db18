//! Reading a whole file into memory.
//!
//! The loader calls it, with a buffer that each worker keeps. It checks the size before it allocates and never reads
//! from anything but a regular file, so a pipe among the pictures cannot stall a worker.

use std::fs::{File, Metadata};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use variegate_picture::{Error, Result};

use crate::{Blob, Limits};

/// The bytes of a file, no more than the limits allow. Errors name the path.
pub fn read_file(path: impl AsRef<Path>, limits: &Limits) -> Result<Vec<u8>> {
    let mut buffer = FileBuffer::default();
    buffer.read(path, limits)?;
    buffer.bytes.truncate(buffer.len);
    Ok(buffer.bytes)
}

/// Memory for one file after another.
#[derive(Debug, Default)]
pub struct FileBuffer {
    /// As long as the longest file so far, so that nothing is cleared between files.
    bytes: Vec<u8>,
    len: usize,
    path: PathBuf,
}

impl FileBuffer {
    /// Reads a file, no more than the limits allow. Errors name the path.
    pub fn read(&mut self, path: impl AsRef<Path>, limits: &Limits) -> Result<&[u8]> {
        let path = path.as_ref();
        self.fill(path, limits).map_err(|error| error.at(path))?;
        Ok(&self.bytes[..self.len])
    }

    /// Reads a file of a folder, by its name in it.
    pub fn read_in(&mut self, folder: &Path, name: &Path, limits: &Limits) -> Result<&[u8]> {
        let mut path = std::mem::take(&mut self.path);
        path.clear();
        path.push(folder);
        path.push(name);
        let done = self.fill(&path, limits).map_err(|error| error.at(&path));
        self.path = path;
        done.map(|()| &self.bytes[..self.len])
    }

    /// Reads a part of what is open, wherever others read of it at the same time.
    pub fn read_part(&mut self, blob: &Blob, offset: u64, length: u64, limits: &Limits) -> Result<&[u8]> {
        self.len = 0;
        limits.check_bytes(length)?;
        let room = usize::try_from(length).map_err(|_| Error::limit(format!("{length} bytes at once are too many")))?;
        if self.bytes.len() < room {
            self.bytes.resize(room, 0);
        }
        blob.read_at(&mut self.bytes[..room], offset)?;
        self.len = room;
        Ok(&self.bytes[..room])
    }

    /// Memory of `length` bytes for what `write` puts there.
    pub fn write(&mut self, length: usize, write: impl FnOnce(&mut [u8]) -> Result<()>) -> Result<&[u8]> {
        self.len = 0;
        if self.bytes.len() < length {
            self.bytes.resize(length, 0);
        }
        write(&mut self.bytes[..length])?;
        self.len = length;
        Ok(&self.bytes[..length])
    }

    /// Holds bytes that were read elsewhere.
    pub fn hold(&mut self, bytes: Vec<u8>) -> &[u8] {
        self.len = bytes.len();
        self.bytes = bytes;
        &self.bytes
    }

    fn fill(&mut self, path: &Path, limits: &Limits) -> Result<()> {
        self.len = 0;
        let refused = |what: &str, error: std::io::Error| Error::io(format!("the file cannot be {what}: {error}"));
        let metadata = std::fs::metadata(path).map_err(|error| refused("found", error))?;
        check(&metadata, limits)?;
        let mut file = File::open(path).map_err(|error| refused("opened", error))?;
        // Room for one byte more than there should be, so that the end is seen without growing.
        let mut room = usize::try_from(metadata.len()).unwrap_or(usize::MAX).saturating_add(1);
        loop {
            if self.bytes.len() < room {
                self.bytes.resize(room, 0);
            }
            match file.read(&mut self.bytes[self.len..]) {
                Ok(0) => return Ok(()),
                Ok(read) => self.len += read,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(refused("read", error)),
            }
            limits.check_bytes(self.len as u64)?;
            if self.len == self.bytes.len() {
                // The file grows while it is read.
                room = self.len.saturating_mul(2);
            }
        }
    }
}

/// Fills memory from an open file, wherever others read of it at the same time.
pub(crate) fn read_at(file: &File, bytes: &mut [u8], offset: u64) -> Result<()> {
    let length = bytes.len() as u64;
    fill_at(file, bytes, offset).map_err(|error| match error.kind() {
        ErrorKind::UnexpectedEof => Error::io(format!(
            "the file ends before byte {}; it was cut short since it was listed",
            offset.saturating_add(length)
        )),
        _ => Error::io(format!("the file cannot be read from byte {offset} on: {error}")),
    })
}

#[cfg(unix)]
fn fill_at(file: &File, bytes: &mut [u8], offset: u64) -> std::io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, offset)
}

#[cfg(windows)]
fn fill_at(file: &File, mut bytes: &mut [u8], mut offset: u64) -> std::io::Result<()> {
    while !bytes.is_empty() {
        match std::os::windows::fs::FileExt::seek_read(file, bytes, offset) {
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(read) => {
                bytes = &mut bytes[read..];
                offset += read as u64;
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

fn check(metadata: &Metadata, limits: &Limits) -> Result<()> {
    if !metadata.is_file() {
        let what = if metadata.is_dir() { "a folder" } else { "a pipe, socket or device" };
        return Err(Error::io(format!("this is {what}, not a regular file; name a picture")));
    }
    limits.check_bytes(metadata.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use variegate_picture::Kind;

    #[test]
    fn a_file_is_read_within_its_limit_and_named_in_errors() {
        let folder = std::env::temp_dir().join(format!("variegate-io-file-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let path = folder.join("a.bin");
        std::fs::write(&path, [7; 100]).expect("writes");
        assert_eq!(read_file(&path, &Limits::default()).expect("reads"), [7; 100]);
        let error = read_file(&path, &Limits { max_bytes: 99, ..Limits::default() }).expect_err("too long");
        assert_eq!((error.kind(), error.path()), (Kind::Limit, Some(path.as_path())));
        let missing = read_file(folder.join("b.bin"), &Limits::default()).expect_err("missing");
        assert!(missing.kind() == Kind::Io && missing.to_string().contains("b.bin"), "{missing}");
        assert!(read_file(&folder, &Limits::default()).expect_err("a folder").message().contains("a folder"));
        let mut buffer = FileBuffer::default();
        std::fs::write(folder.join("c.bin"), [1; 10]).expect("writes");
        assert_eq!(buffer.read(&path, &Limits::default()).expect("reads"), [7; 100]);
        assert_eq!(buffer.read_in(&folder, Path::new("c.bin"), &Limits::default()).expect("reads"), [1; 10]);
        assert_eq!(buffer.hold(vec![5]), [5]);
        let file = Blob::open(&path, &crate::Storage::default()).expect("opens");
        assert_eq!(buffer.read_part(&file, 98, 2, &Limits::default()).expect("reads"), [7; 2]);
        let beyond = buffer.read_part(&file, 98, 3, &Limits::default()).expect_err("beyond the end");
        assert!(beyond.message().contains("ends before byte 101"), "{beyond}");
        assert!(buffer.read_part(&file, 0, 9, &Limits { max_bytes: 8, ..Limits::default() }).is_err());
        std::fs::remove_dir_all(&folder).expect("cleans up");
    }
}
