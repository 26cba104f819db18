//! Disc and square: a rectangle bent into an ellipse, and back.

use crate::mesh::{bend, formula};
use crate::prelude::*;
use variegate_plan::Analytic;

params! {
    /// Bends the picture into the ellipse that its canvas holds, or the ellipse out into the whole canvas.
    ///
    /// With coordinates from −1 to 1 on both axes, (x, y) in the square and (u, v) in the disc (Fong, "Analytical methods for
    /// squaring the disc", arXiv 1509.06344): `elliptical` is u = x √(1 − y² / 2), v = y √(1 − x² / 2); `squircular` keeps
    /// directions, (u, v) = (x, y) · √(x² + y² − x² y²) / √(x² + y²). Every pixel of the input is seen in `disc`; `square` loses
    /// the corners.
    pub struct DiscSquare("disc_square", "shape", aliases: ["Squircle", "SquareToDisc", "DiscToSquare"]) {
        /// Into a disc, or a disc into a square.
        direction: &'static str = word(&["disc", "square"], "disc");
        /// The formula: bent grid lines, or straight rays.
        mapping: &'static str = word(&["elliptical", "squircular"], "elliptical");
        /// How to read between pixels.
        filter: Filter = filter("bilinear");
        /// What lies beyond the edge.
        border: Border = border("constant");
        /// Colour of a constant border, 0 black to 1 white.
        fill: Channels = colour(0.0);
    }
}

/// The disc in its square, on coordinates from −1 to 1.
#[derive(Debug)]
struct Bent {
    half: (f64, f64),
    into_disc: bool,
    keeps_rays: bool,
}

impl Bent {
    /// The place in the square of one in the disc; beyond the rim in proportion to it.
    fn to_square(&self, u: f64, v: f64) -> (f64, f64) {
        let r = (u * u + v * v).sqrt();
        if r > 1.0 {
            let (x, y) = self.to_square(u / r, v / r);
            return (x * r, y * r);
        }
        if self.keeps_rays {
            // The printed formula with its fraction made rational, so that no axis divides by zero.
            let share = if r > 0.0 { 4.0 * u * u * v * v / (r * r) } else { 0.0 };
            let k = (2.0 / (1.0 + (1.0 - share).max(0.0).sqrt())).sqrt();
            return (u * k, v * k);
        }
        let root = |v: f64| v.max(0.0).sqrt();
        let (a, b) = (2.0 + u * u - v * v, 2.0 - u * u + v * v);
        let (p, q) = (2.0 * 2f64.sqrt() * u, 2.0 * 2f64.sqrt() * v);
        (0.5 * (root(a + p) - root(a - p)), 0.5 * (root(b + q) - root(b - q)))
    }

    /// The place in the disc of one in the square; beyond the edge in proportion to it.
    fn to_disc(&self, x: f64, y: f64) -> (f64, f64) {
        let far = x.abs().max(y.abs());
        if far > 1.0 {
            let (u, v) = self.to_disc(x / far, y / far);
            return (u * far, v * far);
        }
        if self.keeps_rays {
            let square = x * x + y * y;
            let k = if square > 0.0 { (1.0 - x * x * y * y / square).max(0.0).sqrt() } else { 1.0 };
            return (x * k, y * k);
        }
        (x * (1.0 - y * y / 2.0).sqrt(), y * (1.0 - x * x / 2.0).sqrt())
    }

    fn moved(&self, p: Point, to_square: bool) -> Point {
        let (u, v) = (p.x / self.half.0 - 1.0, p.y / self.half.1 - 1.0);
        let (x, y) = if to_square { self.to_square(u, v) } else { self.to_disc(u, v) };
        Point::new((x + 1.0) * self.half.0, (y + 1.0) * self.half.1)
    }
}

impl Analytic for Bent {
    fn name(&self) -> &str {
        "disc_square"
    }

    fn source(&self, p: Point) -> Point {
        self.moved(p, self.into_disc)
    }

    fn target(&self, p: Point) -> Option<Point> {
        Some(self.moved(p, !self.into_disc))
    }
}

impl Op for DiscSquare {
    fn lower(&self, plan: &mut Builder) {
        let half = (plan.size().width as f64 / 2.0, plan.size().height as f64 / 2.0);
        let bent = Bent { half, into_disc: self.direction == "disc", keeps_rays: self.mapping == "squircular" };
        bend(plan, formula(bent), self.filter, self.border, self.fill.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::moved;

    #[test]
    fn the_corner_comes_to_the_rim_and_the_axes_stay() {
        let rim = 50.0 * (1.0 + 0.5f64.sqrt());
        for mapping in ["elliptical", "squircular"] {
            let at = |x, y| moved(DiscSquare::config().mapping(mapping), (100, 100), (x, y));
            for (from, to) in
                [((100.0, 100.0), (rim, rim)), ((100.0, 50.0), (100.0, 50.0)), ((50.0, 30.0), (50.0, 30.0))]
            {
                let p = at(from.0, from.1);
                assert!((p.0 - to.0).abs() < 1e-6 && (p.1 - to.1).abs() < 1e-6, "{mapping} {from:?}: {p:?}");
            }
        }
    }

    #[test]
    fn a_disc_is_undone_by_a_square() {
        for mapping in ["elliptical", "squircular"] {
            for p in [(13.0, 71.0), (99.0, 3.0), (50.0, 50.0), (120.0, 40.0)] {
                let q = moved(DiscSquare::config().mapping(mapping), (100, 100), p);
                let back = moved(DiscSquare::config().mapping(mapping).direction("square"), (100, 100), q);
                assert!((back.0 - p.0).abs() < 1e-6 && (back.1 - p.1).abs() < 1e-6, "{mapping} {p:?}: {back:?}");
            }
        }
    }
}
