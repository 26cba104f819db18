//! `variegate bench`: how many pictures a second this machine makes of a data set, and which stage takes the time.
//!
//! People run it to choose threads, and to see whether packing would pay. Files are read once before the clock starts,
//! so a cold disk is not in the figures. It writes nothing.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use clap::Args;
use clap::builder::RangedU64ValueParser;
use serde_json::{Value as Json, json};
use variegate::io::Limits;
use variegate::loader::{Loader, LoaderOptions};
use variegate::{Error, Pipeline, Result, Scratch, presets};

use crate::original::Original;
use crate::subject::{Reading, Subject};
use crate::terminal::{complain, paint, say};
use crate::{Outcome, document, threads};

const AFTER: &str = "\
decode   every file to a whole 8-bit picture
augment  the pipeline on decoded pictures
loader   all of it as training sees it: read, decode what the pipeline looks at, augment, batches of float32
Shares are of the loader's work, at the most threads.

Examples:
  variegate bench photos --seconds 0.2
  variegate bench photos --pipeline p.yaml --threads 2 --seconds 0.2 --json
  variegate bench photos --preset imagenet_train --seconds 0.2";

/// Measure decoding, augmenting and the whole loader on one thread, two threads, and so on.
#[derive(Args)]
#[command(after_help = AFTER)]
pub struct Bench {
    /// A folder of pictures, or an annotated data set.
    src: PathBuf,
    #[command(flatten)]
    reading: Reading,
    /// The pipeline file (YAML); the standard preset unless given.
    #[arg(long, short, value_name = "FILE", conflicts_with = "preset")]
    pipeline: Option<PathBuf>,
    /// A preset by its name.
    #[arg(long, value_name = "NAME")]
    preset: Option<String>,
    /// The most threads; as many as there are processors unless given.
    #[arg(long, value_name = "N", value_parser = RangedU64ValueParser::<usize>::new().range(1..=256))]
    threads: Option<usize>,
    /// Seconds of each measurement.
    #[arg(long, default_value_t = 2.0, value_name = "S", value_parser = seconds)]
    seconds: f64,
    /// Files to measure with, from the start of the data set.
    #[arg(long, default_value_t = 256, value_name = "N", value_parser = RangedU64ValueParser::<usize>::new().range(1..=100_000))]
    files: usize,
    /// As JSON, for programs.
    #[arg(long)]
    json: bool,
}

fn seconds(word: &str) -> std::result::Result<f64, String> {
    word.parse().ok().filter(|s| (0.01..=3600.0).contains(s)).ok_or_else(|| "expected seconds from 0.01 to 3600".into())
}

/// Bytes of decoded pictures that are kept for `augment`.
const KEPT: usize = 1 << 30;

