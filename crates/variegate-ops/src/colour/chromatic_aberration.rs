//! Chromatic aberration: red and blue drawn a little larger or smaller.

use crate::prelude::*;

params! {
    /// Draws red and blue larger or smaller than green, as a simple lens does.
    ///
    /// A channel of factor k reads its value at c + (p − c) / (1 + k), c the centre of the picture, bilinear, with the edge
    /// continued: coloured fringes that grow towards the corners (lateral chromatic aberration). Masks, boxes and points stay,
    /// as green does. Pictures without colour stay as they are.
    pub struct ChromaticAberration("chromatic_aberration", "colour", aliases: ["RandomChromaticAberration", "color_fringing"]) {
        /// How much larger red is drawn.
        red: f64 = real(-0.5, 0.5).usual(-0.02, 0.02).neutral(0.0).unit("fraction");
        /// How much larger blue is drawn.
        blue: f64 = real(-0.5, 0.5).usual(-0.02, 0.02).neutral(0.0).unit("fraction");
    }
}

impl Op for ChromaticAberration {
    fn lower(&self, plan: &mut Builder) {
        if (self.red, self.blue) != (0.0, 0.0) && plan.frame().has_colour() {
            paint(plan, Fringes { larger: [(0, self.red), (2, self.blue)] });
        }
    }
}

/// How much larger some channels are drawn.
#[derive(Debug)]
struct Fringes {
    larger: [(usize, f64); 2],
}

/// Where an output pixel lies on an axis of the input: between two pixels, and how far from the first.
struct Between {
    first: usize,
    second: usize,
    share: f32,
}

impl Fringes {
    fn axis(n: usize, larger: f64) -> Vec<Between> {
        let (centre, last) = (n as f64 / 2.0, n as f64 - 1.0);
        let of = |k: usize| {
            let at = (centre + (k as f64 + 0.5 - centre) / (1.0 + larger) - 0.5).clamp(0.0, last);
            let first = at as usize;
            Between { first, second: (first + 1).min(n - 1), share: (at - first as f64) as f32 }
        };
        (0..n).map(of).collect()
    }
}

impl Effect for Fringes {
    fn name(&self) -> &'static str {
        "chromatic_aberration"
    }

    fn paint(&self, canvas: &mut Canvas) {
        let width = canvas.size.width;
        let mut row = vec![0.0f32; width];
        for (channel, larger) in self.larger.into_iter().filter(|(_, larger)| *larger != 0.0) {
            let plane = canvas.plane(channel);
            let (across, down) = (Self::axis(width, larger), Self::axis(canvas.size.height, larger));
            let channels = canvas.channels;
            for (y, at) in down.iter().enumerate() {
                let (above, below) = (&plane[at.first * width..][..width], &plane[at.second * width..][..width]);
                for ((v, a), b) in row.iter_mut().zip(above).zip(below) {
                    *v = a + (b - a) * at.share;
                }
                for (pixel, at) in canvas.row_mut(y).chunks_exact_mut(channels).zip(&across) {
                    let (a, b) = (row[at.first], row[at.second]);
                    pixel[channel] = a + (b - a) * at.share;
                }
            }
        }
    }

    fn spread(&self) -> f64 {
        1.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fringed(red: f64, blue: f64) -> Canvas {
        // One row in which each channel is its column.
        let values = (0..5).flat_map(|x| [x as f32 / 8.0; 3]).collect();
        let mut canvas = Canvas { size: Size::new(1, 5), channels: 3, values };
        Fringes { larger: [(0, red), (2, blue)] }.paint(&mut canvas);
        canvas
    }

    #[test]
    fn red_is_drawn_larger_and_green_stays() {
        // Columns −2 … 2 from the centre are read at −1.6 … 1.6.
        let canvas = fringed(0.25, 0.0);
        for (v, column) in canvas.plane(0).into_iter().zip([0.4, 1.2, 2.0, 2.8, 3.6]) {
            assert!((v - column / 8.0).abs() < 1e-6);
        }
        assert_eq!(canvas.plane(1), canvas.plane(2));
    }

    #[test]
    fn drawn_smaller_the_edge_is_continued() {
        assert_eq!(fringed(0.0, -0.5).plane(2), [0.0, 0.0, 0.25, 0.5, 0.5]);
    }
}
