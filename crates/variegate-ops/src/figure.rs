//! Figures: closed shapes about a centre, as an outline and as a distance from the centre.
//!
//! An operation that paints a shape makes one of a word, an area and random numbers: the outline is for a sharp edge, the
//! distance for a soft one. Both are of the same shape.

use std::f64::consts::{PI, TAU};

use variegate_picture::geometry::area;
use variegate_picture::{Homography, Point, Rect};
use variegate_plan::Outline;

/// Corners of an outline that is curved in truth.
const FINE: usize = 96;

/// Inner radius of a ring, as a share of the outer.
const HOLLOW: f64 = 0.6;

/// Area of |x|⁴ + |y|⁴ ≤ 1: 4 Γ(5/4)² / Γ(3/2).
const SUPERELLIPSE: f64 = 3.708_149_354_602_744;

/// A closed shape.
#[derive(Clone, Debug)]
pub struct Figure {
    kind: Kind,
    centre: Point,
    /// From x towards y, clockwise as seen.
    degrees: f64,
    /// The turn back.
    back: Homography,
}

#[derive(Clone, Debug)]
enum Kind {
    Ellipse(f64, f64),
    Superellipse(f64, f64),
    Ring(f64),
    /// Corners about the origin, in order, the origin inside.
    Convex(Vec<Point>),
}

impl Figure {
    /// The figure of a name that covers `covered` pixels; `form` holds twelve numbers from −1 to 1: its turn, its aspect,
    /// its corners.
    pub fn new(name: &str, covered: f64, centre: Point, form: &[f64]) -> Self {
        let number = |k: usize| form.get(k).copied().unwrap_or(0.0);
        let aspect = libm::exp2(number(1));
        let axes = |unit: f64| (libm::sqrt(covered * aspect / unit), libm::sqrt(covered / aspect / unit));
        let kind = match name {
            "ellipse" => Kind::Ellipse(axes(PI).0, axes(PI).1),
            "superellipse" => Kind::Superellipse(axes(SUPERELLIPSE).0, axes(SUPERELLIPSE).1),
            "ring" => Kind::Ring(libm::sqrt(covered / (PI * (1.0 - HOLLOW * HOLLOW)))),
            "polygon" => {
                let corners = 3 + (((number(2) + 1.0) * 3.0) as usize).min(5);
                Kind::Convex(of_area(polygon(corners, aspect, &number), covered))
            }
            "cube" => Kind::Convex(of_area(silhouette(number(2), number(3), number(4)), covered)),
            _ => Kind::Ellipse(libm::sqrt(covered / PI), libm::sqrt(covered / PI)),
        };
        let degrees = 180.0 * number(0);
        Self { kind, centre, degrees, back: Homography::rotate(-degrees) }
    }

    /// Its edge.
    pub fn outline(&self) -> Outline {
        let turned = Homography::translate(self.centre.x, self.centre.y).then_inside(Homography::rotate(self.degrees));
        let polygon = |points: &[Point]| Outline::Polygon(points.iter().map(|p| turned.apply(*p)).collect());
        match &self.kind {
            Kind::Ellipse(a, b) => Outline::Ellipse { centre: self.centre, radii: (*a, *b), degrees: -self.degrees },
            Kind::Superellipse(a, b) => polygon(&around(|c, s| Point::new(a * root(c), b * root(s)))),
            Kind::Ring(radius) => {
                // Outer and inner edge as one polygon, joined by a seam that is gone over twice.
                let circle = |r: f64| {
                    let mut points = around(|c, s| Point::new(r * c, r * s));
                    points.push(points[0]);
                    points
                };
                let (mut points, inner) = (circle(*radius), circle(HOLLOW * radius));
                points.extend(inner.iter().rev());
                polygon(&points)
            }
            Kind::Convex(points) => polygon(points),
        }
    }

    /// How far a position lies from the centre (of a ring: from the middle of its band), as a share of the edge's distance
    /// in that direction: 1 on the edge, less inside.
    pub fn distance(&self, p: Point) -> f64 {
        let p = self.back.apply(Point::new(p.x - self.centre.x, p.y - self.centre.y));
        match &self.kind {
            Kind::Ellipse(a, b) => {
                let (u, v) = (p.x / a, p.y / b);
                libm::sqrt(u * u + v * v)
            }
            Kind::Superellipse(a, b) => {
                let (u, v) = ((p.x / a) * (p.x / a), (p.y / b) * (p.y / b));
                libm::sqrt(libm::sqrt(u * u + v * v))
            }
            Kind::Ring(radius) => {
                let r = libm::sqrt(p.x * p.x + p.y * p.y) / radius;
                (r - (1.0 + HOLLOW) / 2.0).abs() / ((1.0 - HOLLOW) / 2.0)
            }
            Kind::Convex(points) => (0..points.len()).fold(0.0, |most, k| {
                let (a, b) = (points[k], points[(k + 1) % points.len()]);
                let normal = Point::new(b.y - a.y, a.x - b.x);
                let edge = (normal.x * p.x + normal.y * p.y) / (normal.x * a.x + normal.y * a.y);
                f64::max(most, edge)
            }),
        }
    }

