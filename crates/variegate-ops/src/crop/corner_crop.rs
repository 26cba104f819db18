//! Corner crop: a window in a corner or in the middle.

use super::crop_crop::Crop;
use crate::prelude::*;

params! {
    /// Cuts out a window of a given size in a corner or in the middle.
    ///
    /// The middle is that of `center_crop`. The five windows, in the order of the words' list with `center` last, are those of
    /// torchvision's `FiveCrop`; `vg.five_crop` and `vg.ten_crop` make views of them all. Where the window is larger than the
    /// picture, the picture lies in its middle and the border shows.
    pub struct CornerCrop("corner_crop", "crop", aliases: ["FiveCrop", "TenCrop", "RandomCornerCrop"]) {
        /// Height and width of the window, or one number for both.
        size: Size = size();
        /// Which window; "random" is any of the five, all equally likely.
        which: &'static str = word(&["random", "top_left", "top_right", "bottom_left", "bottom_right", "center"], "random");
        /// What lies beyond the edge.
        border: Border = border("constant");
        /// Colour of a constant border, 0 black to 1 white.
        fill: Channels = colour(0.0);
        /// Which of the five a random one is.
        chosen: Vec<f64> = spread(1);
    }
}

/// Where each window lies in the free space.
const PLACES: [(&str, f64, f64); 5] = [
    ("top_left", 0.0, 0.0),
    ("top_right", 1.0, 0.0),
    ("bottom_left", 0.0, 1.0),
    ("bottom_right", 1.0, 1.0),
    ("center", 0.5, 0.5),
];

impl Op for CornerCrop {
    fn lower(&self, plan: &mut Builder) {
        let drawn = self.chosen.first().map_or(4, |v| (((v + 1.0) / 2.0 * 5.0) as usize).min(4));
        let named = PLACES.iter().position(|(name, ..)| *name == self.which);
        let (_, x, y) = PLACES[named.unwrap_or(drawn)];
        Crop { size: self.size, x, y, border: self.border, fill: self.fill.clone() }.lower(plan);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{moved, warps_with};

    #[test]
    fn each_window_lies_in_its_corner() {
        let at = |which| moved(CornerCrop::config().size(Size::new(10, 20)).which(which), (40, 60), (0.0, 0.0));
        let corners = ["top_left", "top_right", "bottom_left", "bottom_right", "center"].map(at);
        assert_eq!(corners, [(0.0, 0.0), (-40.0, 0.0), (0.0, -30.0), (-40.0, -30.0), (-20.0, -15.0)]);
    }

    #[test]
    fn all_five_come_up() {
        let mut seen = Vec::new();
        for sample in 0..60 {
            let config = CornerCrop::config().size(Size::new(10, 20));
            let part = warps_with(config, (40, 60), &Attached::default(), sample)[0].seen();
            if !seen.contains(&part) {
                seen.push(part);
            }
        }
        assert_eq!(seen.len(), 5);
    }
}
