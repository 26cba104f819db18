//! Statistics mix: mean and spread of another picture.

use std::sync::Arc;

use crate::prelude::*;
use crate::statistics::{moments, ratio};

params! {
    /// Mixes mean and standard deviation of each channel with those of another picture.
    ///
    /// With μ and σ of this picture, m and s of the other, v becomes (v − μ) / σ · ((1 − alpha) σ + alpha s) + (1 − alpha) μ + alpha m:
    /// AdaIN, MixStyle and moment exchange on the pixels themselves. The other picture comes from a `bank` or, where none is
    /// given, from the data set (a `Loader` or `Pipeline.batch`), and shares nothing of the label. Sources: Huang and Belongie,
    /// ICCV 2017; Zhou et al., "Domain Generalization with MixStyle", ICLR 2021; Li et al., "On Feature Normalization and Data
    /// Augmentation", CVPR 2021.
    pub struct StatisticsMix("statistics_mix", "texture", aliases: ["MixStyle", "AdaIN", "MoEx"]) {
        /// How much of the other picture's statistics is taken.
        alpha: f64 = real(0.0, 1.0).usual(0.2, 1.0).neutral(0.0).unit("fraction");
        /// Where the other picture comes from; the data set, where it is left out.
        bank: Option<Arc<str>> = bank().optional();
        /// The other picture.
        partner: u64 = partner();
    }
}

impl Op for StatisticsMix {
    fn lower(&self, plan: &mut Builder) {
        if self.alpha > 0.0 {
            paint_with(plan, Other::filling(&self.bank, self.partner), Moments { alpha: self.alpha as f32 });
        }
    }
}

#[derive(Debug)]
struct Moments {
    alpha: f32,
}

impl Duet for Moments {
    fn name(&self) -> &'static str {
        "statistics mix"
    }

    fn paint(&self, canvas: &mut Canvas, other: &Canvas) {
        let between = |a: f32, b: f32| a + self.alpha * (b - a);
        let maps: Vec<(f32, f32)> = (0..canvas.colours())
            .map(|c| {
                let ((mean, spread), (m, s)) = (moments(canvas, c), moments(other, c));
                let gain = ratio(spread, between(spread, s));
                (gain, between(mean, m) - gain * mean)
            })
            .collect();
        canvas.each_pixel(|_, _, colours| {
            colours.iter_mut().zip(&maps).for_each(|(v, (gain, offset))| *v = gain * *v + offset);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_alpha_is_half_way_between_the_moments() {
        let grey = |values: [f32; 2]| Canvas { size: Size::new(1, 2), channels: 1, values: values.to_vec() };
        let mut canvas = grey([0.1, 0.3]);
        Moments { alpha: 0.5 }.paint(&mut canvas, &grey([0.5, 0.9]));
        // Mean 0.45, deviation 0.15.
        assert!((canvas.values[0] - 0.3).abs() < 1e-5 && (canvas.values[1] - 0.6).abs() < 1e-5, "{canvas:?}");
    }

    #[test]
    fn a_plain_picture_takes_the_mean_alone() {
        let mut canvas = Canvas { size: Size::new(1, 2), channels: 1, values: vec![0.2; 2] };
        let other = Canvas { values: vec![0.4, 0.8], ..canvas.clone() };
        Moments { alpha: 1.0 }.paint(&mut canvas, &other);
        assert!(canvas.values.iter().all(|v| (v - 0.6).abs() < 1e-6), "{canvas:?}");
    }
}
