//! Enhance: Pillow's small filters of detail, edges and smoothness.

use std::sync::Arc;

use crate::prelude::*;

params! {
    /// Mixes in one of Pillow's small filters: more detail, stronger edges, or smoother areas.
    ///
    /// The kernels are those of `PIL.ImageFilter`: DETAIL, EDGE_ENHANCE, EDGE_ENHANCE_MORE, SMOOTH and SMOOTH_MORE, mixed with the
    /// picture by `strength`. Beyond the edge its pixels are repeated, where Pillow leaves the rim as it was. Masks, boxes and
    /// points stay.
    pub struct Enhance("enhance", "texture", aliases: [
        "FilterDetail", "FilterEdgeEnhance", "FilterEdgeEnhanceMore", "FilterSmooth", "FilterSmoothMore", "enhance_detail"
    ]) {
        /// Which filter.
        kind: &'static str = word(&["detail", "edges", "more_edges", "smooth", "smoother"], "detail");
        /// How much of it, 0 nothing to 1 all of it.
        strength: f64 = real(0.0, 1.0).usual(0.2, 1.0).neutral(0.0);
    }
}

impl Enhance {
    /// Side, weight of the middle, of its eight neighbours beside and across, and of the ring around them.
    fn weights(&self) -> (usize, Vec<f64>) {
        let (side, middle, beside, across, ring) = match self.kind {
            "edges" => (3, 10.0, -1.0, -1.0, 0.0),
            "more_edges" => (3, 9.0, -1.0, -1.0, 0.0),
            "smooth" => (3, 5.0, 1.0, 1.0, 0.0),
            "smoother" => (5, 44.0, 5.0, 5.0, 1.0),
            _ => (3, 10.0, -1.0, 0.0, 0.0),
        };
        let half = side as i64 / 2;
        let raw = |k: usize| {
            let (x, y) = (k as i64 % side as i64 - half, k as i64 / side as i64 - half);
            match (x.abs().max(y.abs()), x.abs() + y.abs()) {
                (0, _) => middle,
                (1, 1) => beside,
                (1, _) => across,
                _ => ring,
            }
        };
        let raw: Vec<f64> = (0..side * side).map(raw).collect();
        let sum: f64 = raw.iter().sum();
        let kept = |k: usize| if k == side * side / 2 { 1.0 - self.strength } else { 0.0 };
        (side, raw.iter().enumerate().map(|(k, w)| self.strength * w / sum + kept(k)).collect())
    }
}

impl Op for Enhance {
    fn lower(&self, plan: &mut Builder) {
        if self.strength > 0.0 {
            let (side, weights) = self.weights();
            let kind = StencilKind::Kernel { width: side, height: side, weights: Arc::from(weights) };
            plan.push(Node::Stencil(Stencil { kind, border: Border::Edge }));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_sum_up_to_one_and_half_of_a_filter_is_half_way() {
        for kind in ["detail", "edges", "more_edges", "smooth", "smoother"] {
            let (_, weights) = Enhance { kind, strength: 0.7 }.weights();
            assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-12, "{kind}");
        }
        let (side, weights) = Enhance { kind: "more_edges", strength: 1.0 }.weights();
        assert_eq!((side, weights[0], weights[4]), (3, -1.0, 9.0));
        // Ten sixths in the middle, half of them and half of one.
        let (_, weights) = Enhance { kind: "detail", strength: 0.5 }.weights();
        assert!((weights[4] - 4.0 / 3.0).abs() < 1e-12 && weights[0] == 0.0);
    }
}
