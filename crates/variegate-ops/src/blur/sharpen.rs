//! Sharpen: every value away from its neighbours.

use crate::prelude::*;

params! {
    /// Moves every value away from its eight neighbours.
    ///
    /// out = (1 − s) · v + s · (8 v − the sum of the eight neighbours + l · v), s the strength and l the lightness: the kernel of
    /// imgaug's and Albumentations' Sharpen. The edge is mirrored; masks, boxes and points stay.
    pub struct Sharpen("sharpen", "blur", aliases: ["RandomSharpen"]) {
        /// Share of the sharpened picture.
        strength: f64 = real(0.0, 1.0).usual(0.2, 0.5).neutral(0.0);
        /// How bright the sharpened picture is; 1 keeps flat places as they are.
        lightness: f64 = real(0.0, 10.0).usual(0.8, 1.2);
    }
}

impl Op for Sharpen {
    fn lower(&self, plan: &mut Builder) {
        let (s, l) = (self.strength, self.lightness);
        if s > 0.0 {
            let mut weights = [-s; 9];
            weights[4] = 1.0 - s + s * (8.0 + l);
            let kind = StencilKind::Kernel { width: 3, height: 3, weights: weights.into() };
            plan.push(Node::Stencil(Stencil { kind, border: Border::Mirror }));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::nodes;

    #[test]
    fn a_flat_place_is_multiplied_by_the_lightness() {
        let list = nodes(Sharpen::config().strength(1.0).lightness(0.9), (4, 4));
        let [Node::Stencil(Stencil { kind: StencilKind::Kernel { weights, .. }, .. })] = list.as_slice() else {
            panic!("{list:?}")
        };
        assert!((weights.iter().sum::<f64>() - 0.9).abs() < 1e-12);
        assert_eq!(weights[0], -1.0);
    }
}
