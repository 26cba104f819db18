//! A sample as its source stores it: the bytes of a file, or rows that need not be read before they are wanted.
//!
//! Workers call it for samples and for their partners. It decides nothing about failures.

use variegate_io::{FileBuffer, Limits, Opened, Rows, open};
use variegate_picture::Result;

use crate::source::Source;

/// What is there to be opened.
#[derive(Debug)]
pub enum Stored<'b> {
    /// A whole file.
    Bytes(&'b [u8]),
    /// A raw picture that stays where it is.
    Rows(Rows<'b>),
}

impl<'b> Stored<'b> {
    /// Reads a sample into the memory of a worker, as far as it must be.
    pub fn read(source: &'b dyn Source, id: u64, limits: &Limits, buffer: &'b mut FileBuffer) -> Result<Self> {
        if let Some(extent) = source.extent(id)?
            && let Some(rows) = extent.rows(limits)?
        {
            return Ok(Self::Rows(rows));
        }
        source.read_into(id, limits, buffer).map(Self::Bytes)
    }

    /// Reads what it says of its picture.
    pub fn open(self, limits: &Limits) -> Result<Opened<'b>> {
        match self {
            Self::Bytes(bytes) => open(bytes, limits),
            Self::Rows(rows) => Ok(rows.into()),
        }
    }
}
