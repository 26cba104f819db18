//! Nodes that read more than the pixel they write.

use variegate_picture::{Border, Filter, Point};

use super::{LEVEL, Raster};
use crate::map::Map;
use crate::node::{Stencil, StencilKind, Warp};

/// Weights of source indices on one axis; no index where the fill shows.
type Taps = Vec<(Option<i64>, f64)>;

pub(super) fn warp(warp: &Warp, raster: &Raster) -> Raster {
    let (x0, x1) = (warp.window.x0 as i64, warp.window.x1 as i64);
    let (y0, y1) = (warp.window.y0 as i64, warp.window.y1 as i64);
    let fold = |i: i64, lo: i64, hi: i64| warp.border.fold(i - lo, hi - lo).map(|j| j + lo);
    let separable = match &warp.map {
        Map::Homography(h) if h.is_axis_aligned() && warp.filter != Filter::Nearest && !h.is_permutation() => Some(*h),
        _ => None,
    };
    let covers = warp.covers();
    let mut out = blank(raster, warp.to);
    let boxed = warp.filter == Filter::Box && (separable.is_none() || !warp.antialias);
    let exact = warp.is_permutation() || warp.filter == Filter::Nearest || boxed;
    for oy in 0..warp.to.height {
        for ox in 0..warp.to.width {
            let p = warp.map.source(Point::new(ox as f64 + 0.5, oy as f64 + 0.5));
            let (tx, ty): (Taps, Taps) = if exact {
                (vec![(fold(p.x.floor() as i64, x0, x1), 1.0)], vec![(fold(p.y.floor() as i64, y0, y1), 1.0)])
            } else if let Some(h) = separable {
                let axis = |c: f64, scale: f64, lo: i64, hi: i64| {
                    let wide = if warp.antialias { scale.abs().max(1.0) } else { 1.0 };
                    separable_taps(c, wide, warp.filter, lo, hi, if covers { None } else { Some(warp.border) })
                };
                (axis(p.x, h.0[0][0], x0, x1), axis(p.y, h.0[1][1], y0, y1))
            } else {
                let axis = |c: f64, lo: i64, hi: i64| separable_taps(c, 1.0, warp.filter, lo, hi, Some(warp.border));
                (axis(p.x, x0, x1), axis(p.y, y0, y1))
            };
            for c in 0..raster.channels {
                let (mut value, mut slack) = (0.0, 0.0);
                for (y, wy) in &ty {
                    for (x, wx) in &tx {
                        let (v, s) = match (x, y) {
                            (Some(x), Some(y)) => {
                                let k = (*y as usize * raster.size.width + *x as usize) * raster.channels + c;
                                (raster.values[k], raster.slack[k])
                            }
                            _ => (warp.fill.get(c), 0.0),
                        };
                        value += wx * wy * v;
                        slack += (wx * wy).abs() * s;
                    }
                }
                let k = (oy * warp.to.width + ox) * raster.channels + c;
                out.values[k] = if raster.steps.is_some() { value.clamp(0.0, 1.0) } else { value };
                out.slack[k] = if exact { slack } else { slack + LEVEL };
            }
        }
    }
    out
}

/// The taps around position `c`; without a border those outside the window are dropped and the rest made whole.
fn separable_taps(c: f64, wide: f64, filter: Filter, lo: i64, hi: i64, border: Option<Border>) -> Taps {
    let support = filter.support() * wide;
    let first = (c - support - 0.5).floor() as i64;
    let last = (c + support + 0.5).ceil() as i64;
    let mut taps: Taps = (first..=last)
        .filter(|i| (*i as f64 + 0.5 - c).abs() < support && (border.is_some() || (lo..hi).contains(i)))
        .map(|i| (i, filter.weight((i as f64 + 0.5 - c) / wide)))
        .map(|(i, w)| (border.map_or(Some(i), |b| b.fold(i - lo, hi - lo).map(|j| j + lo)), w))
        .collect();
    let sum: f64 = taps.iter().map(|(_, w)| w).sum();
    if sum.abs() < 1e-12 {
        // Nothing lies under the kernel: the pixel that contains the centre.
        let nearest = c.floor() as i64;
        let found = border.map_or(Some(nearest.clamp(lo, hi - 1)), |b| b.fold(nearest - lo, hi - lo).map(|j| j + lo));
        return vec![(found, 1.0)];
    }
    for (_, w) in &mut taps {
        *w /= sum;
    }
    taps
}

