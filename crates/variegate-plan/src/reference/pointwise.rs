//! Nodes that write each pixel from itself alone.

use variegate_picture::Point;

use super::{LEVEL, Raster};
use crate::node::{
    Blend, BlendMode, ColorMatrix, Fill, Hsv, Lut, Matrix, Measured, Mix, Noise, NoiseKind, Outline, Region,
};
use crate::tone::{Histogram, Tone};

pub(super) fn lut(lut: &Lut, mut raster: Raster) -> Raster {
    for tone in &lut.tones {
        let tone = if tone.is_measured() { tone.resolve(&histogram(&raster)) } else { tone.clone() };
        apply_tone(&tone, &mut raster);
    }
    raster
}

fn apply_tone(tone: &Tone, raster: &mut Raster) {
    let (channels, colours, steps) = (raster.channels, raster.colours(), raster.steps);
    let grid = |v: f64| steps.map_or(v, |s| crate::tone::round_half_even(v.clamp(0.0, 1.0) * s) / s);
    for k in 0..raster.values.len() {
        let c = k % channels;
        if c >= colours {
            continue;
        }
        let v = raster.values[k];
        let out = tone.apply(grid(v), c, steps);
        let s = raster.slack[k];
        if s > 0.0 {
            // Every value within the slack is a legal input; the output may be what any of them gives.
            raster.slack[k] = (-16..=16)
                .map(|j| (tone.apply(grid(v + s * f64::from(j) / 16.0), c, steps) - out).abs())
                .fold(0.0, f64::max)
                + steps.map_or(0.0, |steps| 1.0 / steps);
        }
        raster.values[k] = out;
    }
}

/// Counts of 256 bins for each channel.
pub(super) fn histogram(raster: &Raster) -> Histogram {
    let mut bins = vec![[0u64; 256]; raster.channels];
    for (k, v) in raster.values.iter().enumerate() {
        bins[k % raster.channels][(v.clamp(0.0, 1.0) * 255.0).round() as usize] += 1;
    }
    Histogram(bins)
}

pub(super) fn matrix(m: &ColorMatrix, mut raster: Raster) -> Raster {
    let (channels, colours) = (raster.channels, raster.colours());
    let share = m.mean.map_or(0.0, |(_, share)| share);
    let means = m.mean.map_or_else(|| vec![0.0; channels], |(of, _)| mean(of, &raster));
    for (v, s) in raster.values.chunks_exact_mut(channels).zip(raster.slack.chunks_exact_mut(channels)) {
        let (before, slack) = (v.to_vec(), s.to_vec());
        for c in 0..colours {
            let (value, slack) = match &m.matrix {
                Matrix::Scale { gain, offset } => {
                    (gain.get(c) * before[c] + offset.get(c), gain.get(c).abs() * slack[c])
                }
                Matrix::Mix(rows) if channels >= 3 && c < 3 => {
                    let row = rows[c];
                    (
                        (0..3).map(|k| row[k] * before[k]).sum::<f64>() + row[3],
                        (0..3).map(|k| row[k].abs() * slack[k]).sum(),
                    )
                }
                Matrix::Mix(_) => (before[c], slack[c]),
            };
            let value = value + share * means[c];
            v[c] = if m.clamp { value.clamp(0.0, 1.0) } else { value };
            s[c] = slack + LEVEL * (1.0 + share.abs());
        }
    }
    raster
}

/// The measured means, one for each channel.
fn mean(of: Measured, raster: &Raster) -> Vec<f64> {
    let pixels = raster.size.pixels() as f64;
    let mut sums = vec![0.0; raster.channels];
    for pixel in raster.values.chunks_exact(raster.channels) {
        for (sum, v) in sums.iter_mut().zip(pixel) {
            *sum += v / pixels;
        }
    }
    match of {
        Measured::EachChannel => sums,
        Measured::Luma if raster.channels == 3 || raster.channels == 4 => {
            vec![0.299 * sums[0] + 0.587 * sums[1] + 0.114 * sums[2]; raster.channels]
        }
        Measured::Luma => vec![sums.iter().sum::<f64>() / raster.channels as f64; raster.channels],
    }
}

