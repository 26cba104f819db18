//! Rician noise: the grain of magnetic resonance.

use crate::prelude::*;

params! {
    /// Adds the noise of a magnitude picture, as magnetic resonance makes them.
    ///
    /// out = √((v + σ n₁)² + (σ n₂)²), n₁ and n₂ standard normal: the magnitude of a complex signal with normal noise in both
    /// parts (Gudbjartsson and Patz, 1995). Dark places become brighter. Masks, boxes and points stay.
    pub struct RicianNoise("rician_noise", "noise", aliases: ["RandomRicianNoise"]) {
        /// Standard deviation of each part.
        sigma: f64 = real(0.0, 1.0).usual(0.02, 0.1).neutral(0.0).unit("of white");
        /// Whether each channel has its own noise.
        per_channel: bool = flag(true);
        /// The noise.
        noise: FieldKey = key();
    }
}

impl Op for RicianNoise {
    fn lower(&self, plan: &mut Builder) {
        if self.sigma > 0.0 {
            let Self { sigma, per_channel, noise } = *self;
            paint(plan, Magnitude { sigma: sigma as f32, per_channel, noise });
        }
    }
}

#[derive(Debug)]
struct Magnitude {
    sigma: f32,
    per_channel: bool,
    noise: FieldKey,
}

impl Effect for Magnitude {
    fn name(&self) -> &'static str {
        "Rician noise"
    }

    fn paint(&self, canvas: &mut Canvas) {
        let normal = variegate_picture::key::normal_of;
        let FieldKey(a, b) = self.noise;
        let mut imaginary = Canvas::black(canvas.size, canvas.channels);
        // A field of its own for the other part.
        imaginary
            .each_draw(FieldKey(a ^ 0x9e37_79b9_7f4a_7c15, b), self.per_channel, |_, word| self.sigma * normal(word));
        let before = canvas.clone();
        canvas.each_draw(self.noise, self.per_channel, |v, word| v + self.sigma * normal(word));
        for (v, other) in canvas.values.iter_mut().zip(&imaginary.values) {
            *v = (*v * *v + other * other).sqrt();
        }
        canvas.keep_alpha(&before);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn black_becomes_the_mean_of_a_rayleigh_distribution() {
        let mut canvas = Canvas::black(Size::new(200, 200), 3);
        Magnitude { sigma: 0.1, per_channel: true, noise: FieldKey(1, 9) }.paint(&mut canvas);
        let mean = canvas.values.iter().map(|v| f64::from(*v)).sum::<f64>() / canvas.values.len() as f64;
        assert!((mean - 0.1 * (std::f64::consts::PI / 2.0).sqrt()).abs() < 0.002, "{mean}");
    }
}
