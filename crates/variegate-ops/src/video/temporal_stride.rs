//! Temporal stride: every so-many-th frame.

use variegate_plan::Extent;

use crate::prelude::*;
use crate::space::{Picked, take};

params! {
    /// Keeps every n-th frame of a clip, so that it runs n times as fast.
    ///
    /// ⌊frames / stride⌋ frames stay, at least one, whatever the start, which is random unless `t` says where it lies. Needs a
    /// volume or video.
    pub struct TemporalStride("temporal_stride", "video", aliases: []) {
        /// From one kept frame to the next.
        stride: i64 = integer(1, 4096).usual(1.0, 4.0).neutral(1.0).unit("frames");
        /// Where the first kept frame lies among those that leave room for the others, 0 first to 1 last.
        t: f64 = real(0.0, 1.0).default(Default::Range(0.0, 1.0)).unit("fraction");
    }
}

impl Op for TemporalStride {
    fn lower(&self, plan: &mut Builder) {
        let from = plan.extent();
        let stride = self.stride.max(1) as usize;
        if stride == 1 {
            return;
        }
        let kept = (from.depth / stride).max(1);
        let start = placed(self.t, from.depth, (kept - 1) * stride + 1) as usize;
        let frames = (0..kept).map(|k| start + k * stride).collect();
        take(plan, "temporal_stride", Picked(frames), Extent { depth: kept, ..from }, Border::Edge);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{numbered, through};

    #[test]
    fn every_third_frame_from_the_first_or_the_last_that_fits() {
        let at = |t: f64| through(TemporalStride::config().stride(3i64).t(t), numbered(8, 1, 1)).values;
        assert_eq!((at(0.0), at(1.0)), (vec![0.0, 3.0], vec![4.0, 7.0]));
    }

    #[test]
    fn a_short_clip_keeps_a_frame() {
        assert_eq!(through(TemporalStride::config().stride(9i64).t(1.0), numbered(3, 1, 1)).values, [2.0]);
    }
}
