//! The reference interpreter: f64, one node after another, slow and obvious. It is the truth.
//!
//! Tests compare every fast path with it. Beside each value it carries the *slack* a fast path is allowed there:
//! each node adds its own debt and passes on its input's, so that a table with a jump right after a resampling is
//! judged fairly. It must never be made clever.

use variegate_picture::{Dtype, Error, Frame, Picture, Pixels, PixelsView, Result, Size, View};

use crate::node::{Branches, Codec, Node, Second, Selected};
use crate::plan::{Finish, Plan};

mod afar;
mod pointwise;

/// What a plan may ask of the world outside: other samples and real codecs.
pub trait Services {
    /// The augmented picture of the sample that a number chooses, up to its own mixing, as it should be mixed into a frame
    /// of the given size and channels. Call [`partner_of`], which checks what comes.
    fn partner(&self, number: u64, size: Size, channels: usize) -> Result<Picture>;
    /// A picture of a bank, chosen by its number: 8 bits, red, green, blue and alpha, of the size that is wanted.
    fn banked(&self, second: &Second) -> Result<Picture> {
        Err(Error::unsupported(format!(
            "no bank of pictures is at hand ({})",
            second.bank.as_deref().unwrap_or("none")
        )))
    }
    /// The picture after a real encode and decode; `white` is what its floats hold for white.
    fn recode(&self, codec: &Codec, picture: &Picture, white: f32) -> Result<Picture>;
}

/// A world without other samples or codecs.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoServices;

impl Services for NoServices {
    fn partner(&self, _: u64, _: Size, _: usize) -> Result<Picture> {
        Err(alone())
    }

    fn recode(&self, codec: &Codec, _: &Picture, _: f32) -> Result<Picture> {
        Err(Error::unsupported(format!("no {:?} codec is at hand", codec.format)))
    }
}

/// The error of a mixing where there is nothing to mix with.
pub fn alone() -> Error {
    Error::unsupported(
        "mixing needs a data set: this pipeline combines a picture with other samples, and a picture alone has none; use a Loader or Pipeline.batch, or give an operation that takes one a `bank` of pictures",
    )
}

/// The second picture of an opaque node: a partner, checked, or one of a bank.
pub fn second_of(second: &Second, frame: Frame, dtype: Dtype, services: &dyn Services) -> Result<Picture> {
    if second.bank.is_some() { services.banked(second) } else { partner_of(second.number, frame, dtype, services) }
}

/// The picture of the partner that a number chooses, checked: mixed pictures are of one size and kind.
pub fn partner_of(number: u64, frame: Frame, dtype: Dtype, services: &dyn Services) -> Result<Picture> {
    let picture = services.partner(number, frame.size, frame.channels)?;
    if picture.size() != frame.size {
        return Err(Error::parameter(format!(
            "a picture of {} (height × width) cannot be mixed with one of {}: pictures that are mixed have one size; put Resize, ResizedCrop or CenterCrop before the mixing",
            frame.size,
            picture.size()
        )));
    }
    if picture.channels() != frame.channels || picture.dtype() != dtype {
        return Err(Error::parameter(format!(
            "a picture of {} channels of {} cannot be mixed with one of {} of {}; pictures that are mixed are of one kind",
            frame.channels,
            dtype.name(),
            picture.channels(),
            picture.dtype().name()
        )));
    }
    Ok(picture)
}

/// A picture of reals in units of white, with the slack each may have in a fast path.
#[derive(Clone, Debug)]
pub struct Raster {
    /// Height and width.
    pub size: Size,
    /// Channels of a pixel.
    pub channels: usize,
    /// Values, rows from the top, channels side by side.
    pub values: Vec<f64>,
    /// Allowed differences, as many as values.
    pub slack: Vec<f64>,
    /// Storable values between black and white: 255, 65535, or none for floats.
    pub steps: Option<f64>,
    /// The stored value of white.
    pub white: f64,
}

impl Raster {
    /// Reads a picture; `white` is the value of white in float pictures.
    pub fn new(view: View<'_>, white: f64) -> Self {
        let size = view.size();
        let row = size.width * view.channels();
        let (steps, white) = match view.dtype() {
            Dtype::U8 => (Some(255.0), 255.0),
            Dtype::U16 => (Some(65535.0), 65535.0),
            _ => (None, white),
        };
        let at = |k: usize| {
            let i = k / row * view.stride() + k % row;
            match view.pixels() {
                PixelsView::U8(p) => f64::from(p[i]),
                PixelsView::U16(p) => f64::from(p[i]),
                PixelsView::F32(p) => f64::from(p[i]),
            }
        };
        let values: Vec<f64> = (0..size.height * row).map(|k| at(k) / white).collect();
        Self { size, channels: view.channels(), slack: vec![0.0; values.len()], values, steps, white }
    }

    /// How many leading channels colour nodes change: all but alpha.
    fn colours(&self) -> usize {
        if self.channels == 4 { 3 } else { self.channels }
    }

    /// The dtype it came from.
    fn dtype(&self) -> Dtype {
        match self.steps {
            Some(255.0) => Dtype::U8,
            Some(_) => Dtype::U16,
            None => Dtype::F32,
        }
    }

    /// Stores in the dtype it came from.
    pub fn to_picture(&self) -> Result<Picture> {
        let stored = |v: &f64| crate::tone::round_half_even(v.clamp(0.0, 1.0) * self.white);
        let pixels = match self.steps {
            Some(255.0) => Pixels::U8(self.values.iter().map(|v| stored(v) as u8).collect()),
            Some(_) => Pixels::U16(self.values.iter().map(|v| stored(v) as u16).collect()),
            None => Pixels::F32(self.values.iter().map(|v| (v * self.white) as f32).collect()),
        };
        Picture::new(self.size, self.channels, pixels)
    }

