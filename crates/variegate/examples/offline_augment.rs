//! Augmented copies of a folder, written as files: each with the recipe that made it beside it.
//!
//! `cargo run --release -p variegate --example offline_augment [FOLDER [OUT]]`; shapes are drawn where no folder is given.
//! A copy depends on its number and on its picture's alone, so that a run that was interrupted is simply run again.

use std::path::{Path, PathBuf};

use variegate::ops::blur::GaussianBlur;
use variegate::ops::colour::ColorJitter;
use variegate::ops::geometry::{Flip, Rotate};
use variegate::{Error, Pipeline, Result, Sample, Scratch, augment, io};

pub mod drawn;

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = drawn::folder_or_drawn(arguments.next())?;
    let out = arguments.next().map_or_else(|| std::env::temp_dir().join("variegate-augmented"), PathBuf::from);
    println!("{} files are in {}", copies(&folder, &out, 2)?, out.display());
    Ok(())
}

/// Writes so many copies of each picture, in folders of the same names, and says how many there are.
pub fn copies(folder: &Path, out: &Path, each: u64) -> Result<u64> {
    let pipeline = Pipeline::builder()
        .then(Flip::config().p(0.5))
        .then(Rotate::config().degrees(-15.0..=15.0))
        .then(ColorJitter::config().p(0.8))
        .then(GaussianBlur::config().sigma(0.1..=1.5).p(0.3))
        .seed(7)
        .build()?;
    let found = io::Folder::read(folder, &io::FolderOptions::default())?;
    let mut scratch = Scratch::default();
    let mut written = 0;
    for (sample, entry) in found.files.iter().enumerate() {
        let bytes = io::read_file(folder.join(&entry.path), &io::Limits::default())?;
        let picture = io::decode(&bytes, &io::DecodeOptions::default()).map_err(|error| error.at(&entry.path))?;
        for copy in 0..each {
            // The epoch is free where there is no training: here it counts the copies.
            let recipe = pipeline.draw(picture.frame(), copy, sample as u64);
            let given = Sample { images: vec![picture.view()], ..Sample::default() };
            let made = augment::apply(&pipeline, &recipe, &given, &mut scratch)?;
            let file = out.join(entry.path.with_extension(format!("{copy}.png")));
            write(&file, &io::encode(&made.images[0], &io::EncodeFormat::Png)?)?;
            write(&file.with_extension("json"), recipe.to_json().as_bytes())?;
            written += 1;
        }
    }
    Ok(written)
}

fn write(file: &Path, bytes: &[u8]) -> Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    let written = std::fs::create_dir_all(folder).and_then(|()| std::fs::write(file, bytes));
    written.map_err(|error| Error::io(format!("the copy cannot be written: {error}")).at(file))
}
