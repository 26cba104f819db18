//! Polar: circles become lines, and lines circles.

use crate::angle::{sine_cosine, turns};
use crate::mesh::{bend, formula};
use crate::prelude::*;
use variegate_plan::Analytic;

params! {
    /// Unrolls the picture into angle and distance, or rolls it up.
    ///
    /// `to` shows across the angle, from 0 at the left clockwise as seen to a full turn at the right, and down the distance from
    /// the centre, from 0 to `radius`: a turn of the input is then a shift. `from` is the inverse: the input's top edge becomes
    /// the centre, its bottom edge the circle. `to`, a shift and `from` make rings, arcs and spirals.
    pub struct Polar("polar", "shape", aliases: ["WithPolarWarping", "warp_polar", "linearPolar", "PolarWarp"]) {
        /// To angle and distance, or from them.
        direction: &'static str = word(&["to", "from"], "to");
        /// The distance that the bottom edge stands for.
        radius: f64 = real(0.01, 10.0).value(0.5).unit("of the shorter side");
        /// Where the centre lies across, 0 left to 1 right.
        x: f64 = real(0.0, 1.0).value(0.5).unit("of the width");
        /// Where the centre lies down, 0 top to 1 bottom.
        y: f64 = real(0.0, 1.0).value(0.5).unit("of the height");
        /// How to read between pixels.
        filter: Filter = filter("bilinear");
        /// What lies beyond the edge.
        border: Border = border("constant");
        /// Colour of a constant border, 0 black to 1 white.
        fill: Channels = colour(0.0);
    }
}

/// How far from the centre a row lies.
#[derive(Clone, Copy, Debug)]
pub enum Distance {
    /// In proportion.
    Even,
    /// By ratio, from one pixel on; the natural logarithm of the largest distance.
    Ratio(f64),
}

/// Angle across and distance down, for each other's picture.
#[derive(Clone, Debug)]
pub struct Rolled {
    size: Size,
    centre: Point,
    radius: f64,
    distance: Distance,
    unrolls: bool,
}

impl Rolled {
    /// `radius` is in shorter sides; `ratio` says whether distances go by ratio.
    pub fn new(size: Size, direction: &str, radius: f64, (x, y): (f64, f64), ratio: bool) -> Self {
        // By ratio there must be something between the first pixel and the last.
        let radius = (radius * size.width.min(size.height) as f64).max(if ratio { 1.5 } else { 1e-3 });
        let distance = if ratio { Distance::Ratio(libm::log(radius)) } else { Distance::Even };
        let centre = Point::new(x * size.width as f64, y * size.height as f64);
        Self { size, centre, radius, distance, unrolls: direction == "to" }
    }

    /// The distance that a row stands for, in pixels.
    fn distance(&self, y: f64) -> f64 {
        let share = y / self.size.height as f64;
        match self.distance {
            Distance::Even => share * self.radius,
            Distance::Ratio(most) => libm::exp((share * most).min(40.0)),
        }
    }

    /// The place at the angle that a column stands for, and at a distance.
    fn around(&self, x: f64, distance: f64) -> Point {
        let (s, c) = sine_cosine(x / self.size.width as f64);
        Point::new(self.centre.x + distance * c, self.centre.y + distance * s)
    }

    /// Angle and distance of a place.
    fn unrolled(&self, p: Point) -> Point {
        let (x, y) = (p.x - self.centre.x, p.y - self.centre.y);
        let angle = turns(y, x);
        let angle = if angle < 0.0 { angle + 1.0 } else { angle };
        let r = (x * x + y * y).sqrt();
        let share = match self.distance {
            Distance::Even => r / self.radius,
            Distance::Ratio(most) => libm::log(r.max(1e-9)) / most,
        };
        Point::new(angle * self.size.width as f64, share * self.size.height as f64)
    }
}

impl Analytic for Rolled {
    fn name(&self) -> &str {
        match self.distance {
            Distance::Even => "polar",
            Distance::Ratio(_) => "log_polar",
        }
    }

    fn source(&self, p: Point) -> Point {
        if self.unrolls {
            return self.around(p.x, self.distance(p.y));
        }
        // The left edge meets the right one, and the top edge is a point: half a pixel before them the border would show.
        let q = self.unrolled(p);
        let width = self.size.width as f64;
        Point::new(q.x.clamp(0.5, width - 0.5), q.y.max(0.5))
    }

    fn target(&self, p: Point) -> Option<Point> {
        Some(if self.unrolls { self.unrolled(p) } else { self.around(p.x, self.distance(p.y)) })
    }

    fn sources(&self, x: &mut [f64], y: &mut [f64]) {
        // A level row lies on one circle, whose radius is then computed once.
        let first = y.first().copied().unwrap_or_default();
        let circle = (self.unrolls && y.iter().all(|y| *y == first)).then(|| self.distance(first));
        for (x, y) in x.iter_mut().zip(y) {
            let q = match circle {
                Some(distance) => self.around(*x, distance),
                None => self.source(Point::new(*x, *y)),
            };
            (*x, *y) = (q.x, q.y);
        }
    }

    /// Beside the ray of angle 0 neighbours part to the left and to the right edge.
    fn is_torn(&self) -> bool {
        true
    }
}

impl Op for Polar {
    fn lower(&self, plan: &mut Builder) {
        let rolled = Rolled::new(plan.size(), self.direction, self.radius, (self.x, self.y), false);
        bend(plan, formula(rolled), self.filter, self.border, self.fill.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::moved;

    #[test]
    fn a_quarter_turn_clockwise_lies_a_quarter_across() {
        // 20 below the centre: a quarter across, and 20 of 50 down.
        let p = moved(Polar::config(), (100, 200), (100.0, 70.0));
        assert!((p.0 - 50.0).abs() < 1e-6 && (p.1 - 40.0).abs() < 1e-6, "{p:?}");
        let p = moved(Polar::config(), (100, 200), (130.0, 50.0));
        assert!(p.0.abs() < 1e-6 && (p.1 - 60.0).abs() < 1e-6, "{p:?}");
    }

    #[test]
    fn from_undoes_to() {
        let p = moved(Polar::config().x(0.4), (100, 200), (61.0, 33.0));
        let q = moved(Polar::config().x(0.4).direction("from"), (100, 200), p);
        assert!((q.0 - 61.0).abs() < 1e-6 && (q.1 - 33.0).abs() < 1e-6, "{q:?}");
    }
}
