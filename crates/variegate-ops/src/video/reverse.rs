//! Reverse: time runs backwards.

use crate::prelude::*;
use crate::space::{Affine3, take};

params! {
    /// Runs a clip backwards.
    ///
    /// Frame t becomes frame T − 1 − t; no frame changes. Needs a volume or video.
    pub struct Reverse("reverse", "video", aliases: ["InverseOrder"]) {}
}

impl Op for Reverse {
    fn lower(&self, plan: &mut Builder) {
        let extent = plan.extent();
        let map = Affine3::scale([-1.0, 1.0, 1.0]).centred(extent, extent);
        take(plan, "reverse", map, extent, Border::Edge);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{numbered, through};

    #[test]
    fn the_last_frame_comes_first() {
        assert_eq!(through(Reverse::config(), numbered(3, 1, 2)).values, [4.0, 5.0, 2.0, 3.0, 0.0, 1.0]);
    }
}
