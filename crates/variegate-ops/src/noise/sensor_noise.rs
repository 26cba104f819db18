//! Sensor noise: what a camera adds in the dark.

use crate::prelude::*;

params! {
    /// Adds the noise of a camera sensor: photons, electronics, and blotches of colour.
    ///
    /// The deviation at a value v is √(s² v + r²), s the shot noise of a white pixel and r the noise of reading (the linear model
    /// of EMVA 1288). A share `colour` of it differs between channels, the rest is common to a pixel. Masks, boxes and points stay.
    pub struct SensorNoise("sensor_noise", "noise", aliases: ["ISONoise", "CameraNoise"]) {
        /// Deviation of photons at white.
        shot: f64 = real(0.0, 1.0).usual(0.02, 0.1).neutral(0.0).unit("of white");
        /// Deviation of reading, the same everywhere.
        read: f64 = real(0.0, 1.0).usual(0.005, 0.03).neutral(0.0).unit("of white");
        /// Share of the noise that each channel has for itself.
        colour: f64 = real(0.0, 1.0).usual(0.3, 0.7);
        /// The noise.
        noise: FieldKey = key();
    }
}

impl Op for SensorNoise {
    fn lower(&self, plan: &mut Builder) {
        if self.shot > 0.0 || self.read > 0.0 {
            let (shot, read, colour) = (self.shot as f32, self.read as f32, self.colour as f32);
            paint(plan, Sensor { shot, read, colour, noise: self.noise });
        }
    }
}

#[derive(Debug)]
struct Sensor {
    shot: f32,
    read: f32,
    colour: f32,
    noise: FieldKey,
}

impl Effect for Sensor {
    fn name(&self) -> &'static str {
        "sensor noise"
    }

    fn paint(&self, canvas: &mut Canvas) {
        let (channels, colours) = (canvas.channels, canvas.colours());
        // Two parts of one variance.
        let (own, common) = (self.colour, (1.0 - self.colour * self.colour).max(0.0).sqrt());
        let (shot, read) = (self.shot * self.shot, self.read * self.read);
        let normal = variegate_picture::key::normal_of;
        for (k, pixel) in canvas.values.chunks_exact_mut(channels).enumerate() {
            let mut words = self.noise.words(k as u32, 0);
            let shared = common * normal(words[3]);
            for (c, v) in pixel[..colours].iter_mut().enumerate() {
                if c % 3 == 0 && c > 0 {
                    words = self.noise.words(k as u32, (c / 3) as u32);
                }
                let deviation = (shot * v.clamp(0.0, 1.0) + read).sqrt();
                *v += deviation * (shared + own * normal(words[c % 3]));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bright_places_have_more_of_it() {
        let deviation = |level: f32| {
            let mut canvas = Canvas::black(Size::new(100, 100), 3);
            canvas.values.iter_mut().for_each(|v| *v = level);
            Sensor { shot: 0.1, read: 0.02, colour: 0.5, noise: FieldKey(1, 9) }.paint(&mut canvas);
            let square: f64 = canvas.values.iter().map(|v| f64::from(*v - level).powi(2)).sum();
            (square / canvas.values.len() as f64).sqrt()
        };
        assert!((deviation(0.0) - 0.02).abs() < 0.001);
        assert!((deviation(0.96) - 0.1f64.hypot(0.02) * 0.981).abs() < 0.003);
    }
}
