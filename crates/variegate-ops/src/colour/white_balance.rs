//! White balance: the colour of the light taken away.

use crate::prelude::*;

params! {
    /// Takes a colour cast away by what the picture itself shows.
    ///
    /// `grey_world` multiplies each of red, green and blue by (mean of the three means) / (its own mean), as if the world were
    /// grey in the mean (Buchsbaum 1980); `white_patch` by (greatest of the three highlights) / (its own highlight), as if the
    /// brightest spot were white (Land's retinex 1977), where a highlight is the value that one pixel in a hundred reaches.
    /// out = v · (1 + strength · (gain − 1)), cut at white. Pictures without colour stay as they are.
    pub struct WhiteBalance("white_balance", "colour", aliases: ["GrayWorld", "grey_world", "white_patch", "AutoWhiteBalance"]) {
        /// What is taken to be without colour.
        method: &'static str = word(&["grey_world", "white_patch"], "grey_world");
        /// How much of the cast is taken away, 0 nothing to 1 all of it.
        strength: f64 = real(0.0, 1.0).usual(0.5, 1.0).neutral(0.0);
    }
}

impl Op for WhiteBalance {
    fn lower(&self, plan: &mut Builder) {
        if self.strength > 0.0 && plan.frame().has_colour() {
            paint(plan, Balanced { by_patch: self.method == "white_patch", strength: self.strength });
        }
    }
}

#[derive(Debug)]
struct Balanced {
    by_patch: bool,
    strength: f64,
}

impl Effect for Balanced {
    fn name(&self) -> &'static str {
        "white_balance"
    }

    fn paint(&self, canvas: &mut Canvas) {
        let found = if self.by_patch { highlights(canvas) } else { sums(canvas) };
        let wanted =
            if self.by_patch { found.iter().copied().fold(0.0, f64::max) } else { found.iter().sum::<f64>() / 3.0 };
        let gains = found.map(|own| {
            let gain = wanted / own;
            // A channel without light has no cast.
            (if gain.is_finite() { 1.0 + self.strength * (gain - 1.0) } else { 1.0 }) as f32
        });
        canvas.each_pixel(|_, _, colours| colours.iter_mut().zip(gains).for_each(|(v, gain)| *v *= gain));
    }
}

fn sums(canvas: &Canvas) -> [f64; 3] {
    let mut sums = [0.0; 3];
    for pixel in canvas.values.chunks_exact(canvas.channels) {
        sums.iter_mut().zip(pixel).for_each(|(sum, v)| *sum += f64::from(*v));
    }
    sums
}

/// The value that one pixel in a hundred reaches, to the thousandth.
fn highlights(canvas: &Canvas) -> [f64; 3] {
    const BINS: usize = 1024;
    let mut bins = [[0usize; BINS]; 3];
    for pixel in canvas.values.chunks_exact(canvas.channels) {
        for (bins, v) in bins.iter_mut().zip(pixel) {
            bins[((v.clamp(0.0, 1.0) * (BINS - 1) as f32) as usize).min(BINS - 1)] += 1;
        }
    }
    let wanted = (canvas.size.pixels() / 100).max(1);
    bins.map(|bins| {
        let mut seen = 0;
        let place = bins.iter().rposition(|count| {
            seen += count;
            seen >= wanted
        });
        place.unwrap_or(0) as f64 / (BINS - 1) as f64
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn balanced(by_patch: bool, strength: f64, values: &[f32]) -> Vec<f32> {
        let mut canvas = Canvas { size: Size::new(1, values.len() / 3), channels: 3, values: values.to_vec() };
        Balanced { by_patch, strength }.paint(&mut canvas);
        canvas.values
    }

    #[test]
    fn an_evenly_lit_wall_becomes_grey() {
        for v in balanced(false, 1.0, &[0.75, 0.5, 0.25, 0.75, 0.5, 0.25]) {
            assert!((v - 0.5).abs() < 1e-6);
        }
        // Half of the way.
        let half = balanced(false, 0.5, &[0.75, 0.5, 0.25]);
        assert!((half[0] - 0.625).abs() < 1e-6 && (half[2] - 0.375).abs() < 1e-6);
    }

    #[test]
    fn the_brightest_spot_becomes_white_as_bright_as_it_is() {
        let out = balanced(true, 1.0, &[1.0, 0.5, 0.5, 0.25, 0.25, 0.25]);
        for (v, expected) in out.iter().zip([1.0, 1.0, 1.0, 0.25, 0.5, 0.5]) {
            assert!((v - expected).abs() < 2e-3, "{out:?}");
        }
    }

    #[test]
    fn without_light_there_is_no_cast() {
        assert_eq!(balanced(false, 1.0, &[0.0; 6]), [0.0; 6]);
        assert_eq!(balanced(true, 1.0, &[0.0; 6]), [0.0; 6]);
    }
}
