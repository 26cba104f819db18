//! Convolution of a canvas with a small kernel, for effects.
//!
//! Blurs, sharpening and textures call it. The edge is mirrored without repeating it, as OpenCV does. It knows no
//! operation; sums are taken tap by tap in the order of the kernel's rows.

use std::sync::Arc;

use variegate_picture::Border;
use variegate_plan::{Node, Stencil, StencilKind};

use crate::effect::Canvas;

/// Elements summed side by side.
const WIDE: usize = 16;

/// Weights of an odd window, row by row.
#[derive(Clone, Debug, PartialEq)]
pub struct Kernel {
    /// Columns, odd.
    pub width: usize,
    /// Rows, odd.
    pub height: usize,
    /// As many as columns times rows.
    pub weights: Vec<f32>,
}

impl Kernel {
    /// A kernel of a function of (x, y) from its middle, scaled so that its weights sum up to one.
    pub fn normalised(half_width: usize, half_height: usize, mut weight: impl FnMut(f64, f64) -> f64) -> Self {
        let (width, height) = (2 * half_width + 1, 2 * half_height + 1);
        let at = |k: usize, half: usize| k as f64 - half as f64;
        let raw: Vec<f64> =
            (0..width * height).map(|k| weight(at(k % width, half_width), at(k / width, half_height))).collect();
        let sum: f64 = raw.iter().sum();
        let scale = if sum.abs() > 1e-12 { 1.0 / sum } else { 0.0 };
        Self { width, height, weights: raw.iter().map(|w| (w * scale) as f32).collect() }
    }

    /// The Gaussian of one axis, cut at three σ: across, or down.
    pub fn gaussian(sigma: f64, down: bool) -> Self {
        let half = (3.0 * sigma).ceil().max(1.0) as usize;
        let weight = |x: f64, y: f64| libm::exp(-(x * x + y * y) / (2.0 * sigma * sigma));
        if down { Self::normalised(0, half, weight) } else { Self::normalised(half, 0, weight) }
    }

    /// The kernel as a node, which is faster than an effect: for operations that do nothing else.
    pub fn node(self) -> Node {
        let weights: Vec<f64> = self.weights.into_iter().map(f64::from).collect();
        let kind = StencilKind::Kernel { width: self.width, height: self.height, weights: Arc::from(weights) };
        Node::Stencil(Stencil { kind, border: Border::Mirror })
    }

    /// What the kernel makes of a canvas; the alpha of four channels stays.
    pub fn over(&self, canvas: &Canvas) -> Canvas {
        let (size, channels) = (canvas.size, canvas.channels);
        let (left, above) = ((self.width / 2) as i64, (self.height / 2) as i64);
        let padded = (size.width + self.width - 1) * channels;
        // Rows with their mirrored ends, and room for a whole block behind the last one.
        let mut source = vec![0.0f32; padded * size.height + WIDE];
        for y in 0..size.height {
            let row = canvas.row(y);
            for (k, pixel) in source[y * padded..][..padded].chunks_exact_mut(channels).enumerate() {
                let x = mirrored(k as i64 - left, size.width);
                pixel.copy_from_slice(&row[x * channels..][..channels]);
            }
        }
        let mut out = canvas.clone();
        let length = size.width * channels;
        let mut taps = Vec::with_capacity(self.weights.len());
        for y in 0..size.height {
            taps.clear();
            for (k, weight) in self.weights.iter().enumerate().filter(|(_, w)| **w != 0.0) {
                let row = mirrored(y as i64 + (k / self.width) as i64 - above, size.height);
                taps.push((row * padded + k % self.width * channels, *weight));
            }
            for (b, block) in out.values[y * length..][..length].chunks_mut(WIDE).enumerate() {
                let mut sums = [0.0f32; WIDE];
                for (at, weight) in &taps {
                    let from: &[f32] = &source[at + b * WIDE..][..WIDE];
                    for (sum, v) in sums.iter_mut().zip(from) {
                        *sum += weight * v;
                    }
                }
                block.copy_from_slice(&sums[..block.len()]);
            }
        }
        out.keep_alpha(canvas);
        out
    }
}

/// The place that a place beyond the edge shows: mirrored, the edge itself not repeated.
pub fn mirrored(k: i64, n: usize) -> usize {
    let last = n as i64 - 1;
    if last <= 0 {
        return 0;
    }
    let k = k.rem_euclid(2 * last);
    (if k > last { 2 * last - k } else { k }) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use variegate_picture::Size;

    #[test]
    fn the_edge_is_mirrored_without_its_own_pixel() {
        let seen: Vec<usize> = (-3..7).map(|k| mirrored(k, 4)).collect();
        assert_eq!(seen, [3, 2, 1, 0, 1, 2, 3, 2, 1, 0]);
        assert_eq!(mirrored(-5, 1), 0);
    }

    #[test]
    fn a_kernel_of_one_neighbour_shifts_the_picture() {
        let mut canvas = Canvas::black(Size::new(3, 20), 3);
        canvas.values.iter_mut().enumerate().for_each(|(k, v)| *v = k as f32);
        let kernel = Kernel { width: 3, height: 1, weights: vec![1.0, 0.0, 0.0] };
        let moved = kernel.over(&canvas);
        assert_eq!(moved.row(1)[3..], canvas.row(1)[..57]);
        assert_eq!(moved.row(1)[..3], canvas.row(1)[3..6]);
    }

    #[test]
    fn a_gaussian_sums_up_to_one() {
        let sum: f32 = Kernel::gaussian(1.7, true).weights.iter().sum();
        assert!((sum - 1.0).abs() < 1e-6);
    }
}
