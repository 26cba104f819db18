//! `variegate augment`: a whole data set, offline.
//!
//! People and scripts run it. Here are the arguments, what may lie in OUT before, and what is said after; `job` does the
//! work. It never makes a finished output again, and never mixes the outputs of two jobs.

use std::path::PathBuf;
use std::time::Instant;

use clap::Args;
use clap::builder::RangedU64ValueParser;
use variegate::io::{Folder, FolderOptions, Writer};
use variegate::{Error, Kind, Result};

use crate::apart::refuse_inside;
use crate::job::{Job, Tally, tasks};
use crate::layout::{Layout, Wanted};
use crate::ledger::{self, Earlier, MANIFEST, REPORT, Stamp, Summary};
use crate::original::is_normalised;
use crate::progress::Progress;
use crate::terminal::{complain, count, say};
use crate::{Outcome, document, threads};

const AFTER: &str = "\
What is written:
  OUT/<class>/<stem>__<copy>.<ext>   8 bits, upright; grey stays grey, everything else becomes RGB
  OUT/manifest.csv                   output, source, class, copy and sample of every output
  OUT/variegate-report.json          what made the folder, how far it came, which files failed and why

The same command resumes an interrupted run and gives the same bytes as an uninterrupted one, on any number of threads.
Copy k is drawn as epoch k, the source's place in the sorted list as the sample: `variegate explain --epoch k --sample n`
explains it.

Examples:
  variegate augment photos out --pipeline p.yaml --copies 4
  variegate augment photos out --pipeline p.yaml --format jpeg --quality 90 --seed 3";

/// Augment a whole data set: class folders, or a flat folder, mirrored under OUT with its labels.
#[derive(Args)]
#[command(after_help = AFTER)]
pub struct Augment {
    /// A folder of pictures: class folders, or flat.
    src: PathBuf,
    /// Where the outputs go; made if it is missing.
    out: PathBuf,
    /// The pipeline file (YAML).
    #[arg(long, short, value_name = "FILE")]
    pipeline: PathBuf,
    /// Augmented copies of each picture.
    #[arg(long, default_value_t = 1, value_name = "N", value_parser = RangedU64ValueParser::<u64>::new().range(1..=1_000_000))]
    copies: u64,
    /// The format of the outputs.
    #[arg(long, value_enum, default_value_t = Wanted::Keep)]
    format: Wanted,
    /// JPEG quality, 1 to 100.
    #[arg(long, default_value_t = 95, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=100))]
    quality: u8,
    /// The seed, in place of the pipeline's.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Worker threads; as many as there are processors unless given.
    #[arg(long, value_name = "N", value_parser = RangedU64ValueParser::<usize>::new().range(1..=1024))]
    threads: Option<usize>,
    /// Make finished outputs anew; those of another job in OUT are removed first.
    #[arg(long)]
    overwrite: bool,
    /// Exit with 1 if any file failed; without it, bad files are a warning.
    #[arg(long)]
    strict: bool,
    /// Say nothing but warnings and errors.
    #[arg(long, short)]
    quiet: bool,
}

/// Runs the verb.
pub fn run(arguments: &Augment) -> Result<Outcome> {
    let pipeline = document::read(&arguments.pipeline, arguments.seed)?;
    if is_normalised(&pipeline) {
        return Err(Error::parameter(
            "the pipeline ends in normalize, but image files hold 8-bit values; remove it here and normalise in training",
        )
        .at(&arguments.pipeline));
    }
    pipeline.check_alone().map_err(|error| error.at(&arguments.pipeline))?;
    let folder = Folder::read(&arguments.src, &FolderOptions::default())?;
    refuse_inside(&arguments.src, &arguments.out)?;
    for problem in &folder.problems {
        complain(&format!("warning: {problem}"));
    }
    let layout = Layout::new(&folder, arguments.format, arguments.quality);
    let stamp = Stamp::new(&pipeline, &folder, arguments.format, arguments.quality);
    let writer = Writer::open(&arguments.out)?;
    let held = clear_way(arguments, &folder, &layout, &stamp, &writer)?;
    let (tasks, skipped) = tasks(&folder, &layout, &writer, arguments.copies);
    let nothing = Tally::default();
    let summary = |tally: &Tally, seconds| {
        let pipeline = pipeline.to_yaml();
        let (folder, stamp, written, copies) = (&folder, &stamp, tally.written, held);
        Summary { folder, stamp, pipeline, copies, written, skipped, bad: &tally.bad, seconds }.write(&writer)
    };
    summary(&nothing, None)?;

    let job = Job { folder: &folder, pipeline: &pipeline, layout: &layout, writer: &writer, tasks: &tasks };
    let threads = threads(arguments.threads);
    let started = Instant::now();
    let mut progress = Progress::new(folder.files.len() as u64 * arguments.copies, skipped, arguments.quiet);
    let tally = job.run(threads.min(tasks.len().max(1)), &mut progress);
    progress.finish();
    let tally = tally?;
    let seconds = started.elapsed().as_secs_f64();

    ledger::write_manifest(&folder, &layout, held, &writer)?;
    summary(&tally, Some(seconds))?;
    tell(arguments, &folder, &tally, skipped, seconds)?;
    let all_failed = tally.bad.len() == folder.files.len();
    let unread = folder.problems.iter().any(|problem| problem.kind() == Kind::Io);
    let failed = all_failed || (arguments.strict && (unread || !tally.bad.is_empty()));
    Ok(if failed { Outcome::Failed } else { Outcome::Done })
}

