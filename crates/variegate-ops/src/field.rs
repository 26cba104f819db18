//! Fields: smooth random numbers over the plane, from the key of a field.
//!
//! Weather and texture operations call it for clouds, haze, crystals and grain. One number a pixel, between 0 and 1, the
//! same for the same key, size and cells. It knows no picture.

use std::ops::Range;

use variegate_picture::{FieldKey, Size};

/// A number between 0 and 1 from a random word.
pub fn unit(word: u32) -> f32 {
    (word >> 8) as f32 * (1.0 / 16_777_216.0)
}

/// Gradient noise (Perlin, "Improving Noise", SIGGRAPH 2002) of `cells` cells along the shorter side, summed over
/// octaves: each has cells half as wide and counts `persistence` times as much. About 0.5 in the middle.
pub fn perlin(key: FieldKey, size: Size, cells: f64, octaves: u32, persistence: f32) -> Vec<f32> {
    let mut field = vec![0.0f32; size.pixels()];
    let (mut weight, mut total) = (1.0f32, 0.0f32);
    let mut cell = size.shorter().max(1) as f64 / cells.max(0.1);
    for octave in 0..octaves.max(1) {
        add_octave(&mut field, key, octave, size, cell, weight);
        total += weight;
        weight *= persistence;
        cell /= 2.0;
        if cell < 1.0 {
            break;
        }
    }
    // A single octave reaches ±√½; it hardly ever does.
    let scale = 0.5 / (0.6 * total);
    field.iter_mut().for_each(|v| *v = (0.5 + *v * scale).clamp(0.0, 1.0));
    field
}

fn add_octave(field: &mut [f32], key: FieldKey, octave: u32, size: Size, cell: f64, weight: f32) {
    let columns = (size.width as f64 / cell).ceil() as usize + 2;
    let rows = (size.height as f64 / cell).ceil() as usize + 2;
    let gradient = |k: usize| {
        let word = key.words(k as u32, octave)[0];
        let turn = 2.0 * std::f32::consts::PI * unit(word);
        (libm::cosf(turn), libm::sinf(turn))
    };
    let gradients: Vec<(f32, f32)> = (0..columns * rows).map(gradient).collect();
    // Where each column lies in its cell.
    let places = |n: usize| -> Vec<(usize, f32, f32)> {
        let place = |k: usize| {
            let q = (k as f64 + 0.5) / cell;
            let f = (q - q.floor()) as f32;
            (q as usize, f, f * f * f * (f * (f * 6.0 - 15.0) + 10.0))
        };
        (0..n).map(place).collect()
    };
    let (across, down) = (places(size.width), places(size.height));
    let (fx, tx): (Vec<f32>, Vec<f32>) = across.iter().map(|(_, f, t)| (*f, *t)).unzip();
    // Columns of one cell share their gradients, and are found side by side.
    let runs = runs(across.iter().map(|(i, _, _)| *i));
    for (row, (j, fy, ty)) in field.chunks_exact_mut(size.width).zip(&down) {
        let (upper, lower) = (&gradients[j * columns..], &gradients[(j + 1) * columns..]);
        for (i, run) in &runs {
            let (a, b, c, d) = (upper[*i], upper[i + 1], lower[*i], lower[i + 1]);
            let values = row[run.clone()].iter_mut().zip(&fx[run.clone()]).zip(&tx[run.clone()]);
            for ((v, fx), tx) in values {
                let dot = |(gx, gy): (f32, f32), x: f32, y: f32| gx * x + gy * y;
                let (a, b) = (dot(a, *fx, *fy), dot(b, fx - 1.0, *fy));
                let (c, d) = (dot(c, *fx, fy - 1.0), dot(d, fx - 1.0, fy - 1.0));
                let (top, bottom) = (a + (b - a) * tx, c + (d - c) * tx);
                *v += weight * (top + (bottom - top) * ty);
            }
        }
    }
}

/// The places of equal neighbours.
fn runs(cells: impl Iterator<Item = usize>) -> Vec<(usize, Range<usize>)> {
    let mut runs: Vec<(usize, Range<usize>)> = Vec::new();
    for (x, cell) in cells.enumerate() {
        match runs.last_mut() {
            Some((last, run)) if *last == cell => run.end = x + 1,
            _ => runs.push((cell, x..x + 1)),
        }
    }
    runs
}

