//! How the plane is turned and stretched at a place: what becomes of a vector there.

use variegate_picture::{Point, Rect};

use crate::map::Map;
use crate::route::Route;

/// How far apart positions are read to see how a map changes, in pixels.
const STEP: f64 = 1e-3;

/// The change of a small step: `[[∂x'/∂x, ∂x'/∂y], [∂y'/∂x, ∂y'/∂y]]`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Turning(pub [[f64; 2]; 2]);

impl Turning {
    /// What becomes of a vector.
    pub fn apply(&self, x: f64, y: f64) -> (f64, f64) {
        let [[a, b], [c, d]] = self.0;
        (a * x + b * y, c * x + d * y)
    }

    /// The turn or mirrored turn that is nearest, without stretch and shear: the orthogonal factor of the polar
    /// decomposition.
    pub fn rigid(&self) -> Self {
        let [[a, b], [c, d]] = self.0;
        let mirror = if a * d - b * c < 0.0 { -1.0 } else { 1.0 };
        // For two dimensions the factor is M + sign(det) · cofactor(M), made of length 1.
        let (p, q) = (a + mirror * d, b - mirror * c);
        let length = libm::hypot(p, q);
        if length == 0.0 {
            return *self;
        }
        let (p, q) = (p / length, q / length);
        Self([[p, q], [-mirror * q, mirror * p]])
    }
}

impl Route {
    /// How the route turned and stretched what is seen at an output position; none where nothing of the input is seen
    /// or the map is flat.
    pub fn turning(&self, at: Point) -> Option<Turning> {
        let inside = |p: Point| Rect::of(self.from).contains(p).then_some(p);
        inside(self.origin(at)?)?;
        let along = |dx: f64, dy: f64| {
            let (a, b) = (self.reading(at, dx, dy)?, self.reading(at, -dx, -dy)?);
            Some(((a.x - b.x) / (2.0 * STEP), (a.y - b.y) / (2.0 * STEP)))
        };
        let ((a, c), (b, d)) = (along(STEP, 0.0)?, along(0.0, STEP)?);
        let determinant = a * d - b * c;
        let inverse = [[d / determinant, -b / determinant], [-c / determinant, a / determinant]];
        inverse.iter().flatten().all(|v| v.is_finite()).then_some(Turning(inverse))
    }

    /// The one turning of a route that is affine throughout.
    pub fn affine_turning(&self) -> Option<Turning> {
        let straight = |map: &Map| map.homography().is_some_and(|h| h.0[2] == [0.0, 0.0, 1.0]);
        let all = self.warps.iter().all(|warp| straight(&warp.map));
        let [[a, b], [c, d]] = self.warps.iter().filter_map(|warp| warp.map.homography()).fold(
            [[1.0, 0.0], [0.0, 1.0]],
            |[[a, b], [c, d]], h| {
                // Output → input, so the forward change is the inverse, applied after what was there.
                let [[p, q, _], [r, s, _], _] = h.0;
                let determinant = p * s - q * r;
                let (p, q, r, s) = (s / determinant, -q / determinant, -r / determinant, p / determinant);
                [[p * a + q * c, p * b + q * d], [r * a + s * c, r * b + s * d]]
            },
        );
        let turning = [[a, b], [c, d]];
        (all && turning.iter().flatten().all(|v| v.is_finite())).then_some(Turning(turning))
    }

    /// The input position that a place near an output position reads, whatever hides it.
    fn reading(&self, at: Point, dx: f64, dy: f64) -> Option<Point> {
        let p = Point::new(at.x + dx, at.y + dy);
        let q = self.warps.iter().rev().fold(p, |p, warp| warp.map.source(p));
        (q.x.is_finite() && q.y.is_finite()).then_some(q)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::node::{Node, Warp};
    use variegate_picture::{Homography, Size};

    fn close(a: Turning, b: [[f64; 2]; 2]) -> bool {
        a.0.iter().flatten().zip(b.iter().flatten()).all(|(p, q)| (p - q).abs() < 1e-6)
    }

    #[test]
    fn a_mirror_turns_x_and_a_zoom_stretches_both() {
        let (from, to) = (Size::new(10, 20), Size::new(20, 40));
        // Output → input: half as far, then mirrored.
        let map = Homography::affine(-0.5, 0.0, 20.0, 0.0, 0.5, 0.0);
        let route = Route::of(&[Node::Warp(Warp::new(map, from, to))], from, to);
        let expected = [[-2.0, 0.0], [0.0, 2.0]];
        assert!(close(route.affine_turning().expect("affine"), expected));
        assert!(close(route.turning(Point::new(3.0, 4.0)).expect("seen"), expected));
        assert!(close(route.affine_turning().expect("affine").rigid(), [[-1.0, 0.0], [0.0, 1.0]]));
    }

    #[test]
    fn steps_follow_one_another() {
        let size = Size::new(20, 20);
        let centre = Point::new(10.0, 10.0);
        let quarter = Warp::new(Homography::rotate(90.0).about(centre), size, size);
        let wide = Warp::new(Homography::affine(0.5, 0.0, 0.0, 0.0, 1.0, 0.0), size, size);
        let route = Route::of(&[Node::Warp(quarter), Node::Warp(wide)], size, size);
        let once = route.affine_turning().expect("affine");
        assert!(close(route.turning(Point::new(9.0, 9.0)).expect("seen"), once.0));
        // Counter-clockwise as seen, a step to the right becomes one up; then x is stretched, which up does not feel.
        let (x, y) = once.apply(1.0, 0.0);
        assert!(x.abs() < 1e-9 && (y + 1.0).abs() < 1e-9, "{x} {y}");
        let (x, y) = once.apply(0.0, 1.0);
        assert!((x - 2.0).abs() < 1e-9 && y.abs() < 1e-9, "{x} {y}");
    }

    #[test]
    fn nothing_is_known_beyond_the_picture() {
        let size = Size::new(10, 10);
        let shift = Warp::new(Homography::translate(-5.0, 0.0), size, size);
        let route = Route::of(&[Node::Warp(shift)], size, size);
        assert!(route.turning(Point::new(2.0, 2.0)).is_none() && route.turning(Point::new(7.0, 2.0)).is_some());
    }
}
