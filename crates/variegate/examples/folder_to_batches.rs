//! From a folder of classes to batches for training: two epochs, with an augmentation that is read from YAML.
//!
//! `cargo run --release -p variegate --example folder_to_batches [FOLDER]`; shapes are drawn where no folder is given.

use std::path::Path;
use std::sync::Arc;

use variegate::loader::{Files, LoaderOptions, Rest};
use variegate::{Layout, Loader, Pipeline, Result, io};

pub mod drawn;

const PIPELINE: &str = "
variegate: 1
seed: 7
pipeline:
  - resized_crop: {size: 64, area: [0.4, 1.0]}
  - flip: {p: 0.5}
  - color_jitter: {brightness: 0.3, contrast: 0.3, p: 0.8}
  - normalize
";

fn main() -> Result<()> {
    let folder = drawn::folder_or_drawn(std::env::args().nth(1))?;
    println!("{} pictures in all", train(&folder, 2)?);
    Ok(())
}

/// Goes through the folder so many times, and says how many pictures that gave.
pub fn train(folder: &Path, epochs: u64) -> Result<usize> {
    let found = io::Folder::read(folder, &io::FolderOptions::default())?;
    for problem in &found.problems {
        eprintln!("{problem}");
    }
    let augment = Pipeline::from_yaml(PIPELINE, None)?;
    let options = LoaderOptions { batch_size: 8, layout: Layout::Chw, rest: Rest::Keep, ..LoaderOptions::default() };
    let mut loader = Loader::new(Arc::new(Files::of(&found)), augment, options)?;
    let mut pictures = 0;
    for epoch in 0..epochs {
        while let Some(batch) = loader.next_batch()? {
            // What a trainer takes: numbers in the order of the shape, and a label for each picture.
            let (numbers, shape) = (batch.reals(0)?, batch.shape(0));
            let mean = numbers.iter().sum::<f32>() / numbers.len() as f32;
            let labels: Vec<&str> =
                batch.labels.iter().flatten().map(|label| found.classes[*label as usize].as_str()).collect();
            println!("epoch {epoch}, step {}: {shape:?}, mean {mean:+.3}, {labels:?}", batch.step);
            pictures += batch.count;
        }
    }
    Ok(pictures)
}
