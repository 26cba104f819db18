//! The reference interpreter: f64, one node after another, slow and obvious. It is the truth.
//!
//! Tests compare every fast path with it. Beside each value it carries the *slack* a fast path is allowed there:
//! each node adds its own debt and passes on its input's, so that a table with a jump right after a resampling is
//! judged fairly. It must never be made clever.

use variegate_picture::{Dtype, Picture, Pixels, PixelsView, Result, Size, View};

use crate::node::{Codec, Node};
use crate::plan::{Finish, Plan};

mod afar;
mod pointwise;

/// What a plan may ask of the world outside: other samples and real codecs.
pub trait Services {
    /// The augmented picture of another sample, up to its own mixing.
    fn partner(&self, id: u64, size: Size, channels: usize) -> Result<Picture>;
    /// The picture after a real encode and decode.
    fn recode(&self, codec: &Codec, picture: &Picture) -> Result<Picture>;
}

/// A world without other samples or codecs.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoServices;

impl Services for NoServices {
    fn partner(&self, id: u64, _: Size, _: usize) -> Result<Picture> {
        Err(variegate_picture::Error::unsupported(format!(
            "sample {id} is not at hand: mixing needs a data set; use a loader or batch()"
        )))
    }

    fn recode(&self, codec: &Codec, _: &Picture) -> Result<Picture> {
        Err(variegate_picture::Error::unsupported(format!("no {:?} codec is at hand", codec.format)))
    }
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
            let partner = services.partner(mix.partner, raster.size, raster.channels)?;
            pointwise::mix(mix, raster, &partner)?
        }
        Node::Codec(codec) => outside(raster, 1.0, |p| services.recode(codec, &p))?,
        Node::Opaque(opaque) => {
            let white = raster.white as f32;
            outside(raster, opaque.spread, |mut p| {
                (opaque.call)(&mut p, white)?;
                Ok(p)
            })?
        }
        Node::Stack(stack) => return Err(stack.refusal()),
    })
}

/// Hands stored pixels to something that is not a formula; what comes back may differ `spread` times as the pixels did.
fn outside(raster: Raster, spread: f64, f: impl FnOnce(Picture) -> Result<Picture>) -> Result<Raster> {
    let widest = raster.slack.iter().copied().fold(0.0, f64::max);
    let picture = f(raster.to_picture()?)?;
    let mut back = Raster::new(picture.view(), raster.white);
    back.slack.fill(if widest > 0.0 { widest * spread } else { 0.0 });
    Ok(back)
}
