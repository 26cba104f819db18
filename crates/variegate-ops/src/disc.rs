//! Discs and ellipses as a frame of reference, and the maps that look the same all around one.
//!
//! Called by the operations of `shape` that have a centre. A [`Round`] map is told how far out and how much turned it
//! reads at each distance; it knows of no operation.

use std::fmt;

use variegate_picture::{Point, Size};
use variegate_plan::Analytic;

use crate::angle::sine_cosine;

/// An ellipse; its own measure has it at distance 1 from the centre, all around.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Disc {
    centre: Point,
    /// Pixels from the centre to the ellipse's measure, rows of a matrix.
    inwards: [[f64; 2]; 2],
    /// The same back.
    outwards: [[f64; 2]; 2],
}

impl Disc {
    /// An ellipse about the position (`x`, `y`) in fractions of the sides, with the area of a circle of `radius` pixels,
    /// `aspect` times as wide as high, and then turned by `degrees`, counter-clockwise as seen.
    pub fn new(size: Size, (x, y): (f64, f64), radius: f64, aspect: f64, degrees: f64) -> Self {
        let centre = Point::new(x * size.width as f64, y * size.height as f64);
        let stretch = aspect.sqrt();
        let (a, b) = (radius * stretch, radius / stretch);
        let (s, c) = sine_cosine(degrees / 360.0);
        // Counter-clockwise as seen: the first axis points to (c, −s), the second to (s, c).
        Self { centre, inwards: [[c / a, -s / a], [s / b, c / b]], outwards: [[c * a, s * b], [-s * a, c * b]] }
    }

    /// The same with the radius in shorter sides.
    pub fn within(size: Size, at: (f64, f64), radius: f64, aspect: f64, degrees: f64) -> Self {
        Self::new(size, at, radius * size.width.min(size.height) as f64, aspect, degrees)
    }

    /// A position in the ellipse's own measure.
    #[inline]
    pub fn measured(&self, p: Point) -> (f64, f64) {
        let (x, y) = (p.x - self.centre.x, p.y - self.centre.y);
        let m = &self.inwards;
        (m[0][0] * x + m[0][1] * y, m[1][0] * x + m[1][1] * y)
    }

    /// The position of a place in the ellipse's own measure.
    #[inline]
    pub fn place(&self, (u, v): (f64, f64)) -> Point {
        let m = &self.outwards;
        Point::new(self.centre.x + m[0][0] * u + m[0][1] * v, self.centre.y + m[1][0] * u + m[1][1] * v)
    }
}

/// What a round map does at each distance.
pub trait Profile: fmt::Debug + Send + Sync {
    /// The distance from which on nothing changes.
    const END: f64;

    /// Its name in explanations.
    fn name(&self) -> &'static str;

    /// At distance `rho` of an output position: by what it is multiplied where the input is read, and the angle by which
    /// that lies further, clockwise as seen, in turns.
    fn at(&self, rho: f64) -> (f64, f64);

    /// The distance at which an output position reads at distance `goal`, if any does.
    fn outwards(&self, goal: f64) -> Option<f64> {
        let reads = |rho: f64| rho * self.at(rho).0;
        let mut end = if Self::END.is_finite() { Self::END } else { goal.max(1.0) };
        // Where the map shrinks, what is read at a distance shows nearer; where it enlarges, farther out.
        while reads(end) < goal {
            end *= 1.5;
            if Self::END.is_finite() || end > 64.0 * (goal + 1.0) {
                return None;
            }
        }
        let mut start = 0.0;
        for _ in 0..60 {
            let middle = 0.5 * (start + end);
            if reads(middle) < goal {
                start = middle;
            } else {
                end = middle;
            }
        }
        let found = 0.5 * (start + end);
        // A profile that jumps over the goal, or is none there, has no answer.
        ((reads(found) - goal).abs() < 1e-7 * (1.0 + goal)).then_some(found)
    }
}

/// A map that does at each distance from a centre the same all around.
#[derive(Clone, Debug)]
pub struct Round<P> {
    /// About which centre, in which measure.
    pub disc: Disc,
    /// What happens at each distance.
    pub profile: P,
}

impl<P: Profile> Analytic for Round<P> {
    fn name(&self) -> &str {
        self.profile.name()
    }

    fn source(&self, p: Point) -> Point {
        let (u, v) = self.disc.measured(p);
        let rho = (u * u + v * v).sqrt();
        if rho >= P::END {
            return p;
        }
        let (scale, turn) = self.profile.at(rho);
        if turn == 0.0 {
            return self.disc.place((u * scale, v * scale));
        }
        let (s, c) = sine_cosine(turn);
        self.disc.place((scale * (c * u - s * v), scale * (s * u + c * v)))
    }

    fn target(&self, p: Point) -> Option<Point> {
        let (u, v) = self.disc.measured(p);
        let goal = (u * u + v * v).sqrt();
        if goal >= P::END || goal == 0.0 {
            return Some(p);
        }
        let rho = self.profile.outwards(goal)?;
        let (_, turn) = self.profile.at(rho);
        let (s, c) = sine_cosine(-turn);
        let back = rho / goal;
        Some(self.disc.place((back * (c * u - s * v), back * (s * u + c * v))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Doubled;

    impl Profile for Doubled {
        const END: f64 = f64::INFINITY;

        fn name(&self) -> &'static str {
            "doubled"
        }

        fn at(&self, _: f64) -> (f64, f64) {
            (2.0, 0.25)
        }
    }

    #[test]
    fn an_ellipse_lies_at_distance_one_from_its_centre() {
        // Ten pixels' radius and four times as wide as high: 20 to the right, 5 down; turned, 20 up and 5 to the right.
        let size = Size::new(100, 200);
        let flat = Disc::new(size, (0.5, 0.5), 10.0, 4.0, 0.0);
        let steep = Disc::new(size, (0.5, 0.5), 10.0, 4.0, 90.0);
        for (disc, p) in [(flat, (120.0, 50.0)), (flat, (100.0, 55.0)), (steep, (100.0, 30.0)), (steep, (105.0, 50.0))]
        {
            let (u, v) = disc.measured(Point::new(p.0, p.1));
            assert!((u * u + v * v - 1.0).abs() < 1e-9, "{p:?}");
            let back = disc.place((u, v));
            assert!((back.x - p.0).abs() < 1e-9 && (back.y - p.1).abs() < 1e-9);
        }
    }

    #[test]
    fn a_profile_is_followed_and_undone() {
        let map = Round { disc: Disc::new(Size::new(100, 100), (0.5, 0.5), 10.0, 1.0, 0.0), profile: Doubled };
        // Ten right of the centre reads twenty below it.
        let q = map.source(Point::new(60.0, 50.0));
        assert!((q.x - 50.0).abs() < 1e-9 && (q.y - 70.0).abs() < 1e-9);
        let p = map.target(q).expect("a place");
        assert!((p.x - 60.0).abs() < 1e-6 && (p.y - 50.0).abs() < 1e-6);
    }
}
