//! Raw noise: what a sensor and its colour filters leave in a picture.

use crate::light::{DECODE, ENCODE};
use crate::prelude::*;

params! {
    /// Takes the picture back to the light on a sensor, adds the sensor's noise, and develops it again.
    ///
    /// Values are decoded to light (sRGB) and divided by gains of white balance (red 2, blue 1.7 at a `balance` of 1); each gets normal
    /// noise of variance shot · light + read². With `mosaic` each pixel keeps one colour of a Bayer pattern (RGGB) and takes the
    /// others from the means of its neighbours; then gains and encoding come back. Source: Brooks et al., "Unprocessing Images for
    /// Learned Raw Denoising", CVPR 2019. Pictures without colour have neither gains nor mosaic. Masks, boxes and points stay.
    pub struct RawNoise("raw_noise", "noise", aliases: ["UnprocessNoise", "CameraISP", "RawSensorNoise"]) {
        /// Variance of the shot noise for each unit of light.
        shot: f64 = real(0.0, 0.2).usual(0.0005, 0.01).neutral(0.0);
        /// Standard deviation of the read noise, in light.
        read: f64 = real(0.0, 0.2).usual(0.0005, 0.01).neutral(0.0);
        /// How far the gains of white balance are away from 1.
        balance: f64 = real(0.0, 1.0).usual(0.5, 1.0);
        /// Whether colours go through a Bayer pattern, where there is noise.
        mosaic: bool = flag(true);
        /// The noise.
        noise: FieldKey = key();
    }
}

impl Op for RawNoise {
    fn lower(&self, plan: &mut Builder) {
        if self.shot > 0.0 || self.read > 0.0 {
            let [shot, read] = [self.shot, self.read * self.read].map(|v| v as f32);
            let gains = [1.0 + self.balance, 1.0, 1.0 + 0.7 * self.balance].map(|v| v as f32);
            paint(plan, Sensor { shot, read, gains, mosaic: self.mosaic, noise: self.noise });
        }
    }
}

#[derive(Debug)]
struct Sensor {
    shot: f32,
    /// The variance of the read noise.
    read: f32,
    gains: [f32; 3],
    mosaic: bool,
    noise: FieldKey,
}

/// Which of red, green and blue a pixel of the Bayer pattern sees.
fn seen(x: usize, y: usize) -> usize {
    x % 2 + y % 2
}

/// Gives each pixel the two colours it does not see: the means of those of the eight around it that see them.
fn demosaic(canvas: &mut Canvas) {
    let (Size { height, width }, channels) = (canvas.size, canvas.channels);
    let raw: Vec<f32> =
        canvas.values.chunks_exact(channels).enumerate().map(|(k, p)| p[seen(k % width, k / width)]).collect();
    for y in 0..height {
        let inner = y > 0 && y + 1 < height && width > 2;
        if inner {
            let [above, here, below] = [y - 1, y, y + 1].map(|row| &raw[row * width..][..width]);
            let row = &mut canvas.values[y * width * channels..][..width * channels];
            let around = above.windows(3).zip(here.windows(3)).zip(below.windows(3));
            for (x, (pixel, ((a, h), b))) in row[channels..].chunks_exact_mut(channels).zip(around).enumerate() {
                let own = seen(x + 1, y);
                if own == 1 {
                    // Green has one of the others beside it, and one above and below.
                    let beside = seen(x, y);
                    pixel[beside] = (h[0] + h[2]) * 0.5;
                    pixel[2 - beside] = (a[1] + b[1]) * 0.5;
                } else {
                    pixel[1] = (a[1] + h[0] + h[2] + b[1]) * 0.25;
                    pixel[2 - own] = (a[0] + a[2] + b[0] + b[2]) * 0.25;
                }
            }
            rim(canvas, &raw, 0, y);
            rim(canvas, &raw, width - 1, y);
        } else {
            (0..width).for_each(|x| rim(canvas, &raw, x, y));
        }
    }
}

/// The same for a pixel that may lie at the edge, where fewer are around it.
fn rim(canvas: &mut Canvas, raw: &[f32], x: usize, y: usize) {
    let (Size { height, width }, channels) = (canvas.size, canvas.channels);
    let (mut sums, mut counts) = ([0.0f32; 3], [0.0f32; 3]);
    for j in y.saturating_sub(1)..(y + 2).min(height) {
        for i in x.saturating_sub(1)..(x + 2).min(width) {
            // Green seen across a corner is farther away than beside.
            let beside = i == x || j == y || seen(i, j) != 1;
            let c = seen(i, j);
            if beside {
                sums[c] += raw[j * width + i];
                counts[c] += 1.0;
            }
        }
    }
    let own = seen(x, y);
    let pixel = &mut canvas.values[(y * width + x) * channels..][..3];
    for c in (0..3).filter(|c| *c != own && counts[*c] > 0.0) {
        pixel[c] = sums[c] / counts[c];
    }
}

impl Effect for Sensor {
    fn name(&self) -> &'static str {
        "raw noise"
    }

    fn paint(&self, canvas: &mut Canvas) {
        let (to_light, from_light) = (&*DECODE, &*ENCODE);
        let (channels, colours, colour) = (canvas.channels, canvas.colours(), canvas.has_colour());
        let gain = |c: usize| if colour { self.gains[c] } else { 1.0 };
        // Four pixels share a block of words in each plane.
        for (block, pixels) in canvas.values.chunks_mut(4 * channels).enumerate() {
            for c in 0..colours {
                let words = self.noise.words(block as u32, c as u32);
                for (pixel, word) in pixels.chunks_exact_mut(channels).zip(words) {
                    let light = to_light.at(pixel[c]) / gain(c);
                    let sigma = (self.shot * light + self.read).sqrt();
                    pixel[c] = light + sigma * variegate_picture::key::normal_of(word);
                }
            }
        }
        if self.mosaic && colour {
            demosaic(canvas);
        }
        for pixel in canvas.values.chunks_exact_mut(channels) {
            pixel[..colours].iter_mut().enumerate().for_each(|(c, v)| *v = from_light.at(*v * gain(c)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::light::decode;

    #[test]
    fn an_even_colour_goes_through_the_pattern_as_it_is() {
        let mut canvas = Canvas::black(Size::new(6, 7), 3);
        canvas.each_pixel(|_, _, v| v.copy_from_slice(&[0.2, 0.5, 0.7]));
        let gains = [2.0, 1.0, 1.7];
        Sensor { shot: 0.0, read: 0.0, gains, mosaic: true, noise: FieldKey(1, 2) }.paint(&mut canvas);
        canvas
            .each_pixel(|_, _, v| assert!(v.iter().zip([0.2, 0.5, 0.7]).all(|(v, e)| (*v - e).abs() < 1e-3), "{v:?}"));
    }

    #[test]
    fn the_variance_grows_with_the_light() {
        let spread = |v: f32| {
            let mut canvas = Canvas { size: Size::new(100, 100), channels: 1, values: vec![v; 10_000] };
            Sensor { shot: 0.002, read: 1e-6, gains: [1.0; 3], mosaic: false, noise: FieldKey(1, 2) }
                .paint(&mut canvas);
            let light: Vec<f64> = canvas.values.iter().map(|v| decode(f64::from(*v))).collect();
            let mean = light.iter().sum::<f64>() / 10_000.0;
            light.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / 10_000.0
        };
        for v in [0.4, 0.7] {
            let expected = 0.002 * decode(f64::from(v)) + 1e-6;
            assert!((spread(v) / expected - 1.0).abs() < 0.1, "{v}: {} {expected}", spread(v));
        }
    }
}
