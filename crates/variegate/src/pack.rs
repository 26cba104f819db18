//! Packing: a data set rewritten once into shards that are read without decoding, or with little of it.
//!
//! The command line and the Python package call [`pack`]. Shards are tar archives as WebDataset lays them out:
//! `<sample>.ppm` (or another ending) is the picture, `.cls` its label in digits, `.json` what else is known of it. The
//! bytes of a shard depend on the source's files and the options alone: never on threads, time, place, or on what an
//! interrupted run left. It never changes the source.

mod boxes;
mod in_order;
mod job;
mod options;
mod published;
mod record;

use std::path::Path;

use variegate_loader::Source;
use variegate_picture::{Error, Result};

pub use options::{PackFormat, PackOptions, ShardSize};
pub use published::{INDEX, Lost, ShardFacts};

use in_order::in_order;
use job::{Job, missing, there};
use published::{begin, finish};
use record::{Kit, Maker};

/// How far a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PackProgress {
    /// Samples packed or found bad, those of earlier runs too.
    pub done: u64,
    /// Samples of the source.
    pub total: u64,
    /// Samples that were done before this run.
    pub before: u64,
}

/// What a folder of shards came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packing {
    /// All shards.
    pub shards: Vec<ShardFacts>,
    /// How many of them this run made.
    pub made: u64,
}

impl Packing {
    /// Samples in all shards.
    pub fn samples(&self) -> u64 {
        self.shards.iter().map(|shard| shard.samples).sum()
    }

    /// Bytes of all shards.
    pub fn bytes(&self) -> u64 {
        self.shards.iter().map(|shard| shard.written.bytes).sum()
    }

    /// Samples that are in none.
    pub fn bad(&self) -> impl Iterator<Item = &Lost> {
        self.shards.iter().flat_map(|shard| &shard.bad)
    }
}

/// Packs a source into a folder: `plan.json`, shards with a file of facts beside each, and last `index.json`. Files
/// appear whole or not at all; a job that was interrupted is begun again by the same call, and makes what is missing.
///
/// `said` is told how far it is, several times a second, and ends the job by an error of its own.
///
/// ```no_run
/// use variegate::io::{Folder, FolderOptions};
/// use variegate::loader::Files;
/// use variegate::pack::{PackOptions, pack};
/// let photos = Files::of(&Folder::read("photos", &FolderOptions::default())?);
/// let options = PackOptions { short_side: Some(256), ..PackOptions::default() };
/// let packing = pack(&photos, std::path::Path::new("packed"), &options, &mut |_| Ok(()))?;
/// println!("{} pictures", packing.samples());
/// # Ok::<(), variegate::Error>(())
/// ```
///
/// # Errors
///
/// When an option is out of its range, the folder holds shards of another plan or other things, a file cannot be read or
/// written, none of a shard's samples can be used, or one cannot and `strict` is set.
pub fn pack(
    source: &dyn Source,
    out: &Path,
    options: &PackOptions,
    said: &mut dyn FnMut(&PackProgress) -> Result<()>,
) -> Result<Packing> {
    options.check()?;
    if source.is_empty() {
        return Err(Error::input("the source has no samples, so there is nothing to pack"));
    }
    let writer = begin(out, &options.plan(source))?;
    let maker = Maker::new(source, options)?;
    let there = there(out, source.len(), options);
    let before = there.iter().flatten().map(|shard| shard.end - shard.first).sum();
    let missing = missing(&there, source.len(), options.shard_size);
    let mut job =
        Job { out, options, maker: &maker, writer: &writer, total: source.len(), shards: there, open: None, made: 0 };
    let mut progress = PackProgress { done: before, total: source.len(), before };
    said(&progress)?;
    let make = |place: usize, kit: &mut Kit| maker.make(missing[place], kit);
    in_order(missing.len(), options.threads, &make, &mut |made| {
        if let Some((place, record)) = made {
            job.take(missing[place], record)?;
            progress.done += 1;
        }
        said(&progress)
    })?;
    let made = job.made;
    let shards: Vec<ShardFacts> = job.shards.into_iter().flatten().collect();
    finish(&writer, &shards)?;
    Ok(Packing { shards, made })
}

#[cfg(test)]
#[path = "pack/tests.rs"]
mod tests;
