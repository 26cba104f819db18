//! Where the time of a pipeline goes: by stage where files are given, and by node of the fused plans.
//!
//! The Python package calls it. The engine has no clock inside: a node's share is what a plan takes with it, less what
//! the same plan takes up to the node before. So it is what the node *adds* where nodes share a pass, and a node that
//! lets others be cheaper can come out as nothing. One thread, each run several times, the shortest counts.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Instant;

use variegate_engine::{Scratch, run};
use variegate_io::{FileBuffer, open};
use variegate_loader::Local;
use variegate_loader::Reading;
use variegate_ops::Pipeline;
use variegate_picture::{AlignedBytes, Dtype, Error, Frame, Layout, Picture, Result, Slot, View};
use variegate_plan::{Node, Plan};

/// How often each run is repeated.
const ROUNDS: usize = 5;

/// What is looked at.
#[derive(Clone, Copy, Debug)]
pub enum Given<'a> {
    /// Pictures in memory.
    Pictures(&'a [Picture]),
    /// Encoded files.
    Files(&'a [PathBuf]),
}

/// What one part of the work takes.
#[derive(Clone, Debug, PartialEq)]
pub struct Cost {
    /// Its name: a stage, the kind of a node, or the final write.
    pub name: String,
    /// In how many samples it was there.
    pub samples: usize,
    /// Seconds, over all samples.
    pub seconds: f64,
}

/// Where the time of a pipeline goes.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// Samples that were made.
    pub samples: usize,
    /// Pixels of all their results.
    pub pixels: u64,
    /// From the file to the result, in order; for pictures in memory without reading and decoding.
    pub stages: Vec<Cost>,
    /// The kinds of nodes of the fused plans, the dearest first, and the final write.
    pub nodes: Vec<Cost>,
}

impl Profile {
    /// Samples of a second on one thread.
    pub fn images_per_second(&self) -> f64 {
        self.samples as f64 / self.stages.iter().map(|cost| cost.seconds).sum::<f64>().max(f64::MIN_POSITIVE)
    }

    /// Nanoseconds for each pixel of the results.
    pub fn nanoseconds_per_pixel(&self, cost: &Cost) -> f64 {
        cost.seconds * 1e9 / self.pixels.max(1) as f64
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} samples, {:.0} images/s on one thread", self.samples, self.images_per_second())?;
        for (title, costs) in [("stage", &self.stages), ("node of the fused plan", &self.nodes)] {
            writeln!(f, "{title:<24} {:>8} {:>10} {:>10} {:>7}", "samples", "µs/image", "ns/pixel", "share")?;
            let whole = costs.iter().map(|cost| cost.seconds).sum::<f64>().max(f64::MIN_POSITIVE);
            for cost in costs {
                let each = cost.seconds * 1e6 / self.samples.max(1) as f64;
                let (pixel, share) = (self.nanoseconds_per_pixel(cost), 100.0 * cost.seconds / whole);
                writeln!(f, "{:<24} {:>8} {each:>10.1} {pixel:>10.2} {share:>5.0} %", cost.name, cost.samples)?;
            }
        }
        Ok(())
    }
}

/// Makes `n` samples of what is given, one after another, and says where the time went.
pub fn profile(pipeline: &Pipeline, given: Given<'_>, n: usize, reading: &Reading) -> Result<Profile> {
    let count = match given {
        Given::Pictures(list) => list.len(),
        Given::Files(list) => list.len(),
    };
    if count == 0 || n == 0 {
        return Err(Error::parameter("there is nothing to look at: expected at least one picture, and n of 1 or more"));
    }
    pipeline.check_alone()?;
    let mut bench = Bench::default();
    for sample in 0..n {
        match given {
            Given::Pictures(list) => bench.picture(pipeline, &list[sample % count], sample as u64)?,
            Given::Files(list) => bench.file(pipeline, &list[sample % count], reading, sample as u64)?,
        }
    }
    let mut nodes: Vec<Cost> =
        bench.nodes.into_iter().map(|(name, (samples, seconds))| cost(name, samples, seconds)).collect();
    nodes.sort_by(|a, b| b.seconds.total_cmp(&a.seconds));
    let stages = ["read", "plan", "decode", "augment"].into_iter().zip(bench.stages);
    let kept = stages.filter(|(_, seconds)| *seconds > 0.0);
    let stages = kept.map(|(name, seconds)| cost(name, n, seconds)).collect();
    Ok(Profile { samples: n, pixels: bench.pixels, stages, nodes })
}

fn cost(name: &str, samples: usize, seconds: f64) -> Cost {
    Cost { name: name.to_string(), samples, seconds }
}

/// What the samples so far took.
#[derive(Default)]
struct Bench {
    stages: [f64; 4],
    nodes: BTreeMap<&'static str, (usize, f64)>,
    pixels: u64,
    scratch: Scratch,
    slot: AlignedBytes,
    file: FileBuffer,
}

impl Bench {
    fn picture(&mut self, pipeline: &Pipeline, picture: &Picture, sample: u64) -> Result<()> {
        let (plan, seconds) = shortest(|| clocked(|| Ok(pipeline.plan(picture.frame(), 0, sample))))?;
        self.stages[1] += seconds;
        self.run(pipeline, &plan, picture.view())
    }

