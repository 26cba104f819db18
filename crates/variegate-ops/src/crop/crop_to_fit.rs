//! Crop to fit: sides that are multiples, powers, or in a ratio.

use crate::prelude::*;

params! {
    /// Cuts off what a rule about the sides leaves over.
    ///
    /// `aspect` leaves the largest window whose width is `aspect` times its height; `multiple` the largest sides that `base`
    /// divides; `power` the largest sides that are powers of `base`. A side shorter than `base` stays under `multiple`, and under
    /// `power` becomes 1. An aspect of 1 is a square. No pixel is resampled; what is cut off is gone.
    pub struct CropToFit("crop_to_fit", "crop", aliases: [
        "CropToAspectRatio", "CropToSquare", "CropToMultiplesOf", "CropToPowersOf", "TrimBorder"
    ]) {
        /// Which rule.
        rule: &'static str = word(&["aspect", "multiple", "power"], "aspect");
        /// Width over height of the window, under the rule of that name.
        aspect: f64 = real(0.01, 100.0).value(1.0);
        /// What divides the sides, or whose powers they are.
        base: i64 = integer(2, 4096).value(32.0).unit("px");
        /// Where the window lies in the free width, 0 left to 1 right.
        x: f64 = real(0.0, 1.0).value(0.5).unit("fraction");
        /// Where it lies in the free height, 0 top to 1 bottom.
        y: f64 = real(0.0, 1.0).value(0.5).unit("fraction");
    }
}

impl CropToFit {
    fn fitting(&self, picture: Size) -> Size {
        let base = self.base.max(2) as usize;
        match self.rule {
            "multiple" => {
                let side = |length: usize| if length < base { length } else { length / base * base };
                Size::new(side(picture.height), side(picture.width))
            }
            "power" => {
                let side = |length: usize| {
                    let mut power = 1;
                    while power * base <= length {
                        power *= base;
                    }
                    power
                };
                Size::new(side(picture.height), side(picture.width))
            }
            _ => {
                let (height, width) = (picture.height as f64, picture.width as f64);
                let side = |length: f64, most: usize| (length.round() as usize).clamp(1, most);
                Size::new(side(width / self.aspect, picture.height), side(height * self.aspect, picture.width))
            }
        }
    }
}

impl Op for CropToFit {
    fn lower(&self, plan: &mut Builder) {
        let picture = plan.size();
        Window::at(picture, self.fitting(picture), self.x, self.y).show(plan, None, Filter::Nearest, false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{nodes, plan_of};

    fn left(config: crate::Config<CropToFit>, size: (usize, usize)) -> (usize, usize) {
        let size = plan_of(config, Frame::new(size.0, size.1, 3)).output.size;
        (size.height, size.width)
    }

    #[test]
    fn each_rule_leaves_the_largest_window() {
        let of = CropToFit::config;
        assert_eq!(left(of(), (40, 60)), (40, 40));
        assert_eq!(left(of().aspect(2.0), (40, 60)), (30, 60));
        assert_eq!(left(of().aspect(1.25), (40, 60)), (40, 50));
        assert_eq!(left(of().rule("multiple").base(16), (40, 60)), (32, 48));
        assert_eq!(left(of().rule("power").base(2), (40, 64)), (32, 64));
        assert_eq!(left(of().rule("power").base(100), (40, 60)), (1, 1));
    }

    #[test]
    fn what_fits_stays() {
        assert!(nodes(CropToFit::config(), (40, 40)).is_empty());
        assert!(nodes(CropToFit::config().rule("multiple"), (7, 9)).is_empty());
    }
}
