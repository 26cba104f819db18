//! Bilateral blur: smooth within edges.

use crate::prelude::*;

params! {
    /// Smooths while edges stay.
    ///
    /// Every pixel becomes a mean of the disc around it, its neighbours weighted by exp(−d²/2σₛ²) · exp(−Δ²/2σᵥ²): d is their
    /// distance in pixels, Δ the sum of the absolute differences of their channels. That is `cv2.bilateralFilter` (Tomasi and
    /// Manduchi, "Bilateral Filtering for Gray and Color Images", ICCV 1998). The edge is mirrored; masks, boxes and points stay.
    pub struct BilateralBlur("bilateral_blur", "blur", aliases: ["BilateralFilter", "RandomBilateralBlur"]) {
        /// Diameter of the neighbourhood.
        side_px: i64 = integer(1, 31).usual(3.0, 9.0).neutral(1.0).unit("px");
        /// Reach in value: differences well above it are edges.
        sigma_value: f64 = real(0.001, 3.0).usual(0.05, 0.3).unit("of white");
        /// Reach in the plane, of the diameter.
        sigma_place: f64 = real(0.01, 10.0).value(0.3).unit("of the diameter");
    }
}

impl Op for BilateralBlur {
    fn lower(&self, plan: &mut Builder) {
        if self.side_px > 1 {
            let (value, place) = (self.sigma_value, self.sigma_place * self.side_px as f64);
            paint(plan, Bilateral { half: self.side_px / 2, value, place });
        }
    }
}

#[derive(Debug)]
struct Bilateral {
    half: i64,
    value: f64,
    place: f64,
}

/// Entries of the table of value weights, for differences up to four σ.
const ENTRIES: usize = 1024;

impl Effect for Bilateral {
    fn name(&self) -> &'static str {
        "bilateral blur"
    }

    fn paint(&self, canvas: &mut Canvas) {
        let (size, channels, colours) = (canvas.size, canvas.channels, canvas.colours());
        let step = ENTRIES as f32 / (4.0 * self.value * colours as f64) as f32;
        let weight = |k: usize| {
            let sigmas = 4.0 * colours as f64 * k as f64 / ENTRIES as f64;
            libm::exp(-sigmas * sigmas / 2.0) as f32
        };
        let table: Vec<f32> = (0..=ENTRIES).map(weight).collect();
        let around = |dy: i64| (-self.half..=self.half).map(move |dx| (dx, dy));
        let near: Vec<(i64, i64, f32)> = (-self.half..=self.half)
            .flat_map(around)
            .filter(|(dx, dy)| dx * dx + dy * dy <= self.half * self.half)
            .map(|(dx, dy)| {
                let d2 = (dx * dx + dy * dy) as f64;
                (dx, dy, libm::exp(-d2 / (2.0 * self.place * self.place)) as f32)
            })
            .collect();
        let columns: Vec<usize> = (-self.half..size.width as i64 + self.half)
            .map(|x| crate::convolution::mirrored(x, size.width) * channels)
            .collect();
        let source = canvas.clone();
        let mut sums = vec![0.0f32; colours];
        for y in 0..size.height {
            for x in 0..size.width {
                let middle = &source.row(y)[x * channels..][..colours];
                sums.fill(0.0);
                let mut total = 0.0;
                for (dx, dy, place) in &near {
                    let row = source.row(crate::convolution::mirrored(y as i64 + dy, size.height));
                    let pixel = &row[columns[(x as i64 + dx + self.half) as usize]..][..colours];
                    let apart: f32 = pixel.iter().zip(middle).map(|(a, b)| (a - b).abs()).sum();
                    let weight = place * table[((apart * step) as usize).min(ENTRIES)];
                    total += weight;
                    sums.iter_mut().zip(pixel).for_each(|(sum, v)| *sum += weight * v);
                }
                let out = &mut canvas.row_mut(y)[x * channels..][..colours];
                out.iter_mut().zip(&sums).for_each(|(out, sum)| *out = sum / total);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_stays_and_a_ripple_goes() {
        let mut canvas = Canvas::black(Size::new(9, 20), 1);
        for (k, v) in canvas.values.iter_mut().enumerate() {
            let x = k % 20;
            *v = if x < 10 { 0.1 } else { 0.9 } + if x % 2 == 0 { 0.02 } else { 0.0 };
        }
        Bilateral { half: 3, value: 0.1, place: 2.0 }.paint(&mut canvas);
        let row = canvas.row(4);
        assert!((row[4] - row[5]).abs() < 0.006, "{row:?}");
        assert!(row[10] - row[9] > 0.75, "{row:?}");
    }
}
