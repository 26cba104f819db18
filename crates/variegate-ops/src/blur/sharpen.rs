//! Sharpen: every value away from its neighbours.

use crate::prelude::*;

params! {
    /// Moves every value away from its eight neighbours.
    ///
    /// out = (1 − s) · v + s · (8 v − the sum of the eight neighbours + l · v), s the strength and l the lightness: the kernel of
    /// imgaug's and Albumentations' Sharpen. The edge is mirrored; masks, boxes and points stay.
    pub struct Sharpen("sharpen", "blur", aliases: ["RandomSharpen"]) {
        /// Share of the sharpened picture.
        strength: f64 = real(0.0, 1.0).usual(0.2, 0.5).neutral(0.0);
        /// How bright the sharpened picture is; 1 keeps flat places as they are.
        lightness: f64 = real(0.0, 10.0).usual(0.8, 1.2);
    }
}

impl Op for Sharpen {
    fn lower(&self, plan: &mut Builder) {
        if self.strength > 0.0 {
            paint(plan, Apart { strength: self.strength as f32, lightness: self.lightness as f32 });
        }
    }
}

#[derive(Debug)]
struct Apart {
    strength: f32,
    lightness: f32,
}

impl Effect for Apart {
    fn name(&self) -> &'static str {
        "sharpen"
    }

    fn paint(&self, canvas: &mut Canvas) {
        let (s, l) = (self.strength, self.lightness);
        let mut weights = vec![-s; 9];
        weights[4] = 1.0 - s + s * (8.0 + l);
        *canvas = Kernel { width: 3, height: 3, weights }.over(canvas);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flat_place_is_multiplied_by_the_lightness_and_a_point_stands_out() {
        let mut canvas = Canvas::black(Size::new(5, 20), 1);
        canvas.values.iter_mut().for_each(|v| *v = 0.5);
        canvas.values[45] = 0.6;
        Apart { strength: 1.0, lightness: 0.9 }.paint(&mut canvas);
        assert!((canvas.values[2] - 0.45).abs() < 1e-6);
        assert!((canvas.values[45] - (0.6 * 8.9 - 4.0)).abs() < 1e-5);
    }
}
