//! What the corruptions of ImageNet-C (Hendrycks and Dietterich, ICLR 2019) do that no operation does: their fog, snow, frost and mud, and
//! the kernels of their blurs.
//!
//! The operation `corruption` calls it with the published constants; lengths are pixels. It draws nothing but fields of a key.

use variegate_picture::{FieldKey, Size};

use crate::convolution::{Kernel, mirrored};
use crate::effect::{Canvas, Effect};
use crate::field::unit;
use crate::mesh::normals;

/// The disc of radius `radius` in a square of at least 17 pixels, smoothed by a small Gaussian that mirrors at its edge.
pub fn disc(radius: f64, sigma: f64) -> Kernel {
    let half = (radius as usize).max(8);
    let reach: i64 = if radius <= 8.0 { 1 } else { 2 };
    let side = 2 * half + 1;
    let bell = |d: i64| libm::exp(-((d * d) as f64) / (2.0 * sigma * sigma));
    let total: f64 = (-reach..=reach).map(bell).sum();
    let inside = |x: usize, y: usize| {
        let (x, y) = (x as f64 - half as f64, y as f64 - half as f64);
        f64::from(u8::from(x * x + y * y <= radius * radius))
    };
    let area: f64 = (0..side * side).map(|k| inside(k % side, k / side)).sum();
    let near = |k: usize, d: i64| mirrored(k as i64 + d, side);
    let smoothed = |k: usize| -> f32 {
        let row = |dy: i64| -> f64 {
            (-reach..=reach).map(|dx| bell(dx) * inside(near(k % side, dx), near(k / side, dy))).sum()
        };
        let sum: f64 = (-reach..=reach).map(|dy| bell(dy) * row(dy)).sum();
        (sum / (total * total * area)) as f32
    };
    Kernel { width: side, height: side, weights: (0..side * side).map(smoothed).collect() }
}

/// Half a Gaussian along a ray of 2 · `radius` pixels, clockwise as seen from the right, as ImageMagick's motion blur has it.
pub fn ray(radius: usize, sigma: f64, degrees: f64) -> Kernel {
    let half = 2 * radius;
    let side = 2 * half + 1;
    let (sin, cos) = (libm::sin(degrees.to_radians()), libm::cos(degrees.to_radians()));
    let mut drawn = vec![0.0f64; side * side];
    for k in 0..side.div_ceil(2) {
        let at = |along: f64| ((k as f64 * along - 0.5).ceil() + half as f64).clamp(0.0, side as f64 - 1.0) as usize;
        drawn[at(sin) * side + at(cos)] += libm::exp(-((k * k) as f64) / (2.0 * sigma * sigma));
    }
    let mut weights = drawn.into_iter();
    Kernel::normalised(half, half, |_, _| weights.next().unwrap_or(0.0))
}

/// A convolution with a kernel.
#[derive(Debug)]
pub struct Blurred(pub Kernel);

impl Effect for Blurred {
    fn name(&self) -> &'static str {
        "convolution"
    }

    fn paint(&self, canvas: &mut Canvas) {
        *canvas = self.0.over(canvas);
    }

    fn spread(&self) -> f64 {
        1.0
    }
}

