//! How to pack, checked before anything is made.
//!
//! Callers of [`super::pack`] fill it in. What the bytes of shards depend on is told by [`PackOptions::plan`]: an option
//! that does not change them must not stand there.

use serde_json::{Map, Value as Json, json};
use variegate_io::Limits;
use variegate_loader::Source;
use variegate_picture::{Error, Result};

/// How packed pictures are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum PackFormat {
    /// As they are, behind a header (PNM): nothing to decode, and a crop reads its rows alone.
    #[default]
    Raw,
    /// PNG, lossless.
    Png,
    /// WebP, lossless.
    Webp,
    /// JPEG.
    Jpeg,
}

impl PackFormat {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Raw, Self::Png, Self::Webp, Self::Jpeg];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Raw => "raw",
            Self::Png => "png",
            Self::Webp => "webp",
            Self::Jpeg => "jpeg",
        }
    }

    /// The format of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}

/// How much a shard holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShardSize {
    /// So many samples of the source; those that cannot be used leave it smaller.
    Samples(u64),
    /// So many bytes: it ends behind the sample that reaches them.
    Bytes(u64),
}

/// How to pack.
#[derive(Clone, Debug)]
pub struct PackOptions {
    /// The shorter side of packed pictures, 1 to 16384 pixels; smaller ones stay as they are. None shrinks nothing.
    pub short_side: Option<u32>,
    /// How pictures are stored.
    pub format: PackFormat,
    /// 1 to 100 for JPEG; 95 unless given.
    pub quality: Option<u8>,
    /// How much a shard holds.
    pub shard_size: ShardSize,
    /// How many threads make records.
    pub threads: usize,
    /// Whether a sample that cannot be used is an error; it is left out and listed otherwise. One that cannot be read
    /// at all is always an error: that says nothing of its content.
    pub strict: bool,
    /// Whether shards that lie there are read and compared with their digests.
    pub verify: bool,
    /// What a file may cost.
    pub limits: Limits,
}

impl Default for PackOptions {
    fn default() -> Self {
        Self {
            short_side: None,
            format: PackFormat::default(),
            quality: None,
            shard_size: ShardSize::Bytes(256_000_000),
            threads: std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get),
            strict: false,
            verify: false,
            limits: Limits::default(),
        }
    }
}

impl PackOptions {
    pub(super) fn quality(&self) -> u8 {
        self.quality.unwrap_or(95)
    }

    pub(super) fn check(&self) -> Result<()> {
        if let Some(side) = self.short_side.filter(|side| !(1..=16_384).contains(side)) {
            return Err(Error::parameter(format!("short_side: expected 1 to 16384 pixels, found {side}")));
        }
        match self.quality {
            Some(quality) if self.format != PackFormat::Jpeg => {
                let format = self.format.name();
                return Err(Error::parameter(format!("quality: {format} has none, found {quality}; leave it out")));
            }
            Some(quality) if !(1..=100).contains(&quality) => {
                return Err(Error::parameter(format!("quality: expected 1 to 100, found {quality}")));
            }
            _ => {}
        }
        let (ShardSize::Samples(size) | ShardSize::Bytes(size)) = self.shard_size;
        if size == 0 {
            return Err(Error::parameter("shard_size: expected 1 or more, found 0"));
        }
        if self.threads == 0 {
            return Err(Error::parameter("threads: expected 1 or more, found 0"));
        }
        Ok(())
    }

    /// What the bytes of the shards of a source depend on.
    pub(super) fn plan(&self, source: &dyn Source) -> Json {
        let mut plan = Map::new();
        plan.insert("variegate".into(), json!(env!("CARGO_PKG_VERSION")));
        plan.insert("source".into(), json!(format!("{:016x}", source.fingerprint())));
        plan.insert("samples".into(), json!(source.len()));
        plan.insert("classes".into(), json!(source.class_names()));
        plan.insert("short_side".into(), json!(self.short_side));
        plan.insert("format".into(), json!(self.format.name()));
        plan.insert("quality".into(), json!((self.format == PackFormat::Jpeg).then(|| self.quality())));
        let (unit, size) = match self.shard_size {
            ShardSize::Samples(size) => ("shard_samples", size),
            ShardSize::Bytes(size) => ("shard_bytes", size),
        };
        plan.insert(unit.into(), json!(size));
        Json::Object(plan)
    }
}
