//! Crop to mask: what masks mark, and a margin.

use crate::prelude::*;

params! {
    /// Cuts out the rectangle around everything the masks mark, with a margin.
    ///
    /// Marked is what is not zero in any mask. The margin is the same share of the rectangle's width at its left and right,
    /// and of its height above and below, as far as the picture reaches. Without masks, or where they mark nothing, nothing
    /// is cut. With `size` the window is brought to one size, otherwise it keeps its own.
    pub struct CropToMask("crop_to_mask", "crop", aliases: ["CropForeground", "CropNonEmptyMaskIfExists"]) {
        /// Height and width of the result, or one number for both; left out, those of the window.
        size: Option<Size> = size().optional();
        /// Margin at each side, as a fraction of what is marked.
        margin: f64 = real(0.0, 10.0).usual(0.0, 0.25).unit("of the mark");
        /// How to read between pixels.
        filter: Filter = filter("bilinear");
        /// Whether shrinking averages all pixels under the footprint.
        antialias: bool = flag(true);
    }
}

impl Op for CropToMask {
    const SEES_ATTACHED: bool = true;

    fn lower(&self, plan: &mut Builder) {
        let picture = plan.size();
        let r = plan.marked().unwrap_or(Rect::of(picture));
        let (dx, dy) = (self.margin * (r.x1 - r.x0), self.margin * (r.y1 - r.y0));
        // Outwards to whole pixels, so that nothing marked is lost to rounding.
        let rect = Rect::new((r.x0 - dx).floor(), (r.y0 - dy).floor(), (r.x1 + dx).ceil(), (r.y1 + dy).ceil());
        Window::of(rect, picture).show(plan, self.size, self.filter, self.antialias);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{nodes, warps_with};

    #[test]
    fn the_mark_and_its_margin_are_left() {
        let attached = Attached { marked: Some(Rect::new(10.0, 10.0, 30.0, 20.0)), ..Attached::default() };
        let warps = warps_with(CropToMask::config().margin(0.1), (40, 60), &attached, 0);
        assert_eq!(warps[0].seen(), Some(Rect::new(8.0, 9.0, 32.0, 21.0)));
        let warps = warps_with(CropToMask::config().margin(1.0).size(7), (40, 60), &attached, 0);
        assert_eq!(warps[0].seen(), Some(Rect::new(0.0, 0.0, 50.0, 30.0)));
        assert_eq!(warps[0].to, Size::new(7, 7));
    }

    #[test]
    fn without_a_mark_nothing_is_cut() {
        assert!(nodes(CropToMask::config(), (40, 60)).is_empty());
    }
}
