//! Fourier domain adaptation: the slow amplitudes of another picture.

use std::f64::consts::PI;
use std::sync::Arc;

use crate::prelude::*;

params! {
    /// Takes the amplitudes of the lowest frequencies from another picture and keeps the phases.
    ///
    /// Frequencies up to b = ⌊beta · shorter side⌋ across and down take the other picture's amplitude in each channel.
    /// Few frequencies are exchanged, so sums over them stand for the whole transform. The other picture comes from a `bank` or,
    /// where none is given, from the data set (a `Loader` or `Pipeline.batch`), and shares nothing of the label. Source: Yang and
    /// Soatto, "FDA: Fourier Domain Adaptation for Semantic Segmentation", CVPR 2020.
    pub struct FourierAdapt("fourier_adapt", "texture", aliases: ["FDA", "FourierDomainAdaptation"]) {
        /// The highest frequency that is exchanged, as a share of the shorter side; below 1 pixel the mean alone.
        beta: f64 = real(0.0, 0.3).usual(0.01, 0.1).unit("fraction");
        /// How much of the change is kept.
        strength: f64 = real(0.0, 1.0).usual(0.0, 1.0).value(1.0).neutral(0.0).unit("fraction");
        /// Where the other picture comes from; the data set, where it is left out.
        bank: Option<Arc<str>> = bank().optional();
        /// The other picture.
        partner: u64 = partner();
    }
}

impl Op for FourierAdapt {
    fn lower(&self, plan: &mut Builder) {
        if self.strength > 0.0 {
            let reach = (self.beta * plan.size().shorter() as f64).floor() as usize;
            paint_with(plan, Other::filling(&self.bank, self.partner), Slow { reach, strength: self.strength as f32 });
        }
    }
}

#[derive(Debug)]
struct Slow {
    reach: usize,
    strength: f32,
}

/// cos and sin of 2π f x / n for frequencies f from 0 on, `n` each.
fn waves(n: usize, frequencies: usize) -> Vec<(Vec<f32>, Vec<f32>)> {
    let table: Vec<(f32, f32)> = (0..n)
        .map(|k| {
            let turn = 2.0 * PI * k as f64 / n as f64;
            (libm::cos(turn) as f32, libm::sin(turn) as f32)
        })
        .collect();
    (0..frequencies).map(|f| (0..n).map(|x| table[f * x % n]).unzip()).collect()
}

/// Σ a · w in eight sums, so that they go side by side.
fn dot(a: &[f32], w: &[f32]) -> f32 {
    let mut sums = [0.0f32; 8];
    let (ca, cw) = (a.chunks_exact(8), w.chunks_exact(8));
    let rest: f32 = ca.remainder().iter().zip(cw.remainder()).map(|(a, w)| a * w).sum();
    for (a, w) in ca.zip(cw) {
        for k in 0..8 {
            sums[k] += a[k] * w[k];
        }
    }
    sums.iter().sum::<f32>() + rest
}

/// The coefficients of frequencies −b…b down (rows) and 0…b across (columns); a real plane has no others of its own.
fn coefficients(plane: &[f32], across: &[(Vec<f32>, Vec<f32>)], down: &[(Vec<f32>, Vec<f32>)]) -> Vec<(f32, f32)> {
    let (width, height) = (across[0].0.len(), down[0].0.len());
    let (b, mut out) = (down.len() as isize - 1, Vec::new());
    let mut sums = vec![(vec![0.0f32; height], vec![0.0f32; height]); across.len()];
    for (y, row) in plane.chunks_exact(width).enumerate() {
        for ((re, im), (c, s)) in sums.iter_mut().zip(across) {
            (re[y], im[y]) = (dot(row, c), -dot(row, s));
        }
    }
    for v in -b..=b {
        let (c, s) = &down[v.unsigned_abs()];
        let sign = if v < 0 { -1.0 } else { 1.0 };
        // exp(−i t) of the row's frequency times what its rows sum to.
        let one = |(re, im): &(Vec<f32>, Vec<f32>)| (dot(re, c) + sign * dot(im, s), dot(im, c) - sign * dot(re, s));
        out.extend(sums.iter().map(one));
    }
    out
}

