//! A prepared pointwise node at work on a row.
//!
//! [`crate::program`] makes steps, [`crate::settle`] shortens them, the sweeps apply them row by row.

use variegate_kernels::blend::{BlendMode, blend};
use variegate_kernels::chain::{Link, chain, chain_from_codes};
use variegate_kernels::convert::clamp_row;
use variegate_kernels::hsv::{hsv, hsv_codes};
use variegate_kernels::lut::{Tables8, lut16};
use variegate_kernels::matrix::{mix3, mix3_codes, scale_rows};
use variegate_kernels::noise::{add_normal, add_uniform, multiply_normal};
use variegate_kernels::region::{self, RowIndex, SpanNoise, fill_span, noise_span, spans};
use variegate_picture::{Dtype, FieldKey, Picture};
use variegate_plan::{Layer, Noise, NoiseKind, Tone};

use crate::program::Ground;
use crate::row::{Row, State};

/// One prepared node.
pub enum Step<'p> {
    Bytes(Tables8),
    Words(Vec<Vec<u16>>),
    Tones(Vec<Tone>),
    Scale {
        gain: Vec<f32>,
        offset: Vec<f32>,
        clamp: Option<(f32, f32)>,
    },
    Mix3 {
        matrix: [[f32; 4]; 3],
        clamp: Option<(f32, f32)>,
    },
    Hsv {
        hue: f32,
        saturation: f32,
        value: f32,
    },
    /// Several of the three before, of pictures of three channels.
    Chain(Vec<Link>),
    Codes(OnCodes),
    Noise(&'p Noise),
    Region(Shapes),
    Blend {
        layer: &'p Layer,
        mode: BlendMode,
        opacity: f32,
    },
    Partner {
        picture: Picture,
        share: f32,
        shapes: Vec<region::Outline>,
        mask: Option<&'p [bool]>,
        /// In the mask's place, where its edges are soft.
        cover: Option<&'p [f32]>,
    },
}

/// A step from 8-bit codes to 8-bit codes of three channels, where its result is rounded anyway.
pub enum OnCodes {
    Mix3 { matrix: [[f32; 4]; 3], clamp: Option<(f32, f32)> },
    Hsv { hue: f32, saturation: f32, value: f32 },
}

impl OnCodes {
    /// Applies the step to any number of whole pixels.
    pub fn apply(&self, codes: &mut [u8]) {
        match self {
            OnCodes::Mix3 { matrix, clamp } => mix3_codes(codes, matrix, *clamp),
            OnCodes::Hsv { hue, saturation, value } => hsv_codes(codes, *hue, *saturation, *value),
        }
    }
}

/// What a shape is filled with, in stored units.
pub enum Paint {
    Colour(Colour),
    Noise(FieldKey),
}

/// A colour in every form a row can have.
pub struct Colour {
    pub bytes: Vec<u8>,
    pub words: Vec<u16>,
    pub reals: Vec<f32>,
}

/// Shapes in the order they are painted. Neighbours of one filling share its paint.
pub struct Shapes {
    /// Each with the index of its paint.
    outlines: Vec<(region::Outline, usize)>,
    paints: Vec<Paint>,
    rows: RowIndex,
}

impl Shapes {
    /// Shapes over a picture of `height` rows.
    pub fn new(outlines: Vec<(region::Outline, usize)>, paints: Vec<Paint>, height: usize) -> Self {
        let rows = RowIndex::new(outlines.iter().map(|(outline, _)| outline), height);
        Self { outlines, paints, rows }
    }

    /// Tells the paint and the columns of every span of row `y`, in order. `found` is a buffer.
    pub fn each_span(
        &self,
        y: usize,
        width: usize,
        found: &mut Vec<(usize, usize)>,
        mut f: impl FnMut(&Paint, (usize, usize)),
    ) {
        for shape in self.rows.of(y) {
            let (outline, paint) = &self.outlines[*shape as usize];
            spans(outline, y, width, found);
            found.iter().for_each(|span| f(&self.paints[*paint], *span));
        }
    }
}

