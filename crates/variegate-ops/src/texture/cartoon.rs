//! Cartoon: even areas and dark outlines.

use crate::prelude::*;

params! {
    /// Makes a cartoon of the picture: even areas, strong colours and dark outlines.
    ///
    /// Areas are smoothed by two medians of a cross (the value, left, right, above, below), the colours taken away from their luma by
    /// `saturation`, and lines drawn where the gradient of the smoothed luma (Sobel, a step of white is 1) is above `edge`, over
    /// half of it softly. out = v + strength · (cartoon − v). Pictures without colour have no colours to strengthen. Masks, boxes
    /// and points stay.
    pub struct Cartoon("cartoon", "texture", aliases: ["RandomCartoon", "Cartoonify"]) {
        /// How much of the cartoon, 0 nothing to 1 all of it.
        strength: f64 = real(0.0, 1.0).usual(0.6, 1.0).neutral(0.0);
        /// The gradient from which lines are black.
        edge: f64 = real(0.01, 1.0).usual(0.15, 0.35).unit("of white");
        /// What the distance of colours from grey is multiplied by.
        saturation: f64 = real(0.0, 5.0).usual(1.2, 2.0);
    }
}

impl Op for Cartoon {
    fn lower(&self, plan: &mut Builder) {
        if self.strength > 0.0 {
            let [strength, edge, saturation] = [self.strength, self.edge, self.saturation].map(|v| v as f32);
            paint(plan, Drawing { strength, edge, saturation });
        }
    }
}

#[derive(Debug)]
struct Drawing {
    strength: f32,
    edge: f32,
    saturation: f32,
}

/// The middle one of five numbers.
#[inline(always)]
fn middle([a, b, c, d, e]: [f32; 5]) -> f32 {
    let (low, high) = (a.min(b).max(c.min(d)), a.max(b).min(c.max(d)));
    // The middle of the two that are left and the fifth.
    low.min(high).max(low.max(high).min(e))
}

/// Each colour replaced by the median of its cross; the edge is repeated.
fn smoothed(canvas: &Canvas) -> Canvas {
    let (Size { height, .. }, channels) = (canvas.size, canvas.channels);
    let mut out = canvas.clone();
    for y in 0..height {
        let (above, here, below) =
            (canvas.row(y.saturating_sub(1)), canvas.row(y), canvas.row((y + 1).min(height - 1)));
        let last = here.len() - channels;
        let to = out.row_mut(y);
        let at = |k: usize, left: usize, right: usize| middle([here[left], here[right], above[k], below[k], here[k]]);
        for k in 0..here.len() {
            if k < channels || k >= last {
                to[k] = at(k, k.checked_sub(channels).unwrap_or(k), if k >= last { k } else { k + channels });
            }
        }
        for k in channels..last.max(channels) {
            to[k] = at(k, k - channels, k + channels);
        }
    }
    out
}

impl Effect for Drawing {
    fn name(&self) -> &'static str {
        "cartoon"
    }

    fn paint(&self, canvas: &mut Canvas) {
        let even = smoothed(&smoothed(canvas));
        let luma = Canvas { size: canvas.size, channels: 1, values: even.luma() };
        let kernel = |weights: [f32; 9]| Kernel { width: 3, height: 3, weights: weights.map(|w| w / 4.0).to_vec() };
        let across = kernel([-1.0, 0.0, 1.0, -2.0, 0.0, 2.0, -1.0, 0.0, 1.0]).over(&luma).values;
        let down = kernel([-1.0, -2.0, -1.0, 0.0, 0.0, 0.0, 1.0, 2.0, 1.0]).over(&luma).values;
        let (channels, colours, colour) = (canvas.channels, canvas.colours(), canvas.has_colour());
        let pixels = canvas.values.chunks_exact_mut(channels).zip(even.values.chunks_exact(channels));
        for (k, (pixel, even)) in pixels.enumerate() {
            let (gx, gy) = (across[k], down[k]);
            let paper = (2.0 - 2.0 * (gx * gx + gy * gy).sqrt() / self.edge).clamp(0.0, 1.0);
            for (v, even) in pixel[..colours].iter_mut().zip(even) {
                let grey = luma.values[k];
                let strong = if colour { grey + self.saturation * (even - grey) } else { *even };
                *v += self.strength * (strong.clamp(0.0, 1.0) * paper - *v);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_of_five_is_the_middle() {
        let mut list = [0.1, 0.2, 0.3, 0.4, 0.5];
        for k in 0..120 {
            // Swaps that reach every order.
            list.swap(k % 5, (k * 3 + k / 5) % 5);
            assert_eq!(middle(list), 0.3, "{list:?}");
        }
    }

    #[test]
    fn a_speck_goes_and_a_step_has_a_dark_line() {
        let mut canvas = Canvas::black(Size::new(9, 20), 3);
        canvas.each_pixel(|x, y, v| {
            v.fill(if (x, y) == (4, 4) {
                1.0
            } else if x < 10 {
                0.3
            } else {
                0.9
            })
        });
        Drawing { strength: 1.0, edge: 0.3, saturation: 2.0 }.paint(&mut canvas);
        canvas.each_pixel(|x, _, v| {
            let expected = if x == 9 || x == 10 {
                0.0
            } else if x < 10 {
                0.3
            } else {
                0.9
            };
            assert!((v[0] - expected).abs() < 1e-5, "{x}: {v:?}");
        });
    }
}
