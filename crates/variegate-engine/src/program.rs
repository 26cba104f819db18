//! Pointwise nodes, prepared once for a picture and applied to each row.

use variegate_kernels::blend::{BlendMode as KernelMode, blend};
use variegate_kernels::hsv::hsv;
use variegate_kernels::lut::{lut8, lut16};
use variegate_kernels::matrix::{mix3, scale_rows};
use variegate_kernels::noise::{add_normal, add_uniform, multiply_normal};
use variegate_kernels::region::{self, SpanNoise, fill_span, noise_span, spans};
use variegate_picture::{Dtype, FieldKey, Picture, Result, Size};
use variegate_plan::{
    BlendMode, ColorMatrix, Fill, Layer, Lut, Matrix, Mix, Node, Noise, NoiseKind, Outline, Services, Tone,
};

use crate::measure::Statistics;
use crate::row::{Row, State};

/// What rows are made of in this pass.
#[derive(Clone, Copy, Debug)]
pub struct Ground {
    pub size: Size,
    pub channels: usize,
    pub dtype: Dtype,
    /// The stored value of white.
    pub white: f32,
}

/// One prepared node.
pub enum Step<'p> {
    Bytes(Vec<[u8; 256]>),
    Words(Vec<Vec<u16>>),
    Tones(Vec<Tone>),
    Scale { gain: Vec<f32>, offset: Vec<f32>, clamp: Option<(f32, f32)> },
    Mix3 { matrix: [[f32; 4]; 3], clamp: Option<(f32, f32)> },
    Hsv { hue: f32, saturation: f32, value: f32 },
    Noise(&'p Noise),
    Region(Vec<(region::Outline, Paint)>),
    Blend { layer: &'p Layer, mode: KernelMode, opacity: f32 },
    Partner { picture: Picture, share: f32, shapes: Vec<region::Outline> },
}

/// What a shape is filled with, in stored units.
pub enum Paint {
    Colour(Vec<f32>),
    Noise(FieldKey),
}

/// Prepares a pointwise node; measured ones take what was measured before.
pub fn prepare<'p>(
    node: &'p Node,
    ground: Ground,
    measured: Option<&Statistics>,
    services: &dyn Services,
) -> Result<Option<Step<'p>>> {
    Ok(match node {
        Node::Lut(lut) => Some(table(lut, ground, measured)),
        Node::ColorMatrix(matrix) => self::matrix(matrix, ground, measured),
        Node::Hsv(node) => colourful(ground).then_some(Step::Hsv {
            hue: node.hue as f32,
            saturation: node.saturation as f32,
            value: node.value as f32,
        }),
        Node::Noise(noise) => Some(Step::Noise(noise)),
        Node::Region(region) => Some(Step::Region(
            region.shapes.iter().map(|(outline, fill)| (shape(outline), paint(fill, ground))).collect(),
        )),
        Node::Blend(node) => {
            Some(Step::Blend { layer: &node.layer, mode: mode(node.mode), opacity: node.opacity as f32 })
        }
        Node::Mix(Mix { partner, weight, shapes }) => Some(Step::Partner {
            picture: services.partner(*partner, ground.size, ground.channels)?,
            share: 1.0 - *weight as f32,
            shapes: shapes.iter().map(shape).collect(),
        }),
        Node::Warp(_) | Node::Stencil(_) | Node::Codec(_) | Node::Opaque(_) => None,
    })
}

fn colourful(ground: Ground) -> bool {
    ground.channels == 3 || ground.channels == 4
}

/// Storable steps between black and white.
fn steps(dtype: Dtype) -> Option<f64> {
    match dtype {
        Dtype::U8 => Some(255.0),
        Dtype::U16 => Some(65535.0),
        _ => None,
    }
}

fn table<'p>(lut: &Lut, ground: Ground, measured: Option<&Statistics>) -> Step<'p> {
    let tones: Vec<Tone> = lut
        .tones
        .iter()
        .map(|tone| match measured {
            Some(statistics) if tone.is_measured() => tone.resolve(&statistics.histogram()),
            _ => tone.clone(),
        })
        .collect();
    let Some(steps) = steps(ground.dtype) else { return Step::Tones(tones) };
    // One table serves all channels unless a tone tells them apart.
    let by_channel = tones.iter().any(|tone| matches!(tone, Tone::Each(_)));
    let channels = if by_channel || ground.channels == 4 { ground.channels } else { 1 };
    let entry = |code: usize, c: usize| -> f64 {
        if ground.channels == 4 && c == 3 {
            return code as f64;
        }
        let v = tones.iter().fold(code as f64 / steps, |v, tone| tone.apply(v, c, Some(steps)));
        (v * steps).round()
    };
    match ground.dtype {
        Dtype::U8 => Step::Bytes((0..channels).map(|c| std::array::from_fn(|code| entry(code, c) as u8)).collect()),
        _ => Step::Words((0..channels).map(|c| (0..65536).map(|code| entry(code, c) as u16).collect()).collect()),
    }
}

