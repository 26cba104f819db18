//! `variegate inspect`: what a data set holds, and what is wrong with it.
//!
//! People run it before anything else, scripts read `--json`. It decodes every file once and writes nothing but the
//! page that was asked for.

use std::path::PathBuf;

use clap::Args;
use clap::builder::RangedU64ValueParser;
use variegate::{Error, Result};

use crate::Outcome;
use crate::progress::Progress;
use crate::subject::{Reading, Subject};
use crate::survey::findings::Findings;
use crate::survey::page::page;
use crate::survey::survey;
use crate::survey::tables::tables;
use crate::terminal::{count, say};
use crate::threads;

const AFTER: &str = "\
Every file is decoded to its end. Told are sizes, aspect ratios, formats, channels, depths and EXIF orientations; classes
and their balance; broken, missing and odd files with the reason; files of the same bytes and pictures that look alike;
boxes outside their picture, without area or listed twice, unknown ids, masks of another size.

Examples:
  variegate inspect photos
  variegate inspect photos --html report.html
  variegate inspect photos --json";

/// Look at a data set: sizes, formats, classes, broken files, duplicates, and what is wrong with its labels.
#[derive(Args)]
#[command(after_help = AFTER)]
pub struct Inspect {
    /// A folder of pictures, a COCO file, a folder of VOC, YOLO or masks, or a CSV table.
    src: PathBuf,
    #[command(flatten)]
    reading: Reading,
    /// Write a page with plots and thumbnails, complete in itself.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Print the findings as JSON, for programs.
    #[arg(long)]
    json: bool,
    /// Bits of 128 by which pictures that look alike may differ; 0 for equal looks alone.
    #[arg(long, default_value_t = 6, value_name = "BITS", value_parser = clap::value_parser!(u32).range(0..=16))]
    near: u32,
    /// Worker threads; as many as there are processors unless given.
    #[arg(long, value_name = "N", value_parser = RangedU64ValueParser::<usize>::new().range(1..=1024))]
    threads: Option<usize>,
    /// Exit with 1 if anything is broken, missing or wrongly labelled.
    #[arg(long)]
    strict: bool,
    /// Show no progress.
    #[arg(long, short)]
    quiet: bool,
}

/// Runs the verb.
pub fn run(arguments: &Inspect) -> Result<Outcome> {
    let subject = Subject::open(&arguments.src, &arguments.reading, false)?;
    let source = &*subject.source;
    let mut progress = Progress::new(source.len(), 0, arguments.quiet);
    let facts = survey(source, threads(arguments.threads), &mut progress);
    progress.finish();
    let found = Findings::of(&arguments.src, &subject, &facts, arguments.near);
    if let Some(path) = &arguments.html {
        std::fs::write(path, page(&found, source))
            .map_err(|error| Error::io(format!("the page cannot be written: {error}")).at(path))?;
    }
    match (&arguments.html, arguments.json) {
        (_, true) => say(&format!("{:#}\n", found.to_json()))?,
        (Some(path), false) => say(&format!("{}: {}\n", path.display(), count(found.files, "file")))?,
        (None, false) => say(&tables(&found))?,
    }
    Ok(if arguments.strict && !found.is_clean() { Outcome::Failed } else { Outcome::Done })
}
