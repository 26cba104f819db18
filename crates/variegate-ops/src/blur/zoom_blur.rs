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
        let (size, channels) = (canvas.size, canvas.channels);
        let source = canvas.clone();
        let mut line = vec![0.0f32; size.width * channels];
        for factor in &self.factors {
            let (columns, rows) = (taps(size.width, *factor), taps(size.height, *factor));
            for (y, (above, down)) in rows.iter().enumerate() {
                let (upper, lower) = (source.row(*above), source.row((above + 1).min(size.height - 1)));
                for ((mixed, a), b) in line.iter_mut().zip(upper).zip(lower) {
                    *mixed = a + (b - a) * down;
                }
                let out = canvas.row_mut(y);
                for ((pixel, (left, right)), _) in out.chunks_exact_mut(channels).zip(&columns).zip(0..size.width) {
                    let next = (left + 1).min(size.width - 1);
                    for (c, sum) in pixel.iter_mut().enumerate() {
                        let (a, b) = (line[left * channels + c], line[next * channels + c]);
                        *sum += a + (b - a) * right;
                    }
                }
            }
        }
        let share = 1.0 / (self.factors.len() + 1) as f32;
        canvas.values.iter_mut().for_each(|v| *v *= share);
        canvas.keep_alpha(&source);
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
