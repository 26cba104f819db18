//! Where polygons go.

use variegate_picture::geometry::clip;
use variegate_picture::{Point, Rect};

use crate::route::Route;

impl Route {
    /// Whether a step tears the plane, so that the edge between two corners may fall apart.
    pub fn is_torn(&self) -> bool {
        self.warps.iter().any(|warp| warp.map.is_torn())
    }

    /// The polygon after the route: with more corners where edges bend, cut at what is seen where `cut`, and empty where
    /// nothing of it is left.
    pub fn polygon(&self, corners: &[Point], cut: bool) -> Vec<Point> {
        if corners.len() < 3 {
            return Vec::new();
        }
        let carried = self.carry(&self.outline(corners), cut).unwrap_or_default();
        let carried = if cut { clip(&carried, Rect::of(self.to)) } else { carried };
        if carried.len() < 3 { Vec::new() } else { carried }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::node::{Node, Warp};
    use variegate_picture::{Homography, Size};

    fn points(list: &[(f64, f64)]) -> Vec<Point> {
        list.iter().map(|(x, y)| Point::new(*x, *y)).collect()
    }

    #[test]
    fn a_crop_cuts_a_triangle_into_a_square() {
        let (from, to) = (Size::new(20, 20), Size::new(4, 4));
        let crop = Warp::new(Homography::IDENTITY, from, to);
        let route = Route::of(&[Node::Warp(crop)], from, to);
        let triangle = points(&[(0.0, 0.0), (16.0, 0.0), (0.0, 16.0)]);
        let around = Rect::around(route.polygon(&triangle, true)).expect("something is left");
        assert_eq!(around, Rect::new(0.0, 0.0, 4.0, 4.0));
        assert_eq!(route.polygon(&triangle, false), triangle);
        assert!(route.polygon(&points(&[(9.0, 9.0), (12.0, 9.0), (9.0, 12.0)]), true).is_empty());
    }
}
