//! What a plan wants of the decoder: the part of the stored picture it will look at.
//!
//! Plans are made from the header, before pixels. The first warp reads at most its window; where it never shows its
//! border, only the rectangle under its canvas.

use variegate_picture::{Frame, Homography, Point, Rect, Size};

use crate::map::Map;
use crate::node::{Node, Warp};
use crate::plan::Plan;

/// A rectangle of whole pixels: left, top, right, bottom.
pub type Region = (usize, usize, usize, usize);

impl Plan {
    /// The part of the input the plan reads, if less than all of it.
    pub fn wish(&self) -> Option<Region> {
        let Some(Node::Warp(warp)) = self.nodes.first() else { return None };
        let inside = match warp.map.homography() {
            // A border may show any part of the window, and a shrink lays its grid over all of it.
            Some(h) if warp.covers() && warp.shrink.is_none() => {
                let seen = Rect::around(Rect::of(warp.to).corners().map(|p| h.apply(p)))?;
                let (mx, my) = margin(warp, h);
                Rect::new(seen.x0 - mx, seen.y0 - my, seen.x1 + mx, seen.y1 + my).intersect(warp.window)
            }
            _ => warp.window,
        };
        let region = (
            inside.x0.floor().max(0.0) as usize,
            inside.y0.floor().max(0.0) as usize,
            (inside.x1.ceil() as usize).min(warp.from.width),
            (inside.y1.ceil() as usize).min(warp.from.height),
        );
        let all = (0, 0, warp.from.width, warp.from.height);
        (region != all && region.2 > region.0 && region.3 > region.1).then_some(region)
    }

    /// The same plan for a picture of which only `size` pixels from `origin` (x, y) on were decoded; they must
    /// hold what [`Plan::wish`] named.
    pub fn on_region(mut self, origin: (usize, usize), size: Size) -> Plan {
        if let Some(Node::Warp(warp)) = self.nodes.first_mut() {
            let (x, y) = (origin.0 as f64, origin.1 as f64);
            warp.map = Map::Homography(Homography::translate(-x, -y)).after(&warp.map);
            let w = warp.window;
            warp.window = Rect::new(w.x0 - x, w.y0 - y, w.x1 - x, w.y1 - y).intersect(Rect::of(size));
            warp.from = size;
            self.input = Frame { size, ..self.input };
        }
        self
    }
}

/// How far the kernel reaches beyond the canvas, in source pixels, and one more for rounding.
fn margin(warp: &Warp, h: &Homography) -> (f64, f64) {
    let widest = |k: usize| {
        let corners = Rect::of(warp.to).corners();
        let at = |p: Point| {
            let j = h.jacobian(p);
            j[k][0].abs() + j[k][1].abs()
        };
        corners.iter().map(|p| at(*p)).fold(1.0, f64::max)
    };
    let reach = |k: usize| warp.filter.support() * if warp.antialias { widest(k) } else { 1.0 } + 1.0;
    (reach(0), reach(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::builder::Builder;
    use crate::plan::Meaning;

    #[test]
    fn a_crop_wishes_for_its_part() {
        let mut b = Builder::new(Frame::new(400, 600, 3));
        let map = Homography::translate(100.0, 50.0).then_inside(Homography::scale(2.0, 2.0));
        b.warp(Warp::new(map, Size::new(400, 600), Size::new(100, 100)).hiding());
        let plan = b.into_plan(Meaning::Continuous);
        assert_eq!(plan.wish(), Some((97, 47, 303, 253)));
        let small = plan.on_region((96, 47), Size::new(206, 210));
        let Node::Warp(warp) = &small.nodes[0] else { unreachable!() };
        assert_eq!(warp.map.source(Point::new(0.0, 0.0)), Point::new(4.0, 3.0));
        assert!(warp.covers());
    }

    #[test]
    fn a_warp_that_shows_its_border_wants_everything() {
        let mut b = Builder::new(Frame::new(40, 60, 3));
        b.warp(Warp::new(Homography::rotate(10.0), Size::new(40, 60), Size::new(40, 60)));
        assert_eq!(b.into_plan(Meaning::Continuous).wish(), None);
    }
}
