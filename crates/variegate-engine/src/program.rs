//! Pointwise nodes, prepared once for a picture and applied to each row.

use variegate_kernels::blend::BlendMode as KernelMode;
use variegate_kernels::lut::Tables8;
use variegate_kernels::region;
use variegate_picture::{Dtype, Frame, Result, Sample, Size};
use variegate_plan::{
    BlendMode, Builder, ColorMatrix, Fill, Lut, Matrix, Meaning, Mix, Node, Outline, Region, Services, Tone, partner_of,
};

use crate::measure::Statistics;
use crate::run::{Scratch, run_to_picture};
use crate::step::{Colour, Paint, Shapes, Step};

/// What rows are made of in this pass.
#[derive(Clone, Copy, Debug)]
pub struct Ground {
    pub size: Size,
    pub channels: usize,
    pub dtype: Dtype,
    /// The stored value of white.
    pub white: f32,
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
        Node::Region(region) => Some(Step::Region(shapes(region, ground))),
        Node::Blend(node) => {
            Some(Step::Blend { layer: &node.layer, mode: mode(node.mode), opacity: node.opacity as f32 })
        }
        Node::Mix(mix) => Some(partner(mix, ground, services)?),
        Node::Warp(_)
        | Node::Stencil(_)
        | Node::Branches(_)
        | Node::Selected(_)
        | Node::Codec(_)
        | Node::Opaque(_)
        | Node::Stack(_) => None,
    })
}

fn partner<'p>(mix: &'p Mix, ground: Ground, services: &dyn Services) -> Result<Step<'p>> {
    let frame = Frame { size: ground.size, channels: ground.channels };
    let mut picture = partner_of(mix.partner, frame, ground.dtype, services)?;
    if let Some(warp) = &mix.laid {
        let mut plan = Builder::new(frame);
        plan.warp((**warp).clone());
        let plan = plan.into_plan(Meaning::Exact);
        picture = run_to_picture(&plan, picture.view(), ground.white, &mut Scratch::default(), services)?;
    }
    Ok(Step::Partner {
        picture,
        share: (1.0 - mix.weight) as f32,
        shapes: mix.shapes.iter().map(shape).collect(),
        mask: mix.mask.as_deref(),
        cover: mix.cover.as_deref(),
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
        Dtype::U8 => {
            let tables = (0..channels).map(|c| std::array::from_fn(|code| entry(code, c) as u8)).collect();
            Step::Bytes(Tables8::new(tables, ground.channels))
        }
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

fn shapes(region: &Region, ground: Ground) -> Shapes {
    let mut paints = Vec::new();
    let mut last = None;
    let mut outlines = Vec::with_capacity(region.shapes.len());
    for (outline, fill) in &region.shapes {
        if last != Some(fill) {
            paints.push(paint(fill, ground));
            last = Some(fill);
        }
        outlines.push((shape(outline), paints.len() - 1));
    }
    Shapes::new(outlines, paints, ground.size.height)
}

fn paint(fill: &Fill, ground: Ground) -> Paint {
    match fill {
        Fill::Colour(colour) => {
            let reals: Vec<f32> =
                (0..ground.channels).map(|c| colour.get(c).clamp(0.0, 1.0) as f32 * ground.white).collect();
            Paint::Colour(Colour {
                bytes: reals.iter().map(|v| u8::store(*v)).collect(),
                words: reals.iter().map(|v| u16::store(*v)).collect(),
                reals,
            })
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
