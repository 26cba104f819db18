//! `variegate preview`: a contact sheet of originals and what the pipeline makes of them.
//!
//! People run it before they train. It shows exactly what `augment` writes, only smaller: column k + 1 is copy k. It never
//! shows normalised numbers as if they were colours.

use std::path::PathBuf;

use clap::Args;
use clap::builder::RangedU64ValueParser;
use variegate::io::{Folder, FolderOptions, Limits, encode};
use variegate::{Error, Pipeline, Result, Scratch};

use crate::layout::format_of_path;
use crate::ledger::slashed;
use crate::original::{Original, is_normalised};
use crate::sheet::Sheet;
use crate::terminal::{complain, count, say};
use crate::{Outcome, document};

/// The family whose operations write numbers for a network.
const FINISH: &str = "finish";

const AFTER: &str = "\
The first column holds the upright originals, column k + 1 what `variegate augment` writes as copy k. Pictures are taken
evenly from all classes and fitted into the tiles, so sizes are not to scale. A `normalize` at the end is left out:
normalised numbers are not colours, and nothing is lost by looking at them before.

Without --pipeline the standard preset is shown, a usual start for photos:
  resized_crop 224 of 35 to 100 % of the area, flip, rotate by up to 10 degrees, mild color_jitter

Examples:
  variegate preview photos
  variegate preview photos --pipeline p.yaml --rows 10 --columns 8 --tile 128 --out p.png";

/// Make a contact sheet: originals, and what a pipeline makes of them.
#[derive(Args)]
#[command(after_help = AFTER)]
pub struct Preview {
    /// A folder of pictures: class folders, or flat.
    src: PathBuf,
    /// The pipeline file (YAML); the standard preset unless given.
    #[arg(long, short, value_name = "FILE")]
    pipeline: Option<PathBuf>,
    /// The sheet to write, PNG unless the name says otherwise.
    #[arg(long, short, default_value = "sheet.png", value_name = "FILE")]
    out: PathBuf,
    /// Source pictures, one a row.
    #[arg(long, default_value_t = 4, value_name = "N", value_parser = RangedU64ValueParser::<usize>::new().range(1..=1000))]
    rows: usize,
    /// Columns: the original, and versions of it.
    #[arg(long, default_value_t = 6, value_name = "N", value_parser = RangedU64ValueParser::<usize>::new().range(2..=1000))]
    columns: usize,
    /// Side of a tile in pixels.
    #[arg(long, default_value_t = 192, value_name = "PX", value_parser = RangedU64ValueParser::<usize>::new().range(16..=4096))]
    tile: usize,
    /// The seed, in place of the pipeline's.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
}

/// Runs the verb.
pub fn run(arguments: &Preview) -> Result<Outcome> {
    let format = format_of_path(&arguments.out, 92)?;
    let (pipeline, name) = match &arguments.pipeline {
        Some(path) => (document::read(path, arguments.seed)?, path.display().to_string()),
        None => (document::standard(arguments.seed)?, "the standard preset (no --pipeline given)".to_string()),
    };
    let folder = Folder::read(&arguments.src, &FolderOptions::default())?;
    let shown = if is_normalised(&pipeline) { ", without its normalize" } else { "" };
    let (chosen, skipped) = choose(&folder, arguments.rows);
    let mut scratch = Scratch::default();
    for (sample, error) in skipped {
        complain(&format!("warning: {}: {}", folder.root.join(&folder.files[sample].path).display(), error.message()));
    }
    if chosen.is_empty() {
        return Err(Error::input("none of the pictures tried can be read").at(&arguments.src));
    }
    let mut sheet = Sheet::new(chosen.len(), arguments.columns, arguments.tile)?;
    let mut legend = String::new();
    for (row, (sample, original)) in chosen.iter().enumerate() {
        sheet.place(row, 0, &original.upright(&mut scratch)?, &mut scratch)?;
        for column in 1..arguments.columns {
            let picture = version(original, &pipeline, column as u64 - 1, *sample as u64, &mut scratch)?;
            sheet.place(row, column, &picture, &mut scratch)?;
        }
        legend.push_str(&format!("  row {:<3} {}\n", row + 1, slashed(&folder.files[*sample].path)));
    }
    let sheet = sheet.into_picture()?;
    let bytes = encode(&sheet, &format)?;
    std::fs::write(&arguments.out, bytes)
        .map_err(|error| Error::io(format!("the sheet cannot be written: {error}")).at(&arguments.out))?;
    say(&format!(
        "{}: {} × {} pixels, {} of an original and {} by {name}{shown}\n{legend}",
        arguments.out.display(),
        sheet.size().width,
        sheet.size().height,
        count(chosen.len() as u64, "row"),
        count(arguments.columns as u64 - 1, "version"),
    ))?;
    Ok(Outcome::Done)
}

/// Copy `copy` of a picture, as 8 bits.
fn version(
    original: &Original,
    pipeline: &Pipeline,
    copy: u64,
    sample: u64,
    scratch: &mut Scratch,
) -> Result<variegate::Picture> {
    let mut recipe = original.draw(pipeline, copy, sample);
    recipe.steps.retain(|step| step.spec.family != FINISH);
    original.apply(pipeline, &recipe, scratch)
}

/// Pictures evenly over classes, and evenly over the files of each; where one is broken, the next of its class.
fn choose(folder: &Folder, rows: usize) -> (Vec<(usize, Original)>, Vec<(usize, Error)>) {
    let mut classes: Vec<Vec<usize>> = vec![Vec::new(); folder.classes.len().max(1)];
    for (sample, entry) in folder.files.iter().enumerate() {
        classes[entry.class.unwrap_or(0) as usize].push(sample);
    }
    classes.retain(|samples| !samples.is_empty());
    let (mut chosen, mut skipped) = (Vec::new(), Vec::<(usize, Error)>::new());
    for (class, share) in shares(rows, classes.len()).into_iter().enumerate() {
        let samples = &mut classes[class];
        for k in 0..share.min(samples.len()) {
            let mut place = (2 * k + 1) * samples.len() / (2 * share.min(samples.len()));
            // Whatever was taken or found broken is out of the list.
            while !samples.is_empty() {
                place = place.min(samples.len() - 1);
                let sample = samples[place];
                match Original::read(&folder.root.join(&folder.files[sample].path), &Limits::default()) {
                    Ok(original) => {
                        chosen.push((sample, original));
                        break;
                    }
                    Err(error) => {
                        samples.remove(place);
                        skipped.push((sample, error));
                    }
                }
            }
        }
    }
    (chosen, skipped)
}

/// How many rows each class gets: as even as can be, and spread where there are more classes than rows.
fn shares(rows: usize, classes: usize) -> Vec<usize> {
    (0..classes).map(|class| (class + 1) * rows / classes - class * rows / classes).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_shared_evenly() {
        assert_eq!(shares(4, 10), [0, 0, 1, 0, 1, 0, 0, 1, 0, 1]);
        assert_eq!(shares(10, 4), [2, 3, 2, 3]);
        assert_eq!(shares(4, 1), [4]);
        assert_eq!(shares(3, 3), [1, 1, 1]);
    }
}