/// A fractal of `side` × `side` values from 0 to 1 that goes round at its edges, by diamonds and squares (Fournier, Fussell and
/// Carpenter, 1982): each level adds w · uniform(−w, w), w of 100 falling by `decay`. `side` is a power of two.
pub fn plasma(side: usize, decay: f32, key: FieldKey) -> Vec<f32> {
    let mut map = vec![0.0f32; side * side];
    let (mut step, mut wobble, mut plane) = (side, 100.0f32, 0);
    while step >= 2 {
        let half = step / 2;
        let at = |x: usize, y: usize| (y % side) * side + x % side;
        // The middles of squares, then those of their sides, each from its four neighbours.
        for (dx, dy, diamond) in [(half, half, false), (half, 0, true), (0, half, true)] {
            for (k, y) in (0..side).step_by(step).enumerate() {
                for (j, x) in (0..side).step_by(step).enumerate() {
                    let (x, y) = (x + dx, y + dy);
                    let near = if diamond {
                        [(x + half, y), (x + side - half, y), (x, y + half), (x, y + side - half)]
                    } else {
                        [
                            (x + half, y + half),
                            (x + side - half, y + half),
                            (x + half, y + side - half),
                            (x + side - half, y + side - half),
                        ]
                    };
                    let mean = near.iter().map(|(x, y)| map[at(*x, *y)]).sum::<f32>() / 4.0;
                    let word = key.words((k * side + j) as u32, plane)[0];
                    map[at(x, y)] = mean + wobble * wobble * (2.0 * unit(word) - 1.0);
                }
            }
            plane += 1;
        }
        step = half;
        wobble /= decay;
    }
    let (least, most) = map.iter().fold((f32::MAX, f32::MIN), |(a, b), v| (a.min(*v), b.max(*v)));
    let scale = if most > least { 1.0 / (most - least) } else { 0.0 };
    map.iter_mut().for_each(|v| *v = (*v - least) * scale);
    map
}

/// A share of fractal fog, the picture scaled back to its brightest value.
#[derive(Debug)]
pub struct Plasma {
    /// How much fog is added.
    pub amount: f32,
    /// How fast its detail fades.
    pub decay: f32,
    /// The field.
    pub field: FieldKey,
}

impl Effect for Plasma {
    fn name(&self) -> &'static str {
        "plasma fog"
    }

    fn paint(&self, canvas: &mut Canvas) {
        // The largest sides repeat a map of 1024, whose octaves are finer than a pixel of the usual sizes anyway.
        let side = canvas.size.width.max(canvas.size.height).next_power_of_two().min(1024);
        let fog = plasma(side, self.decay, self.field);
        let most = canvas.values.iter().copied().fold(0.0, f32::max).min(1.0);
        let scale = if most > 0.0 { most / (most + self.amount) } else { 1.0 };
        canvas.each_pixel(|x, y, colours| {
            let added = self.amount * fog[(y % side) * side + x % side];
            colours.iter_mut().for_each(|v| *v = (*v + added) * scale);
        });
    }
}

/// The picture bleached and under flakes that fall from both sides.
#[derive(Debug)]
pub struct Snowfall {
    /// Mean and deviation of the noise that flakes are made of, its magnification, and the value from which on it is a flake.
    pub flakes: [f32; 4],
    /// How they are drawn out along their fall.
    pub fall: Kernel,
    /// Share of the picture that is not bleached.
    pub kept: f32,
    /// Where flakes are.
    pub field: FieldKey,
}

impl Effect for Snowfall {
    fn name(&self) -> &'static str {
        "snowfall"
    }

    fn paint(&self, canvas: &mut Canvas) {
        let size = canvas.size;
        let [mean, deviation, zoom, least] = self.flakes;
        let cells = |n: usize| ((n as f32 / zoom).ceil() as usize).max(1);
        let grid = Size::new(cells(size.height), cells(size.width));
        let noise: Vec<f32> =
            normals(self.field, 0, grid.pixels()).iter().map(|n| mean + deviation * *n as f32).collect();
        let place = |k: usize, n: usize| {
            let q = ((k as f32 + 0.5) / zoom - 0.5).clamp(0.0, (n - 1) as f32);
            (q as usize, (q as usize + 1).min(n - 1), q - q.floor())
        };
        let mut layer = Canvas::black(size, 1);
        for y in 0..size.height {
            let (upper, lower, down) = place(y, grid.height);
            for (x, v) in layer.row_mut(y).iter_mut().enumerate() {
                let (left, right, across) = place(x, grid.width);
                let at = |row: usize| {
                    let (a, b) = (noise[row * grid.width + left], noise[row * grid.width + right]);
                    a + (b - a) * across
                };
                let flake = at(upper) + (at(lower) - at(upper)) * down;
                *v = if flake < least { 0.0 } else { flake.min(1.0) };
            }
        }
        let layer = self.fall.over(&layer).values;
        let luma = canvas.luma();
        let last = layer.len() - 1;
        canvas.each_pixel(|x, y, colours| {
            let k = y * size.width + x;
            // The same layer once more, upside down and mirrored.
            let flakes = layer[k] + layer[last - k];
            for v in colours {
                *v = self.kept * *v + (1.0 - self.kept) * v.max(1.5 * luma[k] + 0.5) + flakes;
            }
        });
    }
}

