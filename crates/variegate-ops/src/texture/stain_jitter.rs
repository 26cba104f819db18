//! Stain jitter: haematoxylin, eosin and DAB, stronger or weaker.

use crate::prelude::*;

params! {
    /// Scales and shifts the stains of a slide: haematoxylin, eosin and DAB.
    ///
    /// Optical densities −ln v are split into the three stains of Ruifrok and Johnston (2001), each concentration c becomes
    /// (1 + s · u) · c + s · w with u and w uniform between −1 and 1, and the densities are put together again. Values below half a
    /// level of 255 count as that. Pictures without colour stay as they are. Source: Tellez et al., "Quantifying the effects
    /// of data augmentation and stain color normalization", Medical Image Analysis 2019.
    pub struct StainJitter("stain_jitter", "texture", aliases: ["HEDJitter", "RandomHEDJitter", "HedPerturbation"]) {
        /// How far concentrations change: s.
        strength: f64 = real(0.0, 1.0).usual(0.02, 0.1).neutral(0.0);
        /// Factors and shifts of the three stains.
        change: Vec<f64> = spread(6);
    }
}

impl Op for StainJitter {
    fn lower(&self, plan: &mut Builder) {
        if self.strength > 0.0 && matches!(plan.frame().channels, 3 | 4) {
            paint(plan, Stained::of(self.strength, &self.change));
        }
    }
}

/// What one part of each stain adds to the densities of red, green and blue.
const STAINS: [[f64; 3]; 3] = [[0.65, 0.70, 0.29], [0.07, 0.99, 0.11], [0.27, 0.57, 0.78]];

/// The logarithm of each value, in steps of which each byte has one of its own.
const STEPS: usize = 255 * 16;

/// ln out = matrix · ln in + shift.
#[derive(Debug)]
struct Stained {
    matrix: [[f32; 3]; 3],
    shift: [f32; 3],
}

/// The inverse of a matrix that has one.
fn inverse(m: [[f64; 3]; 3]) -> [[f64; 3]; 3] {
    let minor = |i: usize, j: usize| {
        let (a, b, c, d) = ((i + 1) % 3, (i + 2) % 3, (j + 1) % 3, (j + 2) % 3);
        m[a][c] * m[b][d] - m[a][d] * m[b][c]
    };
    let whole: f64 = (0..3).map(|j| m[0][j] * minor(0, j)).sum();
    std::array::from_fn(|i| std::array::from_fn(|j| minor(j, i) / whole))
}

impl Stained {
    fn of(strength: f64, change: &[f64]) -> Self {
        let drawn = |k: usize| strength * change.get(k).copied().unwrap_or(0.0);
        let back = inverse(STAINS);
        let matrix = std::array::from_fn(|i| {
            std::array::from_fn(|k| (0..3).map(|j| back[k][j] * (1.0 + drawn(j)) * STAINS[j][i]).sum::<f64>() as f32)
        });
        let shift = std::array::from_fn(|i| -(0..3).map(|j| drawn(3 + j) * STAINS[j][i]).sum::<f64>() as f32);
        Self { matrix, shift }
    }
}

impl Effect for Stained {
    fn name(&self) -> &'static str {
        "stain jitter"
    }

    fn paint(&self, canvas: &mut Canvas) {
        let least = 0.5 / 255.0f32;
        let logs: Vec<f32> = (0..=STEPS).map(|k| libm::logf((k as f32 / STEPS as f32).max(least))).collect();
        canvas.each_pixel(|_, _, v| {
            let log = |v: f32| logs[(v.clamp(0.0, 1.0) * STEPS as f32 + 0.5) as usize];
            let x = [log(v[0]), log(v[1]), log(v[2])];
            for (c, v) in v.iter_mut().enumerate() {
                let [r, g, b] = self.matrix[c];
                *v = libm::expf(r * x[0] + g * x[1] + b * x[2] + self.shift[c]);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(change: [f64; 6], rgb: [f32; 3]) -> Vec<f32> {
        let mut canvas = Canvas { size: Size::new(1, 1), channels: 3, values: rgb.to_vec() };
        Stained::of(1.0, &change).paint(&mut canvas);
        canvas.values
    }

    fn close(a: &[f32], b: [f32; 3]) -> bool {
        a.iter().zip(b).all(|(a, b)| (a - b).abs() < 2e-3)
    }

    #[test]
    fn no_change_is_no_change_and_white_has_no_stain() {
        assert!(close(&made([0.0; 6], [0.2, 0.4, 0.8]), [0.2, 0.4, 0.8]));
        assert!(close(&made([0.5, -0.5, 0.9, 0.0, 0.0, 0.0], [1.0; 3]), [1.0; 3]));
    }

    #[test]
    fn twice_the_haematoxylin_is_its_colour_twice_over() {
        let once: [f32; 3] = STAINS[0].map(|d| libm::exp(-0.5 * d) as f32);
        assert!(close(&made([1.0, 0.0, 0.0, 0.0, 0.0, 0.0], once), once.map(|v| v * v)));
        // A shift by 0.5 on a white slide is half a part of it.
        assert!(close(&made([0.0, 0.0, 0.0, 0.5, 0.0, 0.0], [1.0; 3]), once));
    }
}
