//! IoU crop: a window that meets some box well enough.

use crate::prelude::*;

/// Windows that are tried before the picture is left whole.
const CANDIDATES: usize = 40;

params! {
    /// Cuts out a random window that overlaps with at least one box well enough.
    ///
    /// Up to 40 windows are tried. Their sides are `least` to all of the picture's, their aspect at most `aspect` either
    /// way; the first one is taken that holds the centre of some box and has an intersection over union of `overlap` or
    /// more with one of those it holds. If there is none, or with an `overlap` of 1, the picture stays whole. Liu et al.
    /// ("SSD: Single Shot MultiBox Detector", ECCV 2016) draw `overlap` from 0, 0.1, 0.3, 0.5, 0.7, 0.9 and 1, and drop
    /// boxes whose centre is lost; here `min_visibility` of the pipeline decides which boxes stay. Without boxes the first
    /// window of a proper aspect is taken.
    pub struct IouCrop("iou_crop", "crop", aliases: ["RandomIoUCrop", "RandomBBoxCrop"]) {
        /// Least intersection over union of the window and a box.
        overlap: f64 = real(0.0, 1.0).usual(0.0, 1.0).neutral(1.0);
        /// Least sides of the window, as a share of the picture's.
        least: f64 = real(0.01, 1.0).value(0.3).unit("fraction");
        /// The widest aspect of the window; its inverse is the narrowest.
        aspect: f64 = real(1.0, 100.0).value(2.0);
        /// Height and width of the result, or one number for both; left out, those of the window.
        size: Option<Size> = size().optional();
        /// How to read between pixels.
        filter: Filter = filter("bilinear");
        /// Whether shrinking averages all pixels under the footprint.
        antialias: bool = flag(true);
        /// Height, width and place of each window that is tried.
        candidates: Vec<f64> = spread(4 * CANDIDATES);
    }
}

impl Op for IouCrop {
    const SEES_ATTACHED: bool = true;

    fn lower(&self, plan: &mut Builder) {
        let window = self.window(plan.size(), &plan.boxes());
        window.show(plan, self.size, self.filter, self.antialias);
    }
}

impl IouCrop {
    fn window(&self, picture: Size, boxes: &[Rect]) -> Window {
        let whole = Window::whole(picture);
        if self.overlap >= 1.0 {
            return whole;
        }
        let windows = self.candidates.chunks_exact(4).map(|numbers| {
            let share = |k: usize| (numbers[k] + 1.0) / 2.0;
            let side = |length: usize, u: f64| {
                ((length as f64 * (self.least + (1.0 - self.least) * u)) as usize).clamp(1, length)
            };
            let size = Size::new(side(picture.height, share(0)), side(picture.width, share(1)));
            Window::at(picture, size, share(2), share(3))
        });
        let mut proper = windows.filter(|window| {
            let aspect = window.size.width as f64 / window.size.height as f64;
            aspect <= self.aspect && aspect * self.aspect >= 1.0
        });
        proper.find(|window| boxes.is_empty() || self.accepts(window.rect(), boxes)).unwrap_or(whole)
    }

    fn accepts(&self, window: Rect, boxes: &[Rect]) -> bool {
        let held = boxes.iter().filter(|b| window.contains(Point::new((b.x0 + b.x1) / 2.0, (b.y0 + b.y1) / 2.0)));
        held.map(|b| overlap(window, *b)).any(|found| found >= self.overlap)
    }
}

/// The intersection of two rectangles over their union.
fn overlap(a: Rect, b: Rect) -> f64 {
    let common = a.intersect(b).area();
    common / (a.area() + b.area() - common)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{attached_boxes, nodes, warps_with};

    #[test]
    fn half_of_a_square_beside_a_square_is_a_third() {
        let (a, b) = (Rect::new(0.0, 0.0, 2.0, 2.0), Rect::new(1.0, 0.0, 3.0, 2.0));
        assert!((overlap(a, b) - 1.0 / 3.0).abs() < 1e-12 && overlap(a, a) == 1.0);
    }

    #[test]
    fn the_window_meets_the_box_as_well_as_was_asked() {
        let rect = Rect::new(10.0, 5.0, 45.0, 35.0);
        let mut cut = 0;
        for sample in 0..100 {
            let warps = warps_with(IouCrop::config().overlap(0.5), (40, 60), &attached_boxes(&[rect]), sample);
            for seen in warps.iter().filter_map(Warp::seen) {
                let aspect = (seen.x1 - seen.x0) / (seen.y1 - seen.y0);
                assert!(overlap(seen, rect) >= 0.5 && (0.5..=2.0).contains(&aspect), "{seen:?}");
                cut += 1;
            }
        }
        assert!(cut > 80, "{cut} of 100 were cut");
    }

    #[test]
    fn the_picture_stays_whole_where_no_window_will_do() {
        assert!(nodes(IouCrop::config().overlap(1.0), (40, 60)).is_empty());
        // A box of one pixel fills no window by a half.
        let tiny = attached_boxes(&[Rect::new(3.0, 3.0, 4.0, 4.0)]);
        assert!(warps_with(IouCrop::config().overlap(0.5), (40, 60), &tiny, 1).is_empty());
    }
}
