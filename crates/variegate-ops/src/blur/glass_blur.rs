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
        let span = (2 * self.reach + 1) as u64;
        let near = |k: usize, word: u32, n: usize| {
            let step = ((u64::from(word) * span) >> 32) as i64 - self.reach;
            (k as i64 + step).clamp(0, n as i64 - 1) as usize
        };
        for round in 0..self.rounds {
            for y in 0..size.height {
                for x in 0..size.width {
                    let here = y * size.width + x;
                    let words = self.field.words(here as u32, round as u32);
                    let there = near(y, words[0], size.height) * size.width + near(x, words[1], size.width);
                    for c in 0..colours {
                        canvas.values.swap(here * channels + c, there * channels + c);
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
