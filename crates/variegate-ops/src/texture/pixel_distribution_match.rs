//! Pixel distribution matching: range, moments or axes of another picture's colours.

use std::sync::Arc;

use crate::prelude::*;
use crate::statistics::{axes, moments, ratio, spread_of};

params! {
    /// Fits the distribution of values to that of another picture.
    ///
    /// `standard`: each channel gets the other's mean and standard deviation; `min_max`: its least and greatest value; `pca`: colours
    /// keep their places along the axes of their spread, and the axes become the other's, mean included (pictures without
    /// colour take `standard`). Then out = (1 − alpha) · v + alpha · matched. The other picture comes from a `bank` or, where none is
    /// given, from the data set (a `Loader` or `Pipeline.batch`), and shares nothing of the label.
    pub struct PixelDistributionMatch("pixel_distribution_match", "texture", aliases: ["PixelDistributionAdaptation"]) {
        /// How much of the change is kept.
        alpha: f64 = real(0.0, 1.0).usual(0.25, 1.0).neutral(0.0).unit("fraction");
        /// What of the distribution is taken.
        method: &'static str = word(&["pca", "standard", "min_max"], "pca");
        /// Where the other picture comes from; the data set, where it is left out.
        bank: Option<Arc<str>> = bank().optional();
        /// The other picture.
        partner: u64 = partner();
    }
}

impl Op for PixelDistributionMatch {
    fn lower(&self, plan: &mut Builder) {
        if self.alpha > 0.0 {
            let fitted = Fitted { alpha: self.alpha as f32, method: self.method };
            paint_with(plan, Other::filling(&self.bank, self.partner), fitted);
        }
    }
}

#[derive(Debug)]
struct Fitted {
    alpha: f32,
    method: &'static str,
}

fn colours(canvas: &Canvas) -> impl Iterator<Item = [f32; 3]> + '_ {
    canvas.values.chunks_exact(canvas.channels).map(|v| [v[0], v[1], v[2]])
}

fn ends(canvas: &Canvas, channel: usize) -> (f32, f32) {
    let values = canvas.values.iter().skip(channel).step_by(canvas.channels);
    values.fold((f32::INFINITY, f32::NEG_INFINITY), |(least, most), v| (least.min(*v), most.max(*v)))
}

impl Duet for Fitted {
    fn name(&self) -> &'static str {
        "pixel distribution match"
    }

    fn paint(&self, canvas: &mut Canvas, other: &Canvas) {
        if self.method == "pca" && canvas.has_colour() {
            let ((from, own), (to, theirs)) = (spread_of(colours(canvas)), spread_of(colours(other)));
            let (own, theirs) = (axes(own), axes(theirs));
            let matrix: [[f32; 3]; 3] = std::array::from_fn(|i| {
                std::array::from_fn(|j| (0..3).map(|k| theirs[k][i] * own[k][j]).sum::<f64>() as f32)
            });
            let (from, to) = (from.map(|v| v as f32), to.map(|v| v as f32));
            canvas.each_pixel(|_, _, v| {
                let x: [f32; 3] = std::array::from_fn(|c| v[c] - from[c]);
                for (c, v) in v.iter_mut().enumerate() {
                    let [a, b, d] = matrix[c];
                    *v += self.alpha * (a * x[0] + b * x[1] + d * x[2] + to[c] - *v);
                }
            });
            return;
        }
        let maps: Vec<(f32, f32)> = (0..canvas.colours())
            .map(|c| {
                let (gain, from, to) = if self.method == "min_max" {
                    let ((least, most), (low, high)) = (ends(canvas, c), ends(other, c));
                    (ratio(most - least, high - low), least, low)
                } else {
                    let ((mean, spread), (m, s)) = (moments(canvas, c), moments(other, c));
                    (ratio(spread, s), mean, m)
                };
                (gain, to - gain * from)
            })
            .collect();
        canvas.each_pixel(|_, _, v| {
            v.iter_mut().zip(&maps).for_each(|(v, (gain, offset))| *v += self.alpha * (gain * *v + offset - *v));
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canvas(channels: usize, values: &[f32]) -> Canvas {
        Canvas { size: Size::new(1, values.len() / channels), channels, values: values.to_vec() }
    }

    fn close(a: &Canvas, b: &[f32]) -> bool {
        a.values.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-4)
    }

    #[test]
    fn ends_meet_ends() {
        let mut own = canvas(1, &[0.2, 0.3, 0.4]);
        Fitted { alpha: 1.0, method: "min_max" }.paint(&mut own, &canvas(1, &[0.9, 0.1, 0.1]));
        assert!(close(&own, &[0.1, 0.5, 0.9]), "{own:?}");
    }

    #[test]
    fn a_red_spread_becomes_a_green_one() {
        let mut own = canvas(3, &[0.2, 0.5, 0.5, 0.4, 0.5, 0.5]);
        Fitted { alpha: 1.0, method: "pca" }.paint(&mut own, &canvas(3, &[0.3, 0.1, 0.6, 0.3, 0.5, 0.6]));
        assert!(close(&own, &[0.3, 0.2, 0.6, 0.3, 0.4, 0.6]), "{own:?}");
    }
}
