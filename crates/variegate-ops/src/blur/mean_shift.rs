//! Mean shift: colours drift to where their neighbours crowd.

use crate::prelude::*;

params! {
    /// Flattens areas of like colour and keeps their edges, by mean shift.
    ///
    /// Each pixel's colour moves, `rounds` times, to the mean of the colours around it (square of `radius_px` to each side) that
    /// differ from it by no more than `range` (Euclidean, over the colour channels). Neighbours keep the colours of the input: the
    /// place is fixed, the range follows. Comaniciu and Meer, "Mean Shift: A Robust Approach Toward Feature Space Analysis", PAMI
    /// 2002, moves the place too. Masks, boxes and points stay.
    pub struct MeanShift("mean_shift", "blur", aliases: ["MeanShiftBlur", "pyrMeanShiftFiltering"]) {
        /// How far a neighbour may differ.
        range: f64 = real(0.0, 2.0).usual(0.05, 0.2).neutral(0.0).unit("of white");
        /// How far neighbours lie.
        radius_px: i64 = integer(0, 8).usual(2.0, 3.0).neutral(0.0).unit("px");
        /// How often a colour moves.
        rounds: i64 = integer(1, 8).value(2.0);
    }
}

impl Op for MeanShift {
    fn lower(&self, plan: &mut Builder) {
        if self.range > 0.0 && self.radius_px > 0 {
            let range = self.range as f32;
            paint(plan, Drift { square: range * range, radius: self.radius_px as usize, rounds: self.rounds as usize });
        }
    }
}

#[derive(Debug)]
struct Drift {
    /// The square of the range.
    square: f32,
    radius: usize,
    rounds: usize,
}

impl Drift {
    /// Moves the first `N` channels from `first` on; `N` is 3 where there is colour, 1 otherwise.
    fn shift<const N: usize>(&self, canvas: &mut Canvas, first: usize) {
        let (Size { height, width }, channels) = (canvas.size, canvas.channels);
        let planes: Vec<Vec<f32>> = (first..first + N).map(|c| canvas.plane(c)).collect();
        let mut now = planes.clone();
        let mut sums = vec![[0.0f32; N]; width];
        let mut weights = vec![0.0f32; width];
        for y in 0..height {
            let rows = y.saturating_sub(self.radius)..(y + self.radius + 1).min(height);
            for _ in 0..self.rounds {
                sums.fill([0.0; N]);
                weights.fill(0.0);
                for j in rows.clone() {
                    for dx in 0..=2 * self.radius {
                        // Column x looks at x + dx − radius.
                        let from = self.radius.saturating_sub(dx);
                        let end = (width + self.radius).saturating_sub(dx).min(width);
                        for x in from..end {
                            let at = j * width + x + dx - self.radius;
                            let near: [f32; N] = std::array::from_fn(|c| planes[c][at]);
                            let mut far = 0.0;
                            for c in 0..N {
                                let d = near[c] - now[c][y * width + x];
                                far += d * d;
                            }
                            let weight = if far <= self.square { 1.0 } else { 0.0 };
                            weights[x] += weight;
                            for c in 0..N {
                                sums[x][c] += weight * near[c];
                            }
                        }
                    }
                }
                for x in (0..width).filter(|x| weights[*x] > 0.0) {
                    for c in 0..N {
                        now[c][y * width + x] = sums[x][c] / weights[x];
                    }
                }
            }
        }
        for (k, pixel) in canvas.values.chunks_exact_mut(channels).enumerate() {
            for c in 0..N {
                pixel[first + c] = now[c][k];
            }
        }
    }
}

impl Effect for Drift {
    fn name(&self) -> &'static str {
        "mean shift"
    }

    fn paint(&self, canvas: &mut Canvas) {
        if canvas.has_colour() {
            return self.shift::<3>(canvas, 0);
        }
        (0..canvas.channels).for_each(|c| self.shift::<1>(canvas, c));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn like_values_meet_and_a_step_stays() {
        let values = vec![0.1, 0.2, 0.1, 0.2, 0.8, 0.9, 0.8, 0.9];
        let mut canvas = Canvas { size: Size::new(1, 8), channels: 1, values };
        Drift { square: 0.04, radius: 7, rounds: 1 }.paint(&mut canvas);
        for (k, v) in canvas.values.iter().enumerate() {
            assert!((v - if k < 4 { 0.15 } else { 0.85 }).abs() < 1e-6, "{k}: {v}");
        }
    }
}
