//! Pictures that are drawn from a key: what a bank without files holds.
//!
//! [`crate::effect::paint_with`] and the operations that lay textures over a picture call it. A texture is a field of numbers
//! that runs through four random colours: plasma, grain of wood, cells, a mosaic, or a fractal of contracting maps. The same
//! key and size give the same picture.

use variegate_picture::{FieldKey, Size};

use crate::effect::Canvas;
use crate::field;

/// The plane of words that decide the kind and the colours; fields use the planes of their octaves.
const PLANE: u32 = 1 << 16;

/// A texture in red, green, blue and alpha, opaque everywhere.
pub fn texture(key: FieldKey, size: Size) -> Canvas {
    let [kind, scale, ..] = key.words(0, PLANE);
    let cells = f64::from(2.0 + 10.0 * field::unit(scale));
    let fraction = |v: f32| v - v.floor();
    let values: Vec<f32> = match kind % 5 {
        0 => field::perlin(key, size, cells, 5, 0.6),
        1 => field::perlin(key, size, cells, 2, 0.5).iter().map(|v| fraction(6.0 * v)).collect(),
        2 => field::worley(key, size, cells).iter().map(|(first, second)| (second - first).min(1.0)).collect(),
        3 => {
            let (owners, count) = field::cells(key, size, cells);
            let shades: Vec<f32> = (0..count).map(|k| field::unit(key.words(k as u32, PLANE + 1)[0])).collect();
            owners.iter().map(|owner| shades[*owner as usize]).collect()
        }
        _ => fractal(key, size),
    };
    coloured(key, size, &values)
}

/// A field of numbers between 0 and 1 as a picture: they run through four random colours.
pub fn coloured(key: FieldKey, size: Size, values: &[f32]) -> Canvas {
    let colours: [[f32; 3]; 4] = std::array::from_fn(|k| {
        let [r, g, b, _] = key.words(1 + k as u32, PLANE);
        [r, g, b].map(field::unit)
    });
    let mut canvas = Canvas::black(size, 4);
    for (pixel, v) in canvas.values.chunks_exact_mut(4).zip(values) {
        let place = 3.0 * v.clamp(0.0, 1.0);
        let k = (place as usize).min(2);
        let part = place - k as f32;
        for (c, v) in pixel[..3].iter_mut().enumerate() {
            *v = colours[k][c] + part * (colours[k + 1][c] - colours[k][c]);
        }
        pixel[3] = 1.0;
    }
    canvas
}

/// How often a point of a random walk under a few contracting affine maps comes by, 0 never to 1 most often: an iterated
/// function system (Barnsley, "Fractals Everywhere", 1988).
///
/// There are two to four maps. Each turns at random and contracts by singular values a and b, whose sum over the maps is kept
/// where pictures show structure rather than dust.
/// The walk takes four steps a pixel, at most 2¹⁸; counts are told by their logarithm and smoothed by the window they fall in.
pub fn fractal(key: FieldKey, size: Size) -> Vec<f32> {
    let count = 2 + key.words(0, PLANE + 2)[0] as usize % 3;
    let maps: Vec<[f32; 6]> = (0..count as u32).map(|k| contraction(key, k, count)).collect();
    let mut point = (0.0f32, 0.0f32);
    // Where the walk goes is known after a while; its frame is what it covers.
    let steps = (4 * size.pixels()).clamp(256, 1 << 18);
    let mut walk = Vec::with_capacity(steps);
    for block in 0..(steps + 32).div_ceil(16) as u32 {
        for word in key.words(block, PLANE + 3) {
            for byte in word.to_le_bytes() {
                let [a, b, c, d, e, f] = maps[usize::from(byte) * count / 256];
                point = (a * point.0 + b * point.1 + e, c * point.0 + d * point.1 + f);
                walk.push(point);
            }
        }
    }
    let settled = &walk[32..];
    let mut range = [f32::MAX, f32::MIN, f32::MAX, f32::MIN];
    for (x, y) in settled {
        range = [range[0].min(*x), range[1].max(*x), range[2].min(*y), range[3].max(*y)];
    }
    let scale = |least: f32, most: f32, side: usize| side as f32 * 0.999 / (most - least).max(1e-6);
    let (sx, sy) = (scale(range[0], range[1], size.width), scale(range[2], range[3], size.height));
    let mut counts = vec![0u32; size.pixels()];
    for (x, y) in settled {
        let column = (((x - range[0]) * sx) as usize).min(size.width - 1);
        let row = (((y - range[2]) * sy) as usize).min(size.height - 1);
        counts[row * size.width + column] += 1;
    }
    let most = counts.iter().copied().max().unwrap_or(1).max(1) as usize;
    let shades: Vec<f32> = (0..=most).map(|k| libm::log1pf(k as f32) / libm::log1pf(most as f32)).collect();
    counts.iter().map(|count| shades[*count as usize]).collect()
}

/// One contracting map: a turn, two singular values, another turn, a shift.
fn contraction(key: FieldKey, k: u32, count: usize) -> [f32; 6] {
    let [turn, back, long, wide] = key.words(k, PLANE + 4).map(field::unit);
    let [right, down, ..] = key.words(k, PLANE + 5).map(field::unit);
    // With few maps each contracts less.
    let most = 0.55 + 0.5 / count as f32;
    let (long, wide) = (most * (0.75 + 0.25 * long), most * (0.5 + 0.5 * wide));
    let (c, s) = (libm::cosf(6.283_185_5 * turn), libm::sinf(6.283_185_5 * turn));
    let (p, q) = (libm::cosf(6.283_185_5 * back), libm::sinf(6.283_185_5 * back));
    let shift = |v: f32| 2.0 * v - 1.0;
    [
        c * long * p - s * wide * q,
        -c * long * q - s * wide * p,
        s * long * p + c * wide * q,
        -s * long * q + c * wide * p,
        shift(right),
        shift(down),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_texture_fills_the_frame_and_is_not_plain() {
        for number in 0..24 {
            let size = Size::new(40, 56);
            let canvas = texture(FieldKey(number, 1), size);
            assert!(canvas.values.iter().all(|v| (0.0..=1.0).contains(v)), "{number}");
            let plain = canvas.values.chunks_exact(4).all(|pixel| pixel == &canvas.values[..4]);
            assert!(!plain && canvas.values.chunks_exact(4).all(|pixel| pixel[3] == 1.0), "{number}");
        }
    }

    #[test]
    fn a_fractal_leaves_gaps_and_any_size_works() {
        for number in 0..6 {
            let values = fractal(FieldKey(number, 1), Size::new(64, 64));
            let empty = values.iter().filter(|v| **v == 0.0).count();
            assert!((64..4096).contains(&empty), "{number}: {empty} of 4096 empty");
        }
        for (height, width) in [(1, 1), (1, 9), (7, 1)] {
            assert_eq!(texture(FieldKey(5, 5), Size::new(height, width)).values.len(), height * width * 4);
        }
    }
}
