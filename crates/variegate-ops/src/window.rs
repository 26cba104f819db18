//! Windows: the part of the picture that a crop shows, in whole pixels and inside the picture.
//!
//! Operations that choose a window show it with this, at its own size or brought to another in one resampling.

use variegate_picture::{Filter, Homography, Rect, Size};
use variegate_plan::{Builder, Warp};

use crate::prelude::placed;

/// Whole pixels of a picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// The first column.
    pub left: f64,
    /// The first row.
    pub top: f64,
    /// Height and width.
    pub size: Size,
}

impl Window {
    /// All of a picture.
    pub fn whole(picture: Size) -> Self {
        Self { left: 0.0, top: 0.0, size: picture }
    }

    /// A window of a size, at most that of the picture, at a place in the free space: 0 left or top, 1 right or bottom.
    pub fn at(picture: Size, size: Size, x: f64, y: f64) -> Self {
        Self { left: placed(x, picture.width, size.width), top: placed(y, picture.height, size.height), size }
    }

    /// The whole pixels nearest to a rectangle, at least one of them, inside the picture.
    pub fn of(rect: Rect, picture: Size) -> Self {
        let axis = |from: f64, to: f64, side: usize| {
            let first = from.round().clamp(0.0, side as f64 - 1.0);
            (first, to.round().clamp(first + 1.0, side as f64) - first)
        };
        let ((left, width), (top, height)) =
            (axis(rect.x0, rect.x1, picture.width), axis(rect.y0, rect.y1, picture.height));
        Self { left, top, size: Size::new(height as usize, width as usize) }
    }

    /// Its edges.
    pub fn rect(&self) -> Rect {
        let Size { height, width } = self.size;
        Rect::new(self.left, self.top, self.left + width as f64, self.top + height as f64)
    }

    /// Cuts it out, and brings it to a size where one is given. What lies outside is gone.
    pub fn show(&self, plan: &mut Builder, size: Option<Size>, filter: Filter, antialias: bool) {
        let (from, to) = (plan.size(), size.unwrap_or(self.size));
        if size.is_none() && self.size == from {
            return;
        }
        let (sx, sy) = (self.size.width as f64 / to.width as f64, self.size.height as f64 / to.height as f64);
        let map = Homography::affine(sx, 0.0, self.left, 0.0, sy, self.top);
        let filter = if size.is_none() { Filter::Nearest } else { filter };
        plan.warp(Warp { antialias, ..Warp::new(map, from, to).filter(filter).hiding() });
    }
}

/// Stretches the whole picture to a size. It hides nothing: what a border shows beyond the picture stays in reach.
pub fn resize(plan: &mut Builder, to: Size, filter: Filter, antialias: bool) {
    let from = plan.size();
    let map = Homography::scale(from.width as f64 / to.width as f64, from.height as f64 / to.height as f64);
    plan.warp(Warp { antialias, ..Warp::new(map, from, to).filter(filter) });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_never_empty_and_never_outside() {
        let picture = Size::new(4, 6);
        let of = |x0, y0, x1, y1| Window::of(Rect::new(x0, y0, x1, y1), picture).rect();
        assert_eq!(of(1.2, 0.6, 3.4, 2.5), Rect::new(1.0, 1.0, 3.0, 3.0));
        assert_eq!(of(-9.0, -9.0, 99.0, 99.0), Rect::new(0.0, 0.0, 6.0, 4.0));
        assert_eq!(of(9.0, 2.0, 9.0, 2.0), Rect::new(5.0, 2.0, 6.0, 3.0));
        assert_eq!(of(3.0, 3.0, 1.0, 1.0), Rect::new(3.0, 3.0, 4.0, 4.0));
    }
}
