//! The plane pictures lie on.
//!
//! It is continuous: pixel (row i, column j) covers [j, j+1) × [i, i+1) and its centre lies at +0.5. A
//! homography maps *output* positions to *input* positions. Boxes are edges in the plane, points positions.

use crate::Size;

/// A position: x to the right, y down.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Distance from the left edge.
    pub x: f64,
    /// Distance from the top edge.
    pub y: f64,
}

impl Point {
    /// x first.
    pub const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }
}

/// An axis-parallel rectangle by its edges.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    /// Left edge.
    pub x0: f64,
    /// Top edge.
    pub y0: f64,
    /// Right edge.
    pub x1: f64,
    /// Bottom edge.
    pub y1: f64,
}

impl Rect {
    /// Left, top, right, bottom.
    pub const fn new(x0: f64, y0: f64, x1: f64, y1: f64) -> Self {
        Self { x0, y0, x1, y1 }
    }

    /// The rectangle of a whole picture.
    pub fn of(size: Size) -> Self {
        Self::new(0.0, 0.0, size.width as f64, size.height as f64)
    }

    /// Its corners, clockwise from the top left.
    pub fn corners(self) -> [Point; 4] {
        [
            Point::new(self.x0, self.y0),
            Point::new(self.x1, self.y0),
            Point::new(self.x1, self.y1),
            Point::new(self.x0, self.y1),
        ]
    }

    /// The smallest rectangle around points.
    pub fn around(points: impl IntoIterator<Item = Point>) -> Option<Self> {
        points.into_iter().fold(None, |rect: Option<Rect>, p| {
            Some(match rect {
                None => Rect::new(p.x, p.y, p.x, p.y),
                Some(r) => Rect::new(r.x0.min(p.x), r.y0.min(p.y), r.x1.max(p.x), r.y1.max(p.y)),
            })
        })
    }

    /// Width × height, nothing where edges are reversed.
    pub fn area(self) -> f64 {
        (self.x1 - self.x0).max(0.0) * (self.y1 - self.y0).max(0.0)
    }

    /// The part inside `other`.
    pub fn intersect(self, other: Self) -> Self {
        Self::new(self.x0.max(other.x0), self.y0.max(other.y0), self.x1.min(other.x1), self.y1.min(other.y1))
    }

    /// Whether it lies inside `other`, up to `slack`.
    pub fn within(self, other: Self, slack: f64) -> bool {
        self.x0 >= other.x0 - slack
            && self.y0 >= other.y0 - slack
            && self.x1 <= other.x1 + slack
            && self.y1 <= other.y1 + slack
    }

    /// Whether a position lies in it (left and top edges in, right and bottom out).
    pub fn contains(self, p: Point) -> bool {
        p.x >= self.x0 && p.x < self.x1 && p.y >= self.y0 && p.y < self.y1
    }
}

/// A projective map of the plane; rows of a 3 × 3 matrix.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Homography(pub [[f64; 3]; 3]);

impl Homography {
    /// The map that moves nothing.
    pub const IDENTITY: Self = Self([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]);

    /// (x, y) → (x + dx, y + dy).
    pub const fn translate(dx: f64, dy: f64) -> Self {
        Self([[1.0, 0.0, dx], [0.0, 1.0, dy], [0.0, 0.0, 1.0]])
    }

    /// (x, y) → (sx · x, sy · y).
    pub const fn scale(sx: f64, sy: f64) -> Self {
        Self([[sx, 0.0, 0.0], [0.0, sy, 0.0], [0.0, 0.0, 1.0]])
    }

    /// The affine map of six numbers, row by row.
    pub const fn affine(a: f64, b: f64, c: f64, d: f64, e: f64, f: f64) -> Self {
        Self([[a, b, c], [d, e, f], [0.0, 0.0, 1.0]])
    }

    /// A turn by `degrees` about the origin, from x towards y: clockwise as seen, since y points down.
    /// Multiples of 90 are exact.
    pub fn rotate(degrees: f64) -> Self {
        let (s, c) = match degrees.rem_euclid(360.0) {
            0.0 => (0.0, 1.0),
            90.0 => (1.0, 0.0),
            180.0 => (0.0, -1.0),
            270.0 => (-1.0, 0.0),
            other => (libm::sin(other.to_radians()), libm::cos(other.to_radians())),
        };
        Self::affine(c, -s, 0.0, s, c, 0.0)
    }

