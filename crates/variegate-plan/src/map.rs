//! Where an output position is read from in the input: a homography, or a chain of maps.

use std::fmt;
use std::sync::Arc;

use variegate_picture::{Homography, Point, Size};

/// A coordinate map given by formulae, such as a polar map or a swirl.
pub trait Analytic: fmt::Debug + Send + Sync {
    /// Its name in explanations.
    fn name(&self) -> &str;
    /// The input position that output position `p` reads.
    fn source(&self, p: Point) -> Point;
    /// The output position where input position `p` appears, if it does.
    fn target(&self, p: Point) -> Option<Point>;
}

/// Displacements on a coarse grid over the output canvas, linear in between.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The canvas the grid spans, corner to corner.
    pub canvas: Size,
    /// Grid rows and columns, at least 2 × 2.
    pub grid: Size,
    /// (dx, dy) in pixels at each grid point, row by row.
    pub shifts: Vec<(f64, f64)>,
}

impl Field {
    /// The displacement at a position; beyond the canvas that of its edge.
    pub fn shift(&self, p: Point) -> (f64, f64) {
        let along = |v: f64, length: usize, n: usize| {
            let g = (v / length as f64 * (n - 1) as f64).clamp(0.0, (n - 1) as f64);
            let i = (g as usize).min(n - 2);
            (i, g - i as f64)
        };
        let (j, fx) = along(p.x, self.canvas.width, self.grid.width);
        let (i, fy) = along(p.y, self.canvas.height, self.grid.height);
        let at = |i: usize, j: usize| self.shifts[i * self.grid.width + j];
        let mix = |a: (f64, f64), b: (f64, f64), t: f64| (a.0 + (b.0 - a.0) * t, a.1 + (b.1 - a.1) * t);
        mix(mix(at(i, j), at(i, j + 1), fx), mix(at(i + 1, j), at(i + 1, j + 1), fx), fy)
    }
}

/// One link of a chain.
#[derive(Clone, Debug)]
pub enum Piece {
    /// A homography.
    Homography(Homography),
    /// A displacement field.
    Field(Arc<Field>),
    /// A formula.
    Analytic(Arc<dyn Analytic>),
}

impl Piece {
    fn source(&self, p: Point) -> Point {
        match self {
            Piece::Homography(h) => h.apply(p),
            Piece::Field(field) => {
                let (dx, dy) = field.shift(p);
                Point::new(p.x + dx, p.y + dy)
            }
            Piece::Analytic(map) => map.source(p),
        }
    }

    fn target(&self, p: Point) -> Option<Point> {
        match self {
            Piece::Homography(h) => h.inverse().map(|inverse| inverse.apply(p)),
            // The fixed point of q = p − shift(q); a field that folds the plane has none, and the last guess serves.
            Piece::Field(field) => Some((0..30).fold(p, |q, _| {
                let (dx, dy) = field.shift(q);
                Point::new(p.x - dx, p.y - dy)
            })),
            Piece::Analytic(map) => map.target(p),
        }
    }
}

/// A map from output positions to input positions.
#[derive(Clone, Debug)]
pub enum Map {
    /// A single homography: the common case.
    Homography(Homography),
    /// Several links, the output's first.
    Chain(Arc<[Piece]>),
}

impl Map {
    /// The input position that output position `p` reads.
    pub fn source(&self, p: Point) -> Point {
        match self {
            Map::Homography(h) => h.apply(p),
            Map::Chain(pieces) => pieces.iter().fold(p, |p, piece| piece.source(p)),
        }
    }

    /// The output position where input position `p` appears, if it does.
    pub fn target(&self, p: Point) -> Option<Point> {
        match self {
            Map::Homography(h) => h.inverse().map(|inverse| inverse.apply(p)),
            Map::Chain(pieces) => pieces.iter().rev().try_fold(p, |p, piece| piece.target(p)),
        }
    }

    /// The homography, where it is one.
    pub fn homography(&self) -> Option<&Homography> {
        match self {
            Map::Homography(h) => Some(h),
            Map::Chain(_) => None,
        }
    }

    /// The map that applies `first` (to output positions), then `self`: one map for two warps.
    pub fn after(&self, first: &Map) -> Map {
        if let (Map::Homography(a), Map::Homography(b)) = (self, first) {
            return Map::Homography(a.then_inside(*b));
        }
        let links = |map: &Map| match map {
            Map::Homography(h) => vec![Piece::Homography(*h)],
            Map::Chain(pieces) => pieces.to_vec(),
        };
        let mut chain: Vec<Piece> = Vec::new();
        for piece in links(first).into_iter().chain(links(self)) {
            match (chain.last_mut(), piece) {
                (Some(Piece::Homography(last)), Piece::Homography(next)) => *last = next.then_inside(*last),
                (_, piece) => chain.push(piece),
            }
        }
        Map::Chain(chain.into())
    }

    /// The map that undoes this one, link by link; none where a link cannot be undone in closed form.
    pub fn inverse(&self) -> Option<Map> {
        match self {
            Map::Homography(h) => h.inverse().map(Map::Homography),
            Map::Chain(_) => Some(Map::Chain(Arc::new([Piece::Analytic(Arc::new(Inverse(self.clone())))]))),
        }
    }
}

/// A chain read backwards.
#[derive(Debug)]
struct Inverse(Map);

impl Analytic for Inverse {
    fn name(&self) -> &str {
        "inverse"
    }

    fn source(&self, p: Point) -> Point {
        self.0.target(p).unwrap_or(Point::new(f64::NAN, f64::NAN))
    }

    fn target(&self, p: Point) -> Option<Point> {
        Some(self.0.source(p))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_undone_by_its_fixed_point() {
        let field = Field {
            canvas: Size::new(20, 30),
            grid: Size::new(2, 3),
            shifts: vec![(1.0, 0.5), (-2.0, 1.0), (0.0, 0.0), (1.5, -1.0), (0.5, 0.5), (-1.0, 2.0)],
        };
        let map = Map::Chain(Arc::new([Piece::Field(Arc::new(field))]));
        let p = Point::new(11.0, 7.0);
        let q = map.target(map.source(p)).expect("a gentle field");
        assert!((q.x - p.x).abs() < 1e-6 && (q.y - p.y).abs() < 1e-6);
    }

    #[test]
    fn chains_merge_neighbouring_homographies() {
        let h = Map::Homography(Homography::translate(1.0, 2.0));
        let field = Field { canvas: Size::new(4, 4), grid: Size::new(2, 2), shifts: vec![(0.0, 0.0); 4] };
        let chain = h.after(&Map::Chain(Arc::new([Piece::Field(Arc::new(field))])));
        let Map::Chain(pieces) = h.after(&chain) else { unreachable!() };
        assert_eq!(pieces.len(), 2);
    }
}
