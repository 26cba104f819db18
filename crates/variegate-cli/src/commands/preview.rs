//! `variegate preview`: a contact sheet of originals and what the pipeline makes of them.
//!
//! People run it before they train. It shows exactly what `augment` writes, only smaller: column k + 1 is copy k. It never
//! shows normalised numbers as if they were colours.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;
use clap::builder::RangedU64ValueParser;
use variegate::io::{Limits, encode};
use variegate::loader::Source;
use variegate::{Error, Picture, Pipeline, Recipe, Result, Scratch};

use crate::layout::format_of_path;
use crate::original::{Original, is_normalised};
use crate::overlay::Attached;
use crate::sheet::{Sheet, fit};
use crate::strength::sweep;
use crate::subject::{Arrangement, Reading, Subject, below};
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

Over an annotated data set (COCO, VOC, YOLO, masks) the boxes, points and masks are drawn as the pipeline moves them, each
label in a colour of its own. With --strength the columns are one operation, from the values that change nothing to the
ends of its usual ranges.

Examples:
  variegate preview photos
  variegate preview photos --strength rotate --columns 8
  variegate preview photos --pipeline p.yaml --rows 10 --columns 8 --tile 128 --out p.png";

/// Make a contact sheet: originals, and what a pipeline makes of them.
#[derive(Args)]
#[command(after_help = AFTER)]
pub struct Preview {
    /// A folder of pictures, a COCO file, or a folder of VOC, YOLO or masks.
    src: PathBuf,
    #[command(flatten)]
    reading: Reading,
    /// The pipeline file (YAML); the standard preset unless given.
    #[arg(long, short, value_name = "FILE")]
    pipeline: Option<PathBuf>,
    /// Show one operation at rising strength in place of a pipeline.
    #[arg(long, value_name = "OP", conflicts_with = "pipeline")]
    strength: Option<String>,
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
    let shown = Shown::of(arguments)?;
    let subject = Subject::open(&arguments.src, &arguments.reading, true)?;
    let source = &*subject.source;
    let (chosen, skipped) = choose(source, arguments.rows);
    let mut scratch = Scratch::default();
    for (sample, error) in skipped {
        complain(&format!("warning: {}: {}", source.name(sample).display(), error.message()));
    }
    if chosen.is_empty() {
        return Err(Error::input("none of the pictures tried can be read").at(&arguments.src));
    }
    let mut sheet = Sheet::new(chosen.len(), arguments.columns, arguments.tile)?;
    let (rows, mut legend) = (chosen.len(), String::new());
    let annotated = !matches!(subject.arrangement, Arrangement::Folder | Arrangement::Csv);
    for (row, (sample, original)) in chosen.into_iter().enumerate() {
        if annotated {
            // Annotations are of the upright picture.
            let original = original.turned(&mut scratch)?;
            let picture = original.picture();
            let known = Attached::of(source, sample, picture.size(), &Limits::default())
                .map_err(|error| error.at(source.name(sample)))?;
            place(&mut sheet, (row, 0), picture, &known, &mut scratch)?;
            for column in 1..arguments.columns {
                let (pipeline, copy) = shown.at(column);
                let recipe = visible(original.draw(pipeline, copy, sample));
                let (made, moved) = known.apply(picture, pipeline, &recipe, &mut scratch)?;
                place(&mut sheet, (row, column), &made, &moved, &mut scratch)?;
            }
        } else {
            sheet.place(row, 0, &original.upright(&mut scratch)?, &mut scratch)?;
            for column in 1..arguments.columns {
                let (pipeline, copy) = shown.at(column);
                let made = original.apply(pipeline, &visible(original.draw(pipeline, copy, sample)), &mut scratch)?;
                sheet.place(row, column, &made, &mut scratch)?;
            }
        }
        legend.push_str(&format!("  row {:<3} {}\n", row + 1, below(&arguments.src, &source.name(sample))));
    }
    for (k, name) in shown.names.iter().enumerate() {
        legend.push_str(&format!("  column {:<3} {name}\n", k + 2));
    }
    let sheet = sheet.into_picture()?;
    let bytes = encode(&sheet, &format)?;
    std::fs::write(&arguments.out, bytes)
        .map_err(|error| Error::io(format!("the sheet cannot be written: {error}")).at(&arguments.out))?;
    let versions = count(arguments.columns as u64 - 1, "version");
    say(&format!(
        "{}: {} × {} pixels, {} of an original and {versions} by {}\n{legend}",
        arguments.out.display(),
        sheet.size().width,
        sheet.size().height,
        count(rows as u64, "row"),
        shown.name,
    ))?;
    Ok(Outcome::Done)
}

