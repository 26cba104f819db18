//! The discrete Fourier transform of pictures.
//!
//! Operations on amplitudes and phases call it. A plane is transformed along its columns with all of them side by side, turned
//! over, and transformed again, so the inner loops run along rows. Lengths are split into their prime factors; a factor above
//! `DIRECT` goes through a convolution of a power of two (Bluestein 1970). Twiddle factors come from `libm` in 64 bits, sums are
//! in one order, so the bits are the same everywhere.

use std::f64::consts::PI;

use variegate_picture::Size;

/// The greatest prime that is summed as it stands.
const DIRECT: usize = 31;

/// A plane of complex numbers, rows from the top.
#[derive(Clone, Debug)]
pub struct Spectrum {
    /// Height and width.
    pub size: Size,
    /// Real parts.
    pub re: Vec<f32>,
    /// Imaginary parts.
    pub im: Vec<f32>,
}

impl Spectrum {
    /// The transform of two real planes at once, one as the real and one as the imaginary part.
    pub fn of(size: Size, re: Vec<f32>, im: Vec<f32>) -> Self {
        Self { size, re, im }.transformed()
    }

    /// The planes it is the transform of.
    pub fn inverse(self) -> (Vec<f32>, Vec<f32>) {
        // The inverse is the transform with both parts exchanged, over the count.
        let scale = 1.0 / self.size.pixels() as f32;
        let Self { re, im, .. } = Self { size: self.size, re: self.im, im: self.re }.transformed();
        let scaled = |list: Vec<f32>| list.into_iter().map(|v| v * scale).collect();
        (scaled(im), scaled(re))
    }

    /// Where the frequency of opposite sign stands.
    pub fn mirrored(&self, k: usize) -> usize {
        let Size { height, width } = self.size;
        let (row, column) = (k / width, k % width);
        (height - row) % height * width + (width - column) % width
    }

    fn transformed(self) -> Self {
        let Size { height, width } = self.size;
        let (re, im) = along(self.re, self.im, height, width);
        let (re, im) = (turned(&re, height, width), turned(&im, height, width));
        let (re, im) = along(re, im, width, height);
        Self { size: self.size, re: turned(&re, width, height), im: turned(&im, width, height) }
    }
}

/// Rows as columns, in blocks that stay in the cache.
fn turned(plane: &[f32], rows: usize, columns: usize) -> Vec<f32> {
    let mut out = vec![0.0; plane.len()];
    for top in (0..rows).step_by(16) {
        for left in (0..columns).step_by(16) {
            for row in top..rows.min(top + 16) {
                for column in left..columns.min(left + 16) {
                    out[column * rows + row] = plane[row * columns + column];
                }
            }
        }
    }
    out
}

/// exp(−2πi k / n).
fn twiddle(k: usize, n: usize) -> (f32, f32) {
    let turn = -2.0 * PI * (k % n) as f64 / n as f64;
    (libm::cos(turn) as f32, libm::sin(turn) as f32)
}

/// Prime factors in ascending order.
fn factors(mut n: usize) -> Vec<usize> {
    let (mut list, mut p) = (Vec::new(), 2);
    while n > 1 {
        if p * p > n {
            p = n;
        }
        while n.is_multiple_of(p) {
            list.push(p);
            n /= p;
        }
        p += 1;
    }
    list
}

/// Transforms `n` rows of `lanes` numbers along the columns (Stockham's order, no permutation).
fn along(re: Vec<f32>, im: Vec<f32>, n: usize, lanes: usize) -> (Vec<f32>, Vec<f32>) {
    let primes = factors(n);
    if primes.last().is_some_and(|p| *p > DIRECT) {
        return through_convolution(&re, &im, n, lanes);
    }
    let table: Vec<(f32, f32)> = (0..n).map(|k| twiddle(k, n)).collect();
    let mut from = (re, im);
    let mut to = (vec![0.0; n * lanes], vec![0.0; n * lanes]);
    // Row k · left + j holds frequency k of every left-th row from row j on.
    let (mut done, mut left) = (1, n);
    for p in primes {
        left /= p;
        for k in 0..done {
            for j in 0..left {
                let row = |q: usize| ((k * p + q) * left + j) * lanes;
                for r in 0..p {
                    // What goes to frequency k + r · done of a transform of done · p.
                    let at = ((k + r * done) * left + j) * lanes;
                    for q in 0..p {
                        let (c, s) = table[q * (k + r * done) % (done * p) * left];
                        let source = row(q)..row(q) + lanes;
                        let (x, y) = (&from.0[source.clone()], &from.1[source]);
                        let (a, b) = (&mut to.0[at..at + lanes], &mut to.1[at..at + lanes]);
                        let values = x.iter().zip(y).zip(a.iter_mut().zip(b));
                        match q {
                            0 => values.for_each(|((x, y), (a, b))| (*a, *b) = (*x, *y)),
                            _ => values.for_each(|((x, y), (a, b))| {
                                *a += c * x - s * y;
                                *b += c * y + s * x;
                            }),
                        }
                    }
                }
            }
        }
        done *= p;
        std::mem::swap(&mut from, &mut to);
    }
    from
}

