use crate::support::{BORDERS, Numbers, close, levels, picture, value, white};
use variegate_kernels::resize::{ResizeScratch, Resizer, Taps, horizontal};
use variegate_picture::{Border, Dtype, Filter, Pixels};

struct Axis {
    n: usize,
    scale: f64,
    shift: f64,
    lo: i64,
    hi: i64,
    covered: bool,
}

impl Axis {
    fn taps(&self, filter: Filter, antialias: bool, border: Border) -> Taps {
        Taps::new(self.n, self.scale, self.shift, self.lo, self.hi, filter, antialias, border, self.covered)
    }

    /// Source index (none for the fill) and weight of every tap of output `o`, as the rule reads.
    fn naive(&self, o: usize, filter: Filter, antialias: bool, border: Border) -> Vec<(Option<i64>, f64)> {
        let c = self.scale * (o as f64 + 0.5) + self.shift;
        let mut raw = if filter == Filter::Nearest || (filter == Filter::Box && !antialias) {
            vec![(c.floor() as i64, 1.0)]
        } else {
            let s = if antialias { self.scale.abs().max(1.0) } else { 1.0 };
            let reach = filter.support() * s;
            ((c - reach) as i64 - 2..=(c + reach) as i64 + 2)
                .filter(|i| (*i as f64 + 0.5 - c).abs() < reach)
                .map(|i| (i, filter.weight((i as f64 + 0.5 - c) / s)))
                .collect()
        };
        if self.covered {
            raw.retain(|(i, _)| (self.lo..self.hi).contains(i));
        }
        if raw.is_empty() {
            // A box as wide as a pixel, its centre on an edge, contains no centre of a pixel.
            let i = c.floor() as i64;
            raw.push((if self.covered { i.clamp(self.lo, self.hi - 1) } else { i }, 1.0));
        }
        let sum: f64 = raw.iter().map(|t| t.1).sum();
        raw.into_iter()
            .map(|(i, w)| (border.fold(i - self.lo, self.hi - self.lo).map(|j| j + self.lo), w / sum))
            .collect()
    }
}

#[test]
fn resizing_equals_the_naive_double_sum() {
    let mut numbers = Numbers::new(11);
    let filters = Filter::NAMES.iter().map(|n| n.1);
    for (filter, border) in filters.flat_map(|f| BORDERS.map(|b| (f, b))) {
        for (turn, channels) in [1usize, 3, 4, 7].into_iter().enumerate() {
            let antialias = numbers.word().is_multiple_of(2);
            let covered = numbers.word().is_multiple_of(2);
            let mut axis = |side: usize| {
                let n = 1 + numbers.word() as usize % 40;
                let scale = if covered { side as f64 / n as f64 } else { 0.2 + 3.0 * numbers.unit() };
                let shift = if covered { 0.0 } else { 6.0 * numbers.unit() - 3.0 };
                let flipped = numbers.word().is_multiple_of(2);
                let (scale, shift) = if flipped { (-scale, shift + side as f64) } else { (scale, shift) };
                let lo = if covered { 0 } else { side as i64 / 5 };
                Axis { n, scale, shift, lo, hi: side as i64, covered }
            };
            let dtype = [Dtype::U8, Dtype::U16, Dtype::F32][turn % 3];
            let (w, h) = (1 + turn * 17 % 50, 2 + turn * 23 % 60);
            let p = picture(h, w, channels, dtype, turn as u64);
            let (ax, ay) = (axis(w), axis(h));
            let (x, y) = (ax.taps(filter, antialias, border), ay.taps(filter, antialias, border));
            let fill: Vec<f32> = (0..channels).map(|c| c as f32 / 10.0).collect();
            let got = levels(|| {
                let mut scratch = ResizeScratch::default();
                let mut resizer = Resizer::new(p.view(), &x, &y, &fill, &mut scratch);
                let mut all = vec![0.0f32; ax.n * ay.n * channels];
                for (o, row) in all.chunks_mut(ax.n * channels).enumerate() {
                    resizer.row(o, row);
                }
                all
            });
            let columns: Vec<_> = (0..ax.n).map(|o| ax.naive(o, filter, antialias, border)).collect();
            let rows: Vec<_> = (0..ay.n).map(|o| ay.naive(o, filter, antialias, border)).collect();
            let mut expected = Vec::with_capacity(got.len());
            for e in 0..got.len() {
                let (c, ox, oy) = (e % channels, e / channels % ax.n, e / channels / ax.n);
                let mut sum = 0.0;
                for (j, v) in &rows[oy] {
                    for (i, u) in &columns[ox] {
                        let tap = match (i, j) {
                            (Some(i), Some(j)) => value(&p, *i as usize, *j as usize, c),
                            _ => f64::from(fill[c]),
                        };
                        sum += u * v * tap;
                    }
                }
                expected.push(sum);
            }
            let what = format!("{filter:?} {border:?} ×{channels} antialias {antialias} covered {covered}");
            close(&got, &expected, 4e-6 * white(dtype), &what);
        }
    }
}

#[test]
fn rows_asked_in_any_order_are_the_same() {
    let p = picture(30, 21, 3, Dtype::U8, 4);
    let x = Taps::new(40, 0.5, 0.0, 0, 21, Filter::Bicubic, true, Border::Wrap, false);
    let y = Taps::new(60, -0.5, 30.0, 0, 30, Filter::Lanczos3, true, Border::Wrap, false);
    let (mut a, mut b) = (ResizeScratch::default(), ResizeScratch::default());
    let mut forth = Resizer::new(p.view(), &x, &y, &[], &mut a);
    let mut back = Resizer::new(p.view(), &x, &y, &[], &mut b);
    let (mut one, mut two) = (vec![vec![0.0; 120]; 60], vec![vec![0.0; 120]; 60]);
    (0..60).for_each(|o| forth.row(o, &mut one[o]));
    (0..60).rev().for_each(|o| back.row(o, &mut two[o]));
    assert_eq!(one, two);
}

#[test]
fn an_identity_copies_and_a_constant_stays() {
    for width in 1..=67 {
        let p = picture(1, width, 3, Dtype::U8, width as u64);
        let Pixels::U8(codes) = p.pixels() else { return };
        let taps = Taps::new(width, 1.0, 0.0, 0, width as i64, Filter::Lanczos3, true, Border::Edge, true);
        let row = levels(|| {
            let mut row = vec![0.0f32; width * 3];
            horizontal(codes, 3, &taps, &[], &mut row);
            row
        });
        assert!(row.iter().zip(codes).all(|(r, v)| (r - f32::from(*v)).abs() < 1e-4));
        let taps = Taps::new(13, width as f64 / 13.0, 0.0, 0, width as i64, Filter::Bicubic, true, Border::Edge, true);
        let mut row = vec![0.0f32; 39];
        horizontal(&vec![200u8; width * 3], 3, &taps, &[], &mut row);
        assert!(row.iter().all(|v| (v - 200.0).abs() < 1e-3));
    }
}
