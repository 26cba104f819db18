//! Advanced blur: a generalised Gaussian, longer in one direction, its weights uneven.

use crate::prelude::*;

params! {
    /// Blurs with a generalised Gaussian that is longer in one direction and has noise in its weights.
    ///
    /// The weights are exp(−½ (u²/σ₁² + v²/σ₂²)^shape), u along the given angle and v across it, each multiplied by a number drawn within
    /// 1 ± `noise` and scaled to a sum of 1; the kernel is cut at three σ, at most 10 pixels. A shape of 1 is a Gaussian, above it
    /// flatter with a steeper rim, below it more pointed. Source: Liu et al., "Estimating Generalized Gaussian Blur Kernels for
    /// Out-of-Focus Image Deblurring", 2020, as Real-ESRGAN (Wang et al., ICCV workshops 2021) degrades pictures. The edge
    /// is mirrored; masks, boxes and points stay.
    pub struct AdvancedBlur("advanced_blur", "blur", aliases: ["GeneralizedGaussianBlur", "GeneralisedGaussianBlur"]) {
        /// Standard deviation along the angle.
        sigma: f64 = real(0.0, 8.0).usual(0.4, 2.0).neutral(0.0).unit("px");
        /// Standard deviation across the angle, as a share of the one along it.
        ratio: f64 = real(0.0, 1.0).usual(0.3, 1.0);
        /// The direction, counter-clockwise as seen.
        degrees: f64 = real(-360.0, 360.0).usual(-90.0, 90.0).unit("degrees");
        /// The exponent of the squared distance.
        shape: f64 = real(0.1, 10.0).by_ratio().usual(0.5, 4.0);
        /// How far weights are multiplied away from 1.
        noise: f64 = real(0.0, 1.0).value(0.1);
        /// The numbers that weights are multiplied by.
        weights: FieldKey = key();
    }
}

/// The greatest distance that the kernel reaches.
const REACH: f64 = 10.0;

impl AdvancedBlur {
    fn kernel(&self) -> Kernel {
        let radians = self.degrees.to_radians();
        let (sin, cos) = (libm::sin(radians), libm::cos(radians));
        // A Gaussian much narrower than a pixel would fall between the pixels.
        let (along, across) = (self.sigma.max(0.25), (self.sigma * self.ratio).max(0.25));
        let half = (3.0 * along).ceil().clamp(1.0, REACH) as usize;
        let mut numbers = Numbers::new(self.weights);
        Kernel::normalised(half, half, |x, y| {
            let (u, v) = ((x * cos - y * sin) / along, (x * sin + y * cos) / across);
            let weight = libm::exp(-0.5 * libm::pow(u * u + v * v, self.shape));
            weight * numbers.between(1.0 - self.noise, 1.0 + self.noise)
        })
    }
}

impl Op for AdvancedBlur {
    fn lower(&self, plan: &mut Builder) {
        if self.sigma > 0.0 {
            plan.push(self.kernel().node());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kernel(ratio: f64, degrees: f64, shape: f64, noise: f64) -> Kernel {
        AdvancedBlur { sigma: 2.0, ratio, degrees, shape, noise, weights: FieldKey(1, 2) }.kernel()
    }

    #[test]
    fn it_is_a_gaussian_at_a_shape_of_one_and_flat_in_the_middle_beyond() {
        let at = |k: &Kernel, x: usize, y: usize| k.weights[(6 + y) * k.width + 6 + x] / k.weights[6 * k.width + 6];
        let round = kernel(1.0, 30.0, 1.0, 0.0);
        assert!((at(&round, 2, 0) - (-0.5f32).exp()).abs() < 1e-5 && (at(&round, 0, 2) - (-0.5f32).exp()).abs() < 1e-5);
        assert!(at(&kernel(1.0, 0.0, 4.0, 0.0), 1, 0) > 0.99);
        let long = kernel(0.4, 0.0, 1.0, 0.0);
        assert!(at(&long, 2, 0) > 10.0 * at(&long, 0, 2));
    }

    #[test]
    fn weights_sum_up_to_one_with_noise_too() {
        let noisy = kernel(0.7, 20.0, 1.5, 0.5);
        assert!((noisy.weights.iter().sum::<f32>() - 1.0).abs() < 1e-5);
        assert_ne!(noisy, kernel(0.7, 20.0, 1.5, 0.0));
    }
}
