//! Anisotropic blur: a Gaussian that is longer in one direction.

use crate::prelude::*;

params! {
    /// Blurs with a Gaussian that is longer in one direction.
    ///
    /// The kernel is exp(−(u²/2σ₁² + v²/2σ₂²)), u along the given angle and v across it, cut at three σ. The edge is
    /// mirrored; masks, boxes and points stay.
    pub struct AnisotropicBlur("anisotropic_blur", "blur", aliases: ["AnisotropicGaussianBlur"]) {
        /// Standard deviation along the angle.
        sigma: f64 = real(0.0, 12.0).usual(0.5, 3.0).neutral(0.0).unit("px");
        /// Standard deviation across the angle, as a share of the one along it.
        ratio: f64 = real(0.0, 1.0).usual(0.2, 0.8);
        /// The direction, counter-clockwise as seen.
        degrees: f64 = real(-360.0, 360.0).usual(-90.0, 90.0).unit("degrees");
    }
}

impl Op for AnisotropicBlur {
    fn lower(&self, plan: &mut Builder) {
        if self.sigma > 0.0 {
            paint(plan, Lengthy { along: self.sigma, across: self.sigma * self.ratio, degrees: self.degrees });
        }
    }
}

#[derive(Debug)]
struct Lengthy {
    along: f64,
    across: f64,
    degrees: f64,
}

impl Lengthy {
    fn kernel(&self) -> Kernel {
        let (sin, cos) = (libm::sin(self.degrees.to_radians()), libm::cos(self.degrees.to_radians()));
        // A Gaussian much narrower than a pixel would fall between the pixels.
        let (along, across) = (self.along.max(0.25), self.across.max(0.25));
        let half = |a: f64, b: f64| (3.0 * libm::hypot(along * a, across * b)).ceil().max(1.0) as usize;
        Kernel::normalised(half(cos, sin), half(sin, cos), |x, y| {
            let (u, v) = (x * cos - y * sin, x * sin + y * cos);
            let exponent = u * u / (2.0 * along * along) + v * v / (2.0 * across * across);
            if exponent < 4.6 { libm::exp(-exponent) } else { 0.0 }
        })
    }
}

impl Effect for Lengthy {
    fn name(&self) -> &'static str {
        "anisotropic blur"
    }

    fn paint(&self, canvas: &mut Canvas) {
        *canvas = self.kernel().over(canvas);
    }

    fn spread(&self) -> f64 {
        1.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_longer_along_its_angle() {
        let mut canvas = Canvas::black(Size::new(31, 31), 1);
        canvas.values[15 * 31 + 15] = 1.0;
        // Up to the right.
        Lengthy { along: 3.0, across: 0.6, degrees: 45.0 }.paint(&mut canvas);
        let at = |y: usize, x: usize| canvas.values[y * 31 + x];
        assert!(at(12, 18) > 10.0 * at(18, 18), "{} {}", at(12, 18), at(18, 18));
    }
}
