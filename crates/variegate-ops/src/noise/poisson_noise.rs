//! Poisson noise: light arrives in photons.

use crate::prelude::*;

params! {
    /// Replaces every value by the photons counted there.
    ///
    /// A value v becomes k / n, k drawn from a Poisson distribution of mean n · v, n the photons of a white pixel: few photons
    /// make a grainy picture. Means from 30 on use the normal limit, rounded. Masks, boxes and points stay.
    pub struct PoissonNoise("poisson_noise", "noise", aliases: [
        "ShotNoise", "AdditivePoissonNoise", "noise.shot", "shot_noise"
    ]) {
        /// Photons of a white pixel; a pair is drawn by ratio.
        photons: f64 = real(1.0, 1e6).by_ratio().usual(20.0, 300.0);
        /// Whether each channel counts its own photons.
        per_channel: bool = flag(true);
        /// The noise.
        noise: FieldKey = key();
    }
}

impl Op for PoissonNoise {
    fn lower(&self, plan: &mut Builder) {
        paint(plan, Photons { white: self.photons as f32, per_channel: self.per_channel, noise: self.noise });
    }
}

/// From this mean on a Poisson number is a rounded normal one.
const MANY: f32 = 30.0;

#[derive(Debug)]
struct Photons {
    white: f32,
    per_channel: bool,
    noise: FieldKey,
}

impl Effect for Photons {
    fn name(&self) -> &'static str {
        "Poisson noise"
    }

    fn paint(&self, canvas: &mut Canvas) {
        canvas.each_draw(self.noise, self.per_channel, |v, word| {
            // What is no number, or below black, holds no photon.
            let mean = if v > 0.0 { v.min(4.0) * self.white } else { 0.0 };
            counted(mean, word) / self.white
        });
    }
}

/// A Poisson number of the given mean from a random word: the quantile of its uniform number, found from below.
fn counted(mean: f32, word: u32) -> f32 {
    if mean >= MANY {
        let normal = variegate_picture::key::normal_of(word);
        return (mean + mean.sqrt() * normal).round_ties_even().max(0.0);
    }
    let u = ((word >> 8) as f32 + 0.5) * (1.0 / 16_777_216.0);
    let mut chance = libm::expf(-mean);
    let (mut sum, mut k) = (chance, 0.0);
    while sum < u && k < 100.0 {
        k += 1.0;
        chance *= mean / k;
        sum += chance;
    }
    k
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mean_and_variance_are_the_photons() {
        for mean in [0.5f32, 4.0, 25.0, 60.0] {
            let mut canvas = Canvas::black(Size::new(150, 200), 3);
            canvas.values.iter_mut().for_each(|v| *v = 0.5);
            Photons { white: 2.0 * mean, per_channel: true, noise: FieldKey(5, 6) }.paint(&mut canvas);
            let counts: Vec<f64> = canvas.values.iter().map(|v| f64::from(*v * 2.0 * mean)).collect();
            let n = counts.len() as f64;
            let found = counts.iter().sum::<f64>() / n;
            let variance = counts.iter().map(|v| (v - found).powi(2)).sum::<f64>() / n;
            let mean = f64::from(mean);
            assert!((found - mean).abs() < 0.02 * mean.max(1.0), "{mean}: {found}");
            assert!((variance - mean).abs() < 0.04 * mean.max(1.0), "{mean}: {variance}");
        }
    }
}