/// The same by a convolution with a chirp: jk is half of j² + k² − (k − j)².
fn through_convolution(re: &[f32], im: &[f32], n: usize, lanes: usize) -> (Vec<f32>, Vec<f32>) {
    let m = (2 * n - 1).next_power_of_two();
    let chirp: Vec<(f32, f32)> = (0..n).map(|k| twiddle(k * k % (2 * n), 2 * n)).collect();
    let (mut x, mut y) = (vec![0.0; m * lanes], vec![0.0; m * lanes]);
    for (k, (c, s)) in chirp.iter().enumerate() {
        for i in k * lanes..(k + 1) * lanes {
            (x[i], y[i]) = (c * re[i] - s * im[i], c * im[i] + s * re[i]);
        }
    }
    let (mut p, mut q) = (vec![0.0; m], vec![0.0; m]);
    for (k, (c, s)) in chirp.iter().enumerate() {
        for at in [k, (m - k) % m] {
            (p[at], q[at]) = (*c, -*s);
        }
    }
    let ((x, y), (p, q)) = (along(x, y, m, lanes), along(p, q, m, 1));
    let product = |i: usize| {
        let (c, s) = (p[i / lanes], q[i / lanes]);
        (c * x[i] - s * y[i], c * y[i] + s * x[i])
    };
    // Both parts exchanged on the way in and out: the inverse.
    let (b, a): (Vec<f32>, Vec<f32>) = (0..m * lanes).map(product).unzip();
    let (b, a) = along(a, b, m, lanes);
    let scale = 1.0 / m as f32;
    let last = |i: usize| {
        let (c, s) = chirp[i / lanes];
        ((c * a[i] - s * b[i]) * scale, (c * b[i] + s * a[i]) * scale)
    };
    (0..n * lanes).map(last).unzip()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plane(size: Size, seed: f32) -> Vec<f32> {
        (0..size.pixels()).map(|k| libm::sinf(seed + 1.7 * k as f32) + 0.2).collect()
    }

    /// The sum as it is written.
    fn slowly(size: Size, re: &[f32], im: &[f32], row: usize, column: usize) -> (f64, f64) {
        let (mut a, mut b) = (0.0, 0.0);
        for (i, (x, y)) in re.iter().zip(im).enumerate() {
            let down = (i / size.width * row) as f64 / size.height as f64;
            let turn = -2.0 * PI * (down + (i % size.width * column) as f64 / size.width as f64);
            let (c, s) = (libm::cos(turn), libm::sin(turn));
            a += c * f64::from(*x) - s * f64::from(*y);
            b += c * f64::from(*y) + s * f64::from(*x);
        }
        (a, b)
    }

    #[test]
    fn it_is_the_sum_for_primes_and_their_products() {
        for (height, width) in [(1, 1), (1, 5), (7, 1), (8, 12), (14, 15), (37, 6), (6, 41)] {
            let size = Size::new(height, width);
            let (re, im) = (plane(size, 0.3), plane(size, 2.1));
            let spectrum = Spectrum::of(size, re.clone(), im.clone());
            for k in 0..size.pixels() {
                let (a, b) = slowly(size, &re, &im, k / width, k % width);
                let off = (f64::from(spectrum.re[k]) - a).abs().max((f64::from(spectrum.im[k]) - b).abs());
                assert!(off < 2e-3, "{height} × {width}, element {k}: {off}");
            }
            let (back, other) = spectrum.inverse();
            let same = |a: &[f32], b: &[f32]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-4);
            assert!(same(&back, &re) && same(&other, &im), "{height} × {width}");
        }
    }
}
