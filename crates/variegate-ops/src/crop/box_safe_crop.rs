//! Box-safe crop: a random window that keeps every box.

use crate::prelude::*;

params! {
    /// Cuts out a random window in which every box lies whole.
    ///
    /// Each edge of the window lies anywhere between the edge of the picture and the rectangle around all boxes, every
    /// place equally likely. Without boxes the middle of the picture stands for them. With a `share` below 1 it is only a random
    /// part of the boxes, at least one, that counts. With `size` the window is brought to one size, otherwise it keeps its own.
    pub struct BoxSafeCrop("box_safe_crop", "crop", aliases: [
        "BBoxSafeRandomCrop", "RandomSizedBBoxSafeCrop", "BBoxSubsetSafeRandomCrop"
    ]) {
        /// Height and width of the result, or one number for both; left out, those of the window.
        size: Option<Size> = size().optional();
        /// Share of the sides of the rectangle around the boxes that may be lost, half of it at each end.
        erosion: f64 = real(0.0, 0.9).value(0.0).unit("fraction");
        /// How to read between pixels.
        filter: Filter = filter("bilinear");
        /// Whether shrinking averages all pixels under the footprint.
        antialias: bool = flag(true);
        /// Where each edge lies.
        edges: Vec<f64> = spread(4);
        /// Share of the boxes that stay whole, rounded up.
        share: f64 = real(0.0, 1.0).value(1.0).unit("fraction");
        /// Which boxes stay whole.
        chosen: FieldKey = key();
    }
}

impl Op for BoxSafeCrop {
    const SEES_ATTACHED: bool = true;

    fn lower(&self, plan: &mut Builder) {
        let picture = plan.size();
        let (width, height) = (picture.width as f64, picture.height as f64);
        let boxes = plan.boxes();
        let count = (self.share * boxes.len() as f64).ceil().max(1.0) as usize;
        let kept = Numbers::new(self.chosen).choose(count, boxes.len());
        let around = Rect::around(kept.into_iter().flat_map(|k| boxes[k].corners()));
        let r = around.unwrap_or(Rect::new(width / 2.0, height / 2.0, width / 2.0, height / 2.0));
        let (dx, dy) = (self.erosion * (r.x1 - r.x0) / 2.0, self.erosion * (r.y1 - r.y0) / 2.0);
        let share = |k: usize| self.edges.get(k).map_or(0.5, |v| (v + 1.0) / 2.0);
        // Outwards to whole pixels, so that no part of a box is lost to rounding.
        let rect = Rect::new(
            ((r.x0 + dx) * share(0)).floor(),
            ((r.y0 + dy) * share(1)).floor(),
            (r.x1 - dx + (width - r.x1 + dx) * share(2)).ceil(),
            (r.y1 - dy + (height - r.y1 + dy) * share(3)).ceil(),
        );
        Window::of(rect, picture).show(plan, self.size, self.filter, self.antialias);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{attached_boxes, warps_with};

    #[test]
    fn every_box_stays_whole() {
        let boxes = [Rect::new(10.3, 5.0, 20.0, 12.7), Rect::new(40.0, 8.0, 44.5, 30.0)];
        let mut smaller = 0;
        for sample in 0..200 {
            let warps = warps_with(BoxSafeCrop::config(), (40, 60), &attached_boxes(&boxes), sample);
            for seen in warps.iter().filter_map(Warp::seen) {
                assert!(boxes.iter().all(|b| b.within(seen, 0.0)), "{seen:?}");
                smaller += 1;
            }
        }
        assert!(smaller > 150, "{smaller} windows were smaller than the picture");
    }

    #[test]
    fn a_share_of_nothing_is_one_box() {
        let boxes = [Rect::new(0.0, 0.0, 5.0, 5.0), Rect::new(50.0, 30.0, 60.0, 40.0)];
        let mut lost = [0, 0];
        for sample in 0..100 {
            let warps = warps_with(BoxSafeCrop::config().share(0.0), (40, 60), &attached_boxes(&boxes), sample);
            let seen = warps.first().and_then(Warp::seen).unwrap_or(Rect::new(0.0, 0.0, 60.0, 40.0));
            let gone = boxes.map(|b| usize::from(!b.within(seen, 0.0)));
            assert!(gone != [1, 1], "{seen:?}");
            lost = [lost[0] + gone[0], lost[1] + gone[1]];
        }
        assert!(lost.iter().all(|n| *n > 20), "{lost:?}");
    }

    #[test]
    fn a_size_is_kept_without_boxes_too() {
        let warps = warps_with(BoxSafeCrop::config().size(Size::new(9, 11)), (40, 60), &Attached::default(), 0);
        assert_eq!(warps[0].to, Size::new(9, 11));
        assert!(warps[0].covers() && warps[0].hides);
    }
}
