//! Edges: where the picture changes.

use crate::prelude::*;

params! {
    /// Mixes in the picture's edges.
    ///
    /// out = (1 − s) · v + s · min(1, √(gₓ² + g_y²)), the gradients by Sobel's kernels of luma, a quarter of their sums. The edge is
    /// mirrored; masks, boxes and points stay.
    pub struct Edges("edges", "texture", aliases: ["EdgeDetect", "Sobel", "DirectedEdgeDetect"]) {
        /// Share of the edges.
        strength: f64 = real(0.0, 1.0).usual(0.2, 0.7).neutral(0.0);
    }
}

impl Op for Edges {
    fn lower(&self, plan: &mut Builder) {
        if self.strength > 0.0 {
            paint(plan, Gradient { strength: self.strength as f32 });
        }
    }
}

#[derive(Debug)]
struct Gradient {
    strength: f32,
}

impl Effect for Gradient {
    fn name(&self) -> &'static str {
        "edges"
    }

    fn paint(&self, canvas: &mut Canvas) {
        let luma = Canvas { size: canvas.size, channels: 1, values: canvas.luma() };
        let kernel = |weights: [f32; 9]| Kernel { width: 3, height: 3, weights: weights.map(|w| w / 4.0).to_vec() };
        let across = kernel([-1.0, 0.0, 1.0, -2.0, 0.0, 2.0, -1.0, 0.0, 1.0]).over(&luma);
        let down = kernel([-1.0, -2.0, -1.0, 0.0, 0.0, 0.0, 1.0, 2.0, 1.0]).over(&luma);
        let width = canvas.size.width;
        canvas.each_pixel(|x, y, colours| {
            let (gx, gy) = (across.values[y * width + x], down.values[y * width + x]);
            let edge = (gx * gx + gy * gy).sqrt().min(1.0);
            colours.iter_mut().for_each(|v| *v += self.strength * (edge - *v));
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_as_bright_as_it_is_high() {
        let mut canvas = Canvas::black(Size::new(9, 20), 1);
        canvas.values.iter_mut().enumerate().for_each(|(k, v)| *v = if k % 20 < 10 { 0.3 } else { 0.6 });
        Gradient { strength: 1.0 }.paint(&mut canvas);
        let row = canvas.row(4);
        assert!((row[9] - 0.3).abs() < 1e-5 && (row[10] - 0.3).abs() < 1e-5 && row[3] == 0.0, "{row:?}");
    }
}