/// Frost added to a darkened picture.
#[derive(Debug)]
pub struct Frosted<E> {
    /// Share of the picture.
    pub kept: f32,
    /// Share of the ice.
    pub added: f32,
    /// Paints the ice on black.
    pub ice: E,
}

impl<E: Effect> Effect for Frosted<E> {
    fn name(&self) -> &'static str {
        "frost"
    }

    fn paint(&self, canvas: &mut Canvas) {
        let mut ice = Canvas::black(canvas.size, canvas.channels);
        self.ice.paint(&mut ice);
        let before = canvas.clone();
        canvas.values.iter_mut().zip(&ice.values).for_each(|(v, ice)| *v = self.kept * *v + self.added * ice);
        canvas.keep_alpha(&before);
    }
}

/// Mud where smoothed noise is above a value, its splashes smoothed once more.
#[derive(Debug)]
pub struct Mud {
    /// Mean, deviation and σ in pixels of the noise, the value from which on it is mud, and the σ of the splashes.
    pub noise: [f64; 5],
    /// Where it is.
    pub field: FieldKey,
}

impl Effect for Mud {
    fn name(&self) -> &'static str {
        "mud"
    }

    fn paint(&self, canvas: &mut Canvas) {
        let size = canvas.size;
        let [mean, deviation, sigma, least, soft] = self.noise;
        let blurred = |canvas: &Canvas, sigma: f64| {
            Kernel::gaussian(sigma, true).over(&Kernel::gaussian(sigma, false).over(canvas))
        };
        let values = normals(self.field, 0, size.pixels()).iter().map(|n| (mean + deviation * n) as f32).collect();
        let mut splash = blurred(&Canvas { size, channels: 1, values }, sigma);
        splash.values.iter_mut().for_each(|v| *v = f32::from(u8::from(*v > least as f32)));
        let splash = blurred(&splash, soft).values;
        let colourful = canvas.has_colour();
        canvas.each_pixel(|x, y, colours| {
            let cover = splash[y * size.width + x];
            if cover < 0.8 {
                return;
            }
            for (c, v) in colours.iter_mut().enumerate() {
                let mud = if colourful { [63.0, 42.0, 20.0][c.min(2)] } else { 45.8 } / 255.0;
                *v += (mud - *v) * cover;
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disc_is_round_and_a_ray_points_one_way() {
        let small = disc(3.0, 0.1);
        assert_eq!((small.width, small.weights.iter().filter(|w| **w > 1e-6).count()), (17, 29));
        let ray = ray(10, 3.0, 0.0);
        let middle = ray.height / 2;
        let row = &ray.weights[middle * ray.width..][..ray.width];
        assert!(row[..middle].iter().all(|w| *w == 0.0) && row[middle] > row[middle + 1] && row[middle + 1] > 0.0);
        assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-6);
    }

    #[test]
    fn plasma_uses_its_range_and_goes_round() {
        let map = plasma(64, 2.0, FieldKey(1, 2));
        let (least, most) = map.iter().fold((1f32, 0f32), |(a, b), v| (a.min(*v), b.max(*v)));
        assert_eq!((least, most), (0.0, 1.0));
        let step = |a: usize, b: usize| (map[a] - map[b]).abs();
        let seam: f32 = (0..64).map(|y| step(y * 64, y * 64 + 63)).sum();
        let inner: f32 = (0..64).map(|y| step(y * 64 + 31, y * 64 + 32)).sum();
        assert!(seam < 4.0 * inner + 1.0, "{seam} {inner}");
        assert_eq!(plasma(1, 2.0, FieldKey(1, 2)), [0.0]);
    }
}
