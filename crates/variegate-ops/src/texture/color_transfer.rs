//! Colour transfer: the colours of another picture, in Lab.

use std::sync::Arc;

use crate::lab;
use crate::prelude::*;
use crate::statistics::{moments, ratio};

params! {
    /// Gives the picture mean and spread of another one's colours in CIE Lab.
    ///
    /// Each of L*, a* and b* is shifted and scaled to the other picture's mean and standard deviation; then out = (1 − alpha) · v +
    /// alpha · transferred. Pictures without colour stay as they are. The other picture comes from a `bank` or, where none is
    /// given, from the data set (a `Loader` or `Pipeline.batch`), and shares nothing of the label. Source: Reinhard et al., "Color
    /// Transfer between Images", 2001, who use another space of opponent colours.
    pub struct ColorTransfer("color_transfer", "texture", aliases: ["Reinhard", "ReinhardColorTransfer"]) {
        /// How much of the change is kept.
        alpha: f64 = real(0.0, 1.0).usual(0.3, 1.0).neutral(0.0).unit("fraction");
        /// Where the other picture comes from; the data set, where it is left out.
        bank: Option<Arc<str>> = bank().optional();
        /// The other picture.
        partner: u64 = partner();
    }
}

impl Op for ColorTransfer {
    fn lower(&self, plan: &mut Builder) {
        if self.alpha > 0.0 && matches!(plan.frame().channels, 3 | 4) {
            paint_with(plan, Other::filling(&self.bank, self.partner), Transferred { alpha: self.alpha as f32 });
        }
    }
}

#[derive(Debug)]
struct Transferred {
    alpha: f32,
}

/// Lightness and the two differences of roots that are a* and b* but for a factor.
fn to_lab(canvas: &Canvas) -> Canvas {
    // Three values a pixel: the alpha has no part in it.
    let mut values = Vec::with_capacity(canvas.size.pixels() * 3);
    canvas.values.chunks_exact(canvas.channels).for_each(|pixel| values.extend_from_slice(&pixel[..3]));
    lab::to_roots(&mut values, 3);
    for v in values.chunks_exact_mut(3) {
        (v[0], v[1], v[2]) = (v[1], v[0] - v[1], v[1] - v[2]);
    }
    Canvas { size: canvas.size, channels: 3, values }
}

impl Duet for Transferred {
    fn name(&self) -> &'static str {
        "color transfer"
    }

    fn paint(&self, canvas: &mut Canvas, other: &Canvas) {
        let (mut made, theirs) = (to_lab(canvas), to_lab(other));
        let maps: [(f32, f32); 3] = std::array::from_fn(|c| {
            let ((mean, spread), (m, s)) = (moments(&made, c), moments(&theirs, c));
            let gain = ratio(spread, s);
            (gain, m - gain * mean)
        });
        for v in made.values.chunks_exact_mut(3) {
            let [y, a, b] = std::array::from_fn(|c| maps[c].0 * v[c] + maps[c].1);
            (v[0], v[1], v[2]) = (y + a, y, y - b);
        }
        lab::from_roots(&mut made.values, 3);
        let channels = canvas.channels;
        for (to, from) in canvas.values.chunks_exact_mut(channels).zip(made.values.chunks_exact(3)) {
            to[..3].iter_mut().zip(from).for_each(|(v, made)| *v += self.alpha * (made - *v));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two(a: [f32; 3], b: [f32; 3]) -> Canvas {
        Canvas { size: Size::new(1, 2), channels: 3, values: [a, b].concat() }
    }

    #[test]
    fn two_colours_become_the_two_of_the_other() {
        let mut canvas = two([0.2; 3], [0.6; 3]);
        Transferred { alpha: 1.0 }.paint(&mut canvas, &two([0.3; 3], [0.5; 3]));
        for (got, want) in canvas.values.iter().zip(two([0.3; 3], [0.5; 3]).values) {
            assert!((got - want).abs() < 2e-3, "{canvas:?}");
        }
    }

    #[test]
    fn its_own_colours_change_nothing() {
        let picture = two([0.2, 0.5, 0.7], [0.8, 0.4, 0.3]);
        let mut canvas = picture.clone();
        Transferred { alpha: 1.0 }.paint(&mut canvas, &picture);
        assert!(canvas.values.iter().zip(&picture.values).all(|(a, b)| (a - b).abs() < 1e-3), "{canvas:?}");
    }
}
