//! The way of everything attached to a picture: one geometry for masks, boxes and points.
//!
//! It is made of the warps as the operations wrote them, so nothing attached depends on how pixels were fused.

use variegate_picture::geometry::clip;
use variegate_picture::{Filter, Point, Points, Rect, Size};

mod boxes;
mod polygons;
mod turning;

pub use boxes::BoxRules;
pub use turning::Turning;

use crate::map::Map;
use crate::node::{Node, Warp};
use crate::rules::merge_warps;

/// A chain of warps.
#[derive(Clone, Debug)]
pub struct Route {
    warps: Vec<Warp>,
    from: Size,
    to: Size,
}

impl Route {
    /// The warps among nodes.
    pub fn of(nodes: &[Node], from: Size, to: Size) -> Self {
        let warps = nodes
            .iter()
            .filter_map(|node| match node {
                Node::Warp(warp) => Some(warp.clone()),
                _ => None,
            })
            .collect();
        Self { warps, from, to }
    }

    /// The size it starts from.
    pub fn from(&self) -> Size {
        self.from
    }

    /// The size it ends in.
    pub fn to(&self) -> Size {
        self.to
    }

    /// The warps, in order.
    pub fn warps(&self) -> &[Warp] {
        &self.warps
    }

    /// Whether nothing moves.
    pub fn is_empty(&self) -> bool {
        self.warps.is_empty()
    }

    /// The warps that move a mask: nearest, merged as far as they go. A sealed warp is merged too: what is lost between
    /// two warps is lost by values, and a mask has none to lose.
    pub fn mask_warps(&self) -> Vec<Warp> {
        let mut merged: Vec<Warp> = Vec::new();
        for warp in &self.warps {
            let warp = Warp { filter: Filter::Nearest, antialias: false, sealed: false, ..warp.clone() };
            match merged.last().and_then(|last| merge_warps::merge(last, &warp)) {
                Some(one) => {
                    merged.pop();
                    merged.push(one);
                }
                None => merged.push(warp),
            }
        }
        merged
    }

    /// The route that leads back; none where a step cannot be undone.
    pub fn inverse(&self) -> Option<Self> {
        let warps = self
            .warps
            .iter()
            .rev()
            .map(|w| {
                let map = w.map.inverse()?;
                Some(Warp { map, from: w.to, to: w.from, window: Rect::of(w.to), hides: false, ..w.clone() })
            })
            .collect::<Option<Vec<_>>>()?;
        Some(Self { warps, from: self.to, to: self.from })
    }

    /// Where a position goes, and whether it is still seen; none where it goes nowhere.
    pub fn point(&self, p: Point) -> Option<(Point, bool)> {
        let mut seen = true;
        let mut p = p;
        for warp in &self.warps {
            p = warp.map.target(p)?;
            if warp.hides {
                seen &= Rect::of(warp.to).contains(p);
            }
        }
        Some((p, seen && Rect::of(self.to).contains(p)))
    }

    /// Whether left and right are exchanged an odd number of times.
    pub fn is_mirroring(&self) -> bool {
        self.warps.iter().filter(|w| w.map.homography().is_some_and(|h| h.is_mirroring())).count() % 2 == 1
    }

    /// Moves points, their angles and scales; under a mirroring, `swap` pairs exchange their rows. Returns which
    /// points are seen.
    pub fn points(&self, points: &Points, swap: &[(usize, usize)]) -> (Points, Vec<bool>) {
        let mut moved = points.clone();
        let mut seen = vec![false; points.rows.len()];
        for (k, row) in points.rows.iter().enumerate() {
            let p = Point::new(row[0], row[1]);
            let Some((q, visible)) = self.point(p) else {
                moved.rows[k] = [f64::NAN, f64::NAN, row[2], row[3]];
                continue;
            };
            seen[k] = visible;
            let (angle, scale) = if points.given > 2 { self.turned(p, q, row[2], row[3]) } else { (row[2], row[3]) };
            moved.rows[k] = [q.x, q.y, angle, scale];
        }
        for (visible, seen) in moved.visible.iter_mut().zip(&mut seen) {
            *visible = if *seen { *visible } else { 0 };
            *seen = *visible > 0;
        }
        if self.is_mirroring() {
            for &(a, b) in swap {
                if a < moved.rows.len() && b < moved.rows.len() {
                    moved.rows.swap(a, b);
                    seen.swap(a, b);
                    if a.max(b) < moved.visible.len() {
                        moved.visible.swap(a, b);
                    }
                }
            }
        }
        (moved, seen)
    }

