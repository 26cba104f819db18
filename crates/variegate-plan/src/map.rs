//! Where an output position is read from in the input: a homography, or a chain of maps.

use std::fmt;
use std::sync::Arc;

use variegate_picture::{Homography, Point, Size};

/// Where an output position reads that has nothing to read: so far outside that a constant border shows.
pub const AFAR: Point = Point::new(-1e9, -1e9);

/// A coordinate map given by formulae, such as a polar map or a swirl.
pub trait Analytic: fmt::Debug + Send + Sync {
    /// Its name in explanations.
    fn name(&self) -> &str;
    /// The input position that output position `p` reads.
    fn source(&self, p: Point) -> Point;
    /// The output position where input position `p` appears, if it does.
    fn target(&self, p: Point) -> Option<Point>;

    /// [`Analytic::source`] of every position of a row, in place.
    fn sources(&self, x: &mut [f64], y: &mut [f64]) {
        for (x, y) in x.iter_mut().zip(y) {
            let p = self.source(Point::new(*x, *y));
            (*x, *y) = (p.x, p.y);
        }
    }

    /// Whether it tears the plane: input positions side by side may appear far apart.
    fn is_torn(&self) -> bool {
        false
    }
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
    /// The grid index before a position on an axis, and how far it lies beyond it.
    #[inline(always)]
    fn along(v: f64, length: usize, n: usize) -> (usize, f64) {
        let last = (n - 1) as f64;
        let g = v * (last / length as f64);
        // What is not a number goes to the first index.
        let g = if g > 0.0 { g } else { 0.0 };
        let g = if g < last { g } else { last };
        let i = (g as i32 as usize).min(n - 2);
        (i, g - i as f64)
    }

    /// The displacement at grid column `j` on a row that lies `share` of the way from grid row `i` to the next.
    #[inline(always)]
    fn between(&self, i: usize, share: f64, j: usize) -> (f64, f64) {
        mix(self.shifts[i * self.grid.width + j], self.shifts[(i + 1) * self.grid.width + j], share)
    }

    /// The grid column and row before a position, and how far it lies beyond each, from 0 to 1.
    pub fn cell(&self, p: Point) -> ((usize, f64), (usize, f64)) {
        let across = Self::along(p.x, self.canvas.width, self.grid.width);
        (across, Self::along(p.y, self.canvas.height, self.grid.height))
    }

    /// The displacement at a position; beyond the canvas that of its edge.
    pub fn shift(&self, p: Point) -> (f64, f64) {
        let ((j, across), (i, down)) = self.cell(p);
        mix(self.between(i, down, j), self.between(i, down, j + 1), across)
    }

    /// Displaces every position of a row.
    fn sources(&self, x: &mut [f64], y: &mut [f64]) {
        let first = y.first().copied().unwrap_or_default();
        if y.iter().any(|y| *y != first) {
            for (x, y) in x.iter_mut().zip(y) {
                let (dx, dy) = self.shift(Point::new(*x, *y));
                (*x, *y) = (*x + dx, *y + dy);
            }
            return;
        }
        // On a level row the two grid rows are mixed once.
        let (i, down) = Self::along(first, self.canvas.height, self.grid.height);
        let row: Vec<(f64, f64)> = (0..self.grid.width).map(|j| self.between(i, down, j)).collect();
        for (x, y) in x.iter_mut().zip(y) {
            let (j, across) = Self::along(*x, self.canvas.width, self.grid.width);
            let (dx, dy) = mix(row[j], row[j + 1], across);
            (*x, *y) = (*x + dx, *y + dy);
        }
    }

