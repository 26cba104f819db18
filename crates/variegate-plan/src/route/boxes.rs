//! Where boxes go, which of them stay, and how much of each is still seen.

use variegate_picture::boxes::Shape;
use variegate_picture::geometry::{area, clip};
use variegate_picture::{Boxes, Point, Rect};

use crate::route::Route;

/// What happens to boxes that leave the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BoxRules {
    /// Boxes smaller than this many pixels are dropped.
    pub min_area: f64,
    /// Boxes of which less than this share is still seen are dropped.
    pub min_visibility: f64,
    /// Whether boxes are cut at the edges of what is seen.
    pub clip: bool,
}

impl Default for BoxRules {
    fn default() -> Self {
        Self { min_area: 0.0, min_visibility: 0.0, clip: true }
    }
}

impl Route {
    /// Moves boxes. Returns those that stay, and the index each had.
    pub fn boxes(&self, boxes: &Boxes, rules: &BoxRules) -> (Boxes, Vec<usize>) {
        let mut kept = Vec::new();
        let mut shapes = Vec::new();
        let torn = self.warps.iter().any(|w| w.map.is_torn());
        let lattice = torn.then(|| Lattice::of(self));
        for (k, shape) in boxes.shapes.iter().enumerate() {
            let moved = match (shape, &lattice) {
                (Shape::Upright(rect), Some(lattice)) => self.scattered(*rect, lattice, rules).map(Shape::Upright),
                (Shape::Upright(rect), None) => self.upright(*rect, rules).map(Shape::Upright),
                (Shape::Oriented(five), _) => self.oriented(*five, rules).map(Shape::Oriented),
            };
            if let Some(moved) = moved {
                shapes.push(moved);
                kept.push(k);
            }
        }
        (Boxes { shapes, format: boxes.format }, kept)
    }

    fn upright(&self, rect: Rect, rules: &BoxRules) -> Option<Rect> {
        if self.warps.is_empty() && !rules.clip && rules.min_area == 0.0 && rules.min_visibility == 0.0 {
            return Some(rect);
        }
        let outline = self.outline(&rect.corners());
        let whole = self.carry(&outline, false)?;
        let seen = clip(&self.carry(&outline, true)?, Rect::of(self.to));
        if seen.len() < 3 {
            return None;
        }
        let (total, visible) = (area(&whole), area(&seen));
        let around = Rect::around(if rules.clip { seen } else { whole })?;
        let share = if total > 0.0 { visible / total } else { 0.0 };
        let stays = visible > 0.0 && around.area() >= rules.min_area && share + 1e-9 >= rules.min_visibility;
        stays.then_some(around)
    }

    fn oriented(&self, five: [f64; 5], rules: &BoxRules) -> Option<[f64; 5]> {
        let corners = Shape::Oriented(five).corners();
        let moved = self.carry(&corners, false).filter(|moved| moved.len() == corners.len())?;
        let seen = clip(&self.carry(&corners, true)?, Rect::of(self.to));
        let (total, visible) = (area(&moved), area(&seen));
        if visible <= 0.0 || visible < rules.min_area || visible + 1e-9 * total < rules.min_visibility * total {
            return None;
        }
        // The parallelogram's mid-lines give centre, sides and angle; a shear leaves the closest rectangle.
        let mid = |a: Point, b: Point| Point::new((a.x + b.x) / 2.0, (a.y + b.y) / 2.0);
        let (left, right) = (mid(moved[0], moved[3]), mid(moved[1], moved[2]));
        let (top, bottom) = (mid(moved[0], moved[1]), mid(moved[3], moved[2]));
        let (dx, dy) = (right.x - left.x, right.y - left.y);
        let width = libm::hypot(dx, dy);
        let height = if width > 0.0 { total / width } else { libm::hypot(bottom.x - top.x, bottom.y - top.y) };
        let centre = mid(left, right);
        Some([centre.x, centre.y, width, height, libm::atan2(-dy, dx).to_degrees()])
    }

    /// The box around all that is seen of a rectangle which a torn map may have scattered over the canvas.
    fn scattered(&self, rect: Rect, lattice: &Lattice, rules: &BoxRules) -> Option<Rect> {
        let around = lattice.around(rect)?;
        // What a map does to areas differs from place to place; how much is seen is counted on the rectangle itself.
        let places = 16;
        let along = |k: usize, lo: f64, hi: f64| lo + (hi - lo) * (k as f64 + 0.5) / places as f64;
        let is_seen = |k: &usize| {
            let p = Point::new(along(k % places, rect.x0, rect.x1), along(k / places, rect.y0, rect.y1));
            self.point(p).is_some_and(|(_, seen)| seen)
        };
        let share = (0..places * places).filter(is_seen).count() as f64 / (places * places) as f64;
        (around.area() >= rules.min_area && share + 1e-9 >= rules.min_visibility).then_some(around)
    }
}

/// Output positions, evenly spread, and where each reads: what tells of a torn map which parts of the canvas a
/// rectangle went to. Up to 256 × 256, so that on small canvases it is every pixel.
struct Lattice {
    cell: (f64, f64),
    columns: usize,
    origins: Vec<Option<Point>>,
}

impl Lattice {
    fn of(route: &Route) -> Self {
        let (columns, rows) = (route.to.width.min(256), route.to.height.min(256));
        let cell = (route.to.width as f64 / columns as f64, route.to.height as f64 / rows as f64);
        let at = |k: usize| Point::new(((k % columns) as f64 + 0.5) * cell.0, ((k / columns) as f64 + 0.5) * cell.1);
        Self { cell, columns, origins: (0..columns * rows).map(|k| route.origin(at(k))).collect() }
    }

    /// The rectangle around the cells that read from a rectangle.
    fn around(&self, rect: Rect) -> Option<Rect> {
        let reads = self.origins.iter().enumerate().filter(|(_, origin)| origin.is_some_and(|p| rect.contains(p)));
        let corners = reads.flat_map(|(k, _)| {
            let (x, y) = ((k % self.columns) as f64 * self.cell.0, (k / self.columns) as f64 * self.cell.1);
            [Point::new(x, y), Point::new(x + self.cell.0, y + self.cell.1)]
        });
        Rect::around(corners)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::node::{Node, Warp};
    use variegate_picture::{BoxFormat, Homography, Size};

    #[test]
    fn what_a_crop_hides_of_a_box_does_not_come_back() {
        let size = Size::new(20, 20);
        let small = Size::new(10, 10);
        let crop = Warp::new(Homography::IDENTITY, size, small).hiding();
        let back = Warp::new(Homography::IDENTITY, small, size);
        let route = Route::of(&[Node::Warp(crop), Node::Warp(back)], size, size);
        let boxes =
            Boxes::from_rows(&[5.0, 5.0, 15.0, 15.0, 12.0, 12.0, 15.0, 15.0], BoxFormat::XYXY, size).expect("two");
        let (moved, kept) = route.boxes(&boxes, &BoxRules::default());
        assert_eq!(moved.to_rows(size), vec![5.0, 5.0, 10.0, 10.0]);
        assert_eq!(kept, vec![0]);
        let strict = BoxRules { min_visibility: 0.3, ..BoxRules::default() };
        assert!(route.boxes(&boxes, &strict).1.is_empty());
    }
}