fn matrix<'p>(node: &ColorMatrix, ground: Ground, measured: Option<&Statistics>) -> Option<Step<'p>> {
    let white = ground.white;
    let clamp = node.clamp.then_some((0.0, white));
    let mean = |c: usize| match (node.mean, measured) {
        (Some((of, share)), Some(statistics)) => (statistics.mean(of, c) * share) as f32,
        _ => 0.0,
    };
    match &node.matrix {
        Matrix::Scale { gain, offset } => {
            let alpha = |c: usize| ground.channels == 4 && c == 3;
            let (mut gains, mut offsets) = (Vec::new(), Vec::new());
            for c in 0..ground.channels {
                gains.push(if alpha(c) { 1.0 } else { gain.get(c) as f32 });
                offsets.push(if alpha(c) { 0.0 } else { offset.get(c) as f32 * white + mean(c) });
            }
            Some(Step::Scale { gain: gains, offset: offsets, clamp })
        }
        Matrix::Mix(rows) if colourful(ground) => {
            let matrix = std::array::from_fn(|r| {
                std::array::from_fn(|c| if c == 3 { rows[r][3] as f32 * white + mean(r) } else { rows[r][c] as f32 })
            });
            Some(Step::Mix3 { matrix, clamp })
        }
        Matrix::Mix(_) => None,
    }
}

fn paint(fill: &Fill, ground: Ground) -> Paint {
    match fill {
        Fill::Colour(colour) => {
            Paint::Colour((0..ground.channels).map(|c| colour.get(c).clamp(0.0, 1.0) as f32 * ground.white).collect())
        }
        Fill::Noise(key) => Paint::Noise(*key),
    }
}

fn shape(outline: &Outline) -> region::Outline {
    match outline {
        Outline::Rect(r) => region::Outline::Rect { x0: r.x0, y0: r.y0, x1: r.x1, y1: r.y1 },
        Outline::Ellipse { centre, radii, degrees } => {
            region::Outline::Ellipse { cx: centre.x, cy: centre.y, rx: radii.0, ry: radii.1, degrees: -degrees }
        }
        Outline::Polygon(points) => region::Outline::Polygon(points.clone()),
    }
}

fn mode(mode: BlendMode) -> KernelMode {
    match mode {
        BlendMode::Normal => KernelMode::Normal,
        BlendMode::Multiply => KernelMode::Multiply,
        BlendMode::Screen => KernelMode::Screen,
        BlendMode::Overlay => KernelMode::Overlay,
        BlendMode::SoftLight => KernelMode::SoftLight,
        BlendMode::Add => KernelMode::Add,
        BlendMode::Subtract => KernelMode::Subtract,
        BlendMode::Difference => KernelMode::Difference,
        BlendMode::Lighten => KernelMode::Lighten,
        BlendMode::Darken => KernelMode::Darken,
    }
}

impl Step<'_> {
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
                return lut8(&mut row.bytes, channels, tables);
            }
            Step::Words(tables) => {
                row.make_codes(Dtype::U16);
                return lut16(&mut row.words, channels, tables);
            }
            Step::Region(shapes) => return regions(shapes, y, row, ground, found),
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
            Step::Partner { picture, share, shapes } => {
                other.resize(reals.len(), 0.0);
                variegate_kernels::convert::load_row(&picture.view(), y, other);
                blend(reals, other, ground.white, KernelMode::Normal, *share, None, channels);
                for outline in shapes {
                    spans(outline, y, ground.size.width, found);
                    for &(a, b) in found.iter() {
                        reals[a * channels..b * channels].copy_from_slice(&other[a * channels..b * channels]);
                    }
                }
            }
            Step::Bytes(_) | Step::Words(_) | Step::Region(_) => {}
        }
    }
}

/// Keeps a row of reals between black and white.
pub fn clamp_row(reals: &mut [f32], white: f32) {
    for v in reals {
        *v = if *v < 0.0 { 0.0 } else { *v };
        *v = if *v > white { white } else { *v };
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

fn regions(
    shapes: &[(region::Outline, Paint)],
    y: usize,
    row: &mut Row,
    ground: Ground,
    found: &mut Vec<(usize, usize)>,
) {
    let channels = ground.channels;
    for (outline, paint) in shapes {
        spans(outline, y, ground.size.width, found);
        for span in found.iter().copied() {
            match paint {
                Paint::Colour(colour) => match row.state {
                    State::Bytes => fill_span(&mut row.bytes, channels, span, &stored::<u8>(colour)),
                    State::Words => fill_span(&mut row.words, channels, span, &stored::<u16>(colour)),
                    State::Reals => fill_span(&mut row.reals, channels, span, colour),
                },
                Paint::Noise(key) => {
                    row.make_real();
                    let noise = SpanNoise::Uniform { low: 0.0, high: ground.white };
                    noise_span(&mut row.reals, channels, y, ground.size.width, span, *key, noise, true, None);
                }
            }
        }
    }
}

fn stored<T: variegate_picture::Sample>(colour: &[f32]) -> Vec<T> {
    colour.iter().map(|v| T::store(*v)).collect()
}
