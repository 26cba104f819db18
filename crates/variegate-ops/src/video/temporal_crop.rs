//! Temporal crop: a window of frames.

use variegate_plan::Extent;

use crate::prelude::*;
use crate::space::{Affine3, take};

params! {
    /// Cuts a window of so many frames out of a clip, at a random place.
    ///
    /// Every start is equally likely unless `t` says otherwise, and 0.5 is the middle. A clip that is too short lies in the
    /// middle of the window, its first and last frame repeated. Needs a volume or video.
    pub struct TemporalCrop("temporal_crop", "video", aliases: ["TemporalRandomCrop", "TemporalCenterCrop"]) {
        /// Frames of the window.
        frames: i64 = integer(1, 65_535).value(16.0).unit("frames");
        /// Where it lies in the free time, 0 first to 1 last.
        t: f64 = real(0.0, 1.0).default(Default::Range(0.0, 1.0)).unit("fraction");
    }
}

impl Op for TemporalCrop {
    fn lower(&self, plan: &mut Builder) {
        let from = plan.extent();
        let to = Extent { depth: self.frames.max(1) as usize, ..from };
        if to != from {
            let start = placed(self.t, from.depth, to.depth);
            take(plan, "temporal_crop", Affine3::shift([start, 0.0, 0.0]), to, Border::Edge);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{numbered, through};

    #[test]
    fn the_window_lies_where_it_is_put() {
        let at = |frames: i64, t: f64| through(TemporalCrop::config().frames(frames).t(t), numbered(5, 1, 1)).values;
        assert_eq!((at(2, 0.0), at(2, 1.0), at(3, 0.5)), (vec![0.0, 1.0], vec![3.0, 4.0], vec![1.0, 2.0, 3.0]));
        assert_eq!(at(8, 0.3), [0.0, 0.0, 1.0, 2.0, 3.0, 4.0, 4.0, 4.0]);
    }
}