/// What one number of threads gave, in pictures a second.
struct Row {
    threads: usize,
    decode: f64,
    augment: f64,
    loader: f64,
    shares: Vec<(&'static str, f64)>,
}

/// Runs the verb.
pub fn run(arguments: &Bench) -> Result<Outcome> {
    let (pipeline, name) = match (&arguments.pipeline, &arguments.preset) {
        (Some(path), _) => (document::read(path, None)?, path.display().to_string()),
        (None, Some(name)) => (presets::get(name)?, name.clone()),
        (None, None) => (document::standard(None)?, "the standard preset".to_string()),
    };
    pipeline.check_alone()?;
    let subject = Subject::open(&arguments.src, &arguments.reading, false)?;
    let limits = Limits::default();
    let mut files = Vec::new();
    for id in 0..subject.source.len().min(arguments.files as u64) {
        match subject.source.read(id, &limits).and_then(|bytes| Original::decode(&bytes, &limits).map(|_| bytes)) {
            Ok(bytes) => files.push(bytes),
            Err(error) => complain(&format!("warning: left out: {error}")),
        }
    }
    if files.is_empty() {
        return Err(Error::input("none of the files can be decoded").at(&arguments.src));
    }
    let rows: Vec<Row> = counts(threads(arguments.threads))
        .into_iter()
        .map(|threads| measure(threads, &files, &pipeline, &subject, arguments.seconds))
        .collect::<Result<_>>()?;
    if arguments.json {
        say(&format!("{:#}\n", to_json(&rows, files.len(), &name)))?;
    } else {
        say(&table(&rows, files.len(), &name))?;
    }
    Ok(Outcome::Done)
}

/// 1, 2, 4 … and the most.
fn counts(most: usize) -> Vec<usize> {
    let mut counts: Vec<usize> = std::iter::successors(Some(1), |n| Some(n * 2)).take_while(|n| *n < most).collect();
    counts.push(most);
    counts
}

fn measure(threads: usize, files: &[Vec<u8>], pipeline: &Pipeline, subject: &Subject, seconds: f64) -> Result<Row> {
    let limits = Limits::default();
    let decode = rate(threads, seconds, &|k, _| Original::decode(&files[k % files.len()], &limits).map(drop))?;
    let mut held = 0;
    let mut decoded = Vec::new();
    for bytes in files {
        let original = Original::decode(bytes, &limits)?;
        held += original.bytes();
        decoded.push(original);
        if held > KEPT {
            break;
        }
    }
    let augment = rate(threads, seconds, &|k, scratch| {
        let original = &decoded[k % decoded.len()];
        original.apply(pipeline, &original.draw(pipeline, 0, k as u64), scratch).map(drop)
    })?;
    drop(decoded);
    let batch_size = 32.min(subject.source.len() as usize);
    let options = LoaderOptions { threads: Some(threads), batch_size, ..LoaderOptions::default() };
    let mut loader = Loader::new(subject.source.clone(), pipeline.clone(), options)?;
    let (started, mut made) = (Instant::now(), 0);
    while started.elapsed().as_secs_f64() < seconds {
        // The end of an epoch is the start of the next.
        if let Some(batch) = loader.next_batch()? {
            made += batch.count;
        }
    }
    let loaded = made as f64 / started.elapsed().as_secs_f64();
    let report = loader.report();
    let busy = report.busy().max(f64::MIN_POSITIVE);
    let stages = [("read", report.read), ("plan", report.plan), ("decode", report.decode), ("augment", report.augment)];
    let shares = stages.into_iter().map(|(name, seconds)| (name, seconds / busy)).collect();
    Ok(Row { threads, decode, augment, loader: loaded, shares })
}

/// How often a second `work` is done by so many threads, each with memory of its own.
fn rate(threads: usize, seconds: f64, work: &(dyn Fn(usize, &mut Scratch) -> Result<()> + Sync)) -> Result<f64> {
    let (next, failed) = (AtomicU64::new(0), Mutex::new(None));
    let started = Instant::now();
    let until = Duration::from_secs_f64(seconds);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let mut scratch = Scratch::default();
                while started.elapsed() < until {
                    if let Err(error) = work(next.fetch_add(1, Ordering::Relaxed) as usize, &mut scratch) {
                        failed.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
                        return;
                    }
                }
            });
        }
    });
    match failed.into_inner().unwrap_or_else(PoisonError::into_inner) {
        Some(error) => Err(error),
        None => Ok(next.into_inner() as f64 / started.elapsed().as_secs_f64()),
    }
}

fn to_json(rows: &[Row], files: usize, pipeline: &str) -> Json {
    let rows = rows.iter().map(|row| {
        let shares: serde_json::Map<String, Json> = row.shares.iter().map(|(k, v)| ((*k).into(), json!(v))).collect();
        json!({ "threads": row.threads, "decode": row.decode, "augment": row.augment, "loader": row.loader, "shares": shares })
    });
    json!({ "pipeline": pipeline, "files": files, "unit": "pictures per second", "rows": rows.collect::<Vec<_>>() })
}

fn table(rows: &[Row], files: usize, pipeline: &str) -> String {
    let head = format!("{:>7} {:>10} {:>10} {:>10}", "threads", "decode", "augment", "loader");
    let mut text = format!("{files} files, {pipeline}; pictures per second\n\n{}\n", paint(&head, "1"));
    for row in rows {
        text.push_str(&format!("{:>7} {:>10.0} {:>10.0} {:>10.0}\n", row.threads, row.decode, row.augment, row.loader));
    }
    if let Some(last) = rows.last() {
        let shares: Vec<String> =
            last.shares.iter().map(|(name, share)| format!("{name} {:.0} %", share * 100.0)).collect();
        text.push_str(&format!("\nthe loader's work: {}\n", shares.join(", ")));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_double_up_to_the_most() {
        assert_eq!((counts(1), counts(2), counts(6)), (vec![1], vec![1, 2], vec![1, 2, 4, 6]));
    }
}
