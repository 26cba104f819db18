//! Center crop: the middle of the picture.

use super::crop_crop::Crop;
use crate::prelude::*;

params! {
    /// Cuts out a window of a given size in the middle.
    ///
    /// It starts at ⌊(size − window) / 2⌋ on each axis, as in Keras. Where the window is larger, the picture starts at
    /// ⌊(window − size) / 2⌋ in it, as in torchvision, and the border shows. What is cut off is gone: no later operation
    /// brings it back.
    pub struct CenterCrop("center_crop", "crop", aliases: ["CenterCropToFixedSize", "CenterCropOrPad", "centre_crop"]) {
        /// Height and width of the window, or one number for both.
        size: Size = size();
        /// What lies beyond the edge.
        border: Border = border("constant");
        /// Colour of a constant border, 0 black to 1 white.
        fill: Channels = colour(0.0);
    }
}

impl Op for CenterCrop {
    fn lower(&self, plan: &mut Builder) {
        Crop { size: self.size, x: 0.5, y: 0.5, border: self.border, fill: self.fill.clone() }.lower(plan);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::moved;

    #[test]
    fn it_starts_at_half_the_free_space_rounded_down() {
        for (side, window) in [(40, 10), (41, 10), (40, 11), (41, 40), (40, 40), (7, 1)] {
            let p = moved(CenterCrop::config().size(Size::new(window, 5)), (side, 5), (0.0, 0.0));
            assert_eq!(-p.1, ((side - window) / 2) as f64, "{side} {window}");
        }
    }

    #[test]
    fn a_smaller_picture_lies_in_the_middle() {
        assert_eq!(moved(CenterCrop::config().size(Size::new(15, 20)), (10, 10), (0.0, 0.0)), (5.0, 2.0));
    }
}
