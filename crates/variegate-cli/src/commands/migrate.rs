//! `variegate migrate`: a pipeline of another library as ours.
//!
//! People run it once, on what the other library wrote. It reads data alone; nothing foreign is run, and no file is
//! written where a part has no counterpart, unless asked for.

use std::path::PathBuf;

use clap::Args;
use variegate::io::{Limits, read_file};
use variegate::migrate::{Library, migrate};
use variegate::{Error, Result, Size};

use crate::Outcome;
use crate::commands::explain::size;
use crate::terminal::{complain, say};

const AFTER: &str = "\
FILE holds JSON: what Albumentations' `A.to_dict` gives; for torchvision a list of {\"class\": NAME, \"attributes\": {…}};
for Keras a list of {\"class_name\": NAME, \"config\": {…}}; for imagedatagenerator a mapping of its arguments.

Examples:
  variegate migrate augment.json --out pipeline.yaml
  variegate migrate layers.json --from keras --size 256";

/// Turn a pipeline of Albumentations, torchvision or Keras into a pipeline file, and say what differs.
#[derive(Args)]
#[command(after_help = AFTER)]
pub struct Migrate {
    /// The foreign pipeline (JSON).
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Whose pipeline it is: albumentations, torchvision, keras or imagedatagenerator.
    #[arg(long, default_value = "albumentations", value_name = "LIBRARY", value_parser = library)]
    from: Library,
    /// Where the pipeline file goes; standard output where it is left out.
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Height and width of the pictures that will come, for lengths in pixels, as 375x500.
    #[arg(long, value_name = "HxW", value_parser = size)]
    size: Option<Size>,
    /// Leave out what has no counterpart.
    #[arg(long)]
    leave_out: bool,
}

fn library(word: &str) -> std::result::Result<Library, String> {
    Library::parse(word).map_err(|error| error.message().to_string())
}

/// Runs the verb.
pub fn run(arguments: &Migrate) -> Result<Outcome> {
    let bytes = read_file(&arguments.file, &Limits { max_bytes: 16 << 20, ..Limits::default() })?;
    let given = serde_json::from_slice(&bytes)
        .map_err(|error| Error::parameter(format!("not JSON: {error}")).at(&arguments.file))?;
    let size = arguments.size.map(|size| (size.height as f64, size.width as f64));
    let migrated = migrate(arguments.from, &given, size).map_err(|error| error.at(&arguments.file))?;
    for remark in &migrated.remarks {
        complain(&format!("differs: {remark}"));
    }
    for refusal in &migrated.refusals {
        complain(&format!("no counterpart: {refusal}"));
    }
    if !migrated.refusals.is_empty() && !arguments.leave_out {
        let message = "some parts have no counterpart, so nothing was written; mend them, or add --leave-out";
        return Err(Error::parameter(message).at(&arguments.file));
    }
    let text = migrated.rest()?.to_yaml();
    match &arguments.out {
        None => say(&text)?,
        Some(path) => std::fs::write(path, text)
            .map_err(|error| Error::io(format!("the pipeline file cannot be written: {error}")).at(path))?,
    }
    Ok(Outcome::Done)
}