    /// An upright rectangle that it does not leave.
    pub fn reach(&self) -> Rect {
        let radius = match &self.kind {
            // The farthest corner of a superellipse lies at 2^(1/4) of a half axis.
            Kind::Ellipse(a, b) | Kind::Superellipse(a, b) => a.max(*b) * 1.2,
            Kind::Ring(radius) => *radius,
            Kind::Convex(points) => points.iter().fold(0.0, |most, p| f64::max(most, libm::hypot(p.x, p.y))),
        };
        let Point { x, y } = self.centre;
        Rect::new(x - radius, y - radius, x + radius, y + radius)
    }
}

/// Points of a closed curve by the cosine and sine of a parameter.
fn around(at: impl Fn(f64, f64) -> Point) -> Vec<Point> {
    let angle = |k: usize| TAU * k as f64 / FINE as f64;
    (0..FINE).map(|k| at(libm::cos(angle(k)), libm::sin(angle(k)))).collect()
}

/// The square root, with the sign of its argument.
fn root(v: f64) -> f64 {
    libm::copysign(libm::sqrt(v.abs()), v)
}

/// Corners on an ellipse, each a fifth of its share of the turn around its place at most, so that the origin stays inside.
fn polygon(corners: usize, aspect: f64, number: &impl Fn(usize) -> f64) -> Vec<Point> {
    let angle = |k: usize| TAU * (k as f64 + 0.2 * number(4 + k)) / corners as f64;
    (0..corners).map(|k| Point::new(aspect * libm::cos(angle(k)), libm::sin(angle(k)))).collect()
}

/// The outline of a cube under a parallel projection: the sum of its three edges as they are seen.
fn silhouette(yaw: f64, pitch: f64, roll: f64) -> Vec<Point> {
    let turn = |v: f64| (libm::sin(PI * v), libm::cos(PI * v));
    let ((sa, ca), (sb, cb), (sc, cc)) = (turn(yaw), turn(pitch), turn(roll));
    // The first two rows of Rz(yaw) · Ry(pitch) · Rx(roll): what is seen of each axis.
    let axes = [
        Point::new(ca * cb, sa * cb),
        Point::new(ca * sb * sc - sa * cc, sa * sb * sc + ca * cc),
        Point::new(ca * sb * cc + sa * sc, sa * sb * cc - ca * sc),
    ];
    // All to one side, by angle: one after another there, and back again, they are the outline.
    let mut edges = axes.map(|p| if p.y < 0.0 || (p.y == 0.0 && p.x < 0.0) { Point::new(-p.x, -p.y) } else { p });
    edges.sort_by(|p, q| libm::atan2(p.y, p.x).total_cmp(&libm::atan2(q.y, q.x)));
    let mut at = edges.iter().fold(Point::new(0.0, 0.0), |at, p| Point::new(at.x - p.x / 2.0, at.y - p.y / 2.0));
    let back = edges.map(|p| Point::new(-p.x, -p.y));
    let steps = edges.into_iter().chain(back);
    steps
        .map(|step| {
            let here = at;
            at = Point::new(at.x + step.x, at.y + step.y);
            here
        })
        .collect()
}

/// The same shape with an area.
fn of_area(points: Vec<Point>, covered: f64) -> Vec<Point> {
    let scale = libm::sqrt(covered / area(&points).max(1e-9));
    points.into_iter().map(|p| Point::new(p.x * scale, p.y * scale)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cube_seen_along_an_axis_is_a_square_and_along_its_diagonal_a_hexagon() {
        assert!((area(&silhouette(0.0, 0.0, 0.0)) - 1.0).abs() < 1e-12);
        // The silhouette along the diagonal has an area of √3.
        let pitch = libm::asin(1.0 / libm::sqrt(3.0)) / PI;
        assert!((area(&silhouette(0.3, pitch, 0.25)) - libm::sqrt(3.0)).abs() < 1e-12);
    }

    #[test]
    fn the_edge_is_at_one() {
        let figure = Figure::new("circle", PI * 100.0, Point::new(3.0, 4.0), &[0.3; 12]);
        assert!((figure.distance(Point::new(13.0, 4.0)) - 1.0).abs() < 1e-12);
        let figure = Figure::new("superellipse", SUPERELLIPSE * 16.0, Point::new(0.0, 0.0), &[0.0; 12]);
        assert!((figure.distance(Point::new(4.0, 0.0)) - 1.0).abs() < 1e-12);
        assert!((figure.distance(Point::new(4.0, 4.0)) - libm::pow(2.0, 0.25)).abs() < 1e-12);
    }
}
