//! `variegate pack`: a data set rewritten once into shards that are read fast.
//!
//! People and scripts run it. Here are the arguments and what is said; the façade does the work. It never changes the
//! source, and never mixes the shards of two jobs.

use std::path::PathBuf;
use std::time::Instant;

use clap::Args;
use clap::builder::{PossibleValuesParser, RangedU64ValueParser, TypedValueParser};
use serde_json::json;
use variegate::Result;
use variegate::io::{Folder, FolderOptions};
use variegate::loader::Files;
use variegate::pack::{PackFormat, PackOptions, Packing, ShardSize, pack};

use crate::Outcome;
use crate::apart::refuse_inside;
use crate::progress::Progress;
use crate::terminal::{complain, count, say};

const AFTER: &str = "\
What is written:
  OUT/plan.json         what the shards are made of and how; begun before the first of them
  OUT/shard-00000.tar   plain tar, as WebDataset lays it out: pictures upright in 8 bits, .cls, .json
  OUT/shard-00000.json  its length, SHA-256, number of samples, and the files it lacks and why
  OUT/index.json        all of those in one list; there once everything is

Grey stays grey, everything else becomes RGB. Nothing is enlarged. The same command resumes an interrupted run and gives
the same bytes, on any number of threads.

Examples:
  variegate pack photos shards --short-side 256
  variegate pack photos shards --format jpeg --quality 90 --shard-size 2000
  tar tf shards/shard-00000.tar";

/// Rewrite a data set once into shards that load fast: shrunk, upright, raw or encoded, with labels.
#[derive(Args)]
#[command(after_help = AFTER)]
pub struct Pack {
    /// A folder of pictures: class folders, or flat.
    src: PathBuf,
    /// Where the shards go; made if it is missing.
    out: PathBuf,
    /// The shorter side of packed pictures in pixels; smaller ones stay as they are. Nothing is shrunk unless given.
    #[arg(long, value_name = "PX", value_parser = clap::value_parser!(u32).range(1..=16_384))]
    short_side: Option<u32>,
    /// How pictures are stored.
    #[arg(long, default_value = "raw", value_name = "FORMAT", value_parser = format())]
    format: PackFormat,
    /// JPEG quality, 1 to 100; 95 unless given.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=100))]
    quality: Option<u8>,
    /// Samples of a shard, as 2000, or its bytes, as 256MB or 1GB.
    #[arg(long, default_value = "256MB", value_name = "SIZE", value_parser = size)]
    shard_size: ShardSize,
    /// Worker threads; as many as there are processors unless given.
    #[arg(long, value_name = "N", value_parser = RangedU64ValueParser::<usize>::new().range(1..=1024))]
    threads: Option<usize>,
    /// Stop at the first file that cannot be used; without it, such files are left out and listed.
    #[arg(long)]
    strict: bool,
    /// Read shards that are there already, and make those anew whose bytes are not what they were.
    #[arg(long)]
    verify: bool,
    /// Say what was done as JSON, for programs.
    #[arg(long)]
    json: bool,
    /// Say nothing but warnings and errors.
    #[arg(long, short)]
    quiet: bool,
}

fn format() -> impl TypedValueParser<Value = PackFormat> {
    PossibleValuesParser::new(PackFormat::ALL.map(PackFormat::name))
        .map(|name| PackFormat::from_name(&name).unwrap_or_default())
}

/// A number of samples, or of bytes with their unit: powers of 1000 as disks are sold, of 1024 with an i.
fn size(word: &str) -> std::result::Result<ShardSize, String> {
    let expected = || format!("expected samples, as 2000, or bytes, as 256MB or 1GiB; found {word:?}");
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    let number: u64 = word[..digits].parse().map_err(|_| expected())?;
    let unit: u64 = match word[digits..].to_ascii_uppercase().as_str() {
        "" => return if number > 0 { Ok(ShardSize::Samples(number)) } else { Err(expected()) },
        "B" => 1,
        "KB" => 1000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        "KIB" => 1 << 10,
        "MIB" => 1 << 20,
        "GIB" => 1 << 30,
        _ => return Err(expected()),
    };
    number.checked_mul(unit).filter(|bytes| *bytes > 0).map(ShardSize::Bytes).ok_or_else(expected)
}

/// Runs the verb.
pub fn run(arguments: &Pack) -> Result<Outcome> {
    let folder = Folder::read(&arguments.src, &FolderOptions::default())?;
    refuse_inside(&arguments.src, &arguments.out)?;
    for problem in &folder.problems {
        complain(&format!("warning: {problem}"));
    }
    let usual = PackOptions::default();
    let options = PackOptions {
        short_side: arguments.short_side,
        format: arguments.format,
        quality: arguments.quality,
        shard_size: arguments.shard_size,
        threads: arguments.threads.unwrap_or(usual.threads),
        strict: arguments.strict,
        verify: arguments.verify,
        ..usual
    };
    let started = Instant::now();
    let mut shown: Option<Progress> = None;
    let packing = pack(&Files::of(&folder), &arguments.out, &options, &mut |progress| {
        let bar = shown.get_or_insert_with(|| Progress::new(progress.total, progress.before, arguments.quiet));
        bar.reach(progress.done);
        bar.tick();
        Ok(())
    });
    if let Some(bar) = &shown {
        bar.finish();
    }
    tell(arguments, &folder, &packing?, started.elapsed().as_secs_f64())?;
    Ok(Outcome::Done)
}

/// Says what was done.
fn tell(arguments: &Pack, folder: &Folder, packing: &Packing, seconds: f64) -> Result<()> {
    let bad: Vec<_> = packing.bad().collect();
    if !bad.is_empty() {
        let of = count(folder.files.len() as u64, "file");
        complain(&format!("warning: {} of {of} cannot be used and are left out", bad.len()));
        for lost in &bad {
            complain(&format!("  {}: {}", lost.file, lost.reason));
        }
    }
    if arguments.json {
        let bad = bad.iter().map(|lost| json!({ "file": lost.file, "kind": lost.kind, "reason": lost.reason }));
        let said = json!({
            "out": arguments.out.to_string_lossy(),
            "shards": packing.shards.len(),
            "made": packing.made,
            "samples": packing.samples(),
            "bytes": packing.bytes(),
            "seconds": seconds,
            "bad": bad.collect::<Vec<_>>(),
        });
        return say(&format!("{said:#}\n"));
    }
    if arguments.quiet {
        return Ok(());
    }
    let (pictures, shards) = (count(packing.samples(), "picture"), count(packing.shards.len() as u64, "shard"));
    let megabytes = packing.bytes() as f64 / 1e6;
    let out = arguments.out.display();
    if packing.made == 0 {
        return say(&format!("nothing to do: all {pictures} are in {shards} in {out}\n"));
    }
    let there = packing.shards.len() as u64 - packing.made;
    let there = if there > 0 { format!("; {} were there already", count(there, "shard")) } else { String::new() };
    say(&format!("{pictures} in {shards} in {out}, {megabytes:.1} MB, in {seconds:.1} s{there}\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_samples_or_bytes() {
        assert_eq!(size("2000"), Ok(ShardSize::Samples(2000)));
        assert_eq!(size("256MB"), Ok(ShardSize::Bytes(256_000_000)));
        assert_eq!(size("1gib"), Ok(ShardSize::Bytes(1 << 30)));
        for wrong in ["", "0", "MB", "0MB", "12 apples", "-3", "99999999999GB"] {
            assert!(size(wrong).expect_err("no size").contains("expected samples"), "{wrong}");
        }
    }
}
