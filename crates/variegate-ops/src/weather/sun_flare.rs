//! Sun flare: the sun in the lens.

use crate::prelude::*;

params! {
    /// Adds the flare of a sun in the lens: a glow, and rings on the line from it through the middle.
    ///
    /// The light is laid over by 1 − (1 − v)(1 − light). Masks, boxes and points stay.
    pub struct SunFlare("sun_flare", "weather", aliases: ["RandomSunFlare", "LensFlare"]) {
        /// Where the sun is across, 0 left to 1 right.
        x: f64 = real(-0.5, 1.5).usual(0.1, 0.9).unit("of the width");
        /// Where the sun is down, 0 top to 1 bottom.
        y: f64 = real(-0.5, 1.5).usual(0.0, 0.4).unit("of the height");
        /// Radius of the glow, of the shorter side.
        radius: f64 = real(0.01, 2.0).usual(0.2, 0.5).unit("of the shorter side");
        /// How bright it is.
        strength: f64 = real(0.0, 1.0).usual(0.5, 1.0).neutral(0.0);
        /// Sizes and places of the rings.
        rings: Vec<f64> = spread(18);
    }
}

impl Op for SunFlare {
    fn lower(&self, plan: &mut Builder) {
        if self.strength > 0.0 {
            let size = plan.size();
            let shorter = size.shorter() as f64;
            let sun = ((self.x * size.width as f64) as f32, (self.y * size.height as f64) as f32);
            let (radius, strength) = ((self.radius * shorter) as f32, self.strength as f32);
            paint(plan, Flare { sun, radius, strength, rings: self.rings.iter().map(|v| *v as f32).collect() });
        }
    }
}

#[derive(Debug)]
struct Flare {
    sun: (f32, f32),
    radius: f32,
    strength: f32,
    rings: Vec<f32>,
}

impl Effect for Flare {
    fn name(&self) -> &'static str {
        "sun flare"
    }

    fn paint(&self, canvas: &mut Canvas) {
        let size = canvas.size;
        let (mx, my) = (size.width as f32 / 2.0, size.height as f32 / 2.0);
        // Place, radius and three tints of each ring; places run from the sun through the middle and beyond.
        let rings: Vec<(f32, f32, f32, [f32; 3])> = self
            .rings
            .chunks_exact(3)
            .map(|ring| {
                let t = 1.1 + 0.9 * ring[0];
                let radius = self.radius * (0.08 + 0.14 * (ring[1] + 1.0));
                let tint = [0.6 + 0.4 * ring[2], 0.8, 0.6 - 0.4 * ring[2]];
                (self.sun.0 + t * (mx - self.sun.0), self.sun.1 + t * (my - self.sun.1), radius, tint)
            })
            .collect();
        canvas.each_pixel(|x, y, colours| {
            let (px, py) = (x as f32 + 0.5, y as f32 + 0.5);
            let squared = |cx: f32, cy: f32| (px - cx) * (px - cx) + (py - cy) * (py - cy);
            let d = squared(self.sun.0, self.sun.1) / (self.radius * self.radius);
            // Full in the disc, and falling with the square around it.
            let glow = (1.0 / (1.0 + 12.0 * d)).min(1.0) + 0.6 * (1.0 - 40.0 * d).max(0.0);
            let mut light = [glow, 0.96 * glow, 0.85 * glow];
            for (cx, cy, radius, tint) in &rings {
                let d = squared(*cx, *cy) / (radius * radius);
                if d < 1.0 {
                    // A faint disc with a brighter rim.
                    let lit = 0.10 + 0.16 * d * d * d;
                    light.iter_mut().zip(tint).for_each(|(light, tint)| *light += lit * tint);
                }
            }
            for (c, v) in colours.iter_mut().enumerate() {
                let lit = (self.strength * light[c.min(2)]).min(1.0);
                *v = 1.0 - (1.0 - *v) * (1.0 - lit);
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
    fn the_sun_is_white_and_far_away_little_changes() {
        let mut canvas = Canvas::black(Size::new(100, 100), 3);
        Flare { sun: (20.0, 20.0), radius: 15.0, strength: 1.0, rings: vec![] }.paint(&mut canvas);
        assert!(canvas.row(20)[60] > 0.95 && canvas.row(95)[285] < 0.02);
    }
}
