//! Speckle noise: the grain of coherent light.

use crate::prelude::*;

params! {
    /// Multiplies every value by one plus normal noise, as coherent light (ultrasound, radar) does.
    ///
    /// out = v · (1 + σ · n), n standard normal, cut at black and white: `skimage.util.random_noise(mode="speckle")`. Masks, boxes
    /// and points stay.
    pub struct SpeckleNoise("speckle_noise", "noise", aliases: ["RandomSpeckleNoise"]) {
        /// Standard deviation of the factor.
        sigma: f64 = real(0.0, 2.0).usual(0.05, 0.25).neutral(0.0);
        /// Whether each channel has its own noise.
        per_channel: bool = flag(true);
        /// The noise.
        noise: FieldKey = key();
    }
}

impl Op for SpeckleNoise {
    fn lower(&self, plan: &mut Builder) {
        let Self { sigma, per_channel, noise: key } = *self;
        plan.push(Node::Noise(Noise { kind: NoiseKind::Speckle, sigma, mean: 0.0, per_channel, key }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::nodes;

    #[test]
    fn black_stays_black() {
        let list = nodes(SpeckleNoise::config().sigma(0.2), (4, 4));
        let [Node::Noise(noise)] = list.as_slice() else { panic!("{list:?}") };
        assert_eq!((noise.kind, noise.sigma), (NoiseKind::Speckle, 0.2));
    }
}
