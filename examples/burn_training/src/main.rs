//! A small network in Burn that learns from augmented class folders: files, batches and training in Rust alone.
//!
//! `cargo run --release [FOLDER] [EPOCHS]`, or `make example-burn`. FOLDER holds one folder of pictures for each class;
//! without it, or for `-`, pictures of shapes are drawn into `burn-example/`. A fifth of the pictures is kept apart, and the share
//! of it that the network names rightly is printed before and after training.

mod batches;
mod network;
mod shapes;

use std::path::PathBuf;
use std::time::Instant;

use burn::nn::loss::CrossEntropyLossConfig;
use burn::optim::{AdamWConfig, GradientsParams};
use burn::prelude::*;
use variegate::Loader;

use network::Network;

/// Pictures of a batch.
const BATCH: usize = 16;
const EPOCHS: u64 = 12;
const LEARNING_RATE: f64 = 1e-3;
const SEED: u64 = 7;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = match arguments.next().filter(|folder| folder != "-") {
        Some(folder) => PathBuf::from(folder),
        None => shapes::draw("burn-example".into())?,
    };
    let epochs: u64 = arguments.next().map_or(Ok(EPOCHS), |text| text.parse())?;
    let (mut train, mut validation, classes) = batches::of_folder(&folder, BATCH, SEED)?;
    println!(
        "{} pictures to learn from and {} kept apart, of {} classes",
        train.samples(),
        validation.samples(),
        classes.len()
    );

    let device = Device::flex();
    device.seed(SEED);
    let learning = device.clone().autodiff();
    let mut network = Network::new(classes.len(), &learning);
    let mut optimizer = AdamWConfig::new().with_weight_decay(1e-3).init();
    let loss = CrossEntropyLossConfig::new().init(&learning);
    let before = accuracy(&network.valid(), &mut validation, &device)?;
    println!("before training: {:.1} % right", 100.0 * before);

    let begun = Instant::now();
    for epoch in 0..epochs {
        let (mut sum, mut steps) = (0.0, 0);
        let rate = LEARNING_RATE * 0.5 * (1.0 + (std::f64::consts::PI * epoch as f64 / epochs as f64).cos());
        while let Some(batch) = train.next_batch()? {
            let (pictures, labels) = batches::tensors(&batch, &learning)?;
            let missed = loss.forward(network.forward(pictures), labels);
            sum += missed.clone().into_scalar::<f64>();
            steps += 1;
            let gradients = GradientsParams::from_grads(missed.backward(), &network);
            network = optimizer.step(rate, network, gradients);
        }
        let right = accuracy(&network.valid(), &mut validation, &device)?;
        println!(
            "epoch {:>2}: loss {:.3}, {:.1} % right, {:.0} s",
            epoch + 1,
            sum / f64::from(steps),
            100.0 * right,
            begun.elapsed().as_secs_f64()
        );
    }
    let after = accuracy(&network.valid(), &mut validation, &device)?;
    println!("after training: {:.1} % right (it was {:.1} %)", 100.0 * after, 100.0 * before);
    let waited = train.report().waiting;
    println!("{:.1} s of {:.1} s were spent waiting for batches", waited, begun.elapsed().as_secs_f64());
    Ok(())
}

/// The share of pictures whose class the network names.
fn accuracy(network: &Network, loader: &mut Loader, device: &Device) -> variegate::Result<f64> {
    let (mut right, mut all) = (0, 0);
    while let Some(batch) = loader.next_batch()? {
        let (pictures, _) = batches::tensors(&batch, device)?;
        let named = network.forward(pictures).argmax(1).into_data();
        right += named.iter::<u32>().zip(&batch.labels).filter(|(named, label)| **label == Some(*named)).count();
        all += batch.count;
    }
    Ok(right as f64 / all.max(1) as f64)
}
