//! Sharpness: farther from the smooth picture, or nearer to it.

use crate::prelude::*;

params! {
    /// Sharpens above 1 and smooths below.
    ///
    /// out = s + factor · (v − s), cut at black and white, s the mean of 3 × 3 pixels in which the middle one counts five times
    /// (weights 1/13 and 5/13). The pixels of the rim stay as they are. `PIL.ImageEnhance.Sharpness` and torchvision's
    /// `adjust_sharpness`; Keras filters the rim too.
    pub struct Sharpness("sharpness", "colour", aliases: [
        "RandomSharpness", "RandomAdjustSharpness", "EnhanceSharpness", "adjust_sharpness"
    ]) {
        /// What distances from the smooth picture are multiplied by; one number f means from 1 − f to 1 + f.
        factor: f64 = real(0.0, 100.0).jitter(Jitter::AroundOne).usual(0.2, 1.8).neutral(1.0);
    }
}

impl Op for Sharpness {
    fn lower(&self, plan: &mut Builder) {
        let Size { height, width } = plan.size();
        if self.factor != 1.0 && height > 2 && width > 2 {
            paint(plan, FromSmooth { factor: self.factor as f32 });
        }
    }
}

#[derive(Debug)]
struct FromSmooth {
    factor: f32,
}

impl Effect for FromSmooth {
    fn name(&self) -> &'static str {
        "sharpness"
    }

    fn paint(&self, canvas: &mut Canvas) {
        let Size { height, width } = canvas.size;
        if height < 3 || width < 3 {
            return;
        }
        let (channels, source) = (canvas.channels, canvas.clone());
        let inner = channels..(width - 1) * channels;
        let mut columns = vec![0.0f32; width * channels];
        for y in 1..height - 1 {
            let (above, here, below) = (source.row(y - 1), source.row(y), source.row(y + 1));
            for (k, sum) in columns.iter_mut().enumerate() {
                *sum = above[k] + here[k] + below[k];
            }
            let (left, right) = (&columns[..inner.len()], &columns[2 * channels..]);
            let (middle, here) = (&columns[inner.clone()], &here[inner.clone()]);
            let row = &mut canvas.row_mut(y)[inner.clone()];
            for k in 0..row.len() {
                let smooth = (left[k] + middle[k] + right[k] + 4.0 * here[k]) / 13.0;
                row[k] = smooth + self.factor * (here[k] - smooth);
            }
            if channels == 4 {
                row.iter_mut().zip(here).skip(3).step_by(4).for_each(|(v, alpha)| *v = *alpha);
            }
        }
    }

    fn spread(&self) -> f64 {
        let factor = f64::from(self.factor);
        factor.abs() + (1.0 - factor).abs()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dot(factor: f32, channels: usize) -> Canvas {
        let mut canvas = Canvas::black(Size::new(3, 4), channels);
        canvas.row_mut(1)[channels..2 * channels].fill(0.13);
        FromSmooth { factor }.paint(&mut canvas);
        canvas
    }

    #[test]
    fn without_factor_only_the_smooth_picture_is_left() {
        let canvas = dot(0.0, 1);
        assert!((canvas.row(1)[1] - 0.05).abs() < 1e-6 && (canvas.row(1)[2] - 0.01).abs() < 1e-6);
        assert_eq!((canvas.row(0)[1], canvas.row(1)[0]), (0.0, 0.0), "the rim stays");
    }

    #[test]
    fn a_factor_of_two_doubles_the_distance() {
        assert!((dot(2.0, 3).row(1)[3] - 0.21).abs() < 1e-6);
    }

    #[test]
    fn alpha_stays() {
        let canvas = dot(0.0, 4);
        assert_eq!(canvas.plane(3)[5], 0.13);
        assert!((canvas.plane(2)[5] - 0.05).abs() < 1e-6);
    }
}
