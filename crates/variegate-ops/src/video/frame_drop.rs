//! Frame drop: frames that never arrived.

use crate::prelude::*;
use crate::space::{Picked, take, unit};

params! {
    /// Replaces random frames by the one before, as a player does where frames are lost.
    ///
    /// Each frame but the first is lost with the chance `fraction`; after several lost ones in a row the last that arrived
    /// stands still. Masks stand still with it. Needs a volume or video.
    pub struct FrameDrop("frame_drop", "video", aliases: []) {
        /// Chance of each frame to be lost.
        fraction: f64 = real(0.0, 1.0).usual(0.0, 0.2).neutral(0.0).unit("fraction");
        /// Which frames.
        losses: FieldKey = key();
    }
}

impl Op for FrameDrop {
    fn lower(&self, plan: &mut Builder) {
        let extent = plan.extent();
        let mut last = 0;
        let shown = |k: usize| {
            if unit(self.losses, k, 0) >= self.fraction {
                last = k;
            }
            last
        };
        let frames: Vec<usize> = (0..extent.depth).map(shown).collect();
        if frames.iter().enumerate().any(|(k, from)| k != *from) {
            take(plan, "frame_drop", Picked(frames), extent, Border::Edge);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{numbered, through};

    #[test]
    fn nothing_comes_from_the_future_and_what_arrives_is_shown() {
        let made = through(FrameDrop::config().fraction(0.5), numbered(40, 1, 1)).values;
        let mut before = 0.0;
        for (k, v) in made.iter().enumerate() {
            assert!(*v == k as f32 || *v == before, "{made:?}");
            before = *v;
        }
        let lost = made.iter().enumerate().filter(|(k, v)| **v != *k as f32).count();
        assert!((8..32).contains(&lost), "{lost}");
    }

    #[test]
    fn where_all_are_lost_the_first_stands_still() {
        assert_eq!(through(FrameDrop::config().fraction(1.0), numbered(3, 1, 1)).values, [0.0; 3]);
    }
}
