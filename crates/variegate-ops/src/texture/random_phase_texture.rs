//! Random phase texture: the picture's own spectrum with phases at random.

use crate::fourier::Spectrum;
use crate::prelude::*;

params! {
    /// Blends in a texture that has the picture's amplitudes and random phases.
    ///
    /// The phases of white noise are added at every frequency, the same in all channels, so colours keep their relations and
    /// the mean stays; out = (1 − opacity) · v + opacity · texture. At 1 nothing is left but the texture. Source: Galerne, Gousseau and
    /// Morel, "Random Phase Textures: Theory and Synthesis", 2011.
    pub struct RandomPhaseTexture("random_phase_texture", "texture", aliases: ["RandomPhaseNoise", "PhaseScramble"]) {
        /// How much of the texture is seen.
        opacity: f64 = real(0.0, 1.0).usual(0.1, 0.5).neutral(0.0).unit("fraction");
        /// The phases.
        field: FieldKey = key();
    }
}

impl Op for RandomPhaseTexture {
    fn lower(&self, plan: &mut Builder) {
        if self.opacity > 0.0 {
            paint(plan, Scrambled { opacity: self.opacity as f32, field: self.field });
        }
    }
}

#[derive(Debug)]
struct Scrambled {
    opacity: f32,
    field: FieldKey,
}

impl Effect for Scrambled {
    fn name(&self) -> &'static str {
        "random phase texture"
    }

    fn paint(&self, canvas: &mut Canvas) {
        let (size, n) = (canvas.size, canvas.size.pixels());
        let words = (0..n.div_ceil(4) as u32).flat_map(|block| self.field.words(block, 0));
        let noise = words.take(n).map(|word| field::unit(word) - 0.5).collect();
        let turns = Spectrum::of(size, noise, vec![0.0; n]);
        // Two real planes at a time: a turn that is opposite at the opposite frequency keeps both real.
        let colours = canvas.colours();
        for first in (0..colours).step_by(2) {
            let second = (first + 1).min(colours - 1);
            let (a, b) = (canvas.plane(first), canvas.plane(second));
            let mut made = Spectrum::of(size, a.clone(), b.clone());
            for k in 1..n {
                let (x, y) = (turns.re[k], turns.im[k]);
                let length = (x * x + y * y).sqrt().max(1e-12);
                let (c, s, re, im) = (x / length, y / length, made.re[k], made.im[k]);
                (made.re[k], made.im[k]) = (c * re - s * im, c * im + s * re);
            }
            let (p, q) = made.inverse();
            let blend = |own: Vec<f32>, texture: Vec<f32>| -> Vec<f32> {
                own.iter().zip(texture).map(|(v, t)| v + self.opacity * (t - v)).collect()
            };
            canvas.set_plane(first, &blend(a, p));
            if second > first {
                canvas.set_plane(second, &blend(b, q));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::moments;

    #[test]
    fn mean_and_spread_stay_and_places_do_not() {
        let size = Size::new(20, 30);
        let values = (0..1800).map(|k| if k % 90 < 30 { 0.7 } else { 0.2 }).collect();
        let before = Canvas { size, channels: 3, values };
        let mut after = before.clone();
        Scrambled { opacity: 1.0, field: FieldKey(1, 2) }.paint(&mut after);
        for c in 0..3 {
            let ((mean, spread), (m, s)) = (moments(&before, c), moments(&after, c));
            assert!((mean - m).abs() < 1e-4 && (spread - s).abs() < 1e-4, "{mean} {m}, {spread} {s}");
        }
        let moved = before.values.iter().zip(&after.values).filter(|(a, b)| (**a - **b).abs() > 0.05).count();
        assert!(moved > 900, "{moved}");
    }

    #[test]
    fn a_plain_picture_stays() {
        let mut canvas = Canvas { size: Size::new(5, 7), channels: 1, values: vec![0.4; 35] };
        Scrambled { opacity: 1.0, field: FieldKey(1, 2) }.paint(&mut canvas);
        assert!(canvas.values.iter().all(|v| (v - 0.4).abs() < 1e-5));
    }
}
