//! `variegate explain`: what happens to one picture, before and after fusion.
//!
//! People run it to see why a pipeline is fast or slow. It needs no picture: plans are made from sizes alone.

use std::path::PathBuf;

use clap::Args;
use clap::builder::RangedU64ValueParser;
use variegate::plan::explain::explain;
use variegate::{Frame, Result, Size};

use crate::terminal::say;
use crate::{Outcome, document};

const AFTER: &str = "\
`written` is what the operations ask for, one after another; `fused` is what is done, pass by pass over the pixels.
Each sample and epoch has its own draws, so try several.

Examples:
  variegate explain --pipeline p.yaml
  variegate explain --pipeline p.yaml --size 480x640 --sample 12 --epoch 3";

/// Explain the plan of one sample: the steps, how they fuse, and the passes over pixels.
#[derive(Args)]
#[command(after_help = AFTER)]
pub struct Explain {
    /// The pipeline file (YAML).
    #[arg(long, short, value_name = "FILE")]
    pipeline: PathBuf,
    /// Height and width of the picture, or one number for both.
    #[arg(long, default_value = "375x500", value_name = "HxW", value_parser = size)]
    size: Size,
    /// Channels of the picture.
    #[arg(long, default_value_t = 3, value_name = "N", value_parser = RangedU64ValueParser::<usize>::new().range(1..=64))]
    channels: usize,
    /// The sample's id.
    #[arg(long, default_value_t = 0, value_name = "N")]
    sample: u64,
    /// The epoch.
    #[arg(long, default_value_t = 0, value_name = "N")]
    epoch: u64,
    /// The seed, in place of the pipeline's.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
}

/// Runs the verb.
pub fn run(arguments: &Explain) -> Result<Outcome> {
    let pipeline = document::read(&arguments.pipeline, arguments.seed)?;
    let frame = Frame { size: arguments.size, channels: arguments.channels };
    say(&explain(&pipeline.plan(frame, arguments.epoch, arguments.sample)))?;
    Ok(Outcome::Done)
}

/// Reads `375x500`, `375×500` or `224`.
pub fn size(text: &str) -> std::result::Result<Size, String> {
    let side = |text: &str| text.trim().parse::<usize>().ok().filter(|side| (1..=65_535).contains(side));
    let sides = match text.split_once(['x', 'X', '×']) {
        Some((height, width)) => side(height).zip(side(width)),
        None => side(text).map(|side| (side, side)),
    };
    sides
        .map(|(height, width)| Size::new(height, width))
        .ok_or_else(|| "expected height and width in pixels, as 375x500".to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_height_and_width() {
        assert_eq!(size("375x500"), Ok(Size::new(375, 500)));
        assert_eq!(size("224"), Ok(Size::new(224, 224)));
        assert!(size("0x5").is_err() && size("5x").is_err() && size("a").is_err());
    }
}
