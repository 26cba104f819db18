//! Texture overlay: a procedural texture over the picture.

use std::sync::Arc;

use crate::prelude::*;

params! {
    /// Lays a procedural texture over the picture.
    ///
    /// The texture is a field of numbers between 0 and 1: gradient noise (perlin: one octave; clouds: five), cells (worley),
    /// waves through noise (marble, wood) or a plain pattern (checker, stripes, dots). It meets each channel a by the mode of the
    /// same name in layers: multiply a·t, screen 1 − (1 − a)(1 − t), overlay, soft_light, or normal. With a `bank` the texture is
    /// one of its pictures, channel by channel, and `texture` and `cells` are not asked. Masks, boxes and points stay.
    pub struct TextureOverlay("texture_overlay", "texture", aliases: [
        "RandomPlasmaBrightness", "PlasmaBrightnessContrast", "SimplexNoiseAlpha", "OverlayStripes", "PlasmaShadow"
    ]) {
        /// Which texture.
        texture: &'static str = word(&["perlin", "clouds", "worley", "marble", "wood", "checker", "stripes", "dots"], "clouds");
        /// How it meets the picture.
        mode: &'static str = word(&["multiply", "screen", "overlay", "soft_light", "normal"], "overlay");
        /// How much of it is seen.
        opacity: f64 = real(0.0, 1.0).usual(0.3, 0.8).neutral(0.0).unit("fraction");
        /// Cells of the texture along the shorter side.
        cells: f64 = real(0.5, 200.0).by_ratio().usual(3.0, 24.0);
        /// Where textures come from in the place of a field; none where it is left out.
        bank: Option<Arc<str>> = bank().optional();
        /// The field.
        field: FieldKey = key();
    }
}

impl Op for TextureOverlay {
    fn lower(&self, plan: &mut Builder) {
        if self.opacity > 0.0 {
            let Self { texture, mode, cells, field, .. } = *self;
            let cloth = Cloth { texture, mode, opacity: self.opacity as f32, cells, field };
            match self.bank {
                Some(_) => paint_with(plan, Other::filling(&self.bank, field.0), cloth),
                None => paint(plan, cloth),
            }
        }
    }
}

#[derive(Debug)]
struct Cloth {
    texture: &'static str,
    mode: &'static str,
    opacity: f32,
    cells: f64,
    field: FieldKey,
}

impl Cloth {
    fn values(&self, size: Size) -> Vec<f32> {
        let noise = |octaves| field::perlin(self.field, size, self.cells, octaves, 0.55);
        let wave = |v: f32| 0.5 + 0.5 * libm::sinf(2.0 * std::f32::consts::PI * v);
        let cell = (size.shorter() as f64 / self.cells).max(1e-3) as f32;
        // Where the pattern begins, so that no two pictures have it at the same place.
        let [du, dv, ..] = self.field.words(0, 1 << 20).map(field::unit);
        let at = |k: usize| {
            let (x, y) = ((k % size.width) as f32 + 0.5, (k / size.width) as f32 + 0.5);
            (x / cell + du, y / cell + dv)
        };
        let pattern = |f: &dyn Fn(f32, f32) -> f32| {
            (0..size.pixels())
                .map(|k| {
                    let (u, v) = at(k);
                    f(u, v)
                })
                .collect()
        };
        match self.texture {
            "perlin" => noise(1),
            "worley" => field::worley(self.field, size, self.cells).iter().map(|(first, _)| first.min(1.0)).collect(),
            "marble" => noise(4).iter().enumerate().map(|(k, v)| wave(0.5 * at(k).0 + 2.0 * v)).collect(),
            "wood" => noise(2)
                .iter()
                .map(|v| {
                    let rings = v * 6.0;
                    rings - rings.floor()
                })
                .collect(),
            "checker" => pattern(&|u, v| ((u.floor() + v.floor()) as i64).rem_euclid(2) as f32),
            "stripes" => pattern(&|u, _| (u.floor() as i64).rem_euclid(2) as f32),
            "dots" => pattern(&|u, v| {
                let (x, y) = (u - u.floor() - 0.5, v - v.floor() - 0.5);
                (4.0 * (0.4 - (x * x + y * y).sqrt()) + 0.5).clamp(0.0, 1.0)
            }),
            _ => noise(5),
        }
    }
}

impl Effect for Cloth {
    fn name(&self) -> &'static str {
        "texture overlay"
    }

    fn paint(&self, canvas: &mut Canvas) {
        self.lay(canvas, &Canvas { size: canvas.size, channels: 1, values: self.values(canvas.size) });
    }
}

impl Duet for Cloth {
    fn name(&self) -> &'static str {
        "texture overlay"
    }

    fn paint(&self, canvas: &mut Canvas, other: &Canvas) {
        self.lay(canvas, other);
    }
}

impl Cloth {
    /// Lays a texture of one channel, or of the canvas's, over the canvas.
    fn lay(&self, canvas: &mut Canvas, texture: &Canvas) {
        let mode = self.mode;
        let opacity = self.opacity;
        let mut pixels = texture.values.chunks_exact(texture.channels);
        canvas.each_pixel(|_, _, colours| {
            let pixel = pixels.next().unwrap_or_default();
            for (c, v) in colours.iter_mut().enumerate() {
                let t = pixel[if pixel.len() == 1 { 0 } else { c }];
                let made = match mode {
                    "multiply" => *v * t,
                    "screen" => 1.0 - (1.0 - *v) * (1.0 - t),
                    "overlay" if *v < 0.5 => 2.0 * *v * t,
                    "overlay" => 1.0 - 2.0 * (1.0 - *v) * (1.0 - t),
                    "soft_light" => (1.0 - 2.0 * t) * *v * *v + 2.0 * t * *v,
                    _ => t,
                };
                *v += opacity * (made - *v);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cloth(texture: &'static str) -> Cloth {
        Cloth { texture, mode: "normal", opacity: 1.0, cells: 4.0, field: FieldKey(1, 9) }
    }

    #[test]
    fn a_checker_is_half_black_and_half_white() {
        let values = cloth("checker").values(Size::new(80, 80));
        assert!(values.iter().all(|v| *v == 0.0 || *v == 1.0));
        let mean = values.iter().sum::<f32>() / 6400.0;
        assert!((mean - 0.5).abs() < 0.05, "{mean}");
    }

    #[test]
    fn every_texture_stays_between_black_and_white_and_varies() {
        for texture in ["perlin", "clouds", "worley", "marble", "wood", "checker", "stripes", "dots"] {
            let values = cloth(texture).values(Size::new(50, 70));
            let (least, most) = values.iter().fold((1f32, 0f32), |(a, b), v| (a.min(*v), b.max(*v)));
            assert!(least >= 0.0 && most <= 1.0 && most - least > 0.4, "{texture}: {least} {most}");
        }
    }
}
