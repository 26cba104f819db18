//! Möbius: circles to circles.

use crate::disc::Disc;
use crate::mesh::{bend, formula};
use crate::prelude::*;
use variegate_plan::{AFAR, Analytic};

params! {
    /// Moves the middle towards a point by a Möbius map, which keeps angles and makes circles of circles.
    ///
    /// In the complex plane with the middle at 0 and the corners at distance 1, output z reads the input at
    /// (z − a) / (1 − ā z), a being `strength` times the point: what lies in the middle goes to a, and the circle through the
    /// corners onto itself (Zhou et al., "Data augmentation with Möbius transformations", arXiv 2002.02917, draws the map from
    /// three points instead).
    pub struct Moebius("moebius", "shape", aliases: ["Mobius", "MobiusTransform"]) {
        /// How far the middle goes towards the point, 0 not at all to 0.9 nearly all the way.
        strength: f64 = real(0.0, 0.9).usual(0.1, 0.6).neutral(0.0).unit("fraction");
        /// Where the point lies across, 0 left to 1 right.
        x: f64 = real(0.0, 1.0).usual(0.0, 1.0).unit("of the width");
        /// Where the point lies down, 0 top to 1 bottom.
        y: f64 = real(0.0, 1.0).usual(0.0, 1.0).unit("of the height");
        /// How to read between pixels.
        filter: Filter = filter("bilinear");
        /// What lies beyond the edge.
        border: Border = border("constant");
        /// Colour of a constant border, 0 black to 1 white.
        fill: Channels = colour(0.0);
    }
}

/// The automorphism of the disc that brings 0 to (`re`, `im`).
#[derive(Debug)]
struct Turned {
    disc: Disc,
    re: f64,
    im: f64,
}

impl Turned {
    /// (z − w a) / (1 − w ā z), where w is 1 or −1; none at its pole.
    fn at(&self, p: Point, w: f64) -> Option<Point> {
        let (x, y) = self.disc.measured(p);
        let (re, im) = (w * self.re, w * self.im);
        let (top_x, top_y) = (x - re, y - im);
        // ā z = (re x + im y) + i (re y − im x).
        let (low_x, low_y) = (1.0 - (re * x + im * y), im * x - re * y);
        let square = low_x * low_x + low_y * low_y;
        (square > 1e-9).then(|| {
            let q = ((top_x * low_x + top_y * low_y) / square, (top_y * low_x - top_x * low_y) / square);
            self.disc.place(q)
        })
    }
}

impl Analytic for Turned {
    fn name(&self) -> &str {
        "moebius"
    }

    fn source(&self, p: Point) -> Point {
        self.at(p, 1.0).unwrap_or(AFAR)
    }

    fn target(&self, p: Point) -> Option<Point> {
        self.at(p, -1.0)
    }
}

impl Op for Moebius {
    fn lower(&self, plan: &mut Builder) {
        if self.strength == 0.0 {
            return;
        }
        let size = plan.size();
        let half = libm::hypot(size.width as f64, size.height as f64) / 2.0;
        let disc = Disc::new(size, (0.5, 0.5), half, 1.0, 0.0);
        let to = disc.measured(Point::new(self.x * size.width as f64, self.y * size.height as f64));
        let turned = Turned { disc, re: self.strength * to.0, im: self.strength * to.1 };
        bend(plan, formula(turned), self.filter, self.border, self.fill.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::op::Config;
    use crate::testing::moved;

    fn towards(x: f64, y: f64) -> Config<Moebius> {
        Moebius::config().strength(0.5).x(x).y(y)
    }

    #[test]
    fn the_middle_goes_to_the_point_and_corners_stay_on_their_circle() {
        let p = moved(towards(1.0, 0.5), (60, 80), (40.0, 30.0));
        assert!((p.0 - 60.0).abs() < 1e-9 && (p.1 - 30.0).abs() < 1e-9, "{p:?}");
        let p = moved(towards(0.2, 0.9), (60, 80), (80.0, 60.0));
        assert!((libm::hypot(p.0 - 40.0, p.1 - 30.0) - 50.0).abs() < 1e-9, "{p:?}");
    }

    #[test]
    fn on_the_real_axis_it_is_the_fraction() {
        // a = 0.4; from 0.2 = (z − 0.4) / (1 − 0.4 z) follows z = 0.6 / 1.08.
        let p = moved(towards(1.0, 0.5), (60, 80), (50.0, 30.0));
        assert!((p.0 - 40.0 - 50.0 * 0.6 / 1.08).abs() < 1e-9, "{p:?}");
    }
}
