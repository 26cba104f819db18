//! Random convolution: another texture, the same shapes.

use crate::convolution::mirrored;
use crate::prelude::*;
use crate::statistics::moments_of;

params! {
    /// Convolves the picture with a random kernel, which changes textures and colours and keeps shapes.
    ///
    /// Each channel of the result is a sum over all channels under kernels of normal weights of variance 1 / (n · side²), n the
    /// channels; it is brought to the picture's mean and deviation and mixed in by `strength` (Xu et al., "Robust and
    /// Generalizable Visual Representation Learning via Random Convolutions", ICLR 2021). The edge is mirrored; masks, boxes and
    /// points stay.
    pub struct RandomConvolution("random_convolution", "texture", aliases: ["RandConv", "StochasticConvolution"]) {
        /// Side of the kernels; an even side counts as the next odd one.
        side_px: i64 = integer(1, 11).usual(1.0, 7.0).unit("px");
        /// Share of the result.
        strength: f64 = real(0.0, 1.0).usual(0.3, 0.8).neutral(0.0);
        /// The weights.
        noise: FieldKey = key();
    }
}

impl Op for RandomConvolution {
    fn lower(&self, plan: &mut Builder) {
        if self.strength > 0.0 {
            let half = self.side_px as usize / 2;
            paint(plan, Kernels { half, strength: self.strength as f32, noise: self.noise });
        }
    }
}

#[derive(Debug)]
struct Kernels {
    half: usize,
    strength: f32,
    noise: FieldKey,
}

impl Effect for Kernels {
    fn name(&self) -> &'static str {
        "random convolution"
    }

    fn paint(&self, canvas: &mut Canvas) {
        // More channels than colours are filtered each by itself.
        let colours = canvas.colours();
        let padded: Vec<Padded> = (0..colours).map(|c| Padded::of(canvas, c, self.half)).collect();
        let all: Vec<usize> = (0..colours).collect();
        match colours {
            2 => self.convolve::<2>(canvas, &padded, &all, 0),
            3 => self.convolve::<3>(canvas, &padded, &all, 0),
            _ => all.iter().for_each(|c| self.convolve::<1>(canvas, &padded, &[*c], *c)),
        }
    }
}

impl Kernels {
    /// Makes `N` channels from `first` on, each a sum over the channels `from`.
    fn convolve<const N: usize>(&self, canvas: &mut Canvas, padded: &[Padded], from: &[usize], first: usize) {
        let (size, channels, colours) = (canvas.size, canvas.channels, canvas.colours());
        let side = 2 * self.half + 1;
        // For each channel and tap, the weights of all results.
        let weight = |c: usize, k: usize, n: usize| self.noise.normal(k as u32, ((first + n) * colours + c) as u32);
        let weights = |c: usize| (0..side * side).map(move |k| std::array::from_fn(|n| weight(c, k, n)));
        let taps: Vec<(usize, Vec<[f32; N]>)> = from.iter().map(|c| (*c, weights(*c).collect())).collect();
        let mut made: [Vec<f32>; N] = std::array::from_fn(|_| vec![0.0f32; size.pixels()]);
        for y in 0..size.height {
            for x in (0..size.width).step_by(WIDE) {
                let mut sums = [[0.0f32; WIDE]; N];
                for (c, taps) in &taps {
                    let Padded { values, width } = &padded[*c];
                    for (k, weights) in taps.iter().enumerate() {
                        let block: &[f32; WIDE] =
                            values[(y + k / side) * width + x + k % side..].first_chunk().unwrap_or(&[0.0; WIDE]);
                        for (sums, weight) in sums.iter_mut().zip(weights) {
                            sums.iter_mut().zip(block).for_each(|(sum, v)| *sum += weight * v);
                        }
                    }
                }
                let end = (x + WIDE).min(size.width);
                for (made, sums) in made.iter_mut().zip(&sums) {
                    made[y * size.width + x..y * size.width + end].copy_from_slice(&sums[..end - x]);
                }
            }
        }
        for (n, made) in made.iter().enumerate() {
            let ((mean, deviation), (old_mean, old_deviation)) =
                (moments_of(made, 1, 0), moments_of(&canvas.values, channels, first + n));
            let gain = if deviation > 1e-6 { old_deviation / deviation } else { 0.0 };
            for (pixel, made) in canvas.values.chunks_exact_mut(channels).zip(made) {
                let old = pixel[first + n];
                pixel[first + n] = old + self.strength * ((made - mean) * gain + old_mean - old);
            }
        }
    }
}

/// Values summed side by side.
const WIDE: usize = 8;

/// A channel with a mirrored rim, and room for a whole block behind its last row.
struct Padded {
    values: Vec<f32>,
    width: usize,
}

impl Padded {
    fn of(canvas: &Canvas, channel: usize, rim: usize) -> Self {
        let Size { height, width } = canvas.size;
        let inside = |k: usize, n: usize| mirrored(k as i64 - rim as i64, n);
        let columns: Vec<usize> = (0..width + 2 * rim).map(|x| inside(x, width) * canvas.channels + channel).collect();
        let mut values = Vec::with_capacity(columns.len() * (height + 2 * rim) + WIDE);
        for y in 0..height + 2 * rim {
            let row = canvas.row(inside(y, height));
            values.extend(columns.iter().map(|at| row[*at]));
        }
        values.resize(values.len() + WIDE, 0.0);
        Self { values, width: columns.len() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::moments;

    #[test]
    fn mean_and_deviation_stay() {
        let mut canvas = Canvas::black(Size::new(30, 40), 3);
        canvas.values.iter_mut().enumerate().for_each(|(k, v)| *v = (k * 37 % 101) as f32 / 101.0);
        let before: Vec<(f32, f32)> = (0..3).map(|c| moments(&canvas, c)).collect();
        Kernels { half: 1, strength: 1.0, noise: FieldKey(1, 9) }.paint(&mut canvas);
        for (c, (mean, deviation)) in before.into_iter().enumerate() {
            let found = moments(&canvas, c);
            assert!((found.0 - mean).abs() < 1e-4 && (found.1 - deviation).abs() < 1e-4);
        }
    }
}
