//! Box blur: the mean of a square.

use crate::prelude::*;

params! {
    /// Replaces every value by the mean of the square around it.
    ///
    /// The square has `side_px` columns and rows (an even side counts as the next odd one), and the edge is mirrored:
    /// `cv2.blur`. Masks, boxes and points stay.
    pub struct BoxBlur("box_blur", "blur", aliases: ["Blur", "AverageBlur", "RandomBoxBlur", "MeanBlur"]) {
        /// Side of the square.
        side_px: i64 = integer(1, 255).usual(3.0, 7.0).neutral(1.0).unit("px");
    }
}

impl Op for BoxBlur {
    fn lower(&self, plan: &mut Builder) {
        if self.side_px > 1 {
            paint(plan, Boxed { half: self.side_px as usize / 2 });
        }
    }
}

#[derive(Debug)]
struct Boxed {
    half: usize,
}

impl Effect for Boxed {
    fn name(&self) -> &'static str {
        "box blur"
    }

    fn paint(&self, canvas: &mut Canvas) {
        let across = Kernel::normalised(self.half, 0, |_, _| 1.0).over(canvas);
        *canvas = Kernel::normalised(0, self.half, |_, _| 1.0).over(&across);
    }

    fn spread(&self) -> f64 {
        1.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_becomes_a_square() {
        let mut canvas = Canvas::black(Size::new(7, 9), 1);
        canvas.values[3 * 9 + 4] = 0.9;
        Boxed { half: 1 }.paint(&mut canvas);
        let lit: Vec<usize> = (0..63).filter(|k| canvas.values[*k] > 0.05).collect();
        assert_eq!(lit, [21, 22, 23, 30, 31, 32, 39, 40, 41]);
        assert!((canvas.values[31] - 0.1).abs() < 1e-6);
    }
}
