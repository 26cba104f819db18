//! `variegate studio`: a page on this machine where a pipeline is made by eye.
//!
//! People run it to find out what their pictures can bear. It prints the address, opens it in the browser where there
//! is one, and serves until it is ended. It writes the file of `--save` alone, when the page says so.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use clap::Args;
use variegate::Result;
use variegate_studio::{Opening, Studio as Served};

use crate::terminal::{count, say};
use crate::{Outcome, document};

const AFTER: &str = "\
The page is served on 127.0.0.1 alone, under an address with a token of its own for each start. Nothing outside SRC is
shown. The page saves to the file of --save; without it, pipelines are downloaded or copied.

Examples:
  variegate studio photos
  variegate studio instances.json --images photos
  variegate studio photos --masks masks
  variegate studio photos --pipeline p.yaml --save p.yaml";

/// Make a pipeline by eye, in the browser, on your own pictures.
#[derive(Args)]
#[command(after_help = AFTER)]
pub struct Studio {
    /// A folder of pictures (class folders, or flat), or a data set with boxes, points or masks: a COCO file, a Pascal
    /// VOC folder, a YOLO folder or its data.yaml, a folder with images/ and masks/.
    src: PathBuf,
    /// Where the pictures of a COCO file lie; beside it unless given.
    #[arg(long, value_name = "DIR")]
    images: Option<PathBuf>,
    /// Masks of the pictures of SRC, under the same names.
    #[arg(long, value_name = "DIR")]
    masks: Option<PathBuf>,
    /// The pipeline file (YAML) to begin with; the standard preset unless given.
    #[arg(long, short, value_name = "FILE")]
    pipeline: Option<PathBuf>,
    /// The file that the page may save to.
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
    /// The port of 127.0.0.1; any that is free unless given.
    #[arg(long, default_value_t = 0, value_name = "N")]
    port: u16,
    /// Print the address only, and open no browser.
    #[arg(long)]
    no_open: bool,
}

/// Runs the verb.
pub fn run(arguments: &Studio) -> Result<Outcome> {
    let pipeline = match &arguments.pipeline {
        Some(path) => document::read(path, None)?,
        None => document::standard(None)?,
    };
    let Studio { src, images, masks, save, port, .. } = arguments;
    let opening = Opening {
        source: src.clone(),
        images: images.clone(),
        masks: masks.clone(),
        pipeline,
        save: save.clone(),
        port: *port,
    };
    let studio = Served::open(opening)?;
    let address = studio.address();
    say(&format!("{}: {address}\nCtrl-C ends it.\n", count(studio.pictures() as u64, "picture")))?;
    if !arguments.no_open {
        show(&address);
    }
    studio.serve()?;
    Ok(Outcome::Done)
}

/// Opens the address in the browser. Where there is none, the address stands on the terminal.
fn show(address: &str) {
    let (program, before): (&str, &[&str]) = match std::env::consts::OS {
        "macos" => ("open", &[]),
        "windows" => ("cmd", &["/C", "start", ""]),
        _ => ("xdg-open", &[]),
    };
    let quiet = Command::new(program).args(before).arg(address).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    drop(quiet);
}