fn blank(raster: &Raster, size: variegate_picture::Size) -> Raster {
    let count = size.pixels() * raster.channels;
    Raster { size, values: vec![0.0; count], slack: vec![0.0; count], ..raster.clone() }
}

pub(super) fn stencil(stencil: &Stencil, raster: &Raster) -> Raster {
    match &stencil.kind {
        StencilKind::Gaussian { x, y } => {
            let across = gaussian(*x);
            let down = gaussian(*y);
            let weights: Vec<f64> = down.iter().flat_map(|b| across.iter().map(move |a| a * b)).collect();
            kernel(raster, &weights, across.len(), down.len(), stencil.border)
        }
        StencilKind::Box { side } => {
            let weights = vec![1.0 / (side * side) as f64; side * side];
            kernel(raster, &weights, *side, *side, stencil.border)
        }
        StencilKind::Kernel { width, height, weights } => kernel(raster, weights, *width, *height, stencil.border),
        StencilKind::Rank { size, rank } => ranked(raster, *size, *rank, stencil.border),
    }
}

/// Normalised weights at −⌈3σ⌉…⌈3σ⌉.
pub fn gaussian(sigma: f64) -> Vec<f64> {
    if sigma <= 0.0 {
        return vec![1.0];
    }
    let radius = (3.0 * sigma).ceil().max(1.0) as i64;
    let raw: Vec<f64> = (-radius..=radius).map(|i| libm::exp(-((i * i) as f64) / (2.0 * sigma * sigma))).collect();
    let sum: f64 = raw.iter().sum();
    raw.into_iter().map(|w| w / sum).collect()
}

fn kernel(raster: &Raster, weights: &[f64], width: usize, height: usize, border: Border) -> Raster {
    let mut out = blank(raster, raster.size);
    each_pixel(raster, |y, x, c, k| {
        let (mut value, mut slack) = (0.0, 0.0);
        for j in 0..height {
            for i in 0..width {
                let w = weights[j * width + i];
                let (dy, dx) = (j as i64 - height as i64 / 2, i as i64 - width as i64 / 2);
                if let Some(k) = at(raster, y as i64 + dy, x as i64 + dx, c, border) {
                    value += w * raster.values[k];
                    slack += w.abs() * raster.slack[k];
                }
            }
        }
        out.values[k] = if raster.steps.is_some() { value.clamp(0.0, 1.0) } else { value };
        out.slack[k] = slack + LEVEL;
    });
    out
}

fn ranked(raster: &Raster, size: usize, rank: f64, border: Border) -> Raster {
    let mut out = blank(raster, raster.size);
    let half = size as i64 / 2;
    each_pixel(raster, |y, x, c, k| {
        let around = |list: &[f64]| -> Vec<f64> {
            (-half..=half)
                .flat_map(|dy| (-half..=half).map(move |dx| (dy, dx)))
                .map(|(dy, dx)| at(raster, y as i64 + dy, x as i64 + dx, c, border).map_or(0.0, |k| list[k]))
                .collect()
        };
        let mut values = around(&raster.values);
        values.sort_by(f64::total_cmp);
        out.values[k] = values[((values.len() - 1) as f64 * rank).round() as usize];
        out.slack[k] = around(&raster.slack).into_iter().fold(0.0, f64::max);
    });
    out
}

fn each_pixel(raster: &Raster, mut f: impl FnMut(usize, usize, usize, usize)) {
    for y in 0..raster.size.height {
        for x in 0..raster.size.width {
            for c in 0..raster.channels {
                f(y, x, c, (y * raster.size.width + x) * raster.channels + c);
            }
        }
    }
}

fn at(raster: &Raster, y: i64, x: i64, c: usize, border: Border) -> Option<usize> {
    let y = border.fold(y, raster.size.height as i64)?;
    let x = border.fold(x, raster.size.width as i64)?;
    Some((y as usize * raster.size.width + x as usize) * raster.channels + c)
}
