//! Fields: smooth random numbers over the plane, from the key of a field.
//!
//! Weather and texture operations call it for clouds, haze, crystals and grain. One number a pixel, between 0 and 1, the
//! same for the same key, size and cells. It knows no picture.

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
    for (row, (j, fy, ty)) in field.chunks_exact_mut(size.width).zip(&down) {
        let (upper, lower) = (&gradients[j * columns..], &gradients[(j + 1) * columns..]);
        for (v, (i, fx, tx)) in row.iter_mut().zip(&across) {
            let dot = |(gx, gy): (f32, f32), x: f32, y: f32| gx * x + gy * y;
            let (a, b) = (dot(upper[*i], *fx, *fy), dot(upper[i + 1], fx - 1.0, *fy));
            let (c, d) = (dot(lower[*i], *fx, fy - 1.0), dot(lower[i + 1], fx - 1.0, fy - 1.0));
            let (top, bottom) = (a + (b - a) * tx, c + (d - c) * tx);
            *v += weight * (top + (bottom - top) * ty);
        }
    }
}

/// Cellular noise (Worley, "A Cellular Texture Basis Function", SIGGRAPH 1996): the distances to the nearest and to the
/// second nearest of random points, one in each of `cells` cells along the shorter side, in cells.
pub fn worley(key: FieldKey, size: Size, cells: f64) -> Vec<(f32, f32)> {
    let mut field = Vec::with_capacity(size.pixels());
    each_cell(key, size, cells, |first, second, _| field.push((first.sqrt(), second.sqrt())));
    field
}

/// The number of the point nearest to each pixel, and how many points there are.
pub fn cells(key: FieldKey, size: Size, cells: f64) -> (Vec<u32>, usize) {
    let mut owners = Vec::with_capacity(size.pixels());
    let count = each_cell(key, size, cells, |_, _, owner| owners.push(owner));
    (owners, count)
}

/// Tells the squared distances to the two nearest points of each pixel, and the number of the nearest.
fn each_cell(key: FieldKey, size: Size, cells: f64, mut tell: impl FnMut(f32, f32, u32)) -> usize {
    let cell = (size.shorter().max(1) as f64 / cells.max(0.1)).max(1.0) as f32;
    let columns = (size.width as f32 / cell).ceil() as usize + 3;
    let rows = (size.height as f32 / cell).ceil() as usize + 3;
    // Points of the cells, one cell of margin on each side.
    let point = |k: usize| {
        let words = key.words(k as u32, 0);
        ((k % columns) as f32 - 1.0 + unit(words[0]), (k / columns) as f32 - 1.0 + unit(words[1]))
    };
    let points: Vec<(f32, f32)> = (0..columns * rows).map(point).collect();
    for y in 0..size.height {
        let v = (y as f32 + 0.5) / cell;
        for x in 0..size.width {
            let u = (x as f32 + 0.5) / cell;
            let (mut first, mut second, mut owner) = (f32::MAX, f32::MAX, 0);
            for j in v as usize..v as usize + 3 {
                let from = j * columns + u as usize;
                for (k, (px, py)) in points[from..from + 3].iter().enumerate() {
                    let d = (px - u) * (px - u) + (py - v) * (py - v);
                    second = second.min(d.max(first));
                    if d < first {
                        (first, owner) = (d, (from + k) as u32);
                    }
                }
            }
            tell(first, second, owner);
        }
    }
    points.len()
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
