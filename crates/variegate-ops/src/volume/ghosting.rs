//! Ghosting: faint copies of a moving patient.

use variegate_plan::{Block, Extent, Solid};

use crate::axis::{AXES, filter, frequency, number};
use crate::prelude::*;

params! {
    /// Lays faint shifted copies of a volume over it, as periodic motion in an MRI scanner does.
    ///
    /// Along `axis`, every frequency whose number is a multiple of `count` is damped by `strength`, but for the central ones, of which
    /// `restore` counts the share. The copies lie a `count`-th of the side apart, darker than what they cover. It is the fact of
    /// TorchIO's RandomGhosting, where frequencies are counted from the end. Needs a volume or video.
    pub struct Ghosting("ghosting", "volume", aliases: ["RandomGhosting", "GhostingArtifact"]) {
        /// How many copies.
        count: i64 = integer(2, 64).usual(4.0, 10.0);
        /// How far the frequencies are damped.
        strength: f64 = real(0.0, 1.0).usual(0.5, 1.0).neutral(0.0);
        /// Share of the frequencies, around the centre, that stay.
        restore: f64 = real(0.0, 1.0).value(0.02).neutral(1.0).unit("fraction");
        /// Along which axis the copies lie.
        axis: &'static str = word(&AXES, "vertical");
    }
}

impl Op for Ghosting {
    fn lower(&self, plan: &mut Builder) {
        let extent = plan.extent();
        let axis = number(self.axis);
        let n = extent.sides()[axis];
        let kept = self.restore * n as f64 / 2.0;
        let damped = |k: usize| {
            let k = frequency(k, n);
            k != 0 && k as f64 > kept && k.is_multiple_of(self.count as usize)
        };
        let factors: Vec<f64> = (0..n).map(|k| if damped(k) { 1.0 - self.strength } else { 1.0 }).collect();
        if factors.iter().all(|factor| *factor == 1.0) {
            return;
        }
        plan.stack(Lines { axis, factors }, extent);
    }
}

/// Damped lines of k-space.
#[derive(Debug)]
struct Lines {
    axis: usize,
    factors: Vec<f64>,
}

impl Solid for Lines {
    fn name(&self) -> &'static str {
        "ghosting"
    }

    fn values(&self, mut block: Block, _: Extent) -> Block {
        filter(&mut block, self.axis, &self.factors);
        block
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::through;

    #[test]
    fn a_line_of_light_gets_its_ghosts_at_every_fourth_of_the_side() {
        let extent = Extent::new(1, 16, 2);
        let mut block = Block { extent, channels: 1, values: vec![0.5; 32] };
        block.values[2 * 3..2 * 4].fill(0.9);
        let config = Ghosting::config().count(4i64).strength(1.0).restore(0.0).axis("vertical");
        let made = through(config, block.clone());
        // All frequencies but 0, 4, 8 and 12 stay: a quarter of the light is taken at rows 3, 7, 11 and 15, and its
        // mean over all sixteen given back everywhere.
        for y in 0..16 {
            let ghost = if y % 4 == 3 { 0.1 } else { 0.0 };
            let want = block.values[2 * y] - ghost + 0.4 / 16.0;
            assert!((made.values[2 * y] - want).abs() < 1e-6, "{y}: {}", made.values[2 * y]);
        }
    }
}
