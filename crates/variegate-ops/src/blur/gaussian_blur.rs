//! Gaussian blur: softer.

use crate::prelude::*;

params! {
    /// Blurs with a Gaussian.
    ///
    /// Weights exp(−d² / 2σ²) up to a distance of ⌈3σ⌉ pixels, at least 1, normalised to sum 1. σ counts pixels of the picture
    /// as it is at this place of the pipeline. With `border="reflect"` it is SciPy's `gaussian_filter` of mode `reflect`
    /// and truncate 3 (up to its rounding of the radius).
    pub struct GaussianBlur("gaussian_blur", "blur", aliases: ["RandomGaussianBlur", "RandomBlur", "GaussianBlurRand"]) {
        /// Standard deviation of the Gaussian.
        sigma: f64 = real(0.0, 100.0).usual(0.1, 2.0).neutral(0.0).unit("px");
        /// What lies beyond the edge.
        border: Border = border("reflect");
    }
}

impl Op for GaussianBlur {
    fn lower(&self, plan: &mut Builder) {
        let kind = StencilKind::Gaussian { x: self.sigma, y: self.sigma };
        plan.push(Node::Stencil(Stencil { kind, border: self.border }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::nodes;

    #[test]
    fn it_is_as_wide_as_high() {
        let list = nodes(GaussianBlur::config().sigma(1.5), (4, 4));
        let [Node::Stencil(stencil)] = list.as_slice() else { panic!("{list:?}") };
        assert_eq!(*stencil, Stencil { kind: StencilKind::Gaussian { x: 1.5, y: 1.5 }, border: Border::Reflect });
    }
}
