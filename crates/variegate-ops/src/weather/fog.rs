//! Fog: haze that comes in swathes.

use crate::prelude::*;

params! {
    /// Lays fog over the picture.
    ///
    /// out = v · t + a · (1 − t), the scattering model with airlight a (`level`) and transmission t = exp(−density · f): f is
    /// between 0.4 and 1.6 by a fractal noise field, so that the fog comes in swathes. Masks, boxes and points stay.
    pub struct Fog("fog", "weather", aliases: ["RandomFog", "weather.fog"]) {
        /// Optical depth; 1 leaves a third of the picture's light.
        density: f64 = real(0.0, 5.0).usual(0.3, 1.2).neutral(0.0);
        /// How bright the fog is.
        level: f64 = real(0.0, 1.0).usual(0.75, 0.95).unit("of white");
        /// Swathes along the shorter side.
        cells: f64 = real(0.5, 50.0).by_ratio().usual(1.5, 4.0);
        /// The field.
        field: FieldKey = key();
    }
}

impl Op for Fog {
    fn lower(&self, plan: &mut Builder) {
        if self.density > 0.0 {
            let Self { density, level, cells, field } = *self;
            paint(plan, Haze { density: density as f32, level: level as f32, cells, field });
        }
    }
}

#[derive(Debug)]
struct Haze {
    density: f32,
    level: f32,
    cells: f64,
    field: FieldKey,
}

impl Effect for Haze {
    fn name(&self) -> &'static str {
        "fog"
    }

    fn paint(&self, canvas: &mut Canvas) {
        let thickness = field::perlin(self.field, canvas.size, self.cells, 4, 0.5);
        let width = canvas.size.width;
        canvas.each_pixel(|x, y, colours| {
            let t = libm::expf(-self.density * (0.4 + 1.2 * thickness[y * width + x]));
            colours.iter_mut().for_each(|v| *v = *v * t + self.level * (1.0 - t));
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
    fn thick_fog_is_its_own_level() {
        let mut canvas = Canvas::black(Size::new(20, 20), 3);
        Haze { density: 40.0, level: 0.8, cells: 2.0, field: FieldKey(1, 2) }.paint(&mut canvas);
        assert!(canvas.values.iter().all(|v| (v - 0.8).abs() < 1e-3));
    }
}
