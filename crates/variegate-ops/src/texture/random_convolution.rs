//! Random convolution: another texture, the same shapes.

use crate::prelude::*;

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
        let side = 2 * self.half + 1;
        // More channels than colours are filtered each by itself.
        let colours = canvas.colours();
        let mixed = colours <= 4;
        let planes: Vec<Vec<f32>> = (0..colours).map(|c| canvas.plane(c)).collect();
        for out in 0..colours {
            let mut sum = vec![0.0f32; canvas.size.pixels()];
            for (from, plane) in planes.iter().enumerate().filter(|(from, _)| mixed || *from == out) {
                let weight = |k: usize| self.noise.normal(k as u32, (out * colours + from) as u32);
                let weights = (0..side * side).map(weight).collect();
                let kernel = Kernel { width: side, height: side, weights };
                let plane = Canvas { size: canvas.size, channels: 1, values: plane.clone() };
                sum.iter_mut().zip(&kernel.over(&plane).values).for_each(|(sum, v)| *sum += v);
            }
            let ((mean, deviation), (old_mean, old_deviation)) = (moments(&sum), moments(&planes[out]));
            let gain = if deviation > 1e-6 { old_deviation / deviation } else { 0.0 };
            for (made, old) in sum.iter_mut().zip(&planes[out]) {
                *made = old + self.strength * ((*made - mean) * gain + old_mean - old);
            }
            canvas.set_plane(out, &sum);
        }
    }
}

/// Mean and standard deviation.
fn moments(values: &[f32]) -> (f32, f32) {
    let n = values.len().max(1) as f64;
    let mean = values.iter().map(|v| f64::from(*v)).sum::<f64>() / n;
    let square = values.iter().map(|v| (f64::from(*v) - mean) * (f64::from(*v) - mean)).sum::<f64>() / n;
    (mean as f32, square.sqrt() as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mean_and_deviation_stay() {
        let mut canvas = Canvas::black(Size::new(30, 40), 3);
        canvas.values.iter_mut().enumerate().for_each(|(k, v)| *v = (k * 37 % 101) as f32 / 101.0);
        let before: Vec<(f32, f32)> = (0..3).map(|c| moments(&canvas.plane(c))).collect();
        Kernels { half: 1, strength: 1.0, noise: FieldKey(1, 9) }.paint(&mut canvas);
        for (c, (mean, deviation)) in before.into_iter().enumerate() {
            let found = moments(&canvas.plane(c));
            assert!((found.0 - mean).abs() < 1e-4 && (found.1 - deviation).abs() < 1e-4);
        }
    }
}
