//! Replace pixels: single pixels of any value.

use crate::prelude::*;

params! {
    /// Replaces single pixels by random values.
    ///
    /// Each pixel is replaced with the chance `fraction`, by a value anywhere between `low` and `high`. With `per_channel` each
    /// channel is by itself, so that colours come in; otherwise a replaced pixel is grey. Masks, boxes and points stay.
    pub struct ReplacePixels("replace_pixels", "noise", aliases: ["ReplaceElementwise", "RandomValuedImpulseNoise"]) {
        /// Share of the pixels that are replaced.
        fraction: f64 = real(0.0, 1.0).usual(0.01, 0.1).neutral(0.0).unit("fraction");
        /// Least new value.
        low: f64 = real(0.0, 1.0).value(0.0).unit("of white");
        /// Greatest new value.
        high: f64 = real(0.0, 1.0).value(1.0).unit("of white");
        /// Whether each channel is replaced by itself.
        per_channel: bool = flag(true);
        /// The noise.
        noise: FieldKey = key();
    }
}

impl Op for ReplacePixels {
    fn lower(&self, plan: &mut Builder) {
        if self.fraction > 0.0 {
            let Self { fraction, low, high, per_channel, noise } = *self;
            paint(plan, Specks { fraction, low, high, per_channel, noise });
        }
    }
}

#[derive(Debug)]
struct Specks {
    fraction: f64,
    low: f64,
    high: f64,
    per_channel: bool,
    noise: FieldKey,
}

impl Effect for Specks {
    fn name(&self) -> &'static str {
        "replace pixels"
    }

    fn paint(&self, canvas: &mut Canvas) {
        // A word below the threshold tells the value too: how far below.
        let threshold = self.fraction * 4_294_967_296.0;
        canvas.each_draw(self.noise, self.per_channel, |v, word| {
            let word = f64::from(word);
            if word < threshold { (self.low + (self.high - self.low) * (word / threshold)) as f32 } else { v }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_pixels_has_values_between_the_ends() {
        let mut canvas = Canvas::black(Size::new(200, 200), 1);
        Specks { fraction: 0.25, low: 0.4, high: 0.8, per_channel: false, noise: FieldKey(1, 9) }.paint(&mut canvas);
        let new: Vec<f32> = canvas.values.into_iter().filter(|v| *v != 0.0).collect();
        assert!((new.len() as f64 / 40_000.0 - 0.25).abs() < 0.01);
        assert!(new.iter().all(|v| (0.4..=0.8).contains(v)));
        assert!((new.iter().sum::<f32>() / new.len() as f32 - 0.6).abs() < 0.01);
    }
}
