//! Bias field: uneven gain of an MRI coil.

use variegate_plan::{Block, Extent, Solid};

use crate::prelude::*;

params! {
    /// Multiplies a volume with a smooth random gain, as an uneven coil does.
    ///
    /// The gain is exp(Σ c zⁱ yʲ xᵏ) over all i + j + k ≤ 3, the coordinates running from −1 to 1 between the middles of the
    /// outermost voxels and each of the twenty coefficients c drawn within ± `strength`: the model of Van Leemput et
    /// al., "Automated model-based tissue classification of MR images of the brain", IEEE TMI 1999, as TorchIO's RandomBiasField
    /// has it. Values above white are cut. Needs a volume or video.
    pub struct BiasField("bias_field", "volume", aliases: ["RandomBiasField", "RandBiasField"]) {
        /// Greatest coefficient of the polynomial.
        strength: f64 = real(0.0, 2.0).usual(0.0, 0.3).neutral(0.0);
        /// Shares of the greatest coefficient.
        shares: Vec<f64> = spread(20);
    }
}

impl Op for BiasField {
    fn lower(&self, plan: &mut Builder) {
        if self.strength == 0.0 {
            return;
        }
        let mut coefficients = [[[0.0; 4]; 4]; 4];
        let mut shares = self.shares.iter();
        for i in 0..4 {
            for j in 0..4 - i {
                for k in 0..4 - i - j {
                    coefficients[i][j][k] = self.strength * shares.next().copied().unwrap_or(0.0);
                }
            }
        }
        let extent = plan.extent();
        plan.stack(Gain { coefficients }, extent);
    }
}

/// The exponential of a polynomial; the coefficient of zⁱ yʲ xᵏ stands at [i][j][k].
#[derive(Debug)]
struct Gain {
    coefficients: [[[f64; 4]; 4]; 4],
}

/// A polynomial of degree three.
fn cubic(c: impl Fn(usize) -> f64, t: f64) -> f64 {
    c(0) + t * (c(1) + t * (c(2) + t * c(3)))
}

/// From −1 at the middle of the first voxel to 1 at that of the last.
fn coordinate(k: usize, side: usize) -> f64 {
    if side == 1 { 0.0 } else { 2.0 * k as f64 / (side - 1) as f64 - 1.0 }
}

impl Solid for Gain {
    fn name(&self) -> &'static str {
        "bias_field"
    }

    fn values(&self, mut block: Block, _: Extent) -> Block {
        let (extent, channels, c) = (block.extent, block.channels, &self.coefficients);
        let row = extent.width * channels;
        for (n, values) in block.values.chunks_exact_mut(row).enumerate() {
            let z = coordinate(n / extent.height, extent.depth);
            let y = coordinate(n % extent.height, extent.height);
            // Along a row only x changes: what stands before each of its powers is one number.
            let of_x: [f64; 4] = std::array::from_fn(|k| cubic(|j| cubic(|i| c[i][j][k], z), y));
            for (x, voxel) in values.chunks_exact_mut(channels).enumerate() {
                let gain = libm::expf(cubic(|k| of_x[k], coordinate(x, extent.width)) as f32);
                voxel.iter_mut().for_each(|v| *v *= gain);
            }
        }
        block
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gained(set: impl Fn(&mut [[[f64; 4]; 4]; 4])) -> Vec<f32> {
        let mut coefficients = [[[0.0; 4]; 4]; 4];
        set(&mut coefficients);
        let block = Block { extent: Extent::new(2, 2, 3), channels: 1, values: vec![1.0; 12] };
        Gain { coefficients }.values(block, Extent::new(2, 2, 3)).values
    }

    #[test]
    fn each_coefficient_belongs_to_its_power() {
        let (e, near) = (std::f32::consts::E, |a: f32, b: f32| (a - b).abs() < 1e-5);
        // x alone: 1/e at the left, 1 in the middle, e at the right.
        let made = gained(|c| c[0][0][1] = 1.0);
        assert!(near(made[0], 1.0 / e) && near(made[1], 1.0) && near(made[2], e), "{made:?}");
        // z y: equal signs brighten.
        let made = gained(|c| c[1][1][0] = 1.0);
        assert!(near(made[0], e) && near(made[3], 1.0 / e) && near(made[6], 1.0 / e) && near(made[9], e), "{made:?}");
    }
}
