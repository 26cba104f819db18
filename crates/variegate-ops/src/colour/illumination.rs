//! Illumination: light that falls unevenly.

use std::sync::Arc;

use crate::prelude::*;

params! {
    /// Lights the picture unevenly.
    ///
    /// out = v · (1 + strength · g), cut at black and white. `linear`: g grows evenly from −1 at one end of the picture to 1 at
    /// the other, towards `degrees`. `corner`: g falls from 1 in the corner that lies towards `degrees` to 0 in the opposite one.
    /// `gaussian`: g = exp(−d² / 2 σ²), d the distance from (`x`, `y`), a spot of light or shade. The patterns of
    /// Albumentations' Illumination, whose corner darkens what is far from it and whose σ counts in longer sides; Kornia adds
    /// where this multiplies.
    pub struct Illumination("illumination", "colour", aliases: [
        "RandomLinearIllumination", "RandomLinearCornerIllumination", "RandomGaussianIllumination", "lighting_gradient"
    ]) {
        /// How light is distributed.
        pattern: &'static str = word(&["linear", "corner", "gaussian"], "linear");
        /// How strong the light is; below 0 it is shade.
        strength: f64 = real(-1.0, 1.0).usual(-0.4, 0.4).neutral(0.0);
        /// Where the light comes from, counter-clockwise from the right, for `linear` and `corner`.
        degrees: f64 = real(-3600.0, 3600.0).usual(0.0, 360.0).unit("degrees");
        /// Centre of the spot, 0 left to 1 right, for `gaussian`.
        x: f64 = real(0.0, 1.0).usual(0.1, 0.9).unit("fraction");
        /// Centre of the spot, 0 top to 1 bottom, for `gaussian`.
        y: f64 = real(0.0, 1.0).usual(0.1, 0.9).unit("fraction");
        /// Standard deviation of the spot, as a fraction of the shorter side, for `gaussian`.
        sigma: f64 = real(0.01, 10.0).usual(0.2, 0.8).unit("fraction");
    }
}

impl Op for Illumination {
    fn lower(&self, plan: &mut Builder) {
        if self.strength == 0.0 {
            return;
        }
        let (height, width) = (plan.size().height as f64, plan.size().width as f64);
        let centre = |k: usize| k as f64 + 0.5;
        let radians = self.degrees.rem_euclid(360.0).to_radians();
        // y points down, angles turn counter-clockwise as seen.
        let (right, down) = (libm::cos(radians), -libm::sin(radians));
        let lit = |g: f64| 1.0 + self.strength * g;
        match self.pattern {
            "corner" => {
                let corner = Point::new(if right >= 0.0 { width } else { 0.0 }, if down > 0.0 { height } else { 0.0 });
                let diagonal = (width * width + height * height).sqrt();
                shade(plan, |row, column| {
                    let (dx, dy) = (centre(column) - corner.x, centre(row) - corner.y);
                    lit(1.0 - (dx * dx + dy * dy).sqrt() / diagonal)
                });
            }
            "gaussian" => {
                let sigma = self.sigma * plan.size().shorter() as f64;
                let bell = |n: usize, at: f64| -> Vec<f64> {
                    let of = |d: f64| libm::exp(-d * d / (2.0 * sigma * sigma));
                    (0..n).map(|k| of(centre(k) - at)).collect()
                };
                let (across, down) =
                    (bell(plan.size().width, self.x * width), bell(plan.size().height, self.y * height));
                shade(plan, |row, column| lit(down[row] * across[column]));
            }
            _ => {
                let reach = (right.abs() * width + down.abs() * height) / 2.0;
                shade(plan, |row, column| {
                    lit(((centre(column) - width / 2.0) * right + (centre(row) - height / 2.0) * down) / reach)
                });
            }
        }
    }
}

/// Multiplies the values of each pixel by a factor of its row and column.
pub(crate) fn shade(plan: &mut Builder, factor: impl Fn(usize, usize) -> f64) {
    let size = plan.size();
    let mut values = Vec::with_capacity(size.pixels());
    for row in 0..size.height {
        values.extend((0..size.width).map(|column| factor(row, column) as f32));
    }
    let layer = Arc::new(Layer { size, channels: 1, values, mask: None });
    plan.push(Node::Blend(Blend { layer, mode: BlendMode::Multiply, opacity: 1.0 }));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::nodes;

    fn factors(config: crate::Config<Illumination>) -> Vec<f32> {
        let list = nodes(config.strength(0.5), (4, 4));
        let [Node::Blend(blend)] = list.as_slice() else { panic!("{list:?}") };
        blend.layer.values.clone()
    }

    #[test]
    fn light_from_above_is_brightest_there() {
        let list = factors(Illumination::config().degrees(90.0));
        // Rows lie at −3/4, −1/4, 1/4 and 3/4 of the way down.
        for (row, expected) in list.chunks(4).zip([1.375, 1.125, 0.875, 0.625]) {
            assert!(row.iter().all(|v| (v - expected).abs() < 1e-6), "{list:?}");
        }
    }

    #[test]
    fn light_from_a_corner_falls_to_nothing_at_the_other() {
        let list = factors(Illumination::config().pattern("corner").degrees(225.0));
        let most = list.iter().copied().fold(0.0, f32::max);
        // The lower left pixel, half a pixel of four away from its corner in both directions.
        assert_eq!(list[12], most);
        assert!((most - (1.0 + 0.5 * 7.0 / 8.0)).abs() < 1e-6 && (list[3] - (1.0 + 0.5 / 8.0)).abs() < 1e-6);
    }

    #[test]
    fn a_spot_is_round() {
        let list = factors(Illumination::config().pattern("gaussian").x(0.5).y(0.5).sigma(0.25));
        let near = 1.0 + 0.5 * libm::exp(-0.25) as f32;
        assert!([5, 6, 9, 10].iter().all(|k| (list[*k] - near).abs() < 1e-6));
        assert!(list[0] < list[1] && list[1] < near);
    }
}