impl Slow {
    /// What each value of a plane gains.
    fn change(&self, plane: &[f32], other: &[f32], size: Size) -> Vec<f32> {
        let most = |side: usize| self.reach.min((side - 1) / 2);
        let (bx, by) = (most(size.width), most(size.height));
        let (across, down) = (waves(size.width, bx + 1), waves(size.height, by + 1));
        let own = coefficients(plane, &across, &down);
        let theirs = coefficients(other, &across, &down);
        let mut rows = vec![(vec![0.0f32; size.height], vec![0.0f32; size.height]); bx + 1];
        for (k, ((re, im), (p, q))) in own.iter().zip(&theirs).enumerate() {
            let (amplitude, wanted) = ((re * re + im * im).sqrt(), (p * p + q * q).sqrt());
            // A frequency that is not there has no phase; it gets that of 0.
            let (re, im) = if amplitude > 1e-6 {
                (re * (wanted / amplitude - 1.0), im * (wanted / amplitude - 1.0))
            } else {
                (wanted, 0.0)
            };
            let (u, v) = (k % (bx + 1), (k / (bx + 1)) as isize - by as isize);
            let sign = if v < 0 { -1.0 } else { 1.0 };
            // Across, a frequency and its opposite are told by one.
            let weight = if u == 0 { 1.0 } else { 2.0 } / size.pixels() as f32;
            let (c, s) = &down[v.unsigned_abs()];
            let (a, b) = &mut rows[u];
            for (((a, b), c), s) in a.iter_mut().zip(b).zip(c).zip(s) {
                *a += weight * (re * c - sign * im * s);
                *b += weight * (im * c + sign * re * s);
            }
        }
        let mut out = vec![0.0f32; size.pixels()];
        for (y, row) in out.chunks_exact_mut(size.width).enumerate() {
            for ((a, b), (c, s)) in rows.iter().zip(&across) {
                let (a, b) = (a[y], b[y]);
                for ((v, c), s) in row.iter_mut().zip(c).zip(s) {
                    *v += a * c - b * s;
                }
            }
        }
        out
    }
}

impl Duet for Slow {
    fn name(&self) -> &'static str {
        "fourier adapt"
    }

    fn paint(&self, canvas: &mut Canvas, other: &Canvas) {
        for c in 0..canvas.colours() {
            let mut plane = canvas.plane(c);
            let change = self.change(&plane, &other.plane(c), canvas.size);
            plane.iter_mut().zip(change).for_each(|(v, change)| *v += self.strength * change);
            canvas.set_plane(c, &plane);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grey(size: Size, f: impl Fn(usize, usize) -> f32) -> Canvas {
        let values = (0..size.pixels()).map(|k| f(k % size.width, k / size.width)).collect();
        Canvas { size, channels: 1, values }
    }

    #[test]
    fn frequency_nought_is_the_mean() {
        let size = Size::new(6, 10);
        let mut canvas = grey(size, |x, y| if (x + y) % 2 == 0 { 0.3 } else { 0.5 });
        Slow { reach: 0, strength: 1.0 }.paint(&mut canvas, &grey(size, |_, _| 0.7));
        assert!((canvas.values[0] - 0.6).abs() < 1e-5 && (canvas.values[1] - 0.8).abs() < 1e-5, "{canvas:?}");
    }

    #[test]
    fn a_wave_takes_the_height_of_the_other_and_stays_where_it_is() {
        let size = Size::new(12, 16);
        let wave = |height: f32, shift: f32| {
            grey(size, move |x, y| {
                let turn = x as f32 / 16.0 - 2.0 * y as f32 / 12.0 + shift;
                0.5 + height * libm::cosf(2.0 * std::f32::consts::PI * turn)
            })
        };
        let mut canvas = wave(0.1, 0.0);
        Slow { reach: 2, strength: 1.0 }.paint(&mut canvas, &wave(0.3, 0.3));
        for (got, want) in canvas.values.iter().zip(wave(0.3, 0.0).values) {
            assert!((got - want).abs() < 1e-4, "{got} {want}");
        }
        // A fast wave is left alone.
        let mut canvas = wave(0.1, 0.0);
        Slow { reach: 1, strength: 1.0 }.paint(&mut canvas, &wave(0.3, 0.3));
        assert!(canvas.values.iter().zip(wave(0.1, 0.0).values).all(|(a, b)| (a - b).abs() < 1e-4));
    }
}
