//! Fractal: a random iterated function system over the picture.

use crate::prelude::*;
use crate::procedural::{coloured, fractal};

params! {
    /// Blends a random fractal into the picture.
    ///
    /// Two to four contracting affine maps, drawn from the key, send a point about; how often it comes by gives each pixel its
    /// place in a row of four random colours (grey where there is no colour). `mix`: out = (1 − opacity) · v + opacity · t; `add`: v + opacity · (t −
    /// ½); `multiply`: v · (1 − opacity + opacity · 2t). Source: Barnsley, "Fractals Everywhere", 1988.
    pub struct Fractal("fractal", "texture", aliases: []) {
        /// How much of it is seen.
        opacity: f64 = real(0.0, 1.0).usual(0.1, 0.5).neutral(0.0).unit("fraction");
        /// How it meets the picture.
        mode: &'static str = word(&["mix", "add", "multiply"], "mix");
        /// The fractal.
        field: FieldKey = key();
    }
}

impl Op for Fractal {
    fn lower(&self, plan: &mut Builder) {
        if self.opacity > 0.0 {
            paint(plan, Walked { opacity: self.opacity as f32, mode: self.mode, field: self.field });
        }
    }
}

#[derive(Debug)]
struct Walked {
    opacity: f32,
    mode: &'static str,
    field: FieldKey,
}

impl Effect for Walked {
    fn name(&self) -> &'static str {
        "fractal"
    }

    fn paint(&self, canvas: &mut Canvas) {
        let texture = coloured(self.field, canvas.size, &fractal(self.field, canvas.size));
        let texture = texture.with_channels(canvas.channels);
        let (opacity, mode) = (self.opacity, self.mode);
        let mut pixels = texture.values.chunks_exact(canvas.channels);
        canvas.each_pixel(|_, _, colours| {
            for (v, t) in colours.iter_mut().zip(pixels.next().unwrap_or_default()) {
                *v = match mode {
                    "add" => *v + opacity * (t - 0.5),
                    "multiply" => *v * (1.0 - opacity + opacity * 2.0 * t),
                    _ => *v + opacity * (t - *v),
                };
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn painted(mode: &'static str, opacity: f32, value: f32) -> Canvas {
        let mut canvas = Canvas { size: Size::new(24, 30), channels: 3, values: vec![value; 24 * 30 * 3] };
        Walked { opacity, mode, field: FieldKey(3, 4) }.paint(&mut canvas);
        canvas
    }

    #[test]
    fn a_blend_goes_its_share_of_the_way() {
        let (whole, half) = (painted("mix", 1.0, 0.2), painted("mix", 0.5, 0.2));
        assert!(half.values.iter().zip(&whole.values).all(|(h, t)| (h - (0.1 + 0.5 * t)).abs() < 1e-6));
        assert_ne!(whole.values[..3], whole.values[3 * 375..3 * 376]);
    }

    #[test]
    fn nothing_multiplied_is_nothing() {
        assert!(painted("multiply", 0.7, 0.0).values.iter().all(|v| *v == 0.0));
    }
}
