//! Swirl: the picture wound up about a point.

use crate::disc::{Disc, Profile, Round};
use crate::mesh::{bend, formula};
use crate::prelude::*;

params! {
    /// Winds the picture up about a point, most in the middle and not at all at the rim.
    ///
    /// At distance ρ from the centre, 1 at the rim of the ellipse, it is turned by `degrees` · (1 − ρ)². Other libraries let
    /// the angle fade exponentially, which never ends; this one ends at the rim.
    pub struct Swirl("swirl", "shape", aliases: ["Twirl", "whirl"]) {
        /// The angle in the middle, counter-clockwise as seen.
        degrees: f64 = real(-3600.0, 3600.0).usual(-120.0, 120.0).neutral(0.0).unit("degrees");
        /// Radius of the circle, or of one of the ellipse's area.
        radius: f64 = real(0.01, 10.0).usual(0.3, 0.5).unit("of the shorter side");
        /// Where the centre lies across, 0 left to 1 right.
        x: f64 = real(0.0, 1.0).usual(0.3, 0.7).unit("of the width");
        /// Where the centre lies down, 0 top to 1 bottom.
        y: f64 = real(0.0, 1.0).usual(0.3, 0.7).unit("of the height");
        /// Width over height of the ellipse; a pair is drawn by ratio.
        aspect: f64 = real(0.1, 10.0).by_ratio().usual(0.7, 1.4);
        /// How far the ellipse is turned, counter-clockwise as seen.
        tilt: f64 = real(-360.0, 360.0).usual(-90.0, 90.0).unit("degrees");
        /// How to read between pixels.
        filter: Filter = filter("bilinear");
        /// What lies beyond the edge.
        border: Border = border("constant");
    }
}

/// An angle that fades from the middle to the rim.
#[derive(Debug)]
struct Winding {
    turns: f64,
}

impl Profile for Winding {
    const END: f64 = 1.0;

    fn name(&self) -> &'static str {
        "swirl"
    }

    fn at(&self, rho: f64) -> (f64, f64) {
        (1.0, self.turns * (1.0 - rho) * (1.0 - rho))
    }

    fn outwards(&self, goal: f64) -> Option<f64> {
        Some(goal)
    }
}

impl Op for Swirl {
    fn lower(&self, plan: &mut Builder) {
        if self.degrees == 0.0 {
            return;
        }
        let disc = Disc::within(plan.size(), (self.x, self.y), self.radius, self.aspect, self.tilt);
        let profile = Winding { turns: self.degrees / 360.0 };
        bend(plan, formula(Round { disc, profile }), self.filter, self.border, Channels::All(0.0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{moved, nodes};

    #[test]
    fn half_way_out_the_angle_is_a_quarter() {
        // Radius 40: at 20 right of the centre 360° · ¼ = 90°, to above it; at the rim nothing.
        let swirl = || Swirl::config().degrees(360.0).radius(0.4).x(0.5).y(0.5).aspect(1.0).tilt(0.0);
        for (from, to) in [((70.0, 50.0), (50.0, 30.0)), ((90.0, 50.0), (90.0, 50.0)), ((50.0, 50.0), (50.0, 50.0))] {
            let p = moved(swirl(), (100, 100), from);
            assert!((p.0 - to.0).abs() < 1e-6 && (p.1 - to.1).abs() < 1e-6, "{from:?}: {p:?}");
        }
    }

    #[test]
    fn nothing_asked_is_nothing_done() {
        assert!(nodes(Swirl::config().degrees(0.0), (20, 30)).is_empty());
    }
}
