//! Convolve: a kernel of one's own.

use crate::prelude::*;

params! {
    /// Convolves the picture with a kernel given by its numbers.
    ///
    /// The numbers are the rows of an odd square, the middle one belonging to the pixel itself; what is missing is 0. The result is
    /// mixed with the picture by `strength`. The edge is mirrored; masks, boxes and points stay.
    pub struct Convolve("convolve", "texture", aliases: ["Convolve2d", "Filter2D"]) {
        /// The kernel, row by row.
        kernel: Vec<f64> = numbers(0).default(Default::Numbers(&[0.0, -1.0, 0.0, -1.0, 5.0, -1.0, 0.0, -1.0, 0.0]));
        /// Share of the result.
        strength: f64 = real(0.0, 1.0).usual(0.5, 1.0).neutral(0.0);
    }
}

impl Op for Convolve {
    fn lower(&self, plan: &mut Builder) {
        if self.strength > 0.0 {
            let weights = self.kernel.iter().map(|w| *w as f32).collect();
            paint(plan, Given { weights, strength: self.strength as f32 });
        }
    }
}

#[derive(Debug)]
struct Given {
    weights: Vec<f32>,
    strength: f32,
}

impl Effect for Given {
    fn name(&self) -> &'static str {
        "convolution"
    }

    fn paint(&self, canvas: &mut Canvas) {
        let mut side = 1;
        while side * side < self.weights.len() {
            side += 2;
        }
        let mut weights = self.weights.clone();
        weights.resize(side * side, 0.0);
        let made = Kernel { width: side, height: side, weights }.over(canvas);
        for (v, made) in canvas.values.iter_mut().zip(&made.values) {
            *v += self.strength * (made - *v);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_number_is_a_factor() {
        let mut canvas = Canvas { size: Size::new(2, 2), channels: 1, values: vec![0.1, 0.2, 0.3, 0.4] };
        Given { weights: vec![2.0], strength: 1.0 }.paint(&mut canvas);
        assert_eq!(canvas.values, [0.2, 0.4, 0.6, 0.8]);
    }
}
