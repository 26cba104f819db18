//! Multiplicative noise: every value times a number near one.

use crate::prelude::*;

params! {
    /// Multiplies every value by a number of its own near one.
    ///
    /// out = v · (1 + r · u), u uniform in (−1, 1) for each value or each pixel, cut at white. Masks, boxes and points stay.
    pub struct MultiplicativeNoise("multiplicative_noise", "noise", aliases: ["MultiplyElementwise"]) {
        /// How far the numbers reach from one.
        reach: f64 = real(0.0, 1.0).usual(0.05, 0.3).neutral(0.0);
        /// Whether each channel has its own numbers.
        per_channel: bool = flag(true);
        /// The noise.
        noise: FieldKey = key();
    }
}

impl Op for MultiplicativeNoise {
    fn lower(&self, plan: &mut Builder) {
        if self.reach > 0.0 {
            let Self { reach, per_channel, noise } = *self;
            paint(plan, Factors { reach: reach as f32, per_channel, noise });
        }
    }
}

#[derive(Debug)]
struct Factors {
    reach: f32,
    per_channel: bool,
    noise: FieldKey,
}

impl Effect for Factors {
    fn name(&self) -> &'static str {
        "multiplicative noise"
    }

    fn paint(&self, canvas: &mut Canvas) {
        canvas.each_draw(self.noise, self.per_channel, |v, word| {
            let u = ((word >> 8) as f32 + 0.5) * (2.0 / 16_777_216.0) - 1.0;
            v * (1.0 + self.reach * u)
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pixel_keeps_its_hue_unless_channels_differ() {
        let mut canvas = Canvas::black(Size::new(4, 5), 3);
        canvas.values.iter_mut().enumerate().for_each(|(k, v)| *v = [0.2, 0.4, 0.6][k % 3]);
        Factors { reach: 0.3, per_channel: false, noise: FieldKey(1, 9) }.paint(&mut canvas);
        for pixel in canvas.values.chunks_exact(3) {
            assert!((pixel[1] / pixel[0] - 2.0).abs() < 1e-5 && (pixel[0] / 0.2 - 1.0).abs() < 0.3);
        }
    }
}
