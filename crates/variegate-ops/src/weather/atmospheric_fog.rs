//! Atmospheric fog: haze that thickens with distance.

use crate::prelude::*;

params! {
    /// Lays haze over the picture that thickens with distance.
    ///
    /// out = v · t + a · (1 − t), t = exp(−density · d): Koschmieder's law with airlight a (`level`). Depth is not known, so the scene
    /// is taken for a plain below the horizon: d is 0 at the bottom of the picture, rises linearly to 1 at the horizon (`y`) and
    /// stays 1 above. For fog in swathes see `fog`. Masks, boxes and points stay.
    pub struct AtmosphericFog("atmospheric_fog", "weather", aliases: ["Haze", "AtmosphericScattering", "DepthFog"]) {
        /// Optical depth at the horizon; 1 leaves a third of the light.
        density: f64 = real(0.0, 20.0).usual(0.5, 2.5).neutral(0.0);
        /// How bright the haze is.
        level: f64 = real(0.0, 1.0).usual(0.75, 0.95).unit("of white");
        /// Where the horizon lies, 0 top to 1 bottom.
        y: f64 = real(0.0, 1.0).usual(0.2, 0.5).unit("fraction");
    }
}

impl Op for AtmosphericFog {
    fn lower(&self, plan: &mut Builder) {
        if self.density > 0.0 {
            let Self { density, level, y } = *self;
            paint(plan, Haze { density, level: level as f32, horizon: y });
        }
    }
}

#[derive(Debug)]
struct Haze {
    density: f64,
    level: f32,
    horizon: f64,
}

impl Effect for Haze {
    fn name(&self) -> &'static str {
        "atmospheric fog"
    }

    fn paint(&self, canvas: &mut Canvas) {
        let (channels, colours, height) = (canvas.channels, canvas.colours(), canvas.size.height);
        for y in 0..height {
            let up = 1.0 - (y as f64 + 0.5) / height as f64;
            let distance = (up / (1.0 - self.horizon).max(1e-6)).min(1.0);
            let t = libm::exp(-self.density * distance) as f32;
            let air = self.level * (1.0 - t);
            for pixel in canvas.row_mut(y).chunks_exact_mut(channels) {
                pixel[..colours].iter_mut().for_each(|v| *v = *v * t + air);
            }
        }
    }

    fn spread(&self) -> f64 {
        1.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_thickens_up_to_the_horizon() {
        let mut canvas = Canvas::black(Size::new(10, 1), 1);
        Haze { density: 1.0, level: 1.0, horizon: 0.45 }.paint(&mut canvas);
        let v = canvas.values;
        assert!(v[..5].iter().all(|v| (v - (1.0 - (-1f32).exp())).abs() < 1e-6), "{v:?}");
        assert!(v[4..].windows(2).all(|w| w[0] > w[1]) && v[9] < 0.1, "{v:?}");
    }
}