/// What the columns show.
struct Shown {
    /// One, or one for each column after the first.
    pipelines: Vec<Pipeline>,
    name: String,
    /// What each column is called; nothing where copies need no name.
    names: Vec<String>,
}

impl Shown {
    fn of(arguments: &Preview) -> Result<Self> {
        if let Some(operation) = &arguments.strength {
            let steps = sweep(operation, arguments.columns - 1, arguments.seed.unwrap_or(0))?;
            let (names, pipelines) = steps.into_iter().map(|step| (step.name, step.pipeline)).unzip();
            return Ok(Self { pipelines, name: format!("{operation} at rising strength"), names });
        }
        let (pipeline, name) = match &arguments.pipeline {
            Some(path) => (document::read(path, arguments.seed)?, path.display().to_string()),
            None => (document::standard(arguments.seed)?, "the standard preset (no --pipeline given)".to_string()),
        };
        let without = if is_normalised(&pipeline) { ", without its normalize" } else { "" };
        Ok(Self { pipelines: vec![pipeline], name: format!("{name}{without}"), names: Vec::new() })
    }

    /// The pipeline of a column after the first, and the copy it shows.
    fn at(&self, column: usize) -> (&Pipeline, u64) {
        match self.pipelines.as_slice() {
            [one] => (one, column as u64 - 1),
            // Strength alone differs: every column draws as copy 0.
            all => (&all[(column - 1).min(all.len() - 1)], 0),
        }
    }
}

/// A recipe without what turns colours into numbers for a network.
fn visible(mut recipe: Recipe) -> Recipe {
    recipe.steps.retain(|step| step.spec.family != FINISH);
    recipe
}

/// Fits a picture into its tile and draws what is attached to it there.
fn place(
    sheet: &mut Sheet,
    (row, column): (usize, usize),
    picture: &Picture,
    attached: &Attached,
    scratch: &mut Scratch,
) -> Result<()> {
    let drawn = attached.draw(&fit(picture, sheet.tile(), scratch)?, picture.size())?;
    sheet.place(row, column, &drawn, scratch)
}

/// Pictures evenly over classes, and evenly over the files of each; where one is broken, the next of its class.
fn choose(source: &dyn Source, rows: usize) -> (Vec<(u64, Original)>, Vec<(u64, Error)>) {
    let limits = Limits::default();
    let mut classes: BTreeMap<Option<u32>, Vec<u64>> = BTreeMap::new();
    for sample in 0..source.len() {
        classes.entry(source.label(sample)).or_default().push(sample);
    }
    let mut classes: Vec<Vec<u64>> = classes.into_values().collect();
    let (mut chosen, mut skipped) = (Vec::new(), Vec::<(u64, Error)>::new());
    for (class, share) in shares(rows, classes.len()).into_iter().enumerate() {
        let samples = &mut classes[class];
        for k in 0..share.min(samples.len()) {
            let mut place = (2 * k + 1) * samples.len() / (2 * share.min(samples.len()));
            // Whatever was taken or found broken is out of the list.
            while !samples.is_empty() {
                place = place.min(samples.len() - 1);
                let sample = samples[place];
                match source.read(sample, &limits).and_then(|bytes| Original::decode(&bytes, &limits)) {
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
