//! What samples are read from. One kind of source, one file below.
//!
//! The feed asks a [`Source`] from many threads at once; which bytes a sample has never depends on who asked before.

use std::borrow::Cow;
use std::path::PathBuf;

use variegate_io::{Extent, FileBuffer, Limits};
use variegate_picture::Result;
use variegate_picture::key::name;

use crate::annotations::Annotations;

pub mod chosen;
mod files;
pub mod joined;
pub mod labels;
pub mod listed;
mod names;
pub mod packed;
#[cfg(feature = "parquet")]
mod parquet;

pub use chosen::Chosen;
pub use files::Files;
pub use joined::Joined;
pub use listed::Listed;
pub use names::Names;
pub use packed::Packed;
#[cfg(feature = "parquet")]
pub use parquet::Parquet;

/// How many samples are read ahead from afar: at 50 ms for an answer, some 600 samples a second.
pub(crate) const FORESIGHT: usize = 32;

/// A numbered list of encoded pictures with labels. Ids are 0…len−1 and mean the same in every epoch.
pub trait Source: Send + Sync {
    /// How many samples there are.
    fn len(&self) -> u64;
    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// The encoded bytes of a sample.
    fn read(&self, id: u64, limits: &Limits) -> Result<Vec<u8>>;
    /// The same in memory that a worker keeps.
    fn read_into<'b>(&self, id: u64, limits: &Limits, buffer: &'b mut FileBuffer) -> Result<&'b [u8]> {
        Ok(buffer.hold(self.read(id, limits)?))
    }
    /// Where a sample's picture lies as it is, in a file that stays open; none where it must be read to be known.
    fn extent(&self, id: u64) -> Result<Option<Extent<'_>>> {
        let _ = id;
        Ok(None)
    }
    /// How many samples it wants to hear of before they are read; 0 where reading costs no waiting.
    fn foresight(&self) -> usize {
        0
    }
    /// Hears that a sample will be read soon, and may begin. Never waits.
    fn expect(&self, id: u64, limits: &Limits) {
        let _ = (id, limits);
    }
    /// Its class, where it has one.
    fn label(&self, id: u64) -> Option<u32>;
    /// Names of the classes, by label; none where labels are mere numbers.
    fn class_names(&self) -> &[String] {
        &[]
    }
    /// How many classes there are: one more than the greatest label, and one for each name, at the least.
    fn classes(&self) -> usize {
        let most = (0..self.len()).filter_map(|id| self.label(id)).max();
        most.map_or(0, |label| label as usize + 1).max(self.class_names().len())
    }
    /// What it knows of a sample besides its picture: boxes, points, a mask. All samples have the same kinds of them.
    fn annotations(&self, id: u64) -> Result<Cow<'_, Annotations>> {
        let _ = id;
        Ok(Cow::Borrowed(Annotations::NONE))
    }
    /// What messages call it: a path, mostly.
    fn name(&self, id: u64) -> PathBuf;
    /// A number that stands for what it is and what is known of it, wherever the data set lies: of its name below the
    /// root, mostly.
    fn mark(&self, id: u64) -> u64 {
        name(&self.name(id).to_string_lossy())
    }
    /// A number that changes when the list of samples or labels does.
    fn fingerprint(&self) -> u64 {
        (0..self.len()).fold(name("files"), |hash, id| {
            let label = u64::from(self.label(id).unwrap_or(u32::MAX));
            hash.rotate_left(7).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ self.mark(id) ^ label
        })
    }
}
