//! From a pipeline document and numbers of pictures to pictures that a browser shows.
//!
//! The server calls it, away from the thread that listens. It draws exactly what the engine draws, only without the
//! final numbers for a network, which are no colours. It must never run a plan whose canvas is out of all proportion,
//! nor one that reads a bank of pictures outside the user's folder.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use serde_json::{Value as Json, json};
use variegate::io::{EncodeFormat, encode};
use variegate::ops::param::{Kind, PROCEDURAL};
use variegate::ops::resolution::ResizeLongest;
use variegate::ops::{Stage, Step};
use variegate::plan::Node;
use variegate::plan::explain::explain;
use variegate::{Company, Dist, Error, Picture, Pipeline, Recipe, Result, Sample, Scratch, Size, Value, augment};

use crate::attached::Attached;
use crate::gallery::{Gallery, Shown};
use crate::python;

/// The family whose operations write numbers for a network.
const FINISH: &str = "finish";

/// The most pixels of a canvas on the way.
const MOST: usize = 16 << 20;

/// Quality of the tiles, at which a block does not show.
const QUALITY: u8 = 88;

/// What takes fewer seconds is run twice and the shorter counts: the first run pays for memory that a training pays
/// for once.
const BRIEF: f64 = 0.004;

/// One drawn picture, encoded.
pub struct Tile {
    /// What the page is told of it.
    pub head: Json,
    /// The file; empty where it could not be drawn.
    pub bytes: Vec<u8>,
    /// The mask in colours; empty where there is none.
    pub mask: Vec<u8>,
}

/// What was made of one picture.
struct Drawn {
    bytes: Vec<u8>,
    mask: Vec<u8>,
    size: Size,
    /// What the page is told of boxes and points.
    attached: Json,
}

/// Reads a document and refuses what the studio may not show.
pub fn pipeline(document: &Json, gallery: &Gallery) -> Result<Pipeline> {
    let pipeline = Pipeline::from_yaml(&document.to_string(), None)?;
    check_banks(&pipeline.stages, gallery)?;
    Ok(pipeline)
}

/// Draws small copies of pictures into tiles of at most `side` pixels, and measures what the pipeline alone takes.
/// Partners of a mixing are taken among the same pictures.
pub fn tiles(
    gallery: &Gallery,
    pipeline: &Pipeline,
    numbers: &[usize],
    epoch: u64,
    side: usize,
) -> (Vec<Tile>, Option<f64>) {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).clamp(1, 4);
    let share = numbers.len().div_ceil(threads).max(1);
    let small = |part: &[usize]| {
        let mut scratch = Scratch::default();
        part.iter().map(|number| gallery.small(*number, &mut scratch)).collect::<Vec<_>>()
    };
    let copies: Vec<Result<Arc<Shown>>> = in_shares(numbers, share, small);
    let whole: Vec<(usize, &Shown)> =
        numbers.iter().zip(&copies).filter_map(|(n, copy)| copy.as_ref().ok().map(|copy| (*n, &**copy))).collect();
    let images: Vec<_> = whole.iter().map(|(_, copy)| copy.picture.view()).collect();
    let samples: Vec<u64> = whole.iter().map(|(number, _)| *number as u64).collect();
    let company = Company { pipeline, images: &images, samples: &samples, epoch };
    let places: Vec<usize> = (0..images.len()).collect();
    let draw = |part: &[usize]| {
        let mut scratch = Scratch::default();
        part.iter()
            .map(|own| tile(&company, *own, whole[*own].1.attached.as_ref(), side, &mut scratch))
            .collect::<Vec<_>>()
    };
    let mut drawn = in_shares(&places, share, draw).into_iter();
    let (mut seconds, mut made) = (0.0, 0);
    let tiles = numbers.iter().zip(&copies).map(|(number, copy)| {
        let tile = match copy {
            Err(error) => Err(error.clone()),
            Ok(_) => drawn.next().unwrap_or_else(|| Err(Error::internal("a picture was left out"))),
        };
        let name = gallery.name(*number);
        match tile {
            Ok((drawn, took)) => {
                seconds += took;
                made += 1;
                drawn.told(*number, name)
            }
            Err(error) => {
                let head =
                    json!({ "picture": number, "name": name, "bytes": 0, "mask": 0, "error": error.to_string() });
                Tile { head, bytes: Vec::new(), mask: Vec::new() }
            }
        }
    });
    let tiles = tiles.collect();
    (tiles, (made > 0 && seconds > 0.0).then(|| f64::from(made) / seconds))
}