/// Checks what lies in OUT, and removes it where that was asked for. Gives the copies of each source OUT holds after the
/// run.
fn clear_way(arguments: &Augment, folder: &Folder, layout: &Layout, stamp: &Stamp, writer: &Writer) -> Result<u64> {
    let copies = arguments.copies;
    let all = |layout: &Layout, copies: u64| {
        let paths = |sample| (0..copies).map(move |copy| (sample, copy));
        (0..folder.files.len()).flat_map(paths).map(|(sample, copy)| layout.path(sample, copy)).collect::<Vec<_>>()
    };
    if arguments.overwrite {
        // A broken report is no obstacle to making everything anew.
        let earlier = Earlier::read(&arguments.out).ok().flatten();
        let most = earlier.as_ref().map_or(0, Earlier::copies).max(copies);
        let old = earlier.and_then(|earlier| earlier.wanted());
        let old = old.map(|wanted| Layout::new(folder, wanted, arguments.quality));
        for path in old.iter().flat_map(|old| all(old, most)).chain(all(layout, most)) {
            writer.remove(&path)?;
        }
        return Ok(copies);
    }
    match Earlier::read(&arguments.out)? {
        Some(earlier) => earlier.check(stamp, &arguments.out).map(|()| earlier.copies().max(copies)),
        None if all(layout, copies).iter().any(|path| writer.has(path)) => Err(Error::parameter(format!(
            "the folder holds outputs but no {REPORT} that says what made them; give --overwrite to make them anew, or \
             another folder"
        ))
        .at(&arguments.out)),
        None => Ok(copies),
    }
}

/// Says what was done.
fn tell(arguments: &Augment, folder: &Folder, tally: &Tally, skipped: u64, seconds: f64) -> Result<()> {
    let notes = [(tally.alpha, "with alpha, which is dropped"), (tally.bits, "of more than 8 bits, rounded to 8")];
    for (n, what) in notes.into_iter().filter(|(n, _)| *n > 0) {
        complain(&format!("warning: {} {what}", count(n, "picture")));
    }
    if !tally.bad.is_empty() {
        let of = count(folder.files.len() as u64, "file");
        complain(&format!("warning: {} of {of} failed; outputs are missing for", tally.bad.len()));
        for bad in &tally.bad {
            let path = folder.root.join(&folder.files[bad.sample].path);
            complain(&format!("  {}: {}", path.display(), bad.error.message()));
        }
    }
    if arguments.quiet {
        return Ok(());
    }
    if tally.written == 0 && tally.bad.is_empty() {
        return say(&format!("nothing to do: all {} are in {}\n", count(skipped, "picture"), arguments.out.display()));
    }
    let classes = match folder.classes.len() as u64 {
        0 => "no classes".to_string(),
        1 => "1 class".to_string(),
        n => format!("{n} classes"),
    };
    let mut text = format!(
        "{} of {} ({classes}) written to {} in {seconds:.1} s, {:.0} img/s",
        count(tally.written, "picture"),
        count(folder.files.len() as u64, "source"),
        arguments.out.display(),
        tally.written as f64 / seconds.max(1e-9),
    );
    if skipped > 0 {
        text.push_str(&format!("; {skipped} were there already"));
    }
    text.push_str(&format!("\nsee {MANIFEST} and {REPORT} there\n"));
    say(&text)
}