    /// The final write as floats: normalised, or in stored units. Returns values and slack.
    pub fn finished(&self, finish: Option<&Finish>) -> (Vec<f64>, Vec<f64>) {
        let Some(finish) = finish else {
            let scaled = |list: &[f64]| list.iter().map(|v| v * self.white).collect();
            return (scaled(&self.values), scaled(&self.slack));
        };
        let mut out = (Vec::with_capacity(self.values.len()), Vec::with_capacity(self.values.len()));
        for k in 0..self.values.len() {
            let c = k % self.channels;
            let from = match finish.order {
                Some(order) if c < 3 && self.channels >= 3 => k - c + order[c],
                _ => k,
            };
            out.0.push(self.values[from] * finish.gain.get(c) + finish.offset.get(c));
            out.1.push(self.slack[from] * finish.gain.get(c).abs());
        }
        out
    }
}

/// Runs a plan's nodes, as they are, one after another.
pub fn run(plan: &Plan, picture: View<'_>, white: f64, services: &dyn Services) -> Result<Raster> {
    run_nodes(&plan.nodes, picture, white, services)
}

/// Runs any list of nodes.
pub fn run_nodes(nodes: &[Node], picture: View<'_>, white: f64, services: &dyn Services) -> Result<Raster> {
    let mut raster = Raster::new(picture, white);
    for node in nodes {
        raster = step(node, raster, services)?;
    }
    Ok(raster)
}

/// One level of 255: the debt of a node that is not exact.
const LEVEL: f64 = 1.0 / 255.0;

fn step(node: &Node, raster: Raster, services: &dyn Services) -> Result<Raster> {
    Ok(match node {
        Node::Warp(warp) => match warp.split() {
            Some((shrink, gather)) => afar::warp(&gather, &afar::warp(&shrink, &raster)),
            None => afar::warp(warp, &raster),
        },
        Node::Stencil(stencil) => afar::stencil(stencil, &raster),
        Node::Lut(lut) => pointwise::lut(lut, raster),
        Node::ColorMatrix(matrix) => pointwise::matrix(matrix, raster),
        Node::Hsv(hsv) => pointwise::hsv(hsv, raster),
        Node::Noise(noise) => pointwise::noise(noise, raster),
        Node::Region(region) => pointwise::region(region, raster),
        Node::Blend(blend) => pointwise::blend(blend, raster),
        Node::Mix(mix) => {
            let frame = Frame { size: raster.size, channels: raster.channels };
            let partner = partner_of(mix.partner, frame, raster.dtype(), services)?;
            let other = Raster::new(partner.view(), raster.white);
            match &mix.laid {
                Some(warp) => pointwise::mix(mix, raster, &afar::warp(warp, &other)),
                None => pointwise::mix(mix, raster, &other),
            }
        }
        Node::Branches(branches) => weighed(branches, raster, services)?,
        Node::Selected(selected) => apart(selected, raster, services)?,
        Node::Codec(codec) => {
            let white = raster.white as f32;
            outside(raster, 1.0, |p| services.recode(codec, &p, white))?
        }
        Node::Opaque(opaque) => {
            let white = raster.white as f32;
            outside(raster, opaque.spread, |mut p| {
                let second = opaque.second.as_ref().map(|second| second_of(second, p.frame(), p.dtype(), services));
                (opaque.call)(&mut p, second.transpose()?.as_ref(), white)?;
                Ok(p)
            })?
        }
        Node::Stack(stack) => return Err(stack.refusal()),
    })
}

/// The weighted sum of branches, each stored before, and of the picture itself.
fn weighed(branches: &Branches, mut raster: Raster, services: &dyn Services) -> Result<Raster> {
    let picture = raster.clone();
    let own = branches.own();
    raster.values.iter_mut().for_each(|v| *v *= own);
    // Storing the branches and the sum may round twice.
    raster.slack.iter_mut().for_each(|s| *s = *s * own.abs() + LEVEL);
    for branch in &branches.of {
        let made = branch.nodes.iter().try_fold(picture.clone(), |raster, node| step(node, raster, services))?;
        for (k, (v, s)) in made.values.iter().zip(&made.slack).enumerate() {
            raster.values[k] += branch.share * v;
            raster.slack[k] += branch.share.abs() * s;
        }
    }
    Ok(raster)
}

/// Some channels as a raster of their own, put back when its nodes are done.
fn apart(selected: &Selected, mut raster: Raster, services: &dyn Services) -> Result<Raster> {
    let (count, all) = (selected.channels.len(), raster.channels);
    let taken = |values: &[f64]| -> Vec<f64> {
        values.chunks_exact(all).flat_map(|pixel| selected.channels.iter().map(|c| pixel[*c])).collect()
    };
    let part = Raster { channels: count, values: taken(&raster.values), slack: taken(&raster.slack), ..raster.clone() };
    let made = selected.nodes.iter().try_fold(part, |part, node| step(node, part, services))?;
    for (k, c) in selected.channels.iter().enumerate() {
        for pixel in 0..raster.size.pixels() {
            raster.values[pixel * all + c] = made.values[pixel * count + k];
            raster.slack[pixel * all + c] = made.slack[pixel * count + k];
        }
    }
    Ok(raster)
}

/// Hands stored pixels to something that is not a formula; what comes back may differ `spread` times as the pixels did.
fn outside(raster: Raster, spread: f64, f: impl FnOnce(Picture) -> Result<Picture>) -> Result<Raster> {
    let widest = raster.slack.iter().copied().fold(0.0, f64::max);
    let picture = f(raster.to_picture()?)?;
    let mut back = Raster::new(picture.view(), raster.white);
    back.slack.fill(if widest > 0.0 { widest * spread } else { 0.0 });
    Ok(back)
}
