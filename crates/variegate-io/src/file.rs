//! Reading a whole file into memory.
//!
//! The loader calls it. It checks the size before it allocates and never reads from anything but a regular
//! file, so a pipe among the pictures cannot stall a worker.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use variegate_picture::{Error, Result};

use crate::Limits;

/// The bytes of a file, no more than the limits allow. Errors name the path.
pub fn read_file(path: impl AsRef<Path>, limits: &Limits) -> Result<Vec<u8>> {
    let path = path.as_ref();
    read(path, limits).map_err(|error| error.at(path))
}

fn read(path: &Path, limits: &Limits) -> Result<Vec<u8>> {
    let refused = |what: &str, error: std::io::Error| Error::io(format!("the file cannot be {what}: {error}"));
    let metadata = std::fs::metadata(path).map_err(|error| refused("found", error))?;
    if !metadata.is_file() {
        let what = if metadata.is_dir() { "a folder" } else { "a pipe, socket or device" };
        return Err(Error::io(format!("this is {what}, not a regular file; name a picture")));
    }
    limits.check_bytes(metadata.len())?;
    let file = File::open(path).map_err(|error| refused("opened", error))?;
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0));
    // One byte more than allowed is read, so that a file that grows meanwhile is noticed.
    let read = file.take(limits.max_bytes.saturating_add(1)).read_to_end(&mut bytes);
    read.map_err(|error| refused("read", error))?;
    limits.check_bytes(bytes.len() as u64)?;
    Ok(bytes)
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
        std::fs::remove_dir_all(&folder).expect("cleans up");
    }
}