    /// The same map about another origin.
    pub fn about(self, centre: Point) -> Self {
        Self::translate(centre.x, centre.y).then_inside(self).then_inside(Self::translate(-centre.x, -centre.y))
    }

    /// The matrix product self · inner: apply `inner` first, then `self`.
    pub fn then_inside(self, inner: Self) -> Self {
        let (a, b) = (self.0, inner.0);
        let mut m = [[0.0; 3]; 3];
        for (r, row) in m.iter_mut().enumerate() {
            for (c, value) in row.iter_mut().enumerate() {
                *value = a[r][0] * b[0][c] + a[r][1] * b[1][c] + a[r][2] * b[2][c];
            }
        }
        Self(m)
    }

    /// The map that undoes this one; none where the matrix is singular.
    pub fn inverse(self) -> Option<Self> {
        let [[a, b, c], [d, e, f], [g, h, i]] = self.0;
        let (ca, cb, cc) = (e * i - f * h, f * g - d * i, d * h - e * g);
        let det = a * ca + b * cb + c * cc;
        if !det.is_finite() || det.abs() < 1e-300 {
            return None;
        }
        let m = [
            [ca / det, (c * h - b * i) / det, (b * f - c * e) / det],
            [cb / det, (a * i - c * g) / det, (c * d - a * f) / det],
            [cc / det, (b * g - a * h) / det, (a * e - b * d) / det],
        ];
        if self.is_affine() {
            return Some(Self([m[0], m[1], [0.0, 0.0, 1.0]]));
        }
        Some(Self(m))
    }

    /// Where a position goes.
    #[inline]
    pub fn apply(&self, p: Point) -> Point {
        let m = &self.0;
        let x = m[0][0] * p.x + m[0][1] * p.y + m[0][2];
        let y = m[1][0] * p.x + m[1][1] * p.y + m[1][2];
        if self.is_affine() {
            return Point::new(x, y);
        }
        let w = m[2][0] * p.x + m[2][1] * p.y + m[2][2];
        Point::new(x / w, y / w)
    }

    /// The derivative at a position: [[∂x/∂u, ∂x/∂v], [∂y/∂u, ∂y/∂v]].
    pub fn jacobian(&self, p: Point) -> [[f64; 2]; 2] {
        let m = &self.0;
        let w = m[2][0] * p.x + m[2][1] * p.y + m[2][2];
        let q = self.apply(p);
        [
            [(m[0][0] - q.x * m[2][0]) / w, (m[0][1] - q.x * m[2][1]) / w],
            [(m[1][0] - q.y * m[2][0]) / w, (m[1][1] - q.y * m[2][1]) / w],
        ]
    }

    /// Whether the last row is 0 0 1.
    #[inline]
    pub fn is_affine(&self) -> bool {
        self.0[2] == [0.0, 0.0, 1.0]
    }

    /// Whether it scales and shifts the axes without mixing them.
    pub fn is_axis_aligned(&self) -> bool {
        self.is_affine() && self.0[0][1] == 0.0 && self.0[1][0] == 0.0
    }

    /// Whether it maps pixels onto pixels: flips, quarter turns, transpositions and whole-pixel shifts.
    pub fn is_permutation(&self) -> bool {
        let unit = |v: f64| v == 1.0 || v == -1.0;
        let m = &self.0;
        let straight = m[0][1] == 0.0 && m[1][0] == 0.0 && unit(m[0][0]) && unit(m[1][1]);
        let crossed = m[0][0] == 0.0 && m[1][1] == 0.0 && unit(m[0][1]) && unit(m[1][0]);
        self.is_affine() && (straight || crossed) && m[0][2].fract() == 0.0 && m[1][2].fract() == 0.0
    }

    /// Whether left and right are exchanged.
    pub fn is_mirroring(&self) -> bool {
        self.0[0][0] * self.0[1][1] - self.0[0][1] * self.0[1][0] < 0.0
    }

