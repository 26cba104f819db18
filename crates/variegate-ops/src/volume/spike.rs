//! Spike: stripes from one wrong sample of k-space.

use std::f64::consts::TAU;

use variegate_plan::{Block, Extent, Solid};

use crate::prelude::*;
use crate::space::unit;

params! {
    /// Lays stripes over a volume, as single wrong samples of k-space do.
    ///
    /// Each spike adds strength · m · cos(2π (f · p)), m being the mean of the channel, p the voxel and f a random place of k-space:
    /// what a sample that is `strength` times the strongest one, the central one, adds to the real part of the picture. TorchIO's
    /// RandomSpike states the same in k-space. Needs a volume or video.
    pub struct Spike("spike", "volume", aliases: ["RandomSpike", "KSpaceSpikeNoise", "RandKSpaceSpikeNoise"]) {
        /// How many spikes.
        count: i64 = integer(0, 16).value(1.0).neutral(0.0);
        /// Size of a spike, as a share of the strongest sample.
        strength: f64 = real(0.0, 10.0).usual(0.1, 0.5).neutral(0.0);
        /// Where they lie.
        places: FieldKey = key();
    }
}

impl Op for Spike {
    fn lower(&self, plan: &mut Builder) {
        if self.count == 0 || self.strength == 0.0 {
            return;
        }
        let extent = plan.extent();
        let spike = |k: usize| {
            // A whole frequency from −n/2 on along each axis.
            [0, 1, 2].map(|axis| {
                let n = extent.sides()[axis];
                (unit(self.places, k, axis as u32) * n as f64).floor() - (n / 2) as f64
            })
        };
        let frequencies = (0..self.count as usize).map(spike).collect();
        plan.stack(Stripes { frequencies, strength: self.strength as f32 }, extent);
    }
}

/// Plane waves: whole turns along depth, height and width.
#[derive(Debug)]
struct Stripes {
    frequencies: Vec<[f64; 3]>,
    strength: f32,
}

/// The means of the channels.
fn means(block: &Block) -> Vec<f32> {
    let mut sums = vec![0.0f64; block.channels];
    for voxel in block.values.chunks_exact(block.channels) {
        sums.iter_mut().zip(voxel).for_each(|(sum, v)| *sum += f64::from(*v));
    }
    sums.into_iter().map(|sum| (sum / block.extent.voxels().max(1) as f64) as f32).collect()
}

impl Solid for Stripes {
    fn name(&self) -> &'static str {
        "spike"
    }

    fn values(&self, mut block: Block, _: Extent) -> Block {
        let (extent, channels) = (block.extent, block.channels);
        let heights: Vec<f32> = means(&block).into_iter().map(|mean| self.strength * mean).collect();
        for turns in &self.frequencies {
            let angle = |axis: usize, k: usize| TAU * turns[axis] * k as f64 / extent.sides()[axis] as f64;
            let along: Vec<(f32, f32)> =
                (0..extent.width).map(|x| (libm::cos(angle(2, x)) as f32, libm::sin(angle(2, x)) as f32)).collect();
            for (n, row) in block.values.chunks_exact_mut(extent.width * channels).enumerate() {
                let start = angle(0, n / extent.height) + angle(1, n % extent.height);
                let (cos, sin) = (libm::cos(start) as f32, libm::sin(start) as f32);
                for ((c, s), voxel) in along.iter().zip(row.chunks_exact_mut(channels)) {
                    let wave = cos * c - sin * s;
                    voxel.iter_mut().zip(&heights).for_each(|(v, height)| *v += wave * height);
                }
            }
        }
        block
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_turn_along_the_width_is_one_stripe() {
        let block = Block { extent: Extent::new(1, 2, 4), channels: 1, values: vec![0.5; 8] };
        let stripes = Stripes { frequencies: vec![[0.0, 0.0, 1.0]], strength: 0.2 };
        let made = stripes.values(block, Extent::new(1, 2, 4)).values;
        for (v, want) in made.iter().zip([0.6, 0.5, 0.4, 0.5, 0.6, 0.5, 0.4, 0.5]) {
            assert!((v - want).abs() < 1e-6, "{made:?}");
        }
    }

    #[test]
    fn all_axes_turn_together() {
        let extent = Extent::new(2, 2, 2);
        let block = Block { extent, channels: 1, values: vec![0.5; 8] };
        let stripes = Stripes { frequencies: vec![[1.0, 1.0, 1.0]], strength: 0.2 };
        let made = stripes.values(block, extent).values;
        // Half a turn a voxel: a chessboard.
        for (v, want) in made.iter().zip([0.6, 0.4, 0.4, 0.6, 0.4, 0.6, 0.6, 0.4]) {
            assert!((v - want).abs() < 1e-6, "{made:?}");
        }
    }
}