/// Runs a part of the work on each thread; what comes out stands in order.
fn in_shares<T: Send>(work: &[usize], share: usize, run: impl Fn(&[usize]) -> Vec<T> + Sync) -> Vec<T> {
    std::thread::scope(|scope| {
        let run = &run;
        let threads: Vec<_> = work.chunks(share).map(|part| scope.spawn(move || run(part))).collect();
        // A panic of a thread is the whole answer's: the server tells of it as of any other.
        let joined = |thread: std::thread::ScopedJoinHandle<'_, Vec<T>>| {
            thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        threads.into_iter().flat_map(joined).collect()
    })
}

impl Drawn {
    fn told(self, number: usize, name: Option<String>) -> Tile {
        let Self { bytes, mask, size, attached } = self;
        let head = json!({ "picture": number, "name": name, "bytes": bytes.len(), "mask": mask.len(),
            "height": size.height, "width": size.width, "type": kind(&bytes), "attached": attached });
        Tile { head, bytes, mask }
    }
}

/// A tile, and the seconds the pipeline took for the picture alone.
fn tile(
    company: &Company<'_>,
    own: usize,
    attached: Option<&Attached>,
    side: usize,
    scratch: &mut Scratch,
) -> Result<(Drawn, f64)> {
    let frame = company.images[own].frame();
    let recipe = shown(company.pipeline.draw(frame, company.epoch, company.samples[own]));
    let recipe = seeing(recipe, attached);
    check_canvas(company.pipeline, &recipe)?;
    let mut timed = || {
        let start = Instant::now();
        company.apply(own, &recipe, scratch).map(|picture| (picture, start.elapsed().as_secs_f64()))
    };
    let (picture, mut took) = timed()?;
    if took < BRIEF {
        took = took.min(timed()?.1);
    }
    let moved = moved(attached, company.pipeline, &recipe, scratch)?;
    let (small, fit) = fitted(&picture, side, scratch)?;
    let mask = match (&moved, fit) {
        (Some(moved), Some((pipeline, recipe))) => moved.moved(&pipeline, &recipe, scratch)?.mask_file()?,
        (Some(moved), None) => moved.mask_file()?,
        (None, _) => Vec::new(),
    };
    let told = told(attached, moved.as_ref());
    Ok((Drawn { bytes: encoded(&small, false)?, mask, size: picture.size(), attached: told }, took))
}

/// The recipe as operations that look at boxes and masks see it.
fn seeing(recipe: Recipe, attached: Option<&Attached>) -> Recipe {
    match attached {
        Some(attached) => augment::seeing(&recipe, &attached.sample()).into_owned(),
        None => recipe,
    }
}

/// What is attached, moved; none for a pipeline that mixes, whose partners' boxes the page does not know.
fn moved(
    attached: Option<&Attached>,
    pipeline: &Pipeline,
    recipe: &Recipe,
    scratch: &mut Scratch,
) -> Result<Option<Attached>> {
    let alone = attached.filter(|_| pipeline.check_alone().is_ok());
    alone.map(|attached| attached.moved(pipeline, recipe, scratch)).transpose()
}

/// What the page is told of boxes and points: null where nothing is known, and that they are mixed where they are.
fn told(before: Option<&Attached>, moved: Option<&Attached>) -> Json {
    match (before, moved) {
        (Some(before), Some(moved)) => moved.told(before),
        (Some(_), None) => json!({ "mixed": true, "boxes": [], "had": 0, "points": [] }),
        (None, _) => Json::Null,
    }
}

/// The recipe without the final numbers for a network.
fn shown(mut recipe: Recipe) -> Recipe {
    recipe.steps.retain(|step| step.spec.family != FINISH);
    recipe
}

/// One picture in its own size, drawn or as it is; without loss.
pub fn large(gallery: &Gallery, pipeline: Option<&Pipeline>, number: usize, epoch: u64) -> Result<Tile> {
    let mut scratch = Scratch::default();
    let whole = gallery.large(number, &mut scratch)?;
    let Shown { picture, attached } = &*whole;
    let attached = attached.as_ref();
    let drawn = |picture: &Picture, moved: Option<&Attached>| {
        let mask = moved.map(Attached::mask_file).transpose()?.unwrap_or_default();
        let made =
            Drawn { bytes: encoded(picture, true)?, mask, size: picture.size(), attached: told(attached, moved) };
        Ok(made.told(number, gallery.name(number)))
    };
    let Some(pipeline) = pipeline else { return drawn(picture, attached) };
    let recipe = seeing(shown(pipeline.draw(picture.frame(), epoch, number as u64)), attached);
    check_canvas(pipeline, &recipe)?;
    let (images, samples) = ([picture.view()], [number as u64]);
    let company = Company { pipeline, images: &images, samples: &samples, epoch };
    let made = company.apply(0, &recipe, &mut scratch)?;
    drawn(&made, moved(attached, pipeline, &recipe, &mut scratch)?.as_ref())
}

