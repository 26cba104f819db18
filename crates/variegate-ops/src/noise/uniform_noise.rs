//! Uniform noise: every change up to a limit is as likely as any other.

use crate::prelude::*;

params! {
    /// Adds noise in which every change up to a limit is equally likely.
    ///
    /// out = v + r · u, u uniform in (−1, 1) and r the reach, cut at black and white. Masks, boxes and points stay.
    pub struct UniformNoise("uniform_noise", "noise", aliases: ["AdditiveNoise"]) {
        /// The greatest change.
        reach: f64 = real(0.0, 1.0).usual(0.03, 0.15).neutral(0.0).unit("of white");
        /// Whether each channel has its own noise.
        per_channel: bool = flag(true);
        /// The noise.
        noise: FieldKey = key();
    }
}

impl Op for UniformNoise {
    fn lower(&self, plan: &mut Builder) {
        let Self { reach, per_channel, noise: key } = *self;
        let sigma = reach / 3f64.sqrt();
        plan.push(Node::Noise(Noise { kind: NoiseKind::Uniform, sigma, mean: 0.0, per_channel, key }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::nodes;

    #[test]
    fn a_reach_is_root_three_deviations() {
        let list = nodes(UniformNoise::config().reach(0.3), (4, 4));
        let [Node::Noise(noise)] = list.as_slice() else { panic!("{list:?}") };
        assert!((noise.sigma * noise.sigma * 3.0 - 0.09).abs() < 1e-12 && noise.mean == 0.0);
    }
}
