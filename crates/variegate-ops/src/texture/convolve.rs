//! Convolve: a kernel of one's own.

use crate::prelude::*;

params! {
    /// Convolves the picture with a kernel given by its numbers.
    ///
    /// The numbers are the rows of an odd square (9, 25, 49 … 961 of them), the middle one belonging to the pixel itself, as in
    /// `cv2.filter2D`. The result is mixed with the picture by `strength`. The edge is mirrored; masks, boxes and points stay.
    pub struct Convolve("convolve", "texture", aliases: ["Convolve2d", "Filter2D"]) {
        /// The kernel, row by row.
        kernel: Vec<f64> = numbers(0).between(-1e3, 1e3).default(Default::Numbers(&[0.0, -1.0, 0.0, -1.0, 5.0, -1.0, 0.0, -1.0, 0.0]));
        /// Share of the result.
        strength: f64 = real(0.0, 1.0).usual(0.5, 1.0).neutral(0.0);
    }
}

/// The longest side of a kernel.
const LONGEST: usize = 31;

/// The side of an odd square of so many numbers.
fn side(n: usize) -> Option<usize> {
    (1..=LONGEST).step_by(2).find(|side| side * side == n)
}

impl Op for Convolve {
    fn check(&self) -> Result<(), String> {
        let n = self.kernel.len();
        side(n).map(drop).ok_or(format!("kernel: expected the numbers of an odd square, 1, 9, 25 … 961, found {n}"))
    }

    fn lower(&self, plan: &mut Builder) {
        if let (true, Some(side)) = (self.strength > 0.0, side(self.kernel.len())) {
            let weights = self.kernel.iter().map(|w| *w as f32).collect();
            paint(plan, Given { side, weights, strength: self.strength as f32 });
        }
    }
}

#[derive(Debug)]
struct Given {
    side: usize,
    weights: Vec<f32>,
    strength: f32,
}

impl Effect for Given {
    fn name(&self) -> &'static str {
        "convolution"
    }

    fn paint(&self, canvas: &mut Canvas) {
        let kernel = Kernel { width: self.side, height: self.side, weights: self.weights.clone() };
        let made = kernel.over(canvas);
        for (v, made) in canvas.values.iter_mut().zip(&made.values) {
            *v += self.strength * (made - *v);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_make_no_square_are_refused() {
        for n in [2, 4, 5, 10, 1089] {
            let built = crate::Pipeline::builder().then(Convolve::config().kernel(vec![0.1; n])).build();
            assert!(
                built.is_err_and(|e| e.message().contains(&format!("odd square, 1, 9, 25 … 961, found {n}"))),
                "{n}"
            );
        }
    }

    #[test]
    fn a_single_number_is_a_factor() {
        let mut canvas = Canvas { size: Size::new(2, 2), channels: 1, values: vec![0.1, 0.2, 0.3, 0.4] };
        Given { side: 1, weights: vec![2.0], strength: 1.0 }.paint(&mut canvas);
        assert_eq!(canvas.values, [0.2, 0.4, 0.6, 0.8]);
    }
}
