//! Dither: few shades that look like many.

use crate::prelude::*;

params! {
    /// Reduces each channel to a few shades, and lets neighbouring pixels make up for it.
    ///
    /// The shades are `levels` equally spaced values from black to white. `bayer`: a value goes to the shade below it, or to
    /// the one above where its share of the way exceeds the threshold of an ordered 8 × 8 matrix (Bayer 1973).
    /// `floyd_steinberg`: row by row the nearest shade, and the error goes on to the pixel on the right (7/16) and to the three
    /// below (3/16, 5/16, 1/16) (Floyd and Steinberg 1976). 256 levels change nothing.
    pub struct Dither("dither", "colour", aliases: ["Dithering", "ordered_dither", "error_diffusion"]) {
        /// How many shades each channel has.
        levels: i64 = integer(2, 256).usual(2.0, 8.0).neutral(256.0);
        /// How neighbouring pixels differ.
        method: &'static str = word(&["bayer", "floyd_steinberg"], "bayer");
    }
}

impl Op for Dither {
    fn lower(&self, plan: &mut Builder) {
        if self.levels < 256 {
            paint(plan, Dithered { diffused: self.method == "floyd_steinberg", last: (self.levels - 1).max(1) as f32 });
        }
    }
}

#[derive(Debug)]
struct Dithered {
    diffused: bool,
    /// The number of the whitest shade.
    last: f32,
}

impl Effect for Dithered {
    fn name(&self) -> &'static str {
        "dither"
    }

    fn paint(&self, canvas: &mut Canvas) {
        if self.diffused { self.diffuse(canvas) } else { self.order(canvas) }
    }
}

impl Dithered {
    fn order(&self, canvas: &mut Canvas) {
        let (last, step, thresholds) = (self.last, 1.0 / self.last, bayer());
        let (channels, colours) = (canvas.channels, canvas.colours());
        for y in 0..canvas.size.height {
            let row = &thresholds[y % 8];
            for (x, pixel) in canvas.row_mut(y).chunks_exact_mut(channels).enumerate() {
                for v in &mut pixel[..colours] {
                    *v = (*v * last + row[x % 8]).clamp(0.0, last) as i32 as f32 * step;
                }
            }
        }
    }

    fn diffuse(&self, canvas: &mut Canvas) {
        let (channels, colours, width) = (canvas.channels, canvas.colours(), canvas.size.width);
        let step = 1.0 / self.last;
        // What this row and the next have been left, with a column beyond each end.
        let mut here = vec![0.0f32; (width + 2) * colours];
        let mut below = here.clone();
        let mut left = vec![0.0f32; colours];
        for y in 0..canvas.size.height {
            left.fill(0.0);
            for (x, pixel) in canvas.row_mut(y).chunks_exact_mut(channels).enumerate() {
                let (given, around) = (&here[(x + 1) * colours..], &mut below[x * colours..(x + 3) * colours]);
                for c in 0..colours {
                    // What is no number would be handed on for ever.
                    let own = if pixel[c].is_finite() { pixel[c] } else { 0.0 };
                    let wanted = own + given[c] + left[c];
                    let shade = (wanted * self.last + 0.5).clamp(0.0, self.last) as i32 as f32 * step;
                    let error = (wanted - shade) * (1.0 / 16.0);
                    left[c] = 7.0 * error;
                    around[c] += 3.0 * error;
                    around[colours + c] += 5.0 * error;
                    around[2 * colours + c] += error;
                    pixel[c] = shade;
                }
            }
            std::mem::swap(&mut here, &mut below);
            below.fill(0.0);
        }
    }
}

/// The thresholds of Bayer's matrix, each of the 64 shares from 1/128 to 127/128 once.
fn bayer() -> [[f32; 8]; 8] {
    // The bits of x ^ y and y, from the lowest, are the bits of the rank from the highest.
    let rank =
        |x: usize, y: usize| (0..3).fold(0, |rank, bit| 4 * rank + 2 * (((x ^ y) >> bit) & 1) + ((y >> bit) & 1));
    std::array::from_fn(|y| std::array::from_fn(|x| (rank(x, y) as f32 + 0.5) / 64.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::nodes;

    fn grey(v: f32, diffused: bool, last: f32) -> Canvas {
        let mut canvas = Canvas { size: Size::new(16, 16), channels: 1, values: vec![v; 256] };
        Dithered { diffused, last }.paint(&mut canvas);
        canvas
    }

    #[test]
    fn a_quarter_of_white_is_white_in_one_pixel_of_four() {
        let canvas = grey(0.25, false, 1.0);
        assert!(canvas.values.iter().all(|v| *v == 0.0 || *v == 1.0));
        assert_eq!(canvas.values.iter().sum::<f32>(), 64.0);
        // No two of them are neighbours.
        assert!(canvas.row(1).windows(2).all(|pair| pair[0] + pair[1] < 2.0));
    }

    #[test]
    fn diffused_errors_keep_the_mean() {
        let canvas = grey(0.3, true, 3.0);
        assert!(canvas.values.iter().all(|v| [0.0, 1.0 / 3.0, 2.0 / 3.0, 1.0].contains(v)));
        assert!((canvas.values.iter().sum::<f32>() / 256.0 - 0.3).abs() < 0.02);
    }

    #[test]
    fn a_shade_that_is_there_stays() {
        for diffused in [false, true] {
            assert_eq!(grey(0.5, diffused, 2.0).values, [0.5; 256]);
        }
        assert!(nodes(Dither::config().levels(256), (4, 4)).is_empty());
    }
}
