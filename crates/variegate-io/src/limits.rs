//! How much one file may cost, decided from its header.
//!
//! `read_file` and every decoder call it before they allocate. It never looks at pixels.

use variegate_picture::{Error, Result, Size};

/// How much one file may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Stored pixels. The default, 178 956 970, is where Pillow refuses: twice its `MAX_IMAGE_PIXELS` of 2³⁰ / 4 / 3,
    /// above which it only warns.
    pub max_pixels: u64,
    /// Bytes of the file. Default 1 GiB.
    pub max_bytes: u64,
    /// Decoded bytes for each byte of the file, asked only of pictures above [`Limits::FREE_BYTES`].
    ///
    /// Default 2000. Deflate expands at most 1032 times and JPEG's Huffman codes at most 512 times, so no PNG
    /// of 8 or more bits and no baseline JPEG is ever refused. Only formats that store nothing for a flat area
    /// can exceed it (1-bit PNG, lossless WebP, progressive JPEG, fax TIFF), and only when a picture of more
    /// than 64 MiB is all but blank, which trains nobody.
    pub max_expansion: u64,
    /// Bytes a decode may hold at once: the stored picture, its conversion, and the decoder's own stores.
    /// Default 1.5 GiB.
    pub max_memory: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_pixels: 178_956_970, max_bytes: 1 << 30, max_expansion: 2000, max_memory: 3 << 29 }
    }
}

impl Limits {
    /// Below this many decoded bytes (64 MiB) a picture may expand as it likes: small harmless files reach any
    /// ratio (613 bytes make a grey JPEG of 193 × 31237), and 64 MiB hurt nobody.
    pub const FREE_BYTES: u64 = 64 << 20;

    /// Checks a picture against the limits, from what its header says.
    pub fn check(&self, size: Size, bytes_a_pixel: usize, file_bytes: usize) -> Result<()> {
        let pixels = (size.height as u64).saturating_mul(size.width as u64);
        if pixels == 0 {
            return Err(Error::input(format!(
                "the header says {size} pixels; every side must be at least 1. The file is damaged: export it again"
            )));
        }
        if pixels > self.max_pixels {
            return Err(Error::limit(format!(
                "the header says {size} = {pixels} pixels, more than max_pixels = {}; shrink the file, or raise the \
                 limit if you trust it",
                self.max_pixels
            )));
        }
        let decoded = pixels.saturating_mul(bytes_a_pixel as u64);
        if decoded > Self::FREE_BYTES && decoded / self.max_expansion.max(1) > file_bytes as u64 {
            return Err(Error::limit(format!(
                "{file_bytes} bytes claim to hold {size} pixels, {} bytes decoded: more than max_expansion = {} times \
                 the file. A decompression bomb or a blank picture; raise the limit if you trust it",
                decoded, self.max_expansion
            )));
        }
        self.check_memory(decoded)
    }

    /// Checks the size of a file.
    pub fn check_bytes(&self, bytes: u64) -> Result<()> {
        if bytes > self.max_bytes {
            return Err(Error::limit(format!(
                "the file has {bytes} bytes, more than max_bytes = {}; shrink it, or raise the limit",
                self.max_bytes
            )));
        }
        Ok(())
    }

    /// Checks what a decode would hold at once.
    pub fn check_memory(&self, bytes: u64) -> Result<()> {
        if bytes > self.max_memory {
            return Err(Error::limit(format!(
                "decoding would hold {bytes} bytes, more than max_memory = {}; shrink the file, or raise the limit",
                self.max_memory
            )));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use variegate_picture::Kind;

    #[test]
    fn each_limit_speaks_for_itself() {
        let limits = Limits::default();
        limits.check(Size::new(31237, 193), 1, 613).expect("small enough to expand as it likes");
        limits.check(Size::new(12_000, 12_000), 3, 20_000_000).expect("a large photo");
        limits.check(Size::new(5000, 5000), 3, 5000 * 5000 * 3 / 1032).expect("a blank PNG");
        let said = |size, channels, bytes| {
            let error = limits.check(size, channels, bytes).expect_err("too much");
            assert_eq!(error.kind(), Kind::Limit);
            error.to_string()
        };
        assert!(said(Size::new(65535, 65535), 3, 186).contains("max_pixels"));
        assert!(said(Size::new(usize::MAX, usize::MAX), 3, 186).contains("max_pixels"));
        assert!(said(Size::new(10_000, 10_000), 3, 186).contains("max_expansion"));
        assert!(said(Size::new(12_000, 12_000), 16, 20_000_000).contains("max_memory"));
        assert_eq!(limits.check(Size::new(0, 4), 3, 100).expect_err("nothing").kind(), Kind::Input);
        assert_eq!(limits.check_bytes(2 << 30).expect_err("too long").kind(), Kind::Limit);
    }
}
