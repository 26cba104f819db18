//! Zoom blur: the mean of the picture at several magnifications.

use crate::prelude::*;

params! {
    /// Blurs outwards from the middle, as a zoom turned while the shutter is open.
    ///
    /// The result is the mean of the picture and of copies magnified about the centre by evenly spaced factors from 1 to
    /// 1 + `strength`, read bilinearly (the definition of ImageNet-C; Hendrycks and Dietterich, ICLR 2019). Masks, boxes and
    /// points stay.
    pub struct ZoomBlur("zoom_blur", "blur", aliases: ["RandomZoomBlur", "RadialBlur"]) {
        /// The greatest magnification, less one.
        strength: f64 = real(0.0, 1.0).usual(0.04, 0.2).neutral(0.0);
    }
}

impl Op for ZoomBlur {
    fn lower(&self, plan: &mut Builder) {
        if self.strength > 0.0 {
            let copies = copies(plan.size(), self.strength);
            let factors = (1..=copies).map(|copy| 1.0 + self.strength * copy as f64 / copies as f64).collect();
            paint(plan, Zooming { factors });
        }
    }
}

/// How many copies: neighbours lie a pixel and a half apart at the corners, at most.
fn copies(size: Size, strength: f64) -> usize {
    let corner = libm::hypot(size.width as f64, size.height as f64) / 2.0;
    ((corner * strength / 1.5).ceil() as usize).clamp(2, 32)
}

/// The mean of the picture and of magnified copies.
#[derive(Debug)]
pub struct Zooming {
    /// How many times each copy is magnified.
    pub factors: Vec<f64>,
}

impl Effect for Zooming {
    fn name(&self) -> &'static str {
        "zoom blur"
    }

    fn paint(&self, canvas: &mut Canvas) {
        let (size, colours, step) = (canvas.size, canvas.colours(), canvas.channels);
        let taps: Vec<_> = self.factors.iter().map(|f| (taps(size.width, *f), taps(size.height, *f))).collect();
        let share = 1.0 / (self.factors.len() + 1) as f32;
        // Four channels at a time lie side by side, whatever their count.
        for from in (0..colours).step_by(4) {
            let count = (colours - from).min(4);
            let mut source = vec![[0.0f32; 4]; size.pixels()];
            for (four, pixel) in source.iter_mut().zip(canvas.values.chunks_exact(canvas.channels)) {
                four[..count].copy_from_slice(&pixel[from..from + count]);
            }
            // One more at the end, so that every pixel has a next one.
            let mut line = vec![[0.0f32; 4]; size.width + 1];
            let mut sums = vec![[0.0f32; 4]; size.width];
            for y in 0..size.height {
                sums.copy_from_slice(&source[y * size.width..][..size.width]);
                for (columns, rows) in &taps {
                    let (above, down) = rows[y];
                    let row = |y: usize| &source[y * size.width..][..size.width];
                    let (upper, lower) = (row(above), row((above + 1).min(size.height - 1)));
                    for ((mixed, a), b) in line.iter_mut().zip(upper).zip(lower) {
                        *mixed = std::array::from_fn(|c| a[c] + (b[c] - a[c]) * down);
                    }
                    line[size.width] = line[size.width - 1];
                    for (sum, (left, right)) in sums.iter_mut().zip(columns) {
                        let pair = &line[*left..left + 2];
                        *sum = std::array::from_fn(|c| sum[c] + (pair[0][c] + (pair[1][c] - pair[0][c]) * right));
                    }
                }
                for (pixel, sum) in canvas.row_mut(y).chunks_exact_mut(step).zip(&sums) {
                    pixel[from..from + count].iter_mut().zip(sum).for_each(|(v, sum)| *v = sum * share);
                }
            }
        }
    }

    fn spread(&self) -> f64 {
        1.0
    }
}

/// For each place of an axis magnified about its middle, the place left of what it shows and the share of the next one.
fn taps(n: usize, factor: f64) -> Vec<(usize, f32)> {
    let middle = n as f64 / 2.0;
    let tap = |k: usize| {
        let q = ((k as f64 + 0.5 - middle) / factor + middle - 0.5).clamp(0.0, (n - 1) as f64);
        (q as usize, (q - q.floor()) as f32)
    };
    (0..n).map(tap).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_stays_sharp_and_a_flat_picture_flat() {
        let mut canvas = Canvas::black(Size::new(41, 41), 1);
        canvas.values.iter_mut().for_each(|v| *v = 0.5);
        canvas.values[20 * 41 + 20] = 1.0;
        canvas.values[20 * 41 + 38] = 1.0;
        Zooming { factors: vec![1.05, 1.1, 1.15, 1.2] }.paint(&mut canvas);
        let row = canvas.row(20);
        assert!(row[20] > 0.9 && row[38] < 0.75 && (row[5] - 0.5).abs() < 1e-6, "{row:?}");
    }
}
