//! Crop on box: a window of fixed size that shows one box.

use crate::prelude::*;

params! {
    /// Cuts out a window of a given size that shows at least one box.
    ///
    /// Any box is equally likely. On each axis the window shows `visible` of the box's side or, where the side is longer, as much
    /// as the window holds; every place that does so is equally likely, as far as the picture reaches. Without boxes the
    /// window lies anywhere. Where the window is larger than the picture, the picture lies in its middle and the border shows.
    pub struct CropOnBox("crop_on_box", "crop", aliases: ["AtLeastOneBBoxRandomCrop", "AtLeastOneBoxCrop"]) {
        /// Height and width of the window, or one number for both.
        size: Size = size();
        /// Share of each side of the box that is seen at least.
        visible: f64 = real(0.0, 1.0).value(1.0).unit("fraction");
        /// What lies beyond the edge.
        border: Border = border("constant");
        /// Colour of a constant border, 0 black to 1 white.
        fill: Channels = colour(0.0);
        /// Where the window lies, and which box it shows.
        place: Vec<f64> = spread(3);
    }
}

impl CropOnBox {
    /// The pixel at which a window of `to` on an axis of `from` pixels starts, at `position` of the places that show the box.
    fn start(&self, position: f64, (lo, hi): (f64, f64), from: usize, to: usize) -> f64 {
        if to >= from {
            return placed(position, from, to);
        }
        let (window, free) = (to as f64, (from - to) as f64);
        let seen = (self.visible * (hi - lo)).min(window);
        // Whole pixels that still show as much; where there are none, the nearest.
        let first = (lo + seen - window).ceil().clamp(0.0, free);
        let last = (hi - seen).floor().clamp(first, free);
        first + (position * (last - first + 1.0)).floor().min(last - first)
    }
}

impl Op for CropOnBox {
    const SEES_ATTACHED: bool = true;

    fn lower(&self, plan: &mut Builder) {
        let (from, to, boxes) = (plan.size(), self.size, plan.boxes());
        let share = |k: usize| self.place.get(k).map_or(0.5, |v| (v + 1.0) / 2.0);
        let chosen = ((share(2) * boxes.len() as f64) as usize).min(boxes.len().saturating_sub(1));
        let (left, top) = match boxes.get(chosen) {
            Some(r) => (
                self.start(share(0), (r.x0, r.x1), from.width, to.width),
                self.start(share(1), (r.y0, r.y1), from.height, to.height),
            ),
            None => (placed(share(0), from.width, to.width), placed(share(1), from.height, to.height)),
        };
        let warp = Warp::new(Homography::translate(left, top), from, to).filter(Filter::Nearest);
        plan.warp(warp.border(self.border, self.fill.clone()).hiding());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{attached_boxes, warps_with};

    #[test]
    fn one_box_is_always_seen() {
        let boxes = [Rect::new(3.0, 4.0, 12.0, 9.0), Rect::new(40.0, 22.0, 59.0, 37.0)];
        for (visible, slack) in [(1.0, 0.0), (0.5, 9.5)] {
            let mut counts = [0, 0];
            for sample in 0..100 {
                let config = CropOnBox::config().size(Size::new(20, 25)).visible(visible);
                let seen = warps_with(config, (40, 60), &attached_boxes(&boxes), sample)[0].seen().expect("upright");
                let whole = boxes.map(|b| b.within(seen, slack));
                assert!(whole[0] || whole[1], "{seen:?}");
                counts = [counts[0] + usize::from(whole[0]), counts[1] + usize::from(whole[1])];
            }
            assert!(counts.iter().all(|n| *n > 25), "{counts:?}");
        }
    }

    #[test]
    fn a_box_larger_than_the_window_fills_it() {
        let boxes = [Rect::new(10.0, 5.0, 50.0, 35.0)];
        for sample in 0..50 {
            let config = CropOnBox::config().size(Size::new(8, 9));
            let seen = warps_with(config, (40, 60), &attached_boxes(&boxes), sample)[0].seen().expect("upright");
            assert!(seen.within(boxes[0], 0.0), "{seen:?}");
        }
    }
}
