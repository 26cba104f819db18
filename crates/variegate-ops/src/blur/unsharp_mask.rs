//! Unsharp mask: away from a blurred copy.

use crate::prelude::*;

params! {
    /// Adds what a blurred copy lacks.
    ///
    /// out = v + amount · (v − blurred) where the difference reaches the threshold, v elsewhere; blurred is a Gaussian of
    /// `sigma`. The edge is mirrored; masks, boxes and points stay.
    pub struct UnsharpMask("unsharp_mask", "blur", aliases: ["UnsharpMasking"]) {
        /// Standard deviation of the Gaussian.
        sigma: f64 = real(0.1, 20.0).usual(0.5, 2.0).unit("px");
        /// How much of the difference is added.
        amount: f64 = real(0.0, 10.0).usual(0.2, 1.0).neutral(0.0);
        /// Differences below it are left alone.
        threshold: f64 = real(0.0, 1.0).value(0.0).unit("of white");
    }
}

impl Op for UnsharpMask {
    fn lower(&self, plan: &mut Builder) {
        if self.amount > 0.0 {
            let (amount, threshold) = (self.amount as f32, self.threshold as f32);
            paint(plan, Unsharp { sigma: self.sigma, amount, threshold });
        }
    }
}

#[derive(Debug)]
struct Unsharp {
    sigma: f64,
    amount: f32,
    threshold: f32,
}

impl Effect for Unsharp {
    fn name(&self) -> &'static str {
        "unsharp mask"
    }

    fn paint(&self, canvas: &mut Canvas) {
        let across = Kernel::gaussian(self.sigma, false).over(canvas);
        let blurred = Kernel::gaussian(self.sigma, true).over(&across);
        for (v, soft) in canvas.values.iter_mut().zip(&blurred.values) {
            let apart = *v - soft;
            *v += if apart.abs() >= self.threshold { self.amount * apart } else { 0.0 };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_overshoot_and_flat_places_stay() {
        let mut canvas = Canvas::black(Size::new(9, 20), 1);
        canvas.values.iter_mut().enumerate().for_each(|(k, v)| *v = if k % 20 < 10 { 0.3 } else { 0.7 });
        Unsharp { sigma: 1.0, amount: 0.5, threshold: 0.01 }.paint(&mut canvas);
        let row = canvas.row(4);
        assert!(row[9] < 0.25 && row[10] > 0.75 && row[2] == 0.3, "{row:?}");
    }
}
