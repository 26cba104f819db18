//! From class folders to tensors: two loaders over one folder, and a batch of either as Burn takes it.
//!
//! `main` calls it. Only the pictures to learn from are augmented.

use std::path::Path;
use std::sync::Arc;

use burn::prelude::*;
use variegate::loader::{Batch, Chosen, Files, LoaderOptions, Rest, Source};
use variegate::ops::colour::ColorJitter;
use variegate::ops::crop::{CenterCrop, ResizedCrop};
use variegate::ops::finish::Normalize;
use variegate::ops::geometry::{Flip, Rotate};
use variegate::ops::resolution::ResizeShortest;
use variegate::{Layout, Loader, Pipeline, Result, io};

/// Height and width of what the network sees, in pixels.
const SIDE: i64 = 48;

/// Batches to learn from, batches of a fifth that is kept apart, and the names of the classes.
pub fn of_folder(folder: &Path, batch_size: usize, seed: u64) -> Result<(Loader, Loader, Vec<String>)> {
    let found = io::Folder::read(folder, &io::FolderOptions { labelled: Some(true), ..Default::default() })?;
    let files: Arc<dyn Source> = Arc::new(Files::of(&found));
    let (train, validation) = Chosen::split(&files, 0.2, seed)?;
    let augment = Pipeline::builder()
        .then(ResizedCrop::config().size(SIDE).area(0.6..=1.0))
        .then(Flip::config().p(0.5))
        // Black corners would be in nearly every picture to learn from, and in none of those kept apart.
        .then(Rotate::config().degrees(-15.0..=15.0).border("reflect"))
        .then(ColorJitter::config().brightness(0.7..=1.3).contrast(0.7..=1.3).saturation(0.7..=1.3))
        .then(Normalize::config())
        .seed(seed)
        .build()?;
    let plain = Pipeline::builder()
        .then(ResizeShortest::config().length_px(SIDE))
        .then(CenterCrop::config().size(SIDE))
        .then(Normalize::config())
        .build()?;
    // Burn's convolutions want the channels before the rows.
    let options = LoaderOptions { batch_size, layout: Layout::Chw, rest: Rest::Drop, ..Default::default() };
    let train = Loader::new(Arc::new(train), augment, options.clone())?;
    let options = LoaderOptions { shuffle: false, rest: Rest::Keep, ..options };
    Ok((train, Loader::new(Arc::new(validation), plain, options)?, found.classes))
}

/// Pictures (count, channels, height, width) and their labels.
pub fn tensors(batch: &Batch, device: &Device) -> Result<(Tensor<4>, Tensor<1, Int>)> {
    let pictures = TensorData::new(batch.reals(0)?.to_vec(), batch.shape(0));
    // Every picture of a class folder has a label.
    let labels: Vec<i64> = batch.labels.iter().map(|label| i64::from(label.unwrap_or(0))).collect();
    let labels = TensorData::new(labels, [batch.count]);
    Ok((Tensor::from_data(pictures, device), Tensor::from_data(labels, device)))
}