pub(super) fn hsv(node: &Hsv, mut raster: Raster) -> Raster {
    let channels = raster.channels;
    if channels != 3 && channels != 4 {
        return raster;
    }
    for (v, s) in raster.values.chunks_exact_mut(channels).zip(raster.slack.chunks_exact_mut(channels)) {
        let out = turn([v[0], v[1], v[2]], node);
        // The hexcone's pieces have slopes of at most 2 in each channel, times what S and V multiply.
        let steep = 2.0 * (1.0 + node.saturation.abs()) * node.value.abs().max(1.0);
        let widest = s[..3].iter().copied().fold(0.0, f64::max);
        for c in 0..3 {
            v[c] = out[c];
            s[c] = steep * widest + LEVEL;
        }
    }
    raster
}

/// RGB → HSV, hue turned, saturation and value scaled, → RGB.
fn turn(rgb: [f64; 3], node: &Hsv) -> [f64; 3] {
    let rgb = rgb.map(|v| v.clamp(0.0, 1.0));
    let max = rgb[0].max(rgb[1]).max(rgb[2]);
    let chroma = max - rgb[0].min(rgb[1]).min(rgb[2]);
    let hue = if chroma == 0.0 {
        0.0
    } else if max == rgb[0] {
        ((rgb[1] - rgb[2]) / chroma).rem_euclid(6.0)
    } else if max == rgb[1] {
        (rgb[2] - rgb[0]) / chroma + 2.0
    } else {
        (rgb[0] - rgb[1]) / chroma + 4.0
    };
    let saturation = if max == 0.0 { 0.0 } else { chroma / max };
    let hue = (hue + 6.0 * node.hue).rem_euclid(6.0);
    let saturation = (saturation * node.saturation).clamp(0.0, 1.0);
    let value = (max * node.value).clamp(0.0, 1.0);
    // Each channel falls from V to V(1 − S) where the hue is far from its own.
    let channel = |n: f64| {
        let k = (n + hue).rem_euclid(6.0);
        value - value * saturation * k.min(4.0 - k).clamp(0.0, 1.0)
    };
    [channel(5.0), channel(3.0), channel(1.0)]
}

pub(super) fn noise(node: &Noise, mut raster: Raster) -> Raster {
    let (channels, colours) = (raster.channels, raster.colours());
    for k in 0..raster.values.len() {
        if k % channels >= colours {
            continue;
        }
        let index = if node.per_channel { k } else { k / channels } as u64;
        let (block, plane) = (index as u32, (index >> 32) as u32);
        let field = match node.kind {
            NoiseKind::Gaussian | NoiseKind::Speckle => f64::from(node.key.normal(block, plane)),
            NoiseKind::Uniform => {
                let word = node.key.words(block / 4, plane)[(block % 4) as usize];
                (f64::from(word >> 8) / f64::from(1u32 << 24) * 2.0 - 1.0) * 3f64.sqrt()
            }
        };
        let amount = node.mean + node.sigma * field;
        let v = raster.values[k];
        let (out, steep) = match node.kind {
            NoiseKind::Speckle => (v * (1.0 + amount), (1.0 + amount).abs()),
            _ => (v + amount, 1.0),
        };
        raster.values[k] = out.clamp(0.0, 1.0);
        // The field is exact; a fast path adds it in 32-bit reals.
        raster.slack[k] = raster.slack[k] * steep + 1e-6;
    }
    raster
}

