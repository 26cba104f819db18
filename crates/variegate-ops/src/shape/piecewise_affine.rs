//! Piecewise affine: a mesh of triangles whose corners were moved.

use crate::mesh::{bend, displaced, formula, normals};
use crate::newton::solve;
use crate::prelude::*;
use variegate_plan::{Analytic, Field, Piece};

params! {
    /// Moves the nodes of a mesh at random and the picture with its triangles.
    ///
    /// Nodes are shifted by normal numbers of the standard deviation `strength`, at most 0.45 of a cell, so that no triangle
    /// turns over; each cell is two triangles, and in a triangle the map is affine, so that lines get kinks at the mesh and
    /// nowhere else. Nodes at the edge move too (imgaug's PiecewiseAffine).
    pub struct PiecewiseAffine("piecewise_affine", "shape", aliases: ["MeshWarp"]) {
        /// Standard deviation of the shifts.
        strength: f64 = real(0.0, 1.0).usual(0.01, 0.04).neutral(0.0).unit("of the shorter side");
        /// Cells on each side.
        cells: i64 = integer(1, 64).usual(3.0, 6.0);
        /// How to read between pixels.
        filter: Filter = filter("bilinear");
        /// What lies beyond the edge.
        border: Border = border("constant");
        /// Colour of a constant border, 0 black to 1 white.
        fill: Channels = colour(0.0);
        /// The shifts.
        noise: FieldKey = key();
    }
}

/// The triangles of a grid: each cell is cut from its upper right to its lower left corner.
#[derive(Debug)]
struct Triangles {
    grid: std::sync::Arc<Field>,
}

impl Analytic for Triangles {
    fn name(&self) -> &str {
        "piecewise_affine"
    }

    fn source(&self, p: Point) -> Point {
        let ((j, x), (i, y)) = self.grid.cell(p);
        let at = |i: usize, j: usize| self.grid.shifts[i * self.grid.grid.width + j];
        let (right, below) = (at(i, j + 1), at(i + 1, j));
        // From the corner that the triangle has besides those two, along both sides.
        let (corner, x, y, along_x, along_y) = if x + y <= 1.0 {
            (at(i, j), x, y, right, below)
        } else {
            (at(i + 1, j + 1), 1.0 - x, 1.0 - y, below, right)
        };
        let of = |c: f64, a: f64, b: f64| c + x * (a - c) + y * (b - c);
        Point::new(p.x + of(corner.0, along_x.0, along_y.0), p.y + of(corner.1, along_x.1, along_y.1))
    }

    fn target(&self, p: Point) -> Option<Point> {
        solve(|q| self.source(q), p, p)
    }
}

impl Op for PiecewiseAffine {
    fn lower(&self, plan: &mut Builder) {
        if self.strength == 0.0 {
            return;
        }
        let size = plan.size();
        let n = self.cells.clamp(1, 64) as usize + 1;
        let far = self.strength * size.width.min(size.height) as f64;
        let (x, y) = (normals(self.noise, 0, n * n), normals(self.noise, 1, n * n));
        let most = |length: usize| 0.45 * length as f64 / (n - 1) as f64;
        let (most_x, most_y) = (most(size.width), most(size.height));
        let piece = displaced(size, Size::new(n, n), |j, i, _| {
            let k = i * n + j;
            ((far * x[k]).clamp(-most_x, most_x), (far * y[k]).clamp(-most_y, most_y))
        });
        let Piece::Field(grid) = piece else { return };
        bend(plan, formula(Triangles { grid }), self.filter, self.border, self.fill.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[test]
    fn a_triangle_is_affine_between_its_corners() {
        // One cell of 10, its upper left corner alone shifted by (2, 4).
        let shifts = vec![(2.0, 4.0), (0.0, 0.0), (0.0, 0.0), (0.0, 0.0)];
        let grid = Arc::new(Field { canvas: Size::new(10, 10), grid: Size::new(2, 2), shifts });
        let map = Triangles { grid };
        assert_eq!(map.source(Point::new(2.5, 5.0)), Point::new(3.0, 6.0));
        assert_eq!(map.source(Point::new(5.0, 5.0)), Point::new(5.0, 5.0));
        assert_eq!(map.source(Point::new(9.0, 4.0)), Point::new(9.0, 4.0));
        let back = map.target(Point::new(3.0, 6.0)).expect("a place");
        assert!((back.x - 2.5).abs() < 1e-6 && (back.y - 5.0).abs() < 1e-6);
    }

    #[test]
    fn no_node_moves_half_a_cell() {
        let list = crate::testing::nodes(PiecewiseAffine::config().strength(1.0).cells(4i64), (40, 80));
        let [Node::Warp(warp)] = list.as_slice() else { panic!("{list:?}") };
        for k in 0..25 {
            let node = Point::new(f64::from(k % 5) * 20.0, f64::from(k / 5) * 10.0);
            let q = warp.map.source(node);
            assert!((q.x - node.x).abs() <= 9.0 + 1e-9 && (q.y - node.y).abs() <= 4.5 + 1e-9, "{node:?} {q:?}");
        }
    }
}