    /// The map that sends the corners of `from` to the corners of `to` (same order); none for degenerate
    /// quadrilaterals. Solves the eight linear equations by elimination with pivoting.
    pub fn between(from: [Point; 4], to: [Point; 4]) -> Option<Self> {
        let mut a = [[0.0f64; 9]; 8];
        for k in 0..4 {
            let (p, q) = (from[k], to[k]);
            a[2 * k] = [p.x, p.y, 1.0, 0.0, 0.0, 0.0, -p.x * q.x, -p.y * q.x, q.x];
            a[2 * k + 1] = [0.0, 0.0, 0.0, p.x, p.y, 1.0, -p.x * q.y, -p.y * q.y, q.y];
        }
        for col in 0..8 {
            let pivot = (col..8).max_by(|i, j| a[*i][col].abs().total_cmp(&a[*j][col].abs()))?;
            if a[pivot][col].abs() < 1e-12 {
                return None;
            }
            a.swap(col, pivot);
            for row in 0..8 {
                if row != col {
                    let factor = a[row][col] / a[col][col];
                    for k in col..9 {
                        a[row][k] -= factor * a[col][k];
                    }
                }
            }
        }
        let h: Vec<f64> = (0..8).map(|i| a[i][8] / a[i][i]).collect();
        let last = if h[6].abs() < 1e-15 && h[7].abs() < 1e-15 { [0.0, 0.0, 1.0] } else { [h[6], h[7], 1.0] };
        Some(Self([[h[0], h[1], h[2]], [h[3], h[4], h[5]], last]))
    }
}

/// The part of a convex polygon inside a rectangle (Sutherland and Hodgman 1974).
pub fn clip(polygon: &[Point], rect: Rect) -> Vec<Point> {
    let edges: [(fn(Point, Rect) -> f64, f64); 4] =
        [(|p, r| p.x - r.x0, 0.0), (|p, r| r.x1 - p.x, 0.0), (|p, r| p.y - r.y0, 0.0), (|p, r| r.y1 - p.y, 0.0)];
    let mut points = polygon.to_vec();
    for (inside, _) in edges {
        let mut kept = Vec::with_capacity(points.len() + 2);
        for k in 0..points.len() {
            let (p, q) = (points[k], points[(k + 1) % points.len()]);
            let (dp, dq) = (inside(p, rect), inside(q, rect));
            if dp >= 0.0 {
                kept.push(p);
            }
            if (dp >= 0.0) != (dq >= 0.0) {
                let t = dp / (dp - dq);
                kept.push(Point::new(p.x + t * (q.x - p.x), p.y + t * (q.y - p.y)));
            }
        }
        points = kept;
    }
    points
}

/// The area of a polygon (shoelace formula), without sign.
pub fn area(polygon: &[Point]) -> f64 {
    let twice: f64 = (0..polygon.len())
        .map(|k| {
            let (p, q) = (polygon[k], polygon[(k + 1) % polygon.len()]);
            p.x * q.y - q.x * p.y
        })
        .sum();
    twice.abs() / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: Point, b: Point) -> bool {
        (a.x - b.x).abs() < 1e-9 && (a.y - b.y).abs() < 1e-9
    }

    #[test]
    fn quarter_turns_are_exact() {
        let turn = Homography::rotate(90.0).about(Point::new(2.0, 2.0));
        assert_eq!(turn.apply(Point::new(0.0, 0.0)), Point::new(4.0, 0.0));
        assert!(turn.is_permutation());
    }

    #[test]
    fn an_inverse_undoes() {
        let h = Homography([[1.1, 0.2, 3.0], [-0.1, 0.9, 5.0], [0.001, -0.002, 1.0]]);
        let p = Point::new(13.0, 7.5);
        assert!(close(h.inverse().unwrap_or(h).apply(h.apply(p)), p));
        assert_eq!(Homography::scale(0.0, 1.0).inverse(), None);
    }

    #[test]
    fn four_corners_fix_a_homography() {
        let from = Rect::new(0.0, 0.0, 10.0, 20.0).corners();
        let to = [Point::new(1.0, 2.0), Point::new(9.0, 0.0), Point::new(11.0, 18.0), Point::new(-1.0, 22.0)];
        let h = Homography::between(from, to).expect("a proper quadrilateral");
        for k in 0..4 {
            assert!(close(h.apply(from[k]), to[k]));
        }
        assert!(Homography::between([from[0]; 4], to).is_none());
    }

    #[test]
    fn clipping_keeps_the_part_inside() {
        let square = Rect::new(-1.0, -1.0, 1.0, 1.0).corners();
        assert!((area(&clip(&square, Rect::new(0.0, 0.0, 5.0, 5.0))) - 1.0).abs() < 1e-12);
        assert!(clip(&square, Rect::new(2.0, 2.0, 5.0, 5.0)).is_empty());
    }
}
