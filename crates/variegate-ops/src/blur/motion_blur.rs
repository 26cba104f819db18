//! Motion blur: the mean along a line.

use crate::prelude::*;

params! {
    /// Blurs along a line, as a camera that moves while the shutter is open.
    ///
    /// Every value becomes the mean of a line of the given length and angle, drawn into a kernel with bilinear weights. A
    /// `bias` of 0 puts the pixel in the middle of its line, −1 and 1 at its ends. The edge is mirrored; masks, boxes and
    /// points stay.
    pub struct MotionBlur("motion_blur", "blur", aliases: ["RandomMotionBlur"]) {
        /// Length of the line, of the shorter side.
        length: f64 = real(0.0, 0.5).usual(0.02, 0.08).neutral(0.0).unit("of the shorter side");
        /// Direction of the movement, counter-clockwise as seen.
        degrees: f64 = real(-360.0, 360.0).usual(-180.0, 180.0).unit("degrees");
        /// Where on its line the pixel lies, −1 to 1.
        bias: f64 = real(-1.0, 1.0).value(0.0);
    }
}

impl Op for MotionBlur {
    fn lower(&self, plan: &mut Builder) {
        let length = self.length * plan.size().shorter() as f64;
        if length > 0.0 {
            plan.push(Streak { length, degrees: self.degrees, bias: self.bias }.kernel().node());
        }
    }
}

/// A line of a length in pixels.
#[derive(Debug)]
struct Streak {
    length: f64,
    degrees: f64,
    bias: f64,
}

impl Streak {
    fn kernel(&self) -> Kernel {
        let (sin, cos) = (libm::sin(self.degrees.to_radians()), libm::cos(self.degrees.to_radians()));
        let (from, to) = ((self.bias - 1.0) / 2.0 * self.length, (self.bias + 1.0) / 2.0 * self.length);
        let furthest = from.abs().max(to.abs());
        let half = |along: f64| (along.abs() * furthest).ceil() as usize + 1;
        let (half_width, half_height) = (half(cos), half(sin));
        let (width, height) = (2 * half_width + 1, 2 * half_height + 1);
        let mut drawn = vec![0.0; width * height];
        // Four samples a pixel, each shared by the four pixels around it.
        let steps = (4.0 * self.length).ceil().max(1.0) as usize;
        for k in 0..=steps {
            let t = from + (to - from) * k as f64 / steps as f64;
            let (x, y) = (half_width as f64 + t * cos, half_height as f64 - t * sin);
            let (i, j) = (x.floor(), y.floor());
            for (dx, dy) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
                let (column, row) = (i as usize + dx, j as usize + dy);
                let weight = (1.0 - (x - column as f64).abs()) * (1.0 - (y - row as f64).abs());
                if column < width && row < height {
                    drawn[row * width + column] += weight.max(0.0);
                }
            }
        }
        let mut weights = drawn.into_iter();
        Kernel::normalised(half_width, half_height, |_, _| weights.next().unwrap_or(0.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_line_blurs_across_alone() {
        let kernel = Streak { length: 6.0, degrees: 0.0, bias: 0.0 }.kernel();
        let middle = kernel.height / 2;
        let row = &kernel.weights[middle * kernel.width..][..kernel.width];
        assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-6);
        assert!((row[0] - row[kernel.width - 1]).abs() < 1e-6);
    }

    #[test]
    fn a_bias_of_one_looks_ahead() {
        let kernel = Streak { length: 6.0, degrees: 0.0, bias: 1.0 }.kernel();
        let middle = kernel.height / 2 * kernel.width;
        let behind: f32 = kernel.weights[middle..][..kernel.width / 2 - 1].iter().sum();
        assert_eq!(behind, 0.0);
    }
}