/// What a pipeline is and does to one picture: as files hold it, as Python writes it, its plan and its recipe.
pub fn described(gallery: &Gallery, pipeline: &Pipeline, number: usize, epoch: u64) -> Result<Json> {
    let small = gallery.small(number, &mut Scratch::default())?;
    let recipe = seeing(pipeline.draw(small.picture.frame(), epoch, number as u64), small.attached.as_ref());
    let plan = pipeline.lower(&recipe, pipeline.options.meaning);
    Ok(json!({
        "yaml": pipeline.to_yaml(),
        "python": python::program(pipeline),
        "plan": explain(&plan),
        "passes": plan.passes().len(),
        "nodes": plan.nodes.len(),
        "recipe": serde_json::from_str::<Json>(&recipe.to_json()).unwrap_or(Json::Null),
    }))
}

/// A picture of at most `side` pixels, and what made it smaller; none where it was small enough.
fn fitted(picture: &Picture, side: usize, scratch: &mut Scratch) -> Result<(Picture, Option<(Pipeline, Recipe)>)> {
    let size = picture.size();
    if size.height.max(size.width) <= side {
        return Ok((picture.clone(), None));
    }
    let pipeline = Pipeline::builder().then(ResizeLongest::config().length_px(side as i64)).build()?;
    let sample = Sample { images: vec![picture.view()], ..Sample::default() };
    let recipe = pipeline.draw(picture.frame(), 0, 0);
    let made = augment::apply(&pipeline, &recipe, &sample, scratch)?;
    let small = made.images.into_iter().next();
    let small = small.ok_or_else(|| Error::internal("a picture went in and none came out"))?;
    Ok((small, Some((pipeline, recipe))))
}

fn encoded(picture: &Picture, lossless: bool) -> Result<Vec<u8>> {
    let jpeg = !lossless && matches!(picture.channels(), 1 | 3);
    encode(picture, &if jpeg { EncodeFormat::Jpeg { quality: QUALITY } } else { EncodeFormat::Png })
}

/// The media type of a file that [`encoded`] made.
pub fn kind(bytes: &[u8]) -> &'static str {
    if bytes.starts_with(&[0xff, 0xd8]) { "image/jpeg" } else { "image/png" }
}

fn check_canvas(pipeline: &Pipeline, recipe: &Recipe) -> Result<()> {
    let plan = pipeline.lower(recipe, pipeline.options.meaning);
    let canvases = plan.written.iter().filter_map(|node| match node {
        Node::Warp(warp) => Some(warp.to),
        _ => None,
    });
    match canvases.chain([plan.output.size]).find(|size| size.pixels() > MOST) {
        Some(size) => Err(Error::limit(format!(
            "a step makes a canvas of {size}; the studio shows up to {MOST} pixels, so ask for a smaller size"
        ))),
        None => Ok(()),
    }
}

fn check_banks(stages: &[Stage], gallery: &Gallery) -> Result<()> {
    stages.iter().try_for_each(|stage| match stage {
        Stage::Step(step) => check_bank(step, gallery),
        Stage::Group(group) => check_banks(&group.of, gallery),
    })
}

fn check_bank(step: &Step, gallery: &Gallery) -> Result<()> {
    fn text(value: &Value) -> Option<&str> {
        if let Value::Text(path) = value { Some(path) } else { None }
    }
    fn texts(dist: &Dist) -> Vec<&str> {
        match dist {
            Dist::Constant(value) => text(value).into_iter().collect(),
            Dist::OneOf { values, .. } => values.iter().filter_map(text).collect(),
            Dist::Schedule { points, .. } => points.iter().flat_map(|(_, dist)| texts(dist)).collect(),
            _ => Vec::new(),
        }
    }
    let folders = step.spec.params.iter().zip(&step.params).filter(|(spec, _)| spec.kind == Kind::Folder);
    for path in folders.flat_map(|(_, dist)| texts(dist)) {
        if path != PROCEDURAL && !gallery.holds(Path::new(path)) {
            return Err(Error::parameter(format!(
                "{}: the studio reads nothing outside the folder it was opened on; expected a bank inside of it, or {PROCEDURAL:?}",
                step.spec.name
            )));
        }
    }
    Ok(())
}

#[cfg(test)]
#[path = "draw_tests.rs"]
mod tests;
