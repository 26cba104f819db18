//! Limit pixels: pictures that are too large or too small.

use super::resolution_scale_jitter::scaled;
use crate::prelude::*;

params! {
    /// Shrinks pictures of too many pixels and enlarges those of too few.
    ///
    /// Height times width is brought to `most`, or to `least`, by one factor for both sides, √(limit / area); sides are rounded, so
    /// that the area meets the limit to within a row and a column. A picture between the two stays.
    pub struct LimitPixels("limit_pixels", "resolution", aliases: ["ClipImageSize", "MaxPixels"]) {
        /// Greatest area.
        most: i64 = integer(1, 1_000_000_000).value(1_048_576.0).unit("pixels");
        /// Least area.
        least: i64 = integer(1, 1_000_000_000).value(1.0).unit("pixels");
        /// How to read between pixels.
        filter: Filter = filter("bilinear");
        /// Whether shrinking averages all pixels under the footprint.
        antialias: bool = flag(true);
    }
}

impl Op for LimitPixels {
    fn check(&self) -> Result<(), String> {
        if self.least > self.most {
            return Err(format!("least: expected at most {} (most), found {}", self.most, self.least));
        }
        Ok(())
    }

    fn lower(&self, plan: &mut Builder) {
        let from = plan.size();
        let area = from.pixels() as f64;
        let limit = area.max(self.least as f64).min(self.most as f64);
        if limit != area {
            resize(plan, scaled(from, libm::sqrt(limit / area)), self.filter, self.antialias);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::plan_of;

    #[test]
    fn only_what_is_beyond_a_limit_changes() {
        for (size, expected) in [((40, 60), (20, 30)), ((10, 60), (10, 60)), ((10, 5), (20, 10))] {
            let config = LimitPixels::config().most(600).least(200);
            let out = plan_of(config, Frame::new(size.0, size.1, 3)).output.size;
            assert_eq!(out, Size::new(expected.0, expected.1));
        }
    }
}
