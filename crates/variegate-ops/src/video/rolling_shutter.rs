//! Rolling shutter: rows that are read one after another.

use crate::prelude::*;
use crate::space::{Affine3, bend};

params! {
    /// Lets each row of a frame come from its own moment, as a rolling shutter does.
    ///
    /// The row at height h of the frame (0 top to 1 bottom) is that of the clip `delay` · (h − 0.5) frames later, linearly between
    /// two frames; before the first and after the last frame the clip stands still. So what moves sideways leans, and a
    /// single frame stays as it is. Needs a volume or video.
    pub struct RollingShutter("rolling_shutter", "video", aliases: []) {
        /// From the moment of the top row to that of the bottom one; negative where the bottom comes first.
        delay: f64 = real(-64.0, 64.0).usual(-1.0, 1.0).neutral(0.0).unit("frames");
    }
}

impl Op for RollingShutter {
    fn lower(&self, plan: &mut Builder) {
        if self.delay == 0.0 {
            return;
        }
        let mut map = Affine3::shift([-0.5 * self.delay, 0.0, 0.0]);
        map.0[0][1] = self.delay / plan.extent().height as f64;
        bend(plan, "rolling_shutter", map, Border::Edge, Channels::All(0.0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{numbered, through};

    #[test]
    fn later_rows_come_from_later_frames() {
        // Frame t of two rows holds 2t and 2t + 1; the rows lie at 1/4 and 3/4 of the height, half a frame from t.
        let made = through(RollingShutter::config().delay(2.0), numbered(4, 2, 1));
        assert_eq!(made.values[2..6], [1.0, 4.0, 3.0, 6.0]);
        // Before the beginning stands the first frame, after the end the last.
        assert_eq!((made.values[0], made.values[7]), (0.0, 7.0));
    }

    #[test]
    fn a_single_frame_stays() {
        assert_eq!(through(RollingShutter::config().delay(3.0), numbered(1, 5, 2)), numbered(1, 5, 2));
    }
}
