//! Rain: streaks of light.

use crate::prelude::*;

params! {
    /// Draws falling rain.
    ///
    /// Streaks of one slant and about one length lie at random places, lighter than what they cover, and the whole picture
    /// becomes a little darker and greyer. Masks, boxes and points stay.
    pub struct Rain("rain", "weather", aliases: ["RandomRain", "weather.rain", "RainLayer"]) {
        /// Streaks on 100 × 100 pixels.
        density: f64 = real(0.0, 100.0).usual(4.0, 16.0).neutral(0.0);
        /// Length of a streak, of the shorter side.
        length: f64 = real(0.005, 0.5).usual(0.05, 0.12).unit("of the shorter side");
        /// Lean of the streaks from the vertical.
        degrees: f64 = real(-60.0, 60.0).usual(-15.0, 15.0).unit("degrees");
        /// How much the nearest streaks hide.
        opacity: f64 = real(0.0, 1.0).usual(0.35, 0.7).unit("fraction");
        /// Share of the light that rain takes.
        darkness: f64 = real(0.0, 1.0).usual(0.1, 0.3).unit("fraction");
        /// Where the streaks fall.
        field: FieldKey = key();
    }
}

impl Op for Rain {
    fn lower(&self, plan: &mut Builder) {
        if self.density > 0.0 {
            let length = self.length * plan.size().shorter() as f64;
            let Self { density, degrees, field, .. } = *self;
            let (opacity, darkness) = (self.opacity as f32, self.darkness as f32);
            paint(plan, Streaks { density, length, degrees, opacity, darkness, field });
        }
    }
}

#[derive(Debug)]
struct Streaks {
    density: f64,
    length: f64,
    degrees: f64,
    opacity: f32,
    darkness: f32,
    field: FieldKey,
}

/// The most streaks of a picture.
const MOST: f64 = 200_000.0;

impl Streaks {
    /// How much of each pixel is streak.
    fn cover(&self, size: Size) -> Vec<f32> {
        let mut cover = vec![0.0f32; size.pixels()];
        let count = (self.density * size.pixels() as f64 / 10_000.0).clamp(1.0, MOST) as u32;
        let lean = libm::tan(self.degrees.to_radians()) as f32;
        for k in 0..count {
            let words = self.field.words(k, 0);
            let [u, v, near, long] = words.map(field::unit);
            // Streaks far away are short and faint.
            let near = 0.4 + 0.6 * near;
            let length = self.length as f32 * near * (0.7 + 0.6 * long);
            let (x0, y0) = (u * size.width as f32, (1.2 * v - 0.2) * size.height as f32);
            let rows = length.max(1.0) as usize;
            for row in 0..=rows {
                let y = y0 as i64 + row as i64;
                let along = row as f32 / rows as f32;
                // Brightest near its lower end.
                let strength = near * (0.3 + 0.7 * along);
                let x = x0 - lean * row as f32;
                let (left, share) = (x.floor(), x - x.floor());
                for (column, share) in [(left as i64, 1.0 - share), (left as i64 + 1, share)] {
                    let inside = y >= 0 && column >= 0 && y < size.height as i64 && column < size.width as i64;
                    if inside {
                        let at = &mut cover[y as usize * size.width + column as usize];
                        *at = at.max(strength * share);
                    }
                }
            }
        }
        cover
    }
}

impl Effect for Streaks {
    fn name(&self) -> &'static str {
        "rain"
    }

    fn paint(&self, canvas: &mut Canvas) {
        let cover = self.cover(canvas.size);
        let light = 1.0 - self.darkness;
        let width = canvas.size.width;
        canvas.each_pixel(|x, y, colours| {
            let mean = colours.iter().sum::<f32>() / colours.len() as f32;
            let opaque = self.opacity * cover[y * width + x];
            for v in colours {
                // Towards grey by half of what is lost in light.
                let dull = light * (*v + (mean - *v) * 0.5 * self.darkness);
                *v = dull + (0.85 - dull) * opaque;
            }
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
    fn streaks_are_longer_than_wide() {
        let rain =
            Streaks { density: 1.0, length: 40.0, degrees: 0.0, opacity: 1.0, darkness: 0.0, field: FieldKey(3, 4) };
        let cover = rain.cover(Size::new(100, 100));
        let at = |y: usize, x: usize| cover[y * 100 + x] > 0.05;
        let down =
            (0..99).flat_map(|y| (0..100).map(move |x| (y, x))).filter(|&(y, x)| at(y, x) && at(y + 1, x)).count();
        let across =
            (0..100).flat_map(|y| (0..99).map(move |x| (y, x))).filter(|&(y, x)| at(y, x) && at(y, x + 1)).count();
        assert!(down > 10 && down > across, "{down} {across}");
    }
}
