//! The work of packing: which shards are missing, and records gathered into them.
//!
//! [`super::pack`] calls it. A shard is begun with its first record and published with its last; it never holds the
//! pictures of a shard in memory.

use std::path::Path;

use variegate_io::{Archive, Keep, Part, Storage, TarFields, Writer, index_tar};
use variegate_picture::{Error, Kind, Result};

use super::options::{PackOptions, ShardSize};
use super::published::{Lost, ShardFacts, published, tell};
use super::record::{Maker, Record};

/// The shards that lie there, by number, with gaps where shards hold a number of samples.
pub fn there(out: &Path, total: u64, options: &PackOptions) -> Vec<Option<ShardFacts>> {
    let mut found = Vec::new();
    match options.shard_size {
        ShardSize::Samples(size) => {
            for k in 0..total.div_ceil(size) {
                let fits = |shard: &ShardFacts| shard.first == k * size && shard.end == (k * size + size).min(total);
                found.push(published(out, &name(k), options.verify).filter(fits));
            }
        }
        ShardSize::Bytes(_) => {
            let mut first = 0;
            while first < total {
                let shard = published(out, &name(found.len() as u64), options.verify);
                let fits = |shard: &ShardFacts| shard.first == first && shard.end > first && shard.end <= total;
                let Some(shard) = shard.filter(fits) else { break };
                first = shard.end;
                found.push(Some(shard));
            }
        }
    }
    found
}

/// The samples that are in no shard yet, in order.
pub fn missing(there: &[Option<ShardFacts>], total: u64, size: ShardSize) -> Vec<u64> {
    match size {
        ShardSize::Samples(size) => {
            let gaps = there.iter().enumerate().filter(|(_, shard)| shard.is_none());
            gaps.flat_map(|(k, _)| k as u64 * size..(k as u64 * size + size).min(total)).collect()
        }
        ShardSize::Bytes(_) => (there.iter().flatten().last().map_or(0, |shard| shard.end)..total).collect(),
    }
}

/// The file name of a shard.
fn name(k: u64) -> String {
    format!("shard-{k:05}.tar")
}

/// Shards in the making.
pub struct Job<'j> {
    /// The folder.
    pub out: &'j Path,
    /// How to pack.
    pub options: &'j PackOptions,
    /// What made the records.
    pub maker: &'j Maker<'j>,
    /// What writes below the folder.
    pub writer: &'j Writer,
    /// Samples of the source.
    pub total: u64,
    /// Shards that lie there, by number.
    pub shards: Vec<Option<ShardFacts>>,
    /// The shard that is being written.
    pub open: Option<Open<'j>>,
    /// How many shards were made.
    pub made: u64,
}

/// The shard that is being written.
pub struct Open<'j> {
    number: u64,
    first: u64,
    archive: Archive<Part<'j>>,
    samples: u64,
    bad: Vec<Lost>,
}

impl<'j> Job<'j> {
    /// Takes the record of a sample into its shard, and publishes the shard where that is its last.
    pub fn take(&mut self, sample: u64, record: Result<Record>) -> Result<()> {
        let mut shard = match self.open.take() {
            Some(shard) => shard,
            None => self.begin(sample)?,
        };
        match record {
            Ok(record) => {
                append(&mut shard, sample, &record).map_err(|error| error.at(self.out.join(name(shard.number))))?
            }
            Err(error) if self.options.strict || matches!(error.kind(), Kind::Io | Kind::Internal) => {
                return Err(error);
            }
            Err(error) => {
                let (kind, reason) = (error.kind().name().to_string(), error.message().to_string());
                shard.bad.push(Lost { sample, file: self.maker.file(sample), kind, reason });
            }
        }
        let is_full = match self.options.shard_size {
            ShardSize::Samples(size) => (sample + 1).is_multiple_of(size),
            ShardSize::Bytes(size) => shard.archive.bytes() >= size,
        };
        if is_full || sample + 1 == self.total {
            return self.publish(shard, sample + 1);
        }
        self.open = Some(shard);
        Ok(())
    }

    fn begin(&self, first: u64) -> Result<Open<'j>> {
        let number = match self.options.shard_size {
            ShardSize::Samples(size) => first / size,
            ShardSize::Bytes(_) => self.shards.len() as u64,
        };
        let archive = Archive::new(self.writer.begin(Path::new(&name(number)))?);
        Ok(Open { number, first, archive, samples: 0, bad: Vec::new() })
    }

    fn publish(&mut self, shard: Open<'j>, end: u64) -> Result<()> {
        let Open { number, first, archive, samples, bad } = shard;
        let (name, count) = (name(number), end - first);
        let path = self.out.join(&name);
        if let (0, Some(lost)) = (samples, bad.first()) {
            let (file, reason) = (&lost.file, &lost.reason);
            return Err(Error::input(format!(
                "none of its {count} samples can be used; the first is {file}: {reason}. Mend them, or pack larger shards"
            ))
            .at(path));
        }
        let (part, written) = archive.finish().map_err(|error| error.at(&path))?;
        part.publish()?;
        let facts = ShardFacts { name, written, samples, first, end, bad };
        tell(self.writer, &facts)?;
        // Who opens the shard first need not walk through it.
        index_tar(&[path], &Storage::default(), &Keep::Beside, &TarFields { image: None, label: Some("cls".into()) })?;
        match self.shards.get_mut(number as usize) {
            Some(place) => *place = Some(facts),
            None => self.shards.push(Some(facts)),
        }
        self.made += 1;
        Ok(())
    }
}

fn append(shard: &mut Open<'_>, sample: u64, record: &Record) -> Result<()> {
    let key = format!("{sample:08}");
    shard.archive.append(&format!("{key}.{}", record.ending), &record.picture)?;
    if let Some(label) = record.label {
        shard.archive.append(&format!("{key}.cls"), label.to_string().as_bytes())?;
    }
    shard.archive.append(&format!("{key}.json"), record.about.to_string().as_bytes())?;
    shard.samples += 1;
    Ok(())
}
