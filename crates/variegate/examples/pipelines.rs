//! Images a second of whole pipelines, from decoded pictures in memory to normalised batches, on one thread.
//!
//! `cargo run --release -p variegate --example pipelines [FOLDER] [NAME]`: pictures of a folder of classes (made ones without it), and
//! one pipeline only. Peers are measured elsewhere (`make bench`); this is for those who work on the engine.

use std::time::Instant;

use variegate::ops::blur::GaussianBlur;
use variegate::ops::colour::{Brightness, ColorJitter, Grayscale};
use variegate::ops::crop::ResizedCrop;
use variegate::ops::finish::Normalize;
use variegate::ops::geometry::{Flip, Rotate, Shear, Translate, Zoom};
use variegate::picture::{AlignedBytes, Pixels};
use variegate::{Dtype, Layout, Picture, Pipeline, Result, Scratch, Size, Slot, augment, io};

const SIDE: usize = 224;
const BATCH: usize = 64;
const ROUNDS: u64 = 7;

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let pictures = match arguments.next().filter(|path| path != "-") {
        Some(path) => read(&path)?,
        None => made(),
    };
    let only = arguments.next();
    let normal = || Normalize::config();
    let chains: Vec<(&str, Pipeline)> = vec![
        (
            "p1",
            Pipeline::builder()
                .then(ResizedCrop::config().size(224))
                .then(Flip::config().p(0.5))
                .then(normal())
                .build()?,
        ),
        (
            "p1-plain",
            Pipeline::builder()
                .then(ResizedCrop::config().size(224).antialias(false))
                .then(Flip::config().p(0.5))
                .then(normal())
                .build()?,
        ),
        (
            "p2",
            Pipeline::builder()
                .then(ResizedCrop::config().size(224))
                .then(Flip::config().p(0.5))
                .then(
                    ColorJitter::config()
                        .brightness(0.6..=1.4)
                        .contrast(0.6..=1.4)
                        .saturation(0.6..=1.4)
                        .hue(-0.1..=0.1)
                        .p(0.8),
                )
                .then(Grayscale::config().p(0.2))
                .then(GaussianBlur::config().sigma(0.1..=2.0).p(0.5))
                .then(normal())
                .build()?,
        ),
        (
            "p3",
            Pipeline::builder()
                .then(Rotate::config().degrees(-30.0..=30.0))
                .then(Translate::config())
                .then(Zoom::config().factor(0.8..=1.2))
                .then(Shear::config().x(-10.0..=10.0))
                .then(Flip::config().p(0.5))
                .then(Brightness::config())
                .then(normal())
                .build()?,
        ),
    ];
    let squares = square(&pictures)?;
    for (name, pipeline) in &chains {
        if only.as_ref().is_none_or(|only| only == name) {
            let pictures = if *name == "p3" { &squares } else { &pictures };
            println!("{name:<10}{:>8.0} img/s", rate(pipeline, pictures)?);
        }
    }
    Ok(())
}

/// The best round over all pictures, in batches whose memory is used again.
fn rate(pipeline: &Pipeline, pictures: &[Picture]) -> Result<f64> {
    let size = Size::new(SIDE, SIDE);
    let each = size.pixels() * 3 * Dtype::F32.bytes();
    let mut batch = AlignedBytes::zeroed(BATCH * each);
    let mut scratch = Scratch::default();
    let mut best = f64::INFINITY;
    for epoch in 0..ROUNDS {
        let start = Instant::now();
        for (k, picture) in pictures.iter().enumerate() {
            let recipe = pipeline.draw(picture.frame(), epoch, k as u64);
            let bytes = &mut batch.as_mut_slice()[k % BATCH * each..(k % BATCH + 1) * each];
            let mut slot = Slot::new(size, 3, Dtype::F32, Layout::Hwc, bytes)?;
            augment::apply_into(pipeline, &recipe, picture.view(), &mut slot, &mut scratch)?;
        }
        best = best.min(start.elapsed().as_secs_f64());
    }
    Ok(pictures.len() as f64 / best)
}

/// The pictures at the size of the batch.
fn square(pictures: &[Picture]) -> Result<Vec<Picture>> {
    let crop = Pipeline::builder().then(ResizedCrop::config().size(224)).build()?;
    let one = |picture: &Picture| {
        let sample = augment::Sample { images: vec![picture.view()], ..Default::default() };
        let out = augment::apply(&crop, &crop.draw(picture.frame(), 0, 0), &sample, &mut Scratch::default())?;
        Ok(out.images.into_iter().next().unwrap_or_else(|| picture.clone()))
    };
    pictures.iter().map(one).collect()
}

fn read(path: &str) -> Result<Vec<Picture>> {
    let mut files: Vec<_> = walk(std::path::Path::new(path));
    files.sort();
    files.truncate(256);
    files
        .iter()
        .map(|file| {
            io::decode(
                &std::fs::read(file).map_err(|e| variegate::Error::io(e.to_string()))?,
                &io::DecodeOptions::default(),
            )
        })
        .collect()
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}

/// Pictures of the size of ImageNet's, more than any cache holds.
fn made() -> Vec<Picture> {
    let one = |k: usize| {
        let bytes = (0..375 * 500 * 3).map(|i| (((i * 31 + i / 1500 * 17) * (k + 1)) >> 4) as u8).collect();
        Picture::new(Size::new(375, 500), 3, Pixels::U8(bytes))
    };
    (0..128).filter_map(|k| one(k).ok()).collect()
}
