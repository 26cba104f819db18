//! Work along one axis of a stack: resampling, and filters that are told frequency by frequency.
//!
//! A scanner's artefacts are products in k-space, the Fourier transform of a volume. Where the factor depends on the
//! frequency along one axis alone, it is a circular convolution along that axis; where it also is the same for k and
//! −k (what is left of any other once the real part is taken), the kernel is real. So no transform is carried out: the
//! kernel is worked out once, and rows are added up, many lines at a time.

use std::f64::consts::TAU;

use variegate_picture::Filter;
use variegate_plan::{Block, Extent};

/// The words for the three axes.
pub const AXES: [&str; 3] = ["depth", "vertical", "horizontal"];

/// The number of an axis: 0 depth, 1 vertical, 2 horizontal.
pub fn number(word: &str) -> usize {
    AXES.iter().position(|axis| *axis == word).unwrap_or(0)
}

/// How often the lines of an axis repeat, and how many values lie from one voxel of a line to the next.
fn strides(block: &Block, axis: usize) -> (usize, usize) {
    let sides = block.extent.sides();
    (sides[..axis].iter().product(), sides[axis + 1..].iter().product::<usize>() * block.channels)
}

/// Lines worked on at once: two copies of 256 of them at 128 voxels stay in the second cache.
const LINES: usize = 256;

/// The whole frequency nearest to zero that index `k` of `n` stands for, without its sign.
pub fn frequency(k: usize, n: usize) -> usize {
    k.min(n - k)
}

/// Multiplies the frequencies along an axis of n voxels by n factors, of which k and n − k are equal.
pub fn filter(block: &mut Block, axis: usize, factors: &[f64]) {
    let n = factors.len();
    let wave: Vec<f64> = (0..n).map(|k| libm::cos(TAU * k as f64 / n as f64)).collect();
    let tap = |d: usize| (0..n).map(|k| factors[k] * wave[k * d % n]).sum::<f64>() / n as f64;
    let kernel: Vec<f32> = (0..n).map(|d| tap(d) as f32).collect();
    let (outer, inner) = strides(block, axis);
    let (mut twice, mut sums) = (Vec::new(), Vec::new());
    for slab in block.values.chunks_exact_mut((n * inner).max(1)).take(outer) {
        for from in (0..inner).step_by(LINES) {
            let lines = LINES.min(inner - from);
            // Two periods one after the other, so that every shift of a period is one stretch.
            twice.clear();
            for k in 0..2 * n {
                twice.extend_from_slice(&slab[k % n * inner + from..][..lines]);
            }
            sums.clear();
            sums.resize(n * lines, 0.0f32);
            for (d, weight) in kernel.iter().enumerate().filter(|(_, weight)| **weight != 0.0) {
                let shifted = &twice[(n - d) * lines..][..n * lines];
                sums.iter_mut().zip(shifted).for_each(|(sum, v)| *sum += weight * v);
            }
            for (k, made) in sums.chunks_exact(lines).enumerate() {
                slab[k * inner + from..][..lines].copy_from_slice(made);
            }
        }
    }
}

/// Brings an axis to `to` voxels: with `antialias` the kernel widens where it shrinks; taps outside are dropped and the
/// others share their weight.
pub fn resample(block: &Block, axis: usize, to: usize, filter: Filter, antialias: bool) -> Block {
    let from = block.extent.sides()[axis];
    let mut sides = block.extent.sides();
    sides[axis] = to;
    let mut made = Block::black(Extent::new(sides[0], sides[1], sides[2]), block.channels);
    let taps: Vec<(usize, Vec<f32>)> = (0..to).map(|k| taps(k, from, to, filter, antialias)).collect();
    let (_, inner) = strides(block, axis);
    let slabs = block.values.chunks_exact((from * inner).max(1));
    for (slab, out) in slabs.zip(made.values.chunks_exact_mut((to * inner).max(1))) {
        for ((first, weights), out) in taps.iter().zip(out.chunks_exact_mut(inner)) {
            for (weight, line) in weights.iter().zip(slab[first * inner..].chunks_exact(inner)) {
                out.iter_mut().zip(line).for_each(|(sum, v)| *sum += weight * v);
            }
        }
    }
    made
}

/// The first voxel that voxel `k` of the result reads, and the weights from there on.
fn taps(k: usize, from: usize, to: usize, filter: Filter, antialias: bool) -> (usize, Vec<f32>) {
    let scale = from as f64 / to as f64;
    let centre = (k as f64 + 0.5) * scale;
    let nearest = (centre as usize).min(from - 1);
    if filter == Filter::Nearest {
        return (nearest, vec![1.0]);
    }
    let wide = if antialias { scale.max(1.0) } else { 1.0 };
    let reach = filter.support() * wide;
    let first = (centre - reach).floor().max(0.0) as usize;
    let end = ((centre + reach).ceil() as usize).min(from);
    let weights: Vec<f64> = (first..end).map(|j| filter.weight((j as f64 + 0.5 - centre) / wide)).collect();
    let sum: f64 = weights.iter().sum();
    if sum.abs() < 1e-9 {
        return (nearest, vec![1.0]);
    }
    (first, weights.into_iter().map(|w| (w / sum) as f32).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wave(extent: Extent, along: usize, turns: f64) -> Block {
        let mut block = Block::black(extent, 1);
        let sides = extent.sides();
        for (k, v) in block.values.iter_mut().enumerate() {
            let place = [k / (sides[1] * sides[2]), k / sides[2] % sides[1], k % sides[2]];
            *v = (0.5 + 0.4 * libm::cos(TAU * turns * place[along] as f64 / sides[along] as f64)) as f32;
        }
        block
    }

    #[test]
    fn a_wave_of_the_axis_is_scaled_by_its_own_factor() {
        for axis in 0..3 {
            let extent = Extent::new(6, 8, 10);
            let n = extent.sides()[axis];
            let factors: Vec<f64> = (0..n).map(|k| if frequency(k, n) == 2 { 0.25 } else { 1.0 }).collect();
            let mut block = wave(extent, axis, 2.0);
            filter(&mut block, axis, &factors);
            // The mean stays; the wave of two turns is a quarter of what it was.
            for (a, b) in block.values.iter().zip(wave(extent, axis, 2.0).values) {
                assert!((a - (0.5 + 0.25 * (b - 0.5))).abs() < 1e-6, "axis {axis}: {a} from {b}");
            }
        }
    }

    #[test]
    fn shrinking_to_half_averages_and_its_own_length_changes_nothing() {
        let block = Block { extent: Extent::new(4, 1, 2), channels: 1, values: vec![0., 9., 2., 9., 4., 9., 6., 9.] };
        assert_eq!(resample(&block, 0, 4, Filter::Bilinear, true), block);
        let half = resample(&block, 0, 2, Filter::Box, true);
        assert_eq!(half.values, vec![1.0, 9.0, 5.0, 9.0]);
    }
}
