//! Writing tar archives whose bytes depend on their members alone.
//!
//! The packer writes its shards with it. Members are plain files of nobody, made at no time, that all may read; the
//! digest of what is written is taken on the way. It never looks at a clock or at a file.

use std::io::{self, Write};

use sha2::{Digest, Sha256};
use tar::{Builder, EntryType, Header};
use variegate_picture::{Error, Result};

/// An archive that is being written.
pub struct Archive<W: Write> {
    tar: Builder<Digested<W>>,
}

/// What an archive came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// How many bytes it has.
    pub bytes: u64,
    /// Their SHA-256, in hexadecimal digits.
    pub sha256: String,
}

struct Digested<W> {
    out: W,
    digest: Sha256,
    bytes: u64,
}

impl<W: Write> Write for Digested<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.out.write(bytes)?;
        self.digest.update(&bytes[..count]);
        self.bytes += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl<W: Write> Archive<W> {
    /// An archive without members yet.
    pub fn new(out: W) -> Self {
        Self { tar: Builder::new(Digested { out, digest: Sha256::new(), bytes: 0 }) }
    }

    /// Appends a member.
    ///
    /// # Errors
    ///
    /// When the name is longer than the format holds, and when nothing more can be written.
    pub fn append(&mut self, name: &str, content: &[u8]) -> Result<()> {
        let mut header = Header::new_ustar();
        header.set_entry_type(EntryType::Regular);
        header
            .set_path(name)
            .map_err(|error| Error::parameter(format!("the name {name:?} is no member's: {error}")))?;
        header.set_mode(0o644);
        header.set_uid(0);
        header.set_gid(0);
        header.set_mtime(0);
        header.set_size(content.len() as u64);
        header.set_cksum();
        self.tar.append(&header, content).map_err(unwritten)
    }

    /// How many bytes are written so far.
    pub fn bytes(&self) -> u64 {
        self.tar.get_ref().bytes
    }

    /// Ends the archive; gives what it was written to, and what it came to.
    pub fn finish(self) -> Result<(W, Written)> {
        let mut written = self.tar.into_inner().map_err(unwritten)?;
        written.flush().map_err(unwritten)?;
        let sha256 = written.digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Ok((written.out, Written { bytes: written.bytes, sha256 }))
    }
}

/// The SHA-256 of what a reader gives, in hexadecimal digits.
pub fn sha256(mut read: impl io::Read) -> io::Result<String> {
    let mut written = Digested { out: io::sink(), digest: Sha256::new(), bytes: 0 };
    io::copy(&mut read, &mut written)?;
    Ok(written.digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

fn unwritten(error: io::Error) -> Error {
    Error::io(format!("the archive cannot be written: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_plain_files_of_nobody_and_bytes_follow_from_them() {
        let made = || {
            let mut archive = Archive::new(Vec::new());
            archive.append("00000000.cls", b"7").expect("appends");
            archive.append("00000000.ppm", &[9; 700]).expect("appends");
            assert_eq!(archive.bytes(), 512 + 512 + 512 + 1024);
            archive.finish().expect("ends")
        };
        let (bytes, written) = made();
        assert_eq!(made(), (bytes.clone(), written.clone()));
        assert_eq!((written.bytes, bytes.len()), (3584, 3584));
        assert_eq!(sha256(bytes.as_slice()).expect("reads"), written.sha256);
        let mut archive = tar::Archive::new(bytes.as_slice());
        let members: Vec<_> = archive.entries().expect("members").map(|entry| entry.expect("a member")).collect();
        let about = |entry: &tar::Entry<'_, &[u8]>| {
            let header = entry.header();
            let owner = (header.uid().expect("a number"), header.gid().expect("a number"));
            (entry.path_bytes().into_owned(), entry.size(), header.mtime().expect("a time"), owner)
        };
        assert_eq!(
            members.iter().map(about).collect::<Vec<_>>(),
            [(b"00000000.cls".to_vec(), 1, 0, (0, 0)), (b"00000000.ppm".to_vec(), 700, 0, (0, 0)),]
        );
    }

    #[test]
    fn the_digest_is_that_of_the_standard() {
        // FIPS 180-2, appendix B.1.
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256(&b"abc"[..]).expect("reads"), expected);
    }

    #[test]
    fn a_name_too_long_is_refused() {
        let error = Archive::new(Vec::new()).append(&"a".repeat(300), b"").expect_err("too long");
        assert!(error.message().contains("no member's"), "{error}");
    }
}
