//! Neighbourhoods: separable kernels, small square kernels, rank filters.
//!
//! The engine asks for output rows. Taps beyond the edge go through the border; sums run left to right, then top to
//! bottom, and are neither rounded nor clamped. A kernel of `k` taps is anchored at tap `k / 2` and not mirrored
//! (correlation, as OpenCV and PyTorch).

mod kernel;
mod rank;
mod separable;
mod symmetric;

use variegate_picture::{Border, View};

pub use kernel::kernel2d_row;
pub use rank::Rank;
pub use separable::{Separable, StencilScratch};

/// `2 · radius + 1` weights of a Gaussian, sampled at the pixels' centres and normalised to sum 1. A `sigma` of
/// zero or less leaves the middle alone.
pub fn gaussian_weights(sigma: f64, radius: usize) -> Vec<f32> {
    let one = |i: usize| {
        let d = i as f64 - radius as f64;
        if sigma > 0.0 { libm::exp(-0.5 * (d / sigma) * (d / sigma)) } else { f64::from(u8::from(d == 0.0)) }
    };
    let sum: f64 = (0..=2 * radius).map(one).sum();
    (0..=2 * radius).map(|i| (one(i) / sum) as f32).collect()
}

/// Reads row `y` (any integer) with `before` pixels of border on its left and `after` on its right.
fn padded(view: &View<'_>, y: i64, border: Border, fill: &[f32], before: usize, after: usize, out: &mut [f32]) {
    let load = |y: usize, row: &mut [f32]| crate::convert::load_row(view, y, row);
    padded_by(view, y, border, fill, before, after, out, load);
}

/// The same for elements of any kind; `load` reads a row of the picture.
fn padded_by<T: Copy + Default>(
    view: &View<'_>,
    y: i64,
    border: Border,
    fill: &[T],
    before: usize,
    after: usize,
    out: &mut [T],
    load: impl FnOnce(usize, &mut [T]),
) {
    let (size, channels) = (view.size(), view.channels());
    let out = &mut out[..(before + size.width + after) * channels];
    let Some(y) = border.fold(y, size.height as i64) else {
        return paint(out, channels, fill);
    };
    let middle = before * channels..(before + size.width) * channels;
    load(y as usize, &mut out[middle]);
    for side in (0..before).chain(before + size.width..before + size.width + after) {
        let at = side * channels;
        match border.fold(side as i64 - before as i64, size.width as i64) {
            Some(x) => {
                let from = (before + x as usize) * channels;
                out.copy_within(from..from + channels, at);
            }
            None => paint(&mut out[at..at + channels], channels, fill),
        }
    }
}

fn paint<T: Copy + Default>(out: &mut [T], channels: usize, fill: &[T]) {
    for pixel in out.chunks_exact_mut(channels) {
        for (c, value) in pixel.iter_mut().enumerate() {
            *value = crate::channel(fill, c);
        }
    }
}
