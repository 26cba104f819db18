//! Measures what decoding a part costs and saves:
//! `cargo run --release -p variegate --example partial_decode -- [SIDE] PHOTO.jpg …`.
//!
//! First the differences, in levels of 255, between a plan on a shrunk decode and the same plan on the whole picture, by
//! the shrink that is left to the plan; then milliseconds for each photo, from bytes to SIDE × SIDE (224) normalised.

use std::time::Instant;

use variegate::io::{Limits, open, read_file};
use variegate::loader::PartialDecode;
use variegate::ops::crop::ResizedCrop;
use variegate::ops::finish::Normalize;
use variegate::ops::geometry::Flip;
use variegate::picture::{Homography, Pixels, Point};
use variegate::plan::{Builder, NoServices, Warp};
use variegate::{Meaning, Picture, Pipeline, Plan, Reading, Result, Scratch, Size};

fn main() -> Result<()> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let side = arguments.first().and_then(|first| first.parse().ok());
    arguments.drain(..usize::from(side.is_some()));
    let files: Vec<Vec<u8>> =
        arguments.iter().map(|path| read_file(path, &Limits::default())).collect::<Result<_>>()?;
    println!("difference from the whole decode, levels of 255: mean, 99.9 % below");
    for (name, degrees) in [("upright", 0.0), ("turned by 20°", 20.0)] {
        for left in [1.0, 1.5, 2.0, 3.0] {
            print!("{name:14} shrink left {left:3.1}");
            for scale in [2, 4, 8] {
                let mut found = Vec::new();
                for bytes in &files {
                    differences(bytes, scale, left, degrees, &mut found)?;
                }
                found.sort_by(f64::total_cmp);
                match found.len() {
                    0 => print!("   1/{scale}:      –"),
                    n => {
                        let mean = found.iter().sum::<f64>() / n as f64;
                        print!("   1/{scale}: {mean:5.2} {:5.1}", found[(n * 999 / 1000).min(n - 1)]);
                    }
                }
            }
            println!();
        }
    }
    speed(&files, side.unwrap_or(224))
}

/// The plan of a window about the middle, shrunk by `ratio`.
fn plan(size: Size, ratio: f64, degrees: f64) -> Plan {
    let side = (size.shorter() as f64 / ratio / if degrees == 0.0 { 1.0 } else { 1.3 }) as usize;
    let to = Size::new(side.clamp(1, 224), side.clamp(1, 224));
    let middle = Point::new(size.width as f64 / 2.0 + 0.3, size.height as f64 / 2.0 - 0.4);
    let map = Homography::translate(middle.x, middle.y)
        .then_inside(Homography::rotate(degrees))
        .then_inside(Homography::scale(ratio, ratio))
        .then_inside(Homography::translate(to.width as f64 / -2.0, to.height as f64 / -2.0));
    let mut builder = Builder::new(variegate::Frame { size, channels: 3 });
    builder.warp(Warp::new(map, size, to).hiding());
    builder.into_plan(Meaning::Continuous)
}

fn differences(bytes: &[u8], scale: usize, left: f64, degrees: f64, found: &mut Vec<f64>) -> Result<()> {
    let reading = Reading::default();
    let size = open(bytes, &Limits::default())?.header().size;
    let plan = plan(size, left * scale as f64, degrees);
    let Some(wish) = plan.wish_at(scale) else { return Ok(()) };
    let made = |wish| -> Result<Picture> {
        let (picture, part) = reading.decode(open(bytes, &Limits::default())?, wish, Vec::new())?;
        let plan = plan.clone().on_part(part);
        variegate::run_to_picture(&plan, picture.view(), 1.0, &mut Scratch::default(), &NoServices)
    };
    let (whole, part) = (made(variegate::plan::Wish::whole(size))?, made(wish)?);
    if let (Pixels::U8(a), Pixels::U8(b)) = (whole.pixels(), part.pixels()) {
        found.extend(a.iter().zip(b).map(|(a, b)| (f64::from(*a) - f64::from(*b)).abs()));
    }
    Ok(())
}

fn speed(files: &[Vec<u8>], side: usize) -> Result<()> {
    let pipeline = Pipeline::builder()
        .then(ResizedCrop::config().size(Size::new(side, side)))
        .then(Flip::config().p(0.5))
        .then(Normalize::config())
        .seed(7)
        .build()?;
    println!("milliseconds for each picture, the least of nine rounds: header and plan, decode, run");
    let mut scratch = Scratch::default();
    for (k, bytes) in files.iter().enumerate() {
        let size = open(bytes, &Limits::default())?.header().size;
        print!("{k:3} {size}:");
        for partial_decode in [PartialDecode::Off, PartialDecode::Region, PartialDecode::Shrink] {
            let reading = Reading { partial_decode, ..Reading::default() };
            let mut spare = Vec::new();
            let mut best = [f64::INFINITY; 3];
            let mut scales = 0;
            for _ in 0..9 {
                let mut spent = [0.0; 3];
                for sample in 0..16 {
                    let mut from = Instant::now();
                    let mut lap = |k: usize| {
                        spent[k] += from.elapsed().as_secs_f64() * 1e3 / 16.0;
                        from = Instant::now();
                    };
                    let opened = open(bytes, &Limits::default())?;
                    let plan = reading.plan(&pipeline, opened.header(), 0, sample);
                    let wish = reading.wish(std::slice::from_ref(&plan), size);
                    scales += wish.scale;
                    lap(0);
                    let (picture, part) = reading.decode(opened, wish, spare)?;
                    lap(1);
                    variegate::run_to_picture(&plan.on_part(part), picture.view(), 1.0, &mut scratch, &NoServices)?;
                    lap(2);
                    spare = match picture.into_pixels() {
                        Pixels::U8(used) => used,
                        _ => Vec::new(),
                    };
                }
                for (best, spent) in best.iter_mut().zip(spent) {
                    *best = best.min(spent);
                }
            }
            let [plan, decode, run] = best;
            print!("   {partial_decode:?} {plan:.3} {decode:6.2} {run:5.2} (mean scale {:.1})", scales as f64 / 144.0);
        }
        println!();
    }
    Ok(())
}
