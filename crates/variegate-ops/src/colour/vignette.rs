//! Vignette: darker towards the corners.

use super::colour_illumination::shade;
use crate::prelude::*;

params! {
    /// Darkens the picture towards its corners.
    ///
    /// out = v · (1 − strength · s(t)), s(t) = t² (3 − 2t), where t grows from 0 at `radius` to 1 at the corner farthest from
    /// the centre. Lines of equal shade are ellipses of the picture's own aspect.
    pub struct Vignette("vignette", "colour", aliases: ["Vignetting", "RandomVignette", "lens_shading"]) {
        /// How dark the farthest corner becomes: 0 not at all, 1 black.
        strength: f64 = real(0.0, 1.0).usual(0.2, 0.7).neutral(0.0);
        /// Where the shade begins: 0 at the centre, 1 at the farthest corner.
        radius: f64 = real(0.0, 1.0).usual(0.0, 0.4).unit("fraction");
        /// Centre, 0 left to 1 right.
        x: f64 = real(0.0, 1.0).usual(0.4, 0.6).unit("fraction");
        /// Centre, 0 top to 1 bottom.
        y: f64 = real(0.0, 1.0).usual(0.4, 0.6).unit("fraction");
    }
}

impl Op for Vignette {
    fn lower(&self, plan: &mut Builder) {
        if self.strength == 0.0 {
            return;
        }
        let squares = |n: usize, at: f64| -> Vec<f64> {
            (0..n).map(|k| (k as f64 + 0.5) / n as f64 - at).map(|d| d * d).collect()
        };
        let (across, down) = (squares(plan.size().width, self.x), squares(plan.size().height, self.y));
        let (far_x, far_y) = (self.x.max(1.0 - self.x), self.y.max(1.0 - self.y));
        let farthest = far_x * far_x + far_y * far_y;
        let depth = (1.0 - self.radius).max(1e-6);
        shade(plan, |row, column| {
            let t = ((((across[column] + down[row]) / farthest).sqrt() - self.radius) / depth).clamp(0.0, 1.0);
            1.0 - self.strength * t * t * (3.0 - 2.0 * t)
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::nodes;

    fn factors(radius: f64) -> Vec<f32> {
        let list = nodes(Vignette::config().strength(1.0).radius(radius).x(0.5).y(0.5), (1, 4));
        let [Node::Blend(blend)] = list.as_slice() else { panic!("{list:?}") };
        blend.layer.values.clone()
    }

    #[test]
    fn it_is_darkest_far_from_the_centre() {
        // 1/8 and 3/8 of the width from the centre, whose corner is √½ away.
        let shade = |d: f64| {
            let t = d / 0.5f64.sqrt();
            (1.0 - t * t * (3.0 - 2.0 * t)) as f32
        };
        for (v, d) in factors(0.0).into_iter().zip([0.375, 0.125, 0.125, 0.375]) {
            assert!((v - shade(d)).abs() < 1e-6);
        }
    }

    #[test]
    fn inside_the_radius_nothing_changes() {
        assert_eq!(factors(0.6), [1.0; 4]);
    }
}
