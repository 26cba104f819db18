//! What lies in a folder of shards: the plan, facts beside each shard, and the list of all of them.
//!
//! The packer calls it. A shard without its facts, or of another length than they say, counts as not there; a folder of
//! another plan, or of other things, is refused. It never changes a published shard.

use std::fs::File;
use std::path::Path;

use serde_json::{Map, Value as Json, json};
use variegate_io::{Limits, PLAN, Writer, Written, read_file, sha256};
use variegate_picture::{Error, Result};

/// The list of all shards, written last.
pub const INDEX: &str = "index.json";

/// A sample that is not in its shard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost {
    /// Its id in the source.
    pub sample: u64,
    /// Its file, below the folder that all samples share.
    pub file: String,
    /// Whose fault it is.
    pub kind: String,
    /// Why.
    pub reason: String,
}

/// What is known of a published shard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShardFacts {
    /// Its file's name.
    pub name: String,
    /// How long it is, and its digest.
    pub written: Written,
    /// How many samples it holds.
    pub samples: u64,
    /// The first sample of the source that it stands for.
    pub first: u64,
    /// The first one behind it.
    pub end: u64,
    /// Those that could not be used.
    pub bad: Vec<Lost>,
}

impl ShardFacts {
    fn to_json(&self) -> Json {
        let lost =
            |lost: &Lost| json!({ "sample": lost.sample, "file": lost.file, "kind": lost.kind, "reason": lost.reason });
        json!({
            "name": self.name,
            "bytes": self.written.bytes,
            "sha256": self.written.sha256,
            "samples": self.samples,
            "first": self.first,
            "end": self.end,
            "bad": self.bad.iter().map(lost).collect::<Vec<_>>(),
        })
    }

    fn from_json(facts: &Json) -> Option<Self> {
        let text = |of: &Json, key: &str| of.get(key)?.as_str().map(String::from);
        let number = |of: &Json, key: &str| of.get(key)?.as_u64();
        let lost = |lost: &Json| {
            let (file, kind, reason) = (text(lost, "file")?, text(lost, "kind")?, text(lost, "reason")?);
            Some(Lost { sample: number(lost, "sample")?, file, kind, reason })
        };
        Some(Self {
            name: text(facts, "name")?,
            written: Written { bytes: number(facts, "bytes")?, sha256: text(facts, "sha256")? },
            samples: number(facts, "samples")?,
            first: number(facts, "first")?,
            end: number(facts, "end")?,
            bad: facts.get("bad")?.as_array()?.iter().map(lost).collect::<Option<_>>()?,
        })
    }
}

/// Where the facts of a shard are.
fn beside(name: &str) -> String {
    format!("{}.json", name.trim_end_matches(".tar"))
}

/// What a text of JSON becomes in a file.
fn written(data: &Json) -> Vec<u8> {
    format!("{data:#}\n").into_bytes()
}

/// Makes a folder for shards and says in it what it is for.
pub fn begin(out: &Path, plan: &Json) -> Result<Writer> {
    let place = out.join(PLAN);
    if !place.exists() {
        let foreign = std::fs::read_dir(out).ok().and_then(|mut list| {
            list.find_map(|entry| entry.ok().filter(|entry| !entry.file_name().to_string_lossy().starts_with('.')))
        });
        if let Some(foreign) = foreign {
            let name = foreign.file_name().to_string_lossy().into_owned();
            return Err(Error::parameter(format!(
                "the folder holds {name} and no {PLAN}; give a new or an empty folder"
            ))
            .at(out));
        }
        let writer = Writer::open(out)?;
        writer.write_durably(Path::new(PLAN), &written(plan))?;
        return Ok(writer);
    }
    let bytes = read_file(&place, &Limits::default())?;
    let earlier: Map<String, Json> = serde_json::from_slice(&bytes)
        .map_err(|error| Error::parameter(format!("no plan of shards ({error}); give another folder")).at(&place))?;
    let none = Map::new();
    let now = plan.as_object().unwrap_or(&none);
    let keys = now.keys().chain(earlier.keys().filter(|key| !now.contains_key(*key)));
    let differing: Vec<String> = keys
        .filter(|key| now.get(*key) != earlier.get(*key))
        .map(|key| format!("{key} was {} and is {}", shown(earlier.get(key)), shown(now.get(key))))
        .collect();
    if differing.is_empty() {
        return Writer::open(out);
    }
    let said = differing.join("; ");
    Err(Error::parameter(format!("the folder holds shards of another plan: {said}; give another folder")).at(out))
}

/// A value of a plan, cut where it is long.
fn shown(value: Option<&Json>) -> String {
    let text = value.map_or_else(|| "nothing".to_string(), Json::to_string);
    if text.chars().count() <= 200 { text } else { text.chars().take(200).chain("…".chars()).collect() }
}

/// What is known of a shard that was published whole; `verify` reads it and compares the digest, where otherwise its
/// length must do.
pub fn published(out: &Path, name: &str, verify: bool) -> Option<ShardFacts> {
    let bytes = read_file(out.join(beside(name)), &Limits::default()).ok()?;
    let facts = ShardFacts::from_json(&serde_json::from_slice(&bytes).ok()?)?;
    let place = out.join(name);
    if facts.name != name || std::fs::metadata(&place).ok()?.len() != facts.written.bytes {
        return None;
    }
    if verify && sha256(File::open(&place).ok()?).ok()? != facts.written.sha256 {
        return None;
    }
    Some(facts)
}

/// Publishes the facts of a shard that has been published.
pub fn tell(writer: &Writer, facts: &ShardFacts) -> Result<()> {
    writer.write_durably(Path::new(&beside(&facts.name)), &written(&facts.to_json()))
}

/// Publishes the list of all shards.
pub fn finish(writer: &Writer, shards: &[ShardFacts]) -> Result<()> {
    let shards: Vec<Json> = shards.iter().map(ShardFacts::to_json).collect();
    writer.write_durably(Path::new(INDEX), &written(&json!({ "shards": shards })))
}
