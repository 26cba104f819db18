//! Stain transfer: the stains of another slide, by Macenko's estimate of both.

use std::sync::{Arc, LazyLock};

use crate::light::Table;
use crate::prelude::*;

params! {
    /// Gives a slide the two stains of another one: their colours and how strong they are.
    ///
    /// Of optical densities −ln((255 v + 1) / 256), those of at least 0.15 in every channel span a plane; the first and the 99th
    /// percentile of their angles in it are the two stains (the redder-absorbing one is haematoxylin), and the 99th
    /// percentile of each stain's amount is its strength. The amounts of this picture are scaled to the strengths of the other one and put together
    /// with its colours; then out = (1 − alpha) · v + alpha · transferred. Estimated from 16384 pixels at most, evenly chosen. Where either
    /// has no two stains, or no colour, nothing changes. The other picture comes from a `bank` or, where none is given, from the data
    /// set (a `Loader` or `Pipeline.batch`), and shares nothing of the label. Source: Macenko et al., "A method for normalizing
    /// histology slides for quantitative analysis", ISBI 2009.
    pub struct StainTransfer("stain_transfer", "texture", aliases: ["MacenkoNormalization", "StainNormalization", "HEStain"]) {
        /// How much of the change is kept.
        alpha: f64 = real(0.0, 1.0).usual(0.3, 1.0).neutral(0.0).unit("fraction");
        /// Where the other picture comes from; the data set, where it is left out.
        bank: Option<Arc<str>> = bank().optional();
        /// The other picture.
        partner: u64 = partner();
    }
}

impl Op for StainTransfer {
    fn lower(&self, plan: &mut Builder) {
        if self.alpha > 0.0 && matches!(plan.frame().channels, 3 | 4) {
            paint_with(plan, Other::filling(&self.bank, self.partner), Restained { alpha: self.alpha as f32 });
        }
    }
}

/// The least density of tissue, in every channel.
const TISSUE: f32 = 0.15;

/// The most pixels that an estimate looks at, and the fewest it can do with.
const MOST: usize = 16_384;
const FEWEST: usize = 8;

/// The largest density that [`BACK`] knows: black has 5.55.
const DARKEST: f32 = 6.0;

/// Density of a value, and value of a density (in parts of the darkest).
static DENSITY: LazyLock<Table> = LazyLock::new(|| Table::of(|v| -libm::log((255.0 * v + 1.0) / 256.0)));
static BACK: LazyLock<Table> =
    LazyLock::new(|| Table::of(|part| (256.0 * libm::exp(-part * f64::from(DARKEST)) - 1.0) / 255.0));

#[derive(Debug)]
struct Restained {
    alpha: f32,
}

/// The stains of a slide: what one part of each adds to the densities of red, green and blue, and how much of it there is.
#[derive(Clone, Copy, Debug)]
struct Stains {
    colours: [[f64; 3]; 2],
    strengths: [f64; 2],
}

fn densities(pixel: &[f32]) -> [f32; 3] {
    [DENSITY.at(pixel[0]), DENSITY.at(pixel[1]), DENSITY.at(pixel[2])]
}

fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

/// The value below which a share of the values lies; they are put in another order.
fn percentile(values: &mut [f64], share: f64) -> f64 {
    let at = (share * (values.len() - 1) as f64).round() as usize;
    *values.select_nth_unstable_by(at, f64::total_cmp).1
}

/// The two leading directions of a symmetric matrix, by rotations (Jacobi); they are unit vectors.
fn leading(mut m: [[f64; 3]; 3]) -> [[f64; 3]; 2] {
    let mut axes = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
    // Off the diagonal nothing is left of three rows after a few sweeps.
    for _ in 0..12 {
        for (p, q) in [(0, 1), (0, 2), (1, 2)] {
            if m[p][q] == 0.0 {
                continue;
            }
            let theta = (m[q][q] - m[p][p]) / (2.0 * m[p][q]);
            let t = theta.signum() / (theta.abs() + libm::sqrt(theta * theta + 1.0));
            let c = 1.0 / libm::sqrt(t * t + 1.0);
            let s = t * c;
            for row in &mut m {
                (row[p], row[q]) = (c * row[p] - s * row[q], s * row[p] + c * row[q]);
            }
            let (a, b) = (m[p], m[q]);
            m[p] = std::array::from_fn(|k| c * a[k] - s * b[k]);
            m[q] = std::array::from_fn(|k| s * a[k] + c * b[k]);
            for axis in &mut axes {
                (axis[p], axis[q]) = (c * axis[p] - s * axis[q], s * axis[p] + c * axis[q]);
            }
        }
    }
    let mut order = [0, 1, 2];
    order.sort_by(|a, b| m[*b][*b].total_cmp(&m[*a][*a]));
    [order[0], order[1]].map(|k| [axes[0][k], axes[1][k], axes[2][k]])
}

