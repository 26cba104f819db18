//! Laplace noise: most values hardly change, a few change much.

use crate::prelude::*;

params! {
    /// Adds noise of a Laplace distribution, which has more outliers than a normal one.
    ///
    /// out = v − σ/√2 · sign(u) · ln(1 − 2|u|), u uniform in (−½, ½), cut at black and white. Masks, boxes and points stay.
    pub struct LaplaceNoise("laplace_noise", "noise", aliases: ["AdditiveLaplaceNoise"]) {
        /// Standard deviation.
        sigma: f64 = real(0.0, 1.0).usual(0.02, 0.1).neutral(0.0).unit("of white");
        /// Whether each channel has its own noise.
        per_channel: bool = flag(true);
        /// The noise.
        noise: FieldKey = key();
    }
}

impl Op for LaplaceNoise {
    fn lower(&self, plan: &mut Builder) {
        if self.sigma > 0.0 {
            let scale = (self.sigma / std::f64::consts::SQRT_2) as f32;
            paint(plan, Laplace { scale, per_channel: self.per_channel, noise: self.noise });
        }
    }
}

#[derive(Debug)]
struct Laplace {
    scale: f32,
    per_channel: bool,
    noise: FieldKey,
}

impl Effect for Laplace {
    fn name(&self) -> &'static str {
        "Laplace noise"
    }

    fn paint(&self, canvas: &mut Canvas) {
        canvas.each_draw(self.noise, self.per_channel, |v, word| {
            // 24 bits, none of them at an end.
            let u = ((word >> 8) as f32 + 0.5) * (1.0 / 16_777_216.0) - 0.5;
            let size = libm::logf(1.0 - 2.0 * u.abs());
            v - self.scale * if u < 0.0 { -size } else { size }
        });
    }

    fn spread(&self) -> f64 {
        1.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_has_its_deviation_and_no_mean() {
        let mut canvas = Canvas::black(Size::new(200, 200), 3);
        Laplace { scale: 0.1, per_channel: true, noise: FieldKey(1, 2) }.paint(&mut canvas);
        let n = canvas.values.len() as f64;
        let mean = canvas.values.iter().map(|v| f64::from(*v)).sum::<f64>() / n;
        let square = canvas.values.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>() / n;
        assert!(mean.abs() < 0.002 && (square - 0.02).abs() < 0.0008, "{mean} {square}");
    }
}
