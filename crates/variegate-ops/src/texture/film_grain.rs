//! Film grain: blotches that are strongest in the middle tones.

use crate::prelude::*;

params! {
    /// Adds the grain of film.
    ///
    /// Normal noise, smoothed to the size of a grain and brought back to its deviation, is added to all channels alike, times
    /// 4 · y · (1 − y): nothing in black and white, most in the middle tones y. Masks, boxes and points stay.
    pub struct FilmGrain("film_grain", "texture", aliases: ["RandomFilmGrain"]) {
        /// Standard deviation in the middle tones.
        sigma: f64 = real(0.0, 1.0).usual(0.03, 0.12).neutral(0.0).unit("of white");
        /// Size of a grain.
        grain: f64 = real(0.3, 5.0).usual(0.5, 1.2).unit("px");
        /// The grains.
        noise: FieldKey = key();
    }
}

impl Op for FilmGrain {
    fn lower(&self, plan: &mut Builder) {
        if self.sigma > 0.0 {
            paint(plan, Grain { sigma: self.sigma, grain: self.grain, noise: self.noise });
        }
    }
}

#[derive(Debug)]
struct Grain {
    sigma: f64,
    grain: f64,
    noise: FieldKey,
}

impl Effect for Grain {
    fn name(&self) -> &'static str {
        "film grain"
    }

    fn paint(&self, canvas: &mut Canvas) {
        let mut grains = Canvas::black(canvas.size, 1);
        grains.each_draw(self.noise, true, |_, word| variegate_picture::key::normal_of(word));
        let (across, down) = (Kernel::gaussian(self.grain, false), Kernel::gaussian(self.grain, true));
        let grains = down.over(&across.over(&grains));
        // A sum of independent normals has the root of its squared weights as deviation.
        let square: f32 = across.weights.iter().map(|w| w * w).sum();
        let scale = self.sigma as f32 / square;
        let luma = canvas.luma();
        let width = canvas.size.width;
        canvas.each_pixel(|x, y, colours| {
            let k = y * width + x;
            let tone = luma[k].clamp(0.0, 1.0);
            let change = scale * grains.values[k] * 4.0 * tone * (1.0 - tone);
            colours.iter_mut().for_each(|v| *v += change);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn middle_tones_have_its_deviation_and_white_none() {
        let mut canvas = Canvas::black(Size::new(150, 200), 1);
        canvas.values.iter_mut().for_each(|v| *v = 0.5);
        Grain { sigma: 0.1, grain: 0.8, noise: FieldKey(1, 9) }.paint(&mut canvas);
        let square: f64 = canvas.values.iter().map(|v| f64::from(*v - 0.5).powi(2)).sum();
        let deviation = (square / canvas.values.len() as f64).sqrt();
        assert!((deviation - 0.1).abs() < 0.006, "{deviation}");
        let mut white = Canvas { size: Size::new(2, 2), channels: 3, values: vec![1.0; 12] };
        Grain { sigma: 0.1, grain: 0.8, noise: FieldKey(1, 9) }.paint(&mut white);
        assert!(white.values.iter().all(|v| (v - 1.0).abs() < 1e-5));
    }
}
