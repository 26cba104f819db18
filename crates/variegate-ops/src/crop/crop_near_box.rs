//! Crop near box: one box, loosely.

use crate::prelude::*;

params! {
    /// Cuts out one of the boxes, each of its edges moved a little.
    ///
    /// Any box is equally likely; each edge moves by up to `fraction` of the box's side, in or out, and not beyond the
    /// picture. Without boxes the picture itself is the box. With `size` the window is brought to one size, otherwise it
    /// keeps its own.
    pub struct CropNearBox("crop_near_box", "crop", aliases: ["RandomCropNearBBox"]) {
        /// Height and width of the result, or one number for both; left out, those of the window.
        size: Option<Size> = size().optional();
        /// How far an edge may move, as a fraction of the box's side.
        fraction: f64 = real(0.0, 1.0).value(0.3).unit("of the box");
        /// How to read between pixels.
        filter: Filter = filter("bilinear");
        /// Whether shrinking averages all pixels under the footprint.
        antialias: bool = flag(true);
        /// Where each edge goes, and which box it is.
        edges: Vec<f64> = spread(5);
    }
}

impl Op for CropNearBox {
    const SEES_ATTACHED: bool = true;

    fn lower(&self, plan: &mut Builder) {
        let (picture, boxes) = (plan.size(), plan.boxes());
        let number = |k: usize| self.edges.get(k).copied().unwrap_or(0.0);
        let chosen = (((number(4) + 1.0) / 2.0 * boxes.len() as f64) as usize).min(boxes.len().saturating_sub(1));
        let r = boxes.get(chosen).copied().unwrap_or(Rect::of(picture));
        let (dx, dy) = (self.fraction * (r.x1 - r.x0), self.fraction * (r.y1 - r.y0));
        let rect =
            Rect::new(r.x0 + dx * number(0), r.y0 + dy * number(1), r.x1 + dx * number(2), r.y1 + dy * number(3));
        Window::of(rect, picture).show(plan, self.size, self.filter, self.antialias);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{attached_boxes, nodes, warps_with};

    #[test]
    fn an_edge_moves_by_its_share_at_most() {
        let boxes = [Rect::new(10.0, 10.0, 30.0, 20.0), Rect::new(50.0, 4.0, 58.0, 8.0)];
        let mut counts = [0, 0];
        for sample in 0..100 {
            let warps = warps_with(CropNearBox::config().fraction(0.2), (40, 60), &attached_boxes(&boxes), sample);
            let seen = warps[0].seen().expect("an upright window");
            let near = |b: &Rect, dx: f64, dy: f64| {
                (seen.x0 - b.x0).abs() <= dx && (seen.x1 - b.x1).abs() <= dx && (seen.y0 - b.y0).abs() <= dy
            };
            // A fifth of the sides, and half a pixel of rounding.
            let (first, second) = (near(&boxes[0], 4.5, 2.5), near(&boxes[1], 2.1, 1.3));
            assert!(first || second, "{seen:?}");
            counts[usize::from(second)] += 1;
        }
        assert!(counts.iter().all(|n| *n > 25), "{counts:?}");
    }

    #[test]
    fn without_boxes_and_without_movement_it_is_the_picture() {
        assert!(nodes(CropNearBox::config().fraction(0.0), (40, 60)).is_empty());
    }
}