    /// The angle (degrees counter-clockwise as seen) and scale at a point after the route.
    fn turned(&self, p: Point, q: Point, degrees: f64, scale: f64) -> (f64, f64) {
        let step = 1e-4;
        let along = |dx: f64, dy: f64| {
            self.point(Point::new(p.x + dx * step, p.y + dy * step))
                .map_or((0.0, 0.0), |(r, _)| ((r.x - q.x) / step, (r.y - q.y) / step))
        };
        let (right, down) = (along(1.0, 0.0), along(0.0, 1.0));
        let (s, c) = (libm::sin(degrees.to_radians()), libm::cos(degrees.to_radians()));
        let v = (right.0 * c - down.0 * s, right.1 * c - down.1 * s);
        let determinant = right.0 * down.1 - right.1 * down.0;
        (libm::atan2(-v.1, v.0).to_degrees(), scale * libm::sqrt(determinant.abs()))
    }

    /// The input position that an output position reads; none where a crop on the way hides it.
    fn origin(&self, p: Point) -> Option<Point> {
        self.warps.iter().rev().try_fold(p, |p, warp| {
            let hidden = warp.hides && !Rect::of(warp.to).contains(p);
            (!hidden).then(|| warp.map.source(p))
        })
    }

    /// The corners, with points along the edges where edges do not stay straight: one every three pixels, so that an
    /// edge that becomes an arc of ten pixels' radius is an eighth of a pixel off.
    fn outline(&self, corners: &[Point]) -> Vec<Point> {
        if self.warps.iter().all(|w| matches!(w.map, Map::Homography(_))) {
            return corners.to_vec();
        }
        let n = corners.len();
        (0..n)
            .flat_map(|k| {
                let (a, b) = (corners[k], corners[(k + 1) % n]);
                let length = libm::hypot(b.x - a.x, b.y - a.y);
                let steps = (length / 3.0).ceil().clamp(4.0, 64.0) as usize;
                (0..steps).map(move |i| {
                    let t = i as f64 / steps as f64;
                    Point::new(a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t)
                })
            })
            .collect()
    }

    /// Carries a polygon along, cutting it at the canvas of each warp that hides. Points that go nowhere are left out.
    fn carry(&self, polygon: &[Point], cut: bool) -> Option<Vec<Point>> {
        let mut points = polygon.to_vec();
        for warp in &self.warps {
            points = points.into_iter().filter_map(|p| warp.map.target(p)).collect();
            if cut && warp.hides {
                points = clip(&points, Rect::of(warp.to));
            }
        }
        (cut || points.len() >= 3).then_some(points)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use variegate_picture::{BoxFormat, Boxes, Homography};

    fn flip(size: Size) -> Route {
        let map = Homography::affine(-1.0, 0.0, size.width as f64, 0.0, 1.0, 0.0);
        Route::of(&[Node::Warp(Warp::new(map, size, size))], size, size)
    }

    #[test]
    fn a_flip_mirrors_boxes_and_swaps_pairs() {
        let route = flip(Size::new(10, 20));
        let boxes = Boxes::from_rows(&[2.0, 3.0, 7.0, 9.0], BoxFormat::XYXY, Size::new(10, 20)).expect("a box");
        let (moved, kept) = route.boxes(&boxes, &BoxRules::default());
        assert_eq!(moved.to_rows(Size::new(10, 20)), vec![13.0, 3.0, 18.0, 9.0]);
        assert_eq!(kept, vec![0]);
        let points = Points::from_rows(&[1.0, 1.0, 5.0, 5.0], 2).expect("two points");
        let (moved, seen) = route.points(&points, &[(0, 1)]);
        assert_eq!(moved.to_rows(), vec![15.0, 5.0, 19.0, 1.0]);
        assert_eq!(seen, vec![true, true]);
    }

    #[test]
    fn angles_follow_a_mirror_and_a_turn() {
        let points = Points::from_rows(&[4.0, 4.0, 30.0, 2.0], 4).expect("one point");
        let (moved, _) = flip(Size::new(10, 20)).points(&points, &[]);
        assert!((moved.rows[0][2] - 150.0).abs() < 1e-6 && (moved.rows[0][3] - 2.0).abs() < 1e-6);
        let size = Size::new(20, 20);
        // Output → input clockwise is input → output counter-clockwise as seen.
        let turn = Warp::new(Homography::rotate(40.0).about(Point::new(10.0, 10.0)), size, size);
        let (moved, _) = Route::of(&[Node::Warp(turn)], size, size).points(&points, &[]);
        assert!((moved.rows[0][2] - 70.0).abs() < 1e-6);
    }
}
