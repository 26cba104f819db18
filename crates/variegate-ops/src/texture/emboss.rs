//! Emboss: relief lit from the upper left.

use crate::prelude::*;

params! {
    /// Shows edges as relief, lit from the upper left.
    ///
    /// out = (1 − s) · v + s · k, k the picture under the kernel (−1−d, −d, 0; −d, 1, d; 0, d, 1+d), d the depth: imgaug's and
    /// Albumentations' Emboss. The edge is mirrored; masks, boxes and points stay.
    pub struct Emboss("emboss", "texture", aliases: ["RandomEmboss"]) {
        /// Share of the relief.
        strength: f64 = real(0.0, 1.0).usual(0.2, 0.6).neutral(0.0);
        /// How deep the relief is.
        depth: f64 = real(0.0, 4.0).usual(0.2, 0.8);
    }
}

impl Op for Emboss {
    fn lower(&self, plan: &mut Builder) {
        if self.strength > 0.0 {
            paint(plan, Relief { strength: self.strength as f32, depth: self.depth as f32 });
        }
    }
}

#[derive(Debug)]
struct Relief {
    strength: f32,
    depth: f32,
}

impl Effect for Relief {
    fn name(&self) -> &'static str {
        "emboss"
    }

    fn paint(&self, canvas: &mut Canvas) {
        let (s, d) = (self.strength, self.depth);
        let weights = vec![-1.0 - d, -d, 0.0, -d, 1.0, d, 0.0, d, 1.0 + d];
        let relief = Kernel { width: 3, height: 3, weights }.over(canvas);
        for (v, made) in canvas.values.iter_mut().zip(&relief.values) {
            *v += s * (made - *v);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flat_place_stays_and_an_edge_stands_out() {
        let mut canvas = Canvas::black(Size::new(9, 20), 1);
        canvas.values.iter_mut().enumerate().for_each(|(k, v)| *v = if k % 20 < 10 { 0.4 } else { 0.6 });
        Relief { strength: 1.0, depth: 0.5 }.paint(&mut canvas);
        let row = canvas.row(4);
        assert!((row[2] - 0.4).abs() < 1e-6 && row[9] > 0.6, "{row:?}");
    }
}
