//! PixMix: rounds of mixing with pictures of structure.

use std::sync::Arc;

use crate::dist::beta_quantile;
use crate::prelude::*;

params! {
    /// Mixes a picture of structure in, over several rounds of adding or multiplying.
    ///
    /// Each round draws a = Beta(beta, 1) and b = Beta(1, beta), or half the time a ← 1 + a and b ← −b, and mixes x with the structure y: adding
    /// a · (2x − 1) + b · (2y − 1) as values around middle grey, or multiplying (2x)ᵃ · (2y)ᵇ / 2. Half of the rounds take the picture
    /// itself for y. The structure comes from the `bank`: fractals, feature visualisations, or pictures that are drawn; it shares
    /// nothing of the label. Source: Hendrycks et al., "PixMix", CVPR 2022.
    pub struct PixMix("pix_mix", "texture", aliases: []) {
        /// Most rounds; each number up to it is equally likely, none included.
        rounds: i64 = integer(0, 8).usual(0.0, 4.0).value(4.0).neutral(0.0);
        /// How small the part of the structure is: the greater, the less of it.
        beta: f64 = real(0.5, 100.0).usual(3.0, 5.0).value(3.0);
        /// Where the structure comes from.
        bank: Arc<str> = bank();
        /// How many rounds, and what is done in each.
        choice: FieldKey = key();
    }
}

impl Op for PixMix {
    fn lower(&self, plan: &mut Builder) {
        let mut numbers = Numbers::new(self.choice);
        let count = numbers.below(self.rounds as usize + 1);
        let rounds: Vec<Round> = (0..count).map(|_| Round::drawn(&mut numbers, self.beta)).collect();
        if !rounds.is_empty() {
            let other = Other::filling(&Some(self.bank.clone()), self.choice.0);
            paint_with(plan, other, Rounds { rounds });
        }
    }
}

#[derive(Debug)]
struct Round {
    a: f32,
    b: f32,
    multiplies: bool,
    itself: bool,
}

impl Round {
    fn drawn(numbers: &mut Numbers, beta: f64) -> Self {
        let [multiplies, itself, beyond] = [(); 3].map(|()| numbers.unit() < 0.5);
        let (a, b) = (beta_quantile(numbers.unit(), beta, 1.0), beta_quantile(numbers.unit(), 1.0, beta));
        let (a, b) = if beyond { (1.0 + a, -b) } else { (a, b) };
        Self { a: a as f32, b: b as f32, multiplies, itself }
    }

    fn mixed(&self, x: f32, y: f32) -> f32 {
        let made = if self.multiplies {
            // Nothing to a negative power would be without end.
            let power = |v: f32, e: f32| libm::powf((2.0 * v).max(1e-3), e);
            power(x, self.a) * power(y, self.b) / 2.0
        } else {
            0.5 + 0.5 * (self.a * (2.0 * x - 1.0) + self.b * (2.0 * y - 1.0))
        };
        made.clamp(0.0, 1.0)
    }
}

#[derive(Debug)]
struct Rounds {
    rounds: Vec<Round>,
}

impl Duet for Rounds {
    fn name(&self) -> &'static str {
        "pix mix"
    }

    fn paint(&self, canvas: &mut Canvas, other: &Canvas) {
        let mut structure = other.values.chunks_exact(canvas.channels);
        canvas.each_pixel(|_, _, colours| {
            for (v, y) in colours.iter_mut().zip(structure.next().unwrap_or_default()) {
                let own = *v;
                *v = self.rounds.iter().fold(own, |x, round| round.mixed(x, if round.itself { own } else { *y }));
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round(a: f32, b: f32, multiplies: bool) -> Round {
        Round { a, b, multiplies, itself: false }
    }

    #[test]
    fn sums_are_around_grey_and_products_around_half() {
        assert!((round(0.5, 0.5, false).mixed(0.7, 0.9) - 0.8).abs() < 1e-6);
        assert!((round(1.0, 1.0, true).mixed(0.4, 0.5) - 0.4).abs() < 1e-6);
        assert!((round(1.0, 0.0, true).mixed(0.3, 0.9) - 0.3).abs() < 1e-6);
    }

    #[test]
    fn what_goes_beyond_white_is_cut_in_each_round() {
        let mut canvas = Canvas { size: Size::new(1, 1), channels: 1, values: vec![0.9] };
        let other = Canvas { values: vec![1.0], ..canvas.clone() };
        Rounds { rounds: vec![round(1.0, 1.0, false), round(0.5, 0.0, false)] }.paint(&mut canvas, &other);
        assert!((canvas.values[0] - 0.75).abs() < 1e-6, "{canvas:?}");
    }
}
