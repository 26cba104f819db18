//! Gibbs: ringing beside edges.

use variegate_plan::{Block, Extent, Solid};

use crate::axis::{filter, frequency, number};
use crate::prelude::*;

params! {
    /// Cuts high frequencies off, so that edges ring, as a scan of few lines does.
    ///
    /// Of the frequencies along each chosen axis only those of at most `keep` times the highest stay, with a sharp end (Gibbs
    /// 1899; about nine hundredths of a step overshoot beside it). MONAI's GibbsNoise cuts at a sphere instead. Needs a
    /// volume or video.
    pub struct Gibbs("gibbs", "volume", aliases: ["GibbsNoise", "RandGibbsNoise", "GibbsRinging"]) {
        /// Share of the frequencies that stay.
        keep: f64 = real(0.01, 1.0).usual(0.3, 0.7).neutral(1.0).unit("fraction");
        /// Along which axis; or along all.
        axis: &'static str = word(&["all", "depth", "vertical", "horizontal"], "all");
    }
}

impl Op for Gibbs {
    fn lower(&self, plan: &mut Builder) {
        let extent = plan.extent();
        let chosen = |axis: &usize| self.axis == "all" || number(self.axis) == *axis;
        let cut = |axis: usize| {
            let n = extent.sides()[axis];
            let highest = self.keep * (n / 2) as f64;
            let factors: Vec<f64> = (0..n).map(|k| f64::from(u8::from(frequency(k, n) as f64 <= highest))).collect();
            (axis, factors)
        };
        let cuts: Vec<_> = (0..3).filter(chosen).map(cut).filter(|(_, list)| list.contains(&0.0)).collect();
        if !cuts.is_empty() {
            plan.stack(Cut { cuts }, extent);
        }
    }
}

/// The frequencies that stay, by axis.
#[derive(Debug)]
struct Cut {
    cuts: Vec<(usize, Vec<f64>)>,
}

impl Solid for Cut {
    fn name(&self) -> &'static str {
        "gibbs"
    }

    fn values(&self, mut block: Block, _: Extent) -> Block {
        for (axis, factors) in &self.cuts {
            filter(&mut block, *axis, factors);
        }
        block
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::through;

    #[test]
    fn a_plain_volume_stays_and_an_edge_rings_by_nine_hundredths() {
        let extent = Extent::new(1, 1, 256);
        let step = |k: usize| if (64..192).contains(&k) { 0.7 } else { 0.2 };
        let block = Block { extent, channels: 1, values: (0..256).map(step).collect() };
        let made = through(Gibbs::config().keep(0.2), block);
        let most = made.values.iter().copied().fold(0.0, f32::max);
        assert!(((most - 0.7) / 0.5 - 0.0895).abs() < 0.01, "{most}");
        let plain = Block { extent, channels: 1, values: vec![0.4; 256] };
        assert!(through(Gibbs::config().keep(0.2), plain).values.iter().all(|v| (v - 0.4).abs() < 1e-5));
    }
}
