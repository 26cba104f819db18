//! Ringing: the overshoot of a sharp low-pass.

use crate::prelude::*;

params! {
    /// Cuts off all detail finer than a limit, which leaves rings along edges.
    ///
    /// The kernel is the ideal circular low-pass c · J₁(c r) / (2π r), r in pixels and c the cut-off in radians a pixel, in a
    /// square window, scaled to keep brightness (Wang et al., "Real-ESRGAN", ICCVW 2021). The edge is mirrored; masks, boxes and
    /// points stay.
    pub struct Ringing("ringing", "blur", aliases: ["RingingOvershoot", "SincFilter"]) {
        /// Side of the window.
        side_px: i64 = integer(1, 31).usual(7.0, 15.0).neutral(1.0).unit("px");
        /// Cut-off; π keeps everything a pixel grid can hold.
        cutoff: f64 = real(0.1, 3.15).usual(0.785, 1.571).unit("radians a pixel");
    }
}

impl Op for Ringing {
    fn lower(&self, plan: &mut Builder) {
        if self.side_px > 1 {
            paint(plan, LowPass { half: self.side_px as usize / 2, cutoff: self.cutoff });
        }
    }
}

#[derive(Debug)]
struct LowPass {
    half: usize,
    cutoff: f64,
}

impl Effect for LowPass {
    fn name(&self) -> &'static str {
        "ringing"
    }

    fn paint(&self, canvas: &mut Canvas) {
        let c = self.cutoff;
        let kernel = Kernel::normalised(self.half, self.half, |x, y| {
            let r = libm::hypot(x, y);
            let turn = 2.0 * std::f64::consts::PI;
            if r == 0.0 { c * c / (2.0 * turn) } else { c * libm::j1(c * r) / (turn * r) }
        });
        *canvas = kernel.over(canvas);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edge_overshoots_on_both_sides() {
        let mut canvas = Canvas::black(Size::new(21, 40), 1);
        canvas.values.iter_mut().enumerate().for_each(|(k, v)| *v = if k % 40 < 20 { 0.3 } else { 0.7 });
        LowPass { half: 6, cutoff: 1.2 }.paint(&mut canvas);
        let row = canvas.row(10);
        let (least, most) = row[8..32].iter().fold((1f32, 0f32), |(a, b), v| (a.min(*v), b.max(*v)));
        assert!(least < 0.29 && most > 0.71, "{row:?}");
        assert!((row[2] - 0.3).abs() < 0.02, "{row:?}");
    }
}
