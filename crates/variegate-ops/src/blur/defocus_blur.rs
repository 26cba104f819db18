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
            let half = (radius + 0.5).ceil() as usize;
            let share = |x: f64, y: f64| (radius + 0.5 - libm::hypot(x, y)).clamp(0.0, 1.0);
            plan.push(Kernel::normalised(half, half, share).node());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::nodes;

    #[test]
    fn a_point_becomes_a_round_spot() {
        let list = nodes(DefocusBlur::config().radius(0.2), (20, 30));
        let [Node::Stencil(Stencil { kind: StencilKind::Kernel { width, height, weights }, .. })] = list.as_slice()
        else {
            panic!("{list:?}")
        };
        assert_eq!((*width, *height), (11, 11));
        let at = |y: usize, x: usize| weights[y * 11 + x];
        assert!(at(5, 8) > 0.015 && at(5, 8) == at(8, 5) && at(5, 8) == at(2, 5));
        assert!(at(2, 2) > 0.0 && at(1, 1) == 0.0);
        assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-5);
    }
}
