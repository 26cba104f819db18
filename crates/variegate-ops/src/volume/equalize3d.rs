//! Equalize in space: as many voxels dark as light.

use variegate_plan::{Block, Extent, Solid};

use crate::prelude::*;

params! {
    /// Flattens the histogram of each channel over a whole volume or clip.
    ///
    /// Every value becomes the share of voxels up to it, less those of the lowest value there is, over all but those, from a histogram
    /// of 256 values; in between it is linear. A channel of one value stays. Unlike `equalize`, which flattens each slice by
    /// itself, it keeps the differences between slices. out = v + strength · (flat − v). Needs a volume or video.
    pub struct Equalize3d("equalize3d", "volume", aliases: ["RandomEqualize3D", "HistogramNormalize"]) {
        /// How much of it, 0 nothing to 1 all of it.
        strength: f64 = real(0.0, 1.0).usual(0.5, 1.0).neutral(0.0);
    }
}

impl Op for Equalize3d {
    fn lower(&self, plan: &mut Builder) {
        if self.strength > 0.0 {
            let extent = plan.extent();
            plan.stack(Flat { strength: self.strength as f32 }, extent);
        }
    }
}

#[derive(Debug)]
struct Flat {
    strength: f32,
}

/// The place of a value among 256, and how far it is on the way to the next.
fn level(v: f32) -> (usize, f32) {
    let place = v.clamp(0.0, 1.0) * 255.0;
    let low = (place as usize).min(254);
    (low, place - low as f32)
}

impl Flat {
    /// What each of 256 values becomes; none for a channel of one value.
    fn table(values: impl Iterator<Item = f32>) -> Option<Vec<f32>> {
        let mut counts = [0u64; 256];
        values.for_each(|v| counts[(v.clamp(0.0, 1.0) * 255.0 + 0.5) as usize] += 1);
        let first = counts.iter().find(|n| **n > 0).copied()?;
        let rest = counts.iter().sum::<u64>() - first;
        let mut below = 0;
        let share = |n: &u64| {
            below += n;
            below.saturating_sub(first) as f32 / rest as f32
        };
        (rest > 0).then(|| counts.iter().map(share).collect())
    }
}

impl Solid for Flat {
    fn name(&self) -> &'static str {
        "equalize3d"
    }

    fn values(&self, mut block: Block, _: Extent) -> Block {
        let channels = block.channels;
        for c in 0..channels {
            let Some(table) = Self::table(block.values.iter().skip(c).step_by(channels).copied()) else { continue };
            for v in block.values.iter_mut().skip(c).step_by(channels) {
                let (low, share) = level(*v);
                let flat = table[low] + (table[low + 1] - table[low]) * share;
                *v += self.strength * (flat - *v);
            }
        }
        block
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::through;

    #[test]
    fn three_heaps_are_spread_over_the_range_of_all_slices() {
        let values = [100.0, 101.0, 101.0, 102.0, 102.0, 100.0].map(|v| v / 255.0).to_vec();
        let block = Block { extent: Extent::new(3, 1, 2), channels: 1, values };
        let made = through(Equalize3d::config().strength(1.0), block);
        for (v, expected) in made.values.into_iter().zip([0.0, 0.5, 0.5, 1.0, 1.0, 0.0]) {
            assert!((v - expected).abs() < 1e-3, "{v} {expected}");
        }
    }
}