impl Step<'_> {
    /// Whether it only lays colours over the row, whatever the row is made of.
    pub fn is_painted(&self) -> bool {
        matches!(self, Step::Region(shapes) if shapes.paints.iter().all(|paint| matches!(paint, Paint::Colour(_))))
    }

    /// The step as a link of a chain, where it can be one in pictures of three channels.
    pub fn link(&self, white: f32) -> Option<Link> {
        match self {
            Step::Scale { gain, offset, clamp } => {
                let each = |list: &[f32]| std::array::from_fn(|c| list.get(c).or(list.last()).copied().unwrap_or(0.0));
                Some(Link::Scale { gain: each(gain), offset: each(offset), clamp: *clamp })
            }
            Step::Mix3 { matrix, clamp } => Some(Link::Mix { matrix: *matrix, clamp: *clamp }),
            Step::Hsv { hue, saturation, value } => {
                Some(Link::Hsv { white, hue: *hue, saturation: *saturation, value: *value })
            }
            _ => None,
        }
    }

    /// Applies the step to row `y`. `other` and `found` are buffers.
    pub fn apply(
        &self,
        y: usize,
        row: &mut Row,
        ground: Ground,
        other: &mut Vec<f32>,
        found: &mut Vec<(usize, usize)>,
    ) {
        let channels = ground.channels;
        match self {
            Step::Bytes(tables) => {
                row.make_codes(Dtype::U8);
                return tables.apply(&mut row.bytes, channels);
            }
            Step::Words(tables) => {
                row.make_codes(Dtype::U16);
                return lut16(&mut row.words, channels, tables);
            }
            Step::Codes(step) => {
                row.make_codes(Dtype::U8);
                return step.apply(&mut row.bytes);
            }
            Step::Region(shapes) => return regions(shapes, y, row, ground, found),
            Step::Chain(links) if row.state == State::Bytes => {
                row.state = State::Reals;
                return chain_from_codes(&row.bytes, links, &mut row.reals);
            }
            _ => row.make_real(),
        }
        let reals = &mut row.reals;
        match self {
            Step::Tones(tones) => {
                let colours = if channels == 4 { 3 } else { channels };
                for pixel in reals.chunks_exact_mut(channels) {
                    for (c, v) in pixel[..colours].iter_mut().enumerate() {
                        let unit = f64::from(*v) / f64::from(ground.white);
                        let out = tones.iter().fold(unit, |v, tone| tone.apply(v, c, None));
                        *v = (out * f64::from(ground.white)) as f32;
                    }
                }
            }
            Step::Scale { gain, offset, clamp } => scale_rows(reals, channels, gain, offset, *clamp),
            Step::Mix3 { matrix, clamp } => mix3(reals, channels, matrix, *clamp),
            Step::Chain(links) => chain(reals, links),
            Step::Hsv { hue, saturation, value } => hsv(reals, channels, ground.white, *hue, *saturation, *value),
            Step::Noise(noise) => keeping_alpha(reals, channels, |reals| add_noise(noise, y, reals, ground)),
            Step::Blend { layer, mode, opacity } => {
                let row_of = |values: usize| y * ground.size.width * values..(y + 1) * ground.size.width * values;
                let from = &layer.values[row_of(layer.channels)];
                other.clear();
                if layer.channels == channels {
                    other.extend(from.iter().map(|v| v * ground.white));
                } else {
                    other.extend(from.iter().flat_map(|v| std::iter::repeat_n(v * ground.white, channels)));
                }
                let mask = layer.mask.as_ref().map(|mask| &mask[row_of(1)]);
                keeping_alpha(reals, channels, |reals| {
                    blend(reals, other, ground.white, *mode, *opacity, mask, channels);
                    clamp_row(reals, ground.white);
                });
            }
            Step::Partner { picture, share, shapes, mask, cover } => {
                other.resize(reals.len(), 0.0);
                variegate_kernels::convert::load_row(&picture.view(), y, other);
                if *share > 0.0 {
                    blend(reals, other, ground.white, BlendMode::Normal, *share, None, channels);
                }
                let width = ground.size.width;
                if let Some(covered) = cover.and_then(|cover| cover.get(y * width..(y + 1) * width)) {
                    let pixels = reals.chunks_exact_mut(channels).zip(other.chunks_exact(channels));
                    for ((pixel, partner), part) in pixels.zip(covered).filter(|(_, part)| **part > 0.0) {
                        pixel.iter_mut().zip(partner).for_each(|(v, partner)| *v += part * (partner - *v));
                    }
                } else if let Some(shown) = mask.and_then(|mask| mask.get(y * width..(y + 1) * width)) {
                    let pixels = reals.chunks_exact_mut(channels).zip(other.chunks_exact(channels));
                    for ((pixel, partner), _) in pixels.zip(shown).filter(|(_, shown)| **shown) {
                        pixel.copy_from_slice(partner);
                    }
                }
                for outline in shapes {
                    spans(outline, y, ground.size.width, found);
                    for &(a, b) in found.iter() {
                        reals[a * channels..b * channels].copy_from_slice(&other[a * channels..b * channels]);
                    }
                }
            }
            Step::Bytes(_) | Step::Words(_) | Step::Codes(_) | Step::Region(_) => {}
        }
    }
}

/// Runs a kernel that knows no alpha, and puts the alpha of four channels back.
fn keeping_alpha(reals: &mut [f32], channels: usize, f: impl FnOnce(&mut [f32])) {
    if channels != 4 {
        return f(reals);
    }
    let alpha: Vec<f32> = reals.chunks_exact(4).map(|pixel| pixel[3]).collect();
    f(reals);
    for (pixel, a) in reals.chunks_exact_mut(4).zip(alpha) {
        pixel[3] = a;
    }
}

fn add_noise(noise: &Noise, y: usize, reals: &mut [f32], ground: Ground) {
    let white = ground.white;
    let (sigma, mean) = (noise.sigma as f32 * white, noise.mean as f32 * white);
    let (width, channels, clamp) = (ground.size.width, ground.channels, Some((0.0, white)));
    match noise.kind {
        NoiseKind::Gaussian => {
            add_normal(reals, channels, y, width, noise.key, sigma, mean, noise.per_channel, clamp);
        }
        NoiseKind::Uniform => {
            let reach = noise.sigma as f32 * 3f32.sqrt() * white;
            add_uniform(reals, channels, y, width, noise.key, mean - reach, mean + reach, noise.per_channel, clamp);
        }
        NoiseKind::Speckle => {
            let (sigma, mean) = (noise.sigma as f32, 1.0 + noise.mean as f32);
            multiply_normal(reals, channels, y, width, noise.key, sigma, mean, noise.per_channel, clamp);
        }
    }
}

fn regions(shapes: &Shapes, y: usize, row: &mut Row, ground: Ground, found: &mut Vec<(usize, usize)>) {
    let (width, channels) = (ground.size.width, ground.channels);
    shapes.each_span(y, width, found, |paint, span| match paint {
        Paint::Colour(colour) => match row.state {
            State::Bytes => fill_span(&mut row.bytes, channels, span, &colour.bytes),
            State::Words => fill_span(&mut row.words, channels, span, &colour.words),
            State::Reals => fill_span(&mut row.reals, channels, span, &colour.reals),
        },
        Paint::Noise(key) => {
            row.make_real();
            let noise = SpanNoise::Uniform { low: 0.0, high: ground.white };
            noise_span(&mut row.reals, channels, y, width, span, *key, noise, true, None);
        }
    });
}
