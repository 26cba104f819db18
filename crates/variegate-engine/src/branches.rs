//! Branches: several plans over the same picture, and the weighted sum of what they make of it.
//!
//! The passes of [`crate::run`] call it. Branches are whole plans, so they are run as such; nothing here knows what is in them.

use variegate_picture::{Picture, Pixels, Result, Sample, View};
use variegate_plan::{Branches, Meaning, Plan, Services};

use crate::run::{Scratch, run_to_picture};

/// The weighted sum of what branches make of a picture, and of the picture itself.
pub fn weighed(
    branches: &Branches,
    picture: View<'_>,
    white: f32,
    meaning: Meaning,
    scratch: &mut Scratch,
    services: &dyn Services,
) -> Result<Picture> {
    let mut out = picture.to_picture();
    let frame = picture.frame();
    let mut sums = Vec::new();
    add(&mut sums, out.pixels(), branches.own() as f32);
    for branch in &branches.of {
        let nodes = branch.nodes.clone();
        let plan = Plan { input: frame, output: frame, nodes, written: Vec::new(), finish: None, meaning };
        let made = run_to_picture(&plan, picture, white, scratch, services)?;
        add(&mut sums, made.pixels(), branch.share as f32);
    }
    match out.pixels_mut() {
        Pixels::U8(p) => p.iter_mut().zip(&sums).for_each(|(to, v)| *to = u8::store(*v)),
        Pixels::U16(p) => p.iter_mut().zip(&sums).for_each(|(to, v)| *to = u16::store(*v)),
        Pixels::F32(p) => p.copy_from_slice(&sums),
    }
    Ok(out)
}

/// Adds a share of values to sums, which are none at first.
fn add(sums: &mut Vec<f32>, pixels: &Pixels, share: f32) {
    match pixels {
        Pixels::U8(p) => add_all(sums, p, share),
        Pixels::U16(p) => add_all(sums, p, share),
        Pixels::F32(p) => add_all(sums, p, share),
    }
}

fn add_all<T: Sample>(sums: &mut Vec<f32>, values: &[T], share: f32) {
    if sums.is_empty() {
        sums.extend(values.iter().map(|v| v.load() * share));
    } else {
        sums.iter_mut().zip(values).for_each(|(sum, v)| *sum += v.load() * share);
    }
}
