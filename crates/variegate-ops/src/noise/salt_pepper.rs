//! Salt and pepper: single pixels white or black.

use crate::prelude::*;

params! {
    /// Turns single pixels white or black.
    ///
    /// Each pixel is replaced with the chance `fraction`; a replaced one is white with the chance `salt`, black otherwise:
    /// `skimage.util.random_noise(mode="s&p")`. Masks, boxes and points stay.
    pub struct SaltPepper("salt_pepper", "noise", aliases: [
        "SaltAndPepper", "RandomSaltAndPepperNoise", "noise.salt_and_pepper", "ImpulseNoise"
    ]) {
        /// Share of the pixels that are replaced.
        fraction: f64 = real(0.0, 1.0).usual(0.01, 0.06).neutral(0.0).unit("fraction");
        /// Share of white among them.
        salt: f64 = real(0.0, 1.0).value(0.5).unit("fraction");
        /// Whether each channel is replaced by itself.
        per_channel: bool = flag(false);
        /// The noise.
        noise: FieldKey = key();
    }
}

impl Op for SaltPepper {
    fn lower(&self, plan: &mut Builder) {
        if self.fraction > 0.0 {
            let Self { fraction, salt, per_channel, noise } = *self;
            paint(plan, Grains { fraction, salt, per_channel, noise });
        }
    }
}

#[derive(Debug)]
struct Grains {
    fraction: f64,
    salt: f64,
    per_channel: bool,
    noise: FieldKey,
}

impl Effect for Grains {
    fn name(&self) -> &'static str {
        "salt and pepper"
    }

    fn paint(&self, canvas: &mut Canvas) {
        // One word tells both: below the first threshold white, below the second black.
        let whole = 4_294_967_296.0;
        let (white, any) = ((self.fraction * self.salt * whole) as u64, (self.fraction * whole) as u64);
        canvas.each_draw(self.noise, self.per_channel, |v, word| match u64::from(word) {
            word if word < white => 1.0,
            word if word < any => 0.0,
            _ => v,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_kept() {
        let mut canvas = Canvas::black(Size::new(200, 200), 3);
        canvas.values.iter_mut().for_each(|v| *v = 0.5);
        Grains { fraction: 0.2, salt: 0.25, per_channel: false, noise: FieldKey(1, 9) }.paint(&mut canvas);
        let count = |level: f32| canvas.values.chunks_exact(3).filter(|p| **p == [level; 3]).count() as f64 / 40_000.0;
        assert!(
            (count(1.0) - 0.05).abs() < 0.005 && (count(0.0) - 0.15).abs() < 0.008 && (count(0.5) - 0.8).abs() < 0.01
        );
    }
}
