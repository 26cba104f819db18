//! Histogram matching: the values of another picture, in the order of this one.

use std::sync::Arc;

use crate::prelude::*;

params! {
    /// Gives each channel the histogram of another picture.
    ///
    /// A value v becomes F⁻¹(G(v)), G being the share of values at or below v here and F the same in the other picture, read
    /// linearly between its values as `skimage.exposure.match_histograms` does; then out = (1 − alpha) · v + alpha · matched.
    /// Values are told apart in 4096 steps, bytes exactly. The other picture comes from a `bank` or, where none is
    /// given, from the data set (a `Loader` or `Pipeline.batch`), and shares nothing of the label.
    pub struct HistogramMatch("histogram_match", "texture", aliases: ["HistogramMatching"]) {
        /// How much of the change is kept.
        alpha: f64 = real(0.0, 1.0).usual(0.5, 1.0).neutral(0.0).unit("fraction");
        /// Where the other picture comes from; the data set, where it is left out.
        bank: Option<Arc<str>> = bank().optional();
        /// The other picture.
        partner: u64 = partner();
    }
}

impl Op for HistogramMatch {
    fn lower(&self, plan: &mut Builder) {
        if self.alpha > 0.0 {
            paint_with(plan, Other::filling(&self.bank, self.partner), Matched { alpha: self.alpha as f32 });
        }
    }
}

/// Steps of a histogram: a multiple of 255, so that each byte has one of its own.
const STEPS: usize = 255 * 16;

#[derive(Debug)]
struct Matched {
    alpha: f32,
}

fn step(v: f32) -> usize {
    (v.clamp(0.0, 1.0) * STEPS as f32 + 0.5) as i32 as usize
}

/// How many values lie at or below each step.
fn counted(canvas: &Canvas, channel: usize) -> Vec<u32> {
    let mut counts = vec![0u32; STEPS + 1];
    canvas.values.chunks_exact(canvas.channels).for_each(|pixel| counts[step(pixel[channel])] += 1);
    let mut sum = 0;
    counts.iter_mut().for_each(|count| {
        sum += *count;
        *count = sum;
    });
    counts
}

/// The value of the other picture at each step of this one.
fn table(own: &[u32], other: &[u32]) -> Vec<f32> {
    // The steps that occur, with their counts.
    let occurring = (0..=STEPS).filter(|k| other[*k] > if *k == 0 { 0 } else { other[*k - 1] });
    let points: Vec<(f64, f64)> = occurring.map(|k| (f64::from(other[k]), k as f64 / STEPS as f64)).collect();
    let mut at = 0;
    let value = |count: &u32| {
        let sought = f64::from(*count);
        while at + 1 < points.len() && points[at].0 < sought {
            at += 1;
        }
        let (to, high) = points.get(at).copied().unwrap_or_default();
        if at == 0 || to <= sought {
            return high as f32;
        }
        let (from, low) = points[at - 1];
        (low + (high - low) * (sought - from) / (to - from)) as f32
    };
    own.iter().map(value).collect()
}

impl Duet for Matched {
    fn name(&self) -> &'static str {
        "histogram match"
    }

    fn paint(&self, canvas: &mut Canvas, other: &Canvas) {
        let tables: Vec<Vec<f32>> =
            (0..canvas.colours()).map(|c| table(&counted(canvas, c), &counted(other, c))).collect();
        canvas.each_pixel(|_, _, colours| {
            for (v, table) in colours.iter_mut().zip(&tables) {
                *v += self.alpha * (table[step(*v)] - *v);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grey(values: &[f32]) -> Canvas {
        Canvas { size: Size::new(1, values.len()), channels: 1, values: values.to_vec() }
    }

    #[test]
    fn ranks_take_the_values_of_the_other() {
        let mut canvas = grey(&[0.4, 0.2, 0.6, 0.8]);
        Matched { alpha: 1.0 }.paint(&mut canvas, &grey(&[1.0, 0.0, 0.2, 0.6]));
        for (got, want) in canvas.values.iter().zip([0.2, 0.0, 0.6, 1.0]) {
            assert!((got - want).abs() < 1e-6, "{canvas:?}");
        }
    }

    #[test]
    fn half_of_alpha_goes_half_of_the_way() {
        let mut canvas = grey(&[0.2, 0.4]);
        Matched { alpha: 0.5 }.paint(&mut canvas, &grey(&[0.6, 0.8]));
        assert!((canvas.values[0] - 0.4).abs() < 1e-6 && (canvas.values[1] - 0.6).abs() < 1e-6);
    }

    #[test]
    fn a_bank_makes_a_data_set_unnecessary_and_must_exist() {
        let build = |config| crate::Pipeline::builder().then(config).build();
        assert!(build(HistogramMatch::config()).expect("builds").mixes());
        assert!(!build(HistogramMatch::config().bank("procedural".to_string())).expect("builds").mixes());
        let error = build(HistogramMatch::config().bank("/no/such".to_string())).expect_err("no folder");
        assert!(error.message().contains("\"/no/such\""), "{error}");
    }
}
