//! Some channels of a picture, worked on as a picture of their own.
//!
//! The passes of [`crate::run`] call it. What is done to the channels is a whole plan, so it is run as such; nothing here
//! knows what is in it.

use variegate_picture::{Error, Frame, Picture, Pixels, Result, View};
use variegate_plan::{Meaning, Plan, Selected, Services};

use crate::run::{Scratch, run_to_picture};

/// The picture with some of its channels replaced by what the nodes make of them.
pub fn apart(
    selected: &Selected,
    picture: View<'_>,
    white: f32,
    meaning: Meaning,
    scratch: &mut Scratch,
    services: &dyn Services,
) -> Result<Picture> {
    let mut out = picture.to_picture();
    let frame = Frame { channels: selected.channels.len(), ..picture.frame() };
    let mut part = Picture::zeros(frame.size, frame.channels, picture.dtype())?;
    match (out.pixels(), part.pixels_mut()) {
        (Pixels::U8(from), Pixels::U8(to)) => take(from, to, picture.channels(), &selected.channels),
        (Pixels::U16(from), Pixels::U16(to)) => take(from, to, picture.channels(), &selected.channels),
        (Pixels::F32(from), Pixels::F32(to)) => take(from, to, picture.channels(), &selected.channels),
        _ => return Err(mixed()),
    }
    let nodes = selected.nodes.clone();
    let plan = Plan { input: frame, output: frame, nodes, written: Vec::new(), finish: None, meaning };
    let made = run_to_picture(&plan, part.view(), white, scratch, services)?;
    match (made.pixels(), out.pixels_mut()) {
        (Pixels::U8(from), Pixels::U8(to)) => put(from, to, picture.channels(), &selected.channels),
        (Pixels::U16(from), Pixels::U16(to)) => put(from, to, picture.channels(), &selected.channels),
        (Pixels::F32(from), Pixels::F32(to)) => put(from, to, picture.channels(), &selected.channels),
        _ => return Err(mixed()),
    }
    Ok(out)
}

fn take<T: Copy>(whole: &[T], part: &mut [T], all: usize, channels: &[usize]) {
    for (whole, part) in whole.chunks_exact(all).zip(part.chunks_exact_mut(channels.len())) {
        channels.iter().zip(part).for_each(|(c, to)| *to = whole[*c]);
    }
}

fn put<T: Copy>(part: &[T], whole: &mut [T], all: usize, channels: &[usize]) {
    for (part, whole) in part.chunks_exact(channels.len()).zip(whole.chunks_exact_mut(all)) {
        channels.iter().zip(part).for_each(|(c, v)| whole[*c] = *v);
    }
}

fn mixed() -> Error {
    Error::internal("channels taken apart came back in another number format")
}