    /// Where the field brings a position to; a field that folds the plane has several such places, or none.
    ///
    /// The fixed point of q = p − shift(q), which steps of Newton's then sharpen: a field is bilinear, so that they end
    /// exactly once the cell is found.
    fn target(&self, p: Point) -> Point {
        let rest = |q: Point| {
            let (dx, dy) = self.shift(q);
            (q.x + dx - p.x, q.y + dy - p.y)
        };
        let size = |r: (f64, f64)| r.0.abs().max(r.1.abs());
        let (mut q, mut left) = (p, rest(p));
        for _ in 0..30 {
            q = Point::new(q.x - left.0, q.y - left.1);
            left = rest(q);
            if size(left) < 1e-9 {
                return q;
            }
        }
        for _ in 0..20 {
            let step = 1e-5;
            let (a, b) = (rest(Point::new(q.x + step, q.y)), rest(Point::new(q.x, q.y + step)));
            let (xx, yx) = ((a.0 - left.0) / step, (a.1 - left.1) / step);
            let (xy, yy) = ((b.0 - left.0) / step, (b.1 - left.1) / step);
            let determinant = xx * yy - xy * yx;
            let move_x = (left.0 * yy - left.1 * xy) / determinant;
            let move_y = (left.1 * xx - left.0 * yx) / determinant;
            let next = Point::new(q.x - move_x, q.y - move_y);
            let after = rest(next);
            // Not-a-number is no improvement either.
            let nearer = size(after) < size(left);
            if !nearer {
                break;
            }
            (q, left) = (next, after);
        }
        q
    }
}

fn mix(a: (f64, f64), b: (f64, f64), share: f64) -> (f64, f64) {
    (a.0 + (b.0 - a.0) * share, a.1 + (b.1 - a.1) * share)
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

    fn sources(&self, x: &mut [f64], y: &mut [f64]) {
        match self {
            Piece::Homography(h) => {
                for (x, y) in x.iter_mut().zip(y) {
                    let p = h.apply(Point::new(*x, *y));
                    (*x, *y) = (p.x, p.y);
                }
            }
            Piece::Field(field) => field.sources(x, y),
            Piece::Analytic(map) => map.sources(x, y),
        }
    }

    fn target(&self, p: Point) -> Option<Point> {
        match self {
            Piece::Homography(h) => h.inverse().map(|inverse| inverse.apply(p)),
            Piece::Field(field) => Some(field.target(p)),
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

    /// The input positions that the pixels of output row `row` read, as many as there is room for: [`Map::source`] of
    /// each pixel's centre.
    pub fn sources(&self, row: usize, x: &mut [f64], y: &mut [f64]) {
        for (k, x) in x.iter_mut().enumerate() {
            *x = k as f64 + 0.5;
        }
        y.fill(row as f64 + 0.5);
        match self {
            Map::Homography(h) => Piece::Homography(*h).sources(x, y),
            Map::Chain(pieces) => pieces.iter().for_each(|piece| piece.sources(x, y)),
        }
    }

    /// Whether it tears the plane: input positions side by side may appear far apart.
    pub fn is_torn(&self) -> bool {
        match self {
            Map::Homography(_) => false,
            Map::Chain(pieces) => pieces.iter().any(|piece| matches!(piece, Piece::Analytic(map) if map.is_torn())),
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
        self.0.target(p).unwrap_or(AFAR)
    }

    fn target(&self, p: Point) -> Option<Point> {
        Some(self.0.source(p))
    }

    fn is_torn(&self) -> bool {
        self.0.is_torn()
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
    fn a_row_at_once_is_position_by_position() {
        let shifts = (0..12).map(|k| (f64::from(k % 5) - 1.7, f64::from(k % 3) * 0.9)).collect();
        let field = Field { canvas: Size::new(20, 30), grid: Size::new(3, 4), shifts };
        let turn = Piece::Homography(Homography::rotate(20.0));
        for pieces in [vec![], vec![turn.clone()]] {
            let links: Vec<Piece> =
                pieces.into_iter().chain([Piece::Field(Arc::new(field.clone())), turn.clone()]).collect();
            let map = Map::Chain(links.into());
            let (mut x, mut y) = ([0.0; 37], [0.0; 37]);
            map.sources(7, &mut x, &mut y);
            for k in 0..37 {
                assert_eq!(Point::new(x[k], y[k]), map.source(Point::new(k as f64 + 0.5, 7.5)));
            }
        }
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