    fn file(&mut self, pipeline: &Pipeline, path: &Path, reading: &Reading, sample: u64) -> Result<()> {
        let mut file = std::mem::take(&mut self.file);
        let ((), read) = shortest(|| clocked(|| file.read(path, &reading.limits).map(|_| ())))?;
        let bytes = file.read(path, &reading.limits)?;
        let planned = || {
            let opened = open(bytes, &reading.limits).map_err(|error| error.at(path))?;
            let plan = reading.plan(pipeline, opened.header(), 0, sample);
            let wish = reading.wish(std::slice::from_ref(&plan), opened.header().size);
            Ok((opened, plan, wish))
        };
        let ((_, plan, wish), seconds) = shortest(|| clocked(planned))?;
        self.stages[0] += read;
        self.stages[1] += seconds;
        let ((picture, part), seconds) = shortest(|| {
            let (opened, ..) = planned()?;
            clocked(|| reading.decode(opened, wish, Vec::new()).map_err(|error| error.at(path)))
        })?;
        self.stages[2] += seconds;
        self.file = file;
        self.run(pipeline, &plan.on_part(part), picture.view())
    }

    /// The run, and what each node adds to it.
    fn run(&mut self, pipeline: &Pipeline, plan: &Plan, picture: View<'_>) -> Result<()> {
        let white = pipeline.options.value_range.1 as f32;
        self.pixels += plan.output.size.pixels() as u64;
        let Self { scratch, slot, .. } = self;
        let mut before = 0.0;
        for k in 1..=plan.nodes.len() {
            let seconds = timed(&up_to(plan, k), picture, white, slot, scratch)?;
            let entry = self.nodes.entry(plan.nodes[k - 1].kind()).or_default();
            entry.0 += 1;
            entry.1 += (seconds - before).max(0.0);
            before = seconds.max(before);
        }
        let whole = timed(plan, picture, white, slot, scratch)?;
        let entry = self.nodes.entry("final write").or_default();
        entry.0 += 1;
        entry.1 += (whole - before).max(0.0);
        self.stages[3] += whole;
        Ok(())
    }
}

/// The plan that ends after `k` nodes, without the final write's normalisation.
fn up_to(plan: &Plan, k: usize) -> Plan {
    let nodes = plan.nodes[..k].to_vec();
    let size = nodes.iter().rev().find_map(|node| match node {
        Node::Warp(warp) => Some(warp.to),
        _ => None,
    });
    let output = Frame { size: size.unwrap_or(plan.input.size), ..plan.output };
    Plan { nodes, output, finish: None, ..plan.clone() }
}

/// Seconds of the shortest run.
fn timed(plan: &Plan, picture: View<'_>, white: f32, memory: &mut AlignedBytes, scratch: &mut Scratch) -> Result<f64> {
    let dtype = if plan.is_normalised() { Dtype::F32 } else { picture.dtype() };
    let Frame { size, channels } = plan.output;
    let needed = size.pixels() * channels * dtype.bytes();
    if memory.len() < needed {
        *memory = AlignedBytes::zeroed(needed);
    }
    let ((), seconds) = shortest(|| {
        let mut slot = Slot::new(size, channels, dtype, Layout::Hwc, &mut memory.as_mut_slice()[..needed])?;
        clocked(|| run(plan, picture, white, &mut slot, scratch, &Local))
    })?;
    Ok(seconds)
}

/// What `work` gives, and the seconds it took.
fn clocked<T>(work: impl FnOnce() -> Result<T>) -> Result<(T, f64)> {
    let from = Instant::now();
    let made = work()?;
    Ok((made, from.elapsed().as_secs_f64()))
}

/// What the last of several rounds gave, and the seconds of the shortest.
fn shortest<T>(mut round: impl FnMut() -> Result<(T, f64)>) -> Result<(T, f64)> {
    let (mut made, mut least) = round()?;
    for _ in 1..ROUNDS {
        let (next, seconds) = round()?;
        made = next;
        least = least.min(seconds);
    }
    Ok((made, least))
}

#[cfg(test)]
mod tests {
    use super::*;
    use variegate_ops::colour::ColorJitter;
    use variegate_ops::crop::ResizedCrop;
    use variegate_picture::Size;

    #[test]
    fn every_node_has_a_line() {
        let crop = ResizedCrop::config().size(Size::new(16, 16));
        let pipeline = Pipeline::builder().then(crop).then(ColorJitter::config()).build().expect("builds");
        let picture = Picture::zeros(Size::new(40, 50), 3, Dtype::U8).expect("a picture");
        let made = profile(&pipeline, Given::Pictures(&[picture]), 6, &Reading::default()).expect("runs");
        assert_eq!((made.samples, made.pixels), (6, 6 * 256));
        assert!(made.nodes.iter().any(|cost| cost.name == "Warp" && cost.samples == 6), "{made}");
        assert_eq!(made.stages.iter().map(|cost| cost.name.as_str()).collect::<Vec<_>>(), ["plan", "augment"]);
        assert!(made.to_string().contains("ns/pixel") && made.images_per_second() > 0.0);
        assert!(profile(&pipeline, Given::Files(&[]), 6, &Reading::default()).is_err());
    }
}
