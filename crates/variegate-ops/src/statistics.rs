//! Means, spreads and axes of the values of a picture.
//!
//! Operations that give one picture the statistics of another call it. Sums are in 64 bits and in one order.

use crate::effect::Canvas;

/// Mean and standard deviation of one channel.
pub fn moments(canvas: &Canvas, channel: usize) -> (f32, f32) {
    moments_of(&canvas.values, canvas.channels, channel)
}

/// The same of values that lie side by side, `step` of them a pixel.
pub fn moments_of(values: &[f32], step: usize, channel: usize) -> (f32, f32) {
    // Four sums: one would wait for itself.
    let (mut sums, mut squares) = ([0.0f64; 4], [0.0f64; 4]);
    let mut groups = values.chunks_exact(4 * step);
    for group in &mut groups {
        for lane in 0..4 {
            let v = f64::from(group[lane * step + channel]);
            sums[lane] += v;
            squares[lane] += v * v;
        }
    }
    for pixel in groups.remainder().chunks_exact(step) {
        let v = f64::from(pixel[channel]);
        sums[0] += v;
        squares[0] += v * v;
    }
    let n = (values.len() / step) as f64;
    let (sum, squares): (f64, f64) = (sums.iter().sum(), squares.iter().sum());
    let mean = sum / n;
    (mean as f32, (squares / n - mean * mean).max(0.0).sqrt() as f32)
}

/// The factor that brings a spread to another, 1 where there is none to begin with.
pub fn ratio(from: f32, to: f32) -> f32 {
    if from > 1e-6 { to / from } else { 1.0 }
}

/// The axes along which colours spread, widest first, as rows; each points to where its largest part is positive.
pub fn axes(covariance: [[f64; 3]; 3]) -> [[f64; 3]; 3] {
    let (mut a, mut v) = (covariance, [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]);
    // Jacobi's turns; eight sweeps are more than 3 × 3 needs.
    for _ in 0..8 {
        for (p, q) in [(0, 1), (0, 2), (1, 2)] {
            if a[p][q].abs() < 1e-18 {
                continue;
            }
            let theta = (a[q][q] - a[p][p]) / (2.0 * a[p][q]);
            let t = if theta >= 0.0 { 1.0 } else { -1.0 } / (theta.abs() + (theta * theta + 1.0).sqrt());
            let c = 1.0 / (t * t + 1.0).sqrt();
            let s = t * c;
            for row in &mut a {
                (row[p], row[q]) = (c * row[p] - s * row[q], s * row[p] + c * row[q]);
            }
            for k in 0..3 {
                (a[p][k], a[q][k]) = (c * a[p][k] - s * a[q][k], s * a[p][k] + c * a[q][k]);
                (v[p][k], v[q][k]) = (c * v[p][k] - s * v[q][k], s * v[p][k] + c * v[q][k]);
            }
        }
    }
    let mut order = [0, 1, 2];
    order.sort_by(|i, j| a[*j][*j].total_cmp(&a[*i][*i]));
    order.map(|k| {
        let largest = v[k].iter().fold(0.0f64, |most, x| if x.abs() > most.abs() { *x } else { most });
        v[k].map(|x| if largest < 0.0 { -x } else { x })
    })
}

/// Mean and covariance of colours.
pub fn spread_of(colours: impl Iterator<Item = [f32; 3]>) -> ([f64; 3], [[f64; 3]; 3]) {
    let (mut n, mut sum, mut products) = (0.0f64, [0.0f64; 3], [[0.0f64; 3]; 3]);
    for colour in colours {
        let colour = colour.map(f64::from);
        n += 1.0;
        for i in 0..3 {
            sum[i] += colour[i];
            for j in i..3 {
                products[i][j] += colour[i] * colour[j];
            }
        }
    }
    let n = n.max(1.0);
    let mean = sum.map(|v| v / n);
    let covariance =
        std::array::from_fn(|i| std::array::from_fn(|j| products[i.min(j)][i.max(j)] / n - mean[i] * mean[j]));
    (mean, covariance)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_widest_axis_is_that_along_which_colours_differ() {
        let colours = [0.1f32, 0.4, 0.5, 0.9].map(|t| [0.2 + 0.6 * t, 0.9 - 0.8 * t, 0.5]);
        let [first, ..] = axes(spread_of(colours.into_iter()).1);
        for (got, want) in first.iter().zip([-0.6, 0.8, 0.0]) {
            assert!((got - want).abs() < 1e-6, "{first:?}");
        }
    }
}
