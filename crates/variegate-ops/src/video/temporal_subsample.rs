//! Temporal subsample: so many frames, evenly spaced.

use variegate_plan::Extent;

use crate::prelude::*;
use crate::space::{Picked, take};

params! {
    /// Picks so many frames of a clip, evenly spaced from the first to the last.
    ///
    /// Frame k of n is frame ⌊k · (T − 1) / (n − 1)⌋ of T, as in torchvision's UniformTemporalSubsample; a longer clip is made by
    /// repeating frames. Needs a volume or video.
    pub struct TemporalSubsample("temporal_subsample", "video", aliases: ["UniformTemporalSubsample"]) {
        /// Frames of the result.
        frames: i64 = integer(1, 65_535).value(16.0).unit("frames");
    }
}

impl Op for TemporalSubsample {
    fn lower(&self, plan: &mut Builder) {
        let from = plan.extent();
        let n = self.frames.max(1) as usize;
        if n == from.depth {
            return;
        }
        let frames = (0..n).map(|k| k * (from.depth - 1) / (n - 1).max(1)).collect();
        take(plan, "temporal_subsample", Picked(frames), Extent { depth: n, ..from }, Border::Edge);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{numbered, through};

    #[test]
    fn first_and_last_frame_are_always_there() {
        let at = |frames: i64| through(TemporalSubsample::config().frames(frames), numbered(10, 1, 1)).values;
        assert_eq!(at(4), [0.0, 3.0, 6.0, 9.0]);
        assert_eq!(at(3), [0.0, 4.0, 9.0]);
        assert_eq!(at(1), [0.0]);
        let longer = through(TemporalSubsample::config().frames(5i64), numbered(3, 1, 1)).values;
        assert_eq!(longer, [0.0, 0.0, 1.0, 1.0, 2.0]);
    }
}
