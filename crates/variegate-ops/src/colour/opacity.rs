//! Opacity: the alpha channel, scaled.

use crate::prelude::*;

params! {
    /// Multiplies the alpha channel.
    ///
    /// alpha becomes factor · alpha, cut at 1. Only pictures of four channels have one; others stay as they are. Colours, masks,
    /// boxes and points stay.
    pub struct Opacity("opacity", "colour", aliases: ["ScaleAlpha"]) {
        /// What alpha is multiplied by.
        factor: f64 = real(0.0, 10.0).usual(0.3, 1.0).neutral(1.0);
    }
}

impl Op for Opacity {
    fn lower(&self, plan: &mut Builder) {
        if self.factor != 1.0 && plan.frame().channels == 4 {
            paint(plan, Faded { factor: self.factor as f32 });
        }
    }
}

/// The one effect that changes alpha, and nothing else.
#[derive(Debug)]
struct Faded {
    factor: f32,
}

impl Effect for Faded {
    fn name(&self) -> &'static str {
        "opacity"
    }

    fn paint(&self, canvas: &mut Canvas) {
        canvas.values.iter_mut().skip(3).step_by(4).for_each(|v| *v *= self.factor);
    }

    fn spread(&self) -> f64 {
        f64::from(self.factor).max(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::nodes;

    #[test]
    fn alpha_alone_changes() {
        let mut canvas = Canvas { size: Size::new(1, 2), channels: 4, values: vec![0.5; 8] };
        Faded { factor: 0.5 }.paint(&mut canvas);
        assert_eq!(canvas.values, [0.5, 0.5, 0.5, 0.25, 0.5, 0.5, 0.5, 0.25]);
        assert!(nodes(Opacity::config().factor(0.5), (4, 4)).is_empty());
    }
}
