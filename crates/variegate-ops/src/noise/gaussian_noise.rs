//! Gaussian noise: the grain of a sensor.

use crate::prelude::*;

params! {
    /// Adds normally distributed noise.
    ///
    /// out = v + σ · n, n standard normal, cut at black and white. The noise of a pixel is drawn from the sample's address and
    /// the pixel's place, so it is the same on every machine.
    pub struct GaussianNoise("gaussian_noise", "noise", aliases: [
        "GaussNoise", "RandomGaussianNoise", "AdditiveGaussianNoise", "RandomNoise", "noise.gaussian"
    ]) {
        /// Standard deviation, as a fraction of white.
        sigma: f64 = real(0.0, 1.0).usual(0.02, 0.1).neutral(0.0).unit("of white");
        /// Whether each channel has its own noise.
        per_channel: bool = flag(true);
        /// The noise.
        noise: FieldKey = key();
    }
}

impl Op for GaussianNoise {
    fn lower(&self, plan: &mut Builder) {
        let Self { sigma, per_channel, noise: key } = *self;
        plan.push(Node::Noise(Noise { kind: NoiseKind::Gaussian, sigma, mean: 0.0, per_channel, key }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::nodes;

    #[test]
    fn its_mean_is_nothing() {
        let list = nodes(GaussianNoise::config().sigma(0.05).per_channel(false), (4, 4));
        let [Node::Noise(noise)] = list.as_slice() else { panic!("{list:?}") };
        assert_eq!((noise.sigma, noise.mean, noise.per_channel), (0.05, 0.0, false));
        assert_ne!(noise.key, FieldKey(0, 0));
    }
}