pub(super) fn region(region: &Region, mut raster: Raster) -> Raster {
    let channels = raster.channels;
    for y in 0..raster.size.height {
        for x in 0..raster.size.width {
            let centre = Point::new(x as f64 + 0.5, y as f64 + 0.5);
            for (outline, fill) in &region.shapes {
                if !inside(outline, centre) {
                    continue;
                }
                for c in 0..channels {
                    let k = (y * raster.size.width + x) * channels + c;
                    let value = match fill {
                        Fill::Colour(colour) => colour.get(c),
                        Fill::Noise(key) => {
                            let (block, plane) = (k as u32, (k as u64 >> 32) as u32);
                            let word = key.words(block / 4, plane)[(block % 4) as usize];
                            // Exact in 32-bit reals, as every fast path has it.
                            let unit = (word >> 8) as f32 / (1u32 << 24) as f32;
                            f64::from(unit * raster.white as f32) / raster.white
                        }
                    };
                    raster.values[k] = value.clamp(0.0, 1.0);
                    raster.slack[k] = 0.0;
                }
            }
        }
    }
    raster
}

/// Whether a pixel's centre belongs to a shape.
pub(super) fn inside(outline: &Outline, p: Point) -> bool {
    match outline {
        Outline::Rect(rect) => rect.contains(p),
        Outline::Ellipse { centre, radii, degrees } => {
            let (s, c) = (libm::sin(degrees.to_radians()), libm::cos(degrees.to_radians()));
            let (dx, dy) = (p.x - centre.x, p.y - centre.y);
            let (u, v) = ((dx * c - dy * s) / radii.0, (dx * s + dy * c) / radii.1);
            u * u + v * v <= 1.0
        }
        Outline::Polygon(points) => {
            let mut odd = false;
            for k in 0..points.len() {
                let (a, b) = (points[k], points[(k + 1) % points.len()]);
                if (a.y > p.y) != (b.y > p.y) && p.x < a.x + (p.y - a.y) / (b.y - a.y) * (b.x - a.x) {
                    odd = !odd;
                }
            }
            odd
        }
    }
}

pub(super) fn blend(node: &Blend, mut raster: Raster) -> Raster {
    let (channels, colours) = (raster.channels, raster.colours());
    for k in 0..raster.values.len() {
        let c = k % channels;
        if c >= colours {
            continue;
        }
        let pixel = k / channels;
        let layer = &node.layer;
        let b = f64::from(layer.values[if layer.channels == 1 { pixel } else { pixel * layer.channels + c }]);
        let opacity = node.opacity * layer.mask.as_ref().map_or(1.0, |mask| f64::from(mask[pixel]));
        let a = raster.values[k];
        let met = match node.mode {
            BlendMode::Normal => b,
            BlendMode::Multiply => a * b,
            BlendMode::Screen => 1.0 - (1.0 - a) * (1.0 - b),
            BlendMode::Overlay if a < 0.5 => 2.0 * a * b,
            BlendMode::Overlay => 1.0 - 2.0 * (1.0 - a) * (1.0 - b),
            BlendMode::SoftLight => (1.0 - 2.0 * b) * a * a + 2.0 * b * a,
            BlendMode::Add => a + b,
            BlendMode::Subtract => a - b,
            BlendMode::Difference => (a - b).abs(),
            BlendMode::Lighten => a.max(b),
            BlendMode::Darken => a.min(b),
        };
        raster.values[k] = (a + (met.clamp(0.0, 1.0) - a) * opacity).clamp(0.0, 1.0);
        raster.slack[k] = 2.0 * raster.slack[k] + LEVEL;
    }
    raster
}

pub(super) fn mix(node: &Mix, mut raster: Raster, other: &Raster) -> Raster {
    for k in 0..raster.values.len() {
        let pixel = k / raster.channels;
        let (y, x) = (pixel / raster.size.width, pixel % raster.size.width);
        let centre = Point::new(x as f64 + 0.5, y as f64 + 0.5);
        let shown =
            node.mask.as_ref().is_some_and(|mask| mask[pixel]) || node.shapes.iter().any(|shape| inside(shape, centre));
        let weight = match &node.cover {
            Some(cover) => node.weight * (1.0 - f64::from(cover[pixel])),
            None if shown => 0.0,
            None => node.weight,
        };
        raster.values[k] = weight * raster.values[k] + (1.0 - weight) * other.values[k];
        raster.slack[k] = weight * raster.slack[k] + (1.0 - weight) * other.slack[k] + LEVEL;
    }
    raster
}