impl Stains {
    /// The stains of a picture, where it has two.
    fn of(canvas: &Canvas) -> Option<Self> {
        let pixels = canvas.values.chunks_exact(canvas.channels);
        let step = pixels.len().div_ceil(MOST).max(1);
        let seen = pixels.step_by(step).map(densities).filter(|d| d.iter().all(|d| *d >= TISSUE));
        let tissue: Vec<[f64; 3]> = seen.map(|d| d.map(f64::from)).collect();
        if tissue.len() < FEWEST {
            return None;
        }
        let count = tissue.len() as f64;
        let mean: [f64; 3] = std::array::from_fn(|c| tissue.iter().map(|d| d[c]).sum::<f64>() / count);
        let around =
            |i: usize, j: usize| tissue.iter().map(|d| (d[i] - mean[i]) * (d[j] - mean[j])).sum::<f64>() / count;
        let covariance = std::array::from_fn(|i| std::array::from_fn(|j| around(i.min(j), i.max(j))));
        let [mut first, second] = leading(covariance);
        // Densities point away from white, so shall the axis that angles are counted from.
        if first.iter().sum::<f64>() < 0.0 {
            first = first.map(|v| -v);
        }
        let mut angles: Vec<f64> = tissue.iter().map(|d| libm::atan2(dot(*d, second), dot(*d, first))).collect();
        let colours = [0.01, 0.99].map(|share| {
            let angle = percentile(&mut angles, share);
            let (along, across) = (libm::cos(angle), libm::sin(angle));
            let colour: [f64; 3] = std::array::from_fn(|c| along * first[c] + across * second[c]);
            if colour.iter().sum::<f64>() < 0.0 { colour.map(|v| -v) } else { colour }
        });
        let colours = if colours[0][0] >= colours[1][0] { colours } else { [colours[1], colours[0]] };
        let mut stains = Self { colours, strengths: [1.0; 2] };
        let split = stains.split()?;
        let strengths = split.map(|row| {
            let mut amounts: Vec<f64> = tissue.iter().map(|d| dot(*d, row)).collect();
            percentile(&mut amounts, 0.99)
        });
        stains.strengths = strengths;
        strengths.iter().all(|strength| *strength > 1e-3).then_some(stains)
    }

    /// The least-squares amount of each stain as a product with densities; none where both are one colour.
    fn split(&self) -> Option<[[f64; 3]; 2]> {
        let [a, b] = self.colours;
        let (aa, ab, bb) = (dot(a, a), dot(a, b), dot(b, b));
        let whole = aa * bb - ab * ab;
        // Two unit vectors less than two degrees apart tell nothing apart.
        (whole > 1e-3).then(|| {
            [
                std::array::from_fn(|c| (bb * a[c] - ab * b[c]) / whole),
                std::array::from_fn(|c| (aa * b[c] - ab * a[c]) / whole),
            ]
        })
    }
}

impl Duet for Restained {
    fn name(&self) -> &'static str {
        "stain transfer"
    }

    fn paint(&self, canvas: &mut Canvas, other: &Canvas) {
        let (Some(own), Some(theirs)) = (Stains::of(canvas), Stains::of(other)) else { return };
        let Some(split) = own.split() else { return };
        let scale = [0, 1].map(|k| theirs.strengths[k] / own.strengths[k]);
        // From densities to densities in one matrix.
        let matrix: [[f32; 3]; 3] = std::array::from_fn(|i| {
            std::array::from_fn(|j| (0..2).map(|k| theirs.colours[k][i] * scale[k] * split[k][j]).sum::<f64>() as f32)
        });
        canvas.each_pixel(|_, _, v| {
            let d = densities(v);
            for (c, v) in v.iter_mut().enumerate() {
                let [r, g, b] = matrix[c];
                let made = BACK.at((r * d[0] + g * d[1] + b * d[2]) / DARKEST);
                *v += self.alpha * (made - *v);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Haematoxylin and eosin of two laboratories, as unit vectors nearly.
    const HERE: [[f64; 3]; 2] = [[0.65, 0.70, 0.29], [0.27, 0.57, 0.78]];
    const THERE: [[f64; 3]; 2] = [[0.56, 0.72, 0.41], [0.22, 0.80, 0.56]];

    /// A slide on which the amounts of both stains rise along the axes.
    fn slide(colours: [[f64; 3]; 2], strength: f64) -> Canvas {
        const SIDE: usize = 48;
        let mut canvas = Canvas::black(Size::new(SIDE, SIDE), 3);
        canvas.each_pixel(|x, y, v| {
            let (h, e) = (strength * x as f64 / SIDE as f64, strength * y as f64 / SIDE as f64);
            for (c, v) in v.iter_mut().enumerate() {
                *v = ((256.0 * libm::exp(-(h * colours[0][c] + e * colours[1][c])) - 1.0) / 255.0).max(0.0) as f32;
            }
        });
        canvas
    }

    #[test]
    fn the_stains_of_a_slide_are_found() {
        let found = Stains::of(&slide(HERE, 1.5)).expect("two stains");
        for (found, made) in found.colours.iter().zip(HERE) {
            let length = libm::sqrt(dot(made, made));
            assert!(dot(*found, made) / length > 0.99, "{found:?} {made:?}");
        }
    }

    #[test]
    fn a_slide_takes_the_colours_of_another() {
        let (mut canvas, there) = (slide(HERE, 1.5), slide(THERE, 1.5));
        let apart = |a: &Canvas| {
            let both = a.values.iter().zip(&there.values);
            both.map(|(a, b)| f64::from((a - b).abs())).sum::<f64>() / there.values.len() as f64
        };
        let before = apart(&canvas);
        Restained { alpha: 1.0 }.paint(&mut canvas, &there);
        assert!(apart(&canvas) < 0.3 * before, "{} {before}", apart(&canvas));
    }

    #[test]
    fn its_own_stains_change_little_and_none_change_nothing() {
        let before = slide(HERE, 1.5);
        let mut canvas = before.clone();
        Restained { alpha: 1.0 }.paint(&mut canvas, &before);
        assert!(canvas.values.iter().zip(&before.values).all(|(a, b)| (a - b).abs() < 0.02));
        let mut white = Canvas { values: vec![1.0; 300], ..Canvas::black(Size::new(10, 10), 3) };
        Restained { alpha: 1.0 }.paint(&mut white, &before);
        assert!(white.values.iter().all(|v| *v == 1.0));
    }
}
