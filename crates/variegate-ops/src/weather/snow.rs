//! Snow: flakes in the air, and what lies white.

use crate::prelude::*;

params! {
    /// Draws falling flakes, and whitens what is lit from above.
    ///
    /// Flakes are soft discs at random places, nearer ones larger, drawn out along their fall. Lying snow brightens the light
    /// parts: v becomes v + lying · v² · (1 − v). Masks, boxes and points stay.
    pub struct Snow("snow", "weather", aliases: ["RandomSnow", "weather.snow", "Snowflakes", "FastSnowyLandscape"]) {
        /// Flakes on 100 × 100 pixels.
        density: f64 = real(0.0, 100.0).usual(4.0, 20.0).neutral(0.0);
        /// Radius of the nearest flakes, of the shorter side.
        radius: f64 = real(0.001, 0.1).usual(0.006, 0.014).unit("of the shorter side");
        /// Lean of their fall from the vertical.
        degrees: f64 = real(-80.0, 80.0).usual(-30.0, 30.0).unit("degrees");
        /// How far flakes are drawn out along their fall, in radii.
        fall: f64 = real(0.0, 10.0).usual(0.0, 1.5);
        /// How white light parts become.
        lying: f64 = real(0.0, 4.0).usual(0.5, 1.5).neutral(0.0);
        /// Where the flakes are.
        field: FieldKey = key();
    }
}

impl Op for Snow {
    fn lower(&self, plan: &mut Builder) {
        if self.density > 0.0 || self.lying > 0.0 {
            let radius = (self.radius * plan.size().shorter() as f64) as f32;
            let Self { density, degrees, field, .. } = *self;
            paint(plan, Flakes { density, radius, degrees, fall: self.fall as f32, lying: self.lying as f32, field });
        }
    }
}

#[derive(Debug)]
struct Flakes {
    density: f64,
    radius: f32,
    degrees: f64,
    fall: f32,
    lying: f32,
    field: FieldKey,
}

/// The most flakes of a picture.
const MOST: f64 = 200_000.0;

impl Flakes {
    /// How much of each pixel is flake.
    fn cover(&self, size: Size) -> Vec<f32> {
        let mut cover = vec![0.0f32; size.pixels()];
        let count = (self.density * size.pixels() as f64 / 10_000.0).clamp(0.0, MOST) as u32;
        let turn = self.degrees.to_radians();
        let (sin, cos) = (libm::sin(turn) as f32, libm::cos(turn) as f32);
        for k in 0..count {
            let [u, v, near, bright] = self.field.words(k, 0).map(field::unit);
            let radius = (self.radius * (0.25 + 0.75 * near * near)).max(0.4);
            let long = radius * (1.0 + self.fall);
            let (cx, cy) = (u * size.width as f32, v * size.height as f32);
            let reach = long + 1.0;
            let range = |c: f32, n: usize| {
                let from = (c - reach).floor().max(0.0) as usize;
                from.min(n)..((c + reach).ceil().max(0.0) as usize).min(n)
            };
            for y in range(cy, size.height) {
                for x in range(cx, size.width) {
                    let (dx, dy) = (x as f32 + 0.5 - cx, y as f32 + 0.5 - cy);
                    // Along the fall a flake is longer.
                    let (along, aside) = (dx * sin + dy * cos, dx * cos - dy * sin);
                    let d = ((along / long) * (along / long) + (aside / radius) * (aside / radius)).sqrt();
                    let share = ((1.25 - d) * 2.0).clamp(0.0, 1.0) * (0.55 + 0.45 * bright);
                    let at = &mut cover[y * size.width + x];
                    *at = at.max(share);
                }
            }
        }
        cover
    }
}

impl Effect for Flakes {
    fn name(&self) -> &'static str {
        "snow"
    }

    fn paint(&self, canvas: &mut Canvas) {
        let cover = self.cover(canvas.size);
        let width = canvas.size.width;
        canvas.each_pixel(|x, y, colours| {
            let flake = cover[y * width + x];
            for v in colours {
                let level = v.clamp(0.0, 1.0);
                let white = level + self.lying * level * level * (1.0 - level);
                *v = white + (0.97 - white) * flake;
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn black_and_white_stay_where_no_flake_is() {
        let mut canvas = Canvas::black(Size::new(4, 6), 1);
        canvas.values[5] = 1.0;
        canvas.values[6] = 0.5;
        Flakes { density: 0.0, radius: 1.0, degrees: 0.0, fall: 0.0, lying: 1.0, field: FieldKey(3, 4) }
            .paint(&mut canvas);
        assert_eq!((canvas.values[0], canvas.values[5], canvas.values[6]), (0.0, 1.0, 0.625));
    }

    #[test]
    fn flakes_are_bright() {
        let mut canvas = Canvas::black(Size::new(100, 100), 3);
        Flakes { density: 20.0, radius: 2.0, degrees: 10.0, fall: 1.0, lying: 0.0, field: FieldKey(3, 4) }
            .paint(&mut canvas);
        assert!(canvas.values.iter().filter(|v| **v > 0.5).count() > 100);
    }
}
