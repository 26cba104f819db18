//! Defocus blur: every point becomes a disc.

use crate::prelude::*;

params! {
    /// Blurs as a lens out of focus: every point becomes a disc.
    ///
    /// The kernel is a disc of the given radius; a pixel on its rim counts by the share that lies inside, estimated by the
    /// distance of its centre from the rim. The edge is mirrored; masks, boxes and points stay.
    pub struct DefocusBlur("defocus_blur", "blur", aliases: ["Defocus", "RandomDefocusBlur"]) {
        /// Radius of the disc, of the shorter side.
        radius: f64 = real(0.0, 0.2).usual(0.004, 0.015).neutral(0.0).unit("of the shorter side");
    }
}

impl Op for DefocusBlur {
    fn lower(&self, plan: &mut Builder) {
        let radius = self.radius * plan.size().shorter() as f64;
        if radius > 0.0 {
            paint(plan, Disc { radius });
        }
    }
}

/// A disc of a radius in pixels.
#[derive(Debug)]
struct Disc {
    radius: f64,
}

impl Effect for Disc {
    fn name(&self) -> &'static str {
        "defocus blur"
    }

    fn paint(&self, canvas: &mut Canvas) {
        let half = (self.radius + 0.5).ceil() as usize;
        let share = |x: f64, y: f64| (self.radius + 0.5 - libm::hypot(x, y)).clamp(0.0, 1.0);
        *canvas = Kernel::normalised(half, half, share).over(canvas);
    }

    fn spread(&self) -> f64 {
        1.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_becomes_a_round_spot() {
        let mut canvas = Canvas::black(Size::new(15, 15), 1);
        canvas.values[7 * 15 + 7] = 1.0;
        Disc { radius: 4.0 }.paint(&mut canvas);
        let at = |y: usize, x: usize| canvas.values[y * 15 + x];
        assert!(at(7, 10) > 0.015 && at(7, 10) == at(10, 7) && at(7, 10) == at(4, 7));
        assert!(at(4, 4) > 0.0 && at(3, 3) == 0.0);
        assert!((canvas.values.iter().sum::<f32>() - 1.0).abs() < 1e-5);
    }
}