/// Cellular noise (Worley, "A Cellular Texture Basis Function", SIGGRAPH 1996): the distances to the nearest and to the
/// second nearest of random points, one in each of `cells` cells along the shorter side, in cells.
pub fn worley(key: FieldKey, size: Size, cells: f64) -> Vec<(f32, f32)> {
    let points = Points::new(key, size, cells);
    let mut field = Vec::with_capacity(size.pixels());
    let (mut first, mut second) = (vec![0.0f32; size.width], vec![0.0f32; size.width]);
    for y in 0..size.height {
        first.fill(f32::MAX);
        second.fill(f32::MAX);
        points.each_near(y, |run, _, point, down| {
            let row = first[run.clone()].iter_mut().zip(&mut second[run.clone()]).zip(&points.across[run]);
            for ((first, second), u) in row {
                let d = (point - u) * (point - u) + down;
                let farther = if d > *first { d } else { *first };
                *second = if farther < *second { farther } else { *second };
                *first = if d < *first { d } else { *first };
            }
        });
        field.extend(first.iter().zip(&second).map(|(first, second)| (first.sqrt(), second.sqrt())));
    }
    field
}

/// The number of the point nearest to each pixel, and how many points there are.
pub fn cells(key: FieldKey, size: Size, cells: f64) -> (Vec<u32>, usize) {
    let points = Points::new(key, size, cells);
    let mut owners = vec![0u32; size.pixels()];
    let mut first = vec![0.0f32; size.width];
    for (y, owners) in owners.chunks_exact_mut(size.width).enumerate() {
        first.fill(f32::MAX);
        points.each_near(y, |run, number, point, down| {
            let row = first[run.clone()].iter_mut().zip(&mut owners[run.clone()]).zip(&points.across[run]);
            for ((first, owner), u) in row {
                let d = (point - u) * (point - u) + down;
                *owner = if d < *first { number } else { *owner };
                *first = if d < *first { d } else { *first };
            }
        });
    }
    (owners, points.places.len())
}

/// Random points, one in each cell and in one cell of margin on each side, and where pixels lie among them.
struct Points {
    places: Vec<(f32, f32)>,
    /// Cells of a row.
    columns: usize,
    /// Where each column of pixels lies, in cells.
    across: Vec<f32>,
    /// The columns of pixels of each cell.
    runs: Vec<(usize, Range<usize>)>,
    cell: f32,
}

impl Points {
    fn new(key: FieldKey, size: Size, cells: f64) -> Self {
        let cell = (size.shorter().max(1) as f64 / cells.max(0.1)).max(1.0) as f32;
        let columns = (size.width as f32 / cell).ceil() as usize + 3;
        let rows = (size.height as f32 / cell).ceil() as usize + 3;
        let point = |k: usize| {
            let words = key.words(k as u32, 0);
            ((k % columns) as f32 - 1.0 + unit(words[0]), (k / columns) as f32 - 1.0 + unit(words[1]))
        };
        let places = (0..columns * rows).map(point).collect();
        let across: Vec<f32> = (0..size.width).map(|x| (x as f32 + 0.5) / cell).collect();
        let runs = runs(across.iter().map(|u| *u as usize));
        Self { places, columns, across, runs, cell }
    }

    /// Tells, for each run of pixels of a row, the nine points around it: the run, the number of a point, where it lies
    /// across, and the square of how far it lies above or below.
    fn each_near(&self, y: usize, mut tell: impl FnMut(Range<usize>, u32, f32, f32)) {
        let v = (y as f32 + 0.5) / self.cell;
        for (cell, run) in &self.runs {
            for j in v as usize..v as usize + 3 {
                let from = j * self.columns + cell;
                for (k, (px, py)) in self.places[from..from + 3].iter().enumerate() {
                    tell(run.clone(), (from + k) as u32, *px, (py - v) * (py - v));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_smooth_and_uses_its_range() {
        let field = perlin(FieldKey(1, 2), Size::new(100, 120), 4.0, 1, 0.5);
        let (least, most) = field.iter().fold((1f32, 0f32), |(a, b), v| (a.min(*v), b.max(*v)));
        assert!(least < 0.25 && most > 0.75, "{least} {most}");
        let steepest = field.chunks(120).flat_map(|r| r.windows(2)).fold(0f32, |s, w| s.max((w[1] - w[0]).abs()));
        assert!(steepest < 0.12, "{steepest}");
    }

    #[test]
    fn the_second_point_is_never_nearer_and_single_pixels_work() {
        for (first, second) in worley(FieldKey(1, 2), Size::new(50, 40), 5.0) {
            assert!(first <= second && first < 1.5);
        }
        assert_eq!(worley(FieldKey(1, 2), Size::new(1, 1), 5.0).len(), 1);
        assert_eq!(perlin(FieldKey(1, 2), Size::new(1, 1), 5.0, 4, 0.5).len(), 1);
    }
}
