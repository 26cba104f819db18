//! Glass blur: seen through frosted glass.

use crate::prelude::*;

params! {
    /// Shows the picture through frosted glass: neighbouring pixels change places at random between two slight blurs.
    ///
    /// A Gaussian of `sigma`, then `rounds` sweeps over all pixels in which each changes places with one at most `reach_px`
    /// away, then the Gaussian again (the definition of ImageNet-C; Hendrycks and Dietterich, ICLR 2019). Masks, boxes and
    /// points stay.
    pub struct GlassBlur("glass_blur", "blur", aliases: ["PixelSpread", "RandomGlassBlur"]) {
        /// Standard deviation of the Gaussians.
        sigma: f64 = real(0.0, 100.0).usual(0.4, 1.0).neutral(0.0).unit("px");
        /// How far a pixel may move.
        reach_px: i64 = integer(0, 32).usual(1.0, 4.0).neutral(0.0).unit("px");
        /// How many sweeps.
        rounds: i64 = integer(1, 5).value(2.0);
        /// Who changes places.
        field: FieldKey = key();
    }
}

impl Op for GlassBlur {
    fn lower(&self, plan: &mut Builder) {
        let sigma = self.sigma;
        let blur = |plan: &mut Builder| {
            if sigma > 0.0 {
                let kind = StencilKind::Gaussian { x: sigma, y: sigma };
                plan.push(Node::Stencil(Stencil { kind, border: Border::Mirror }));
            }
        };
        blur(plan);
        if self.reach_px > 0 {
            paint(plan, Swaps { reach: self.reach_px, rounds: self.rounds, field: self.field });
        }
        blur(plan);
    }
}

#[derive(Debug)]
struct Swaps {
    reach: i64,
    rounds: i64,
    field: FieldKey,
}

impl Effect for Swaps {
    fn name(&self) -> &'static str {
        "pixels change places"
    }

    fn paint(&self, canvas: &mut Canvas) {
        let (size, channels, colours) = (canvas.size, canvas.channels, canvas.colours());
        let span = (2 * self.reach + 1) as u32;
        // Half a word for each axis: at most 65 steps are told apart, so 16 bits are even to a thousandth.
        let near = |k: usize, half: u32, n: usize| {
            let step = ((half * span) >> 16) as i32 - self.reach as i32;
            (k as i32 + step).clamp(0, n as i32 - 1) as usize
        };
        let (height, width) = (size.height, size.width);
        for round in 0..self.rounds {
            let (mut y, mut x) = (0, 0);
            for block in 0..size.pixels().div_ceil(4) {
                for word in self.field.words(block as u32, round as u32) {
                    if y == height {
                        break;
                    }
                    let there = near(y, word >> 16, height) * width + near(x, word & 0xffff, width);
                    let (here, there) = ((y * width + x) * channels, there * channels);
                    (0..colours).for_each(|c| canvas.values.swap(here + c, there + c));
                    x += 1;
                    if x == width {
                        (y, x) = (y + 1, 0);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_value_is_lost_and_none_goes_far_in_one_round() {
        let mut canvas = Canvas::black(Size::new(20, 30), 1);
        canvas.values.iter_mut().enumerate().for_each(|(k, v)| *v = k as f32);
        Swaps { reach: 2, rounds: 1, field: FieldKey(3, 4) }.paint(&mut canvas);
        let mut sorted = canvas.values.clone();
        sorted.sort_by(f32::total_cmp);
        assert!(sorted.iter().enumerate().all(|(k, v)| *v == k as f32));
        let moved = canvas.values.iter().enumerate().filter(|(k, v)| **v != *k as f32).count();
        assert!(moved > 400, "{moved}");
    }
}
