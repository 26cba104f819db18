//! Bulge: a part of the picture blown up, or pinched.

use crate::disc::{Disc, Profile, Round};
use crate::mesh::{bend, formula};
use crate::prelude::*;

params! {
    /// Magnifies the picture about a point, most in the middle and not at all at the rim; a negative strength pinches it.
    ///
    /// At distance ρ from the centre, 1 at the rim of the ellipse, it reads at ρ · (1 − `strength` · (1 − ρ²)²): the middle is
    /// magnified 1 / (1 − strength) times, and the rim has no kink.
    pub struct Bulge("bulge", "shape", aliases: ["Pinch", "BulgePinch"]) {
        /// From −1 (the middle half as large) over 0 (nothing) to 0.9 (the middle ten times as large).
        strength: f64 = real(-1.0, 0.9).usual(-0.7, 0.7).neutral(0.0);
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

/// A magnification that fades from the middle to the rim.
#[derive(Debug)]
struct Swelling {
    strength: f64,
}

impl Profile for Swelling {
    const END: f64 = 1.0;

    fn name(&self) -> &'static str {
        "bulge"
    }

    fn at(&self, rho: f64) -> (f64, f64) {
        let fade = 1.0 - rho * rho;
        (1.0 - self.strength * fade * fade, 0.0)
    }
}

impl Op for Bulge {
    fn lower(&self, plan: &mut Builder) {
        if self.strength == 0.0 {
            return;
        }
        let disc = Disc::within(plan.size(), (self.x, self.y), self.radius, self.aspect, self.tilt);
        let profile = Swelling { strength: self.strength };
        bend(plan, formula(Round { disc, profile }), self.filter, self.border, Channels::All(0.0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::op::Config;
    use crate::testing::{moved, nodes};

    fn bulge(strength: f64) -> Config<Bulge> {
        Bulge::config().strength(strength).radius(0.4).x(0.5).y(0.5).aspect(1.0).tilt(0.0)
    }

    #[test]
    fn near_the_middle_it_magnifies_and_at_the_rim_it_rests() {
        // Magnified twice by a strength of ½: a hundredth of a pixel becomes two.
        let p = moved(bulge(0.5), (100, 100), (50.01, 50.0));
        assert!((p.0 - 50.02).abs() < 1e-5, "{p:?}");
        let p = moved(bulge(-1.0), (100, 100), (50.01, 50.0));
        assert!((p.0 - 50.005).abs() < 1e-5, "{p:?}");
        assert_eq!(moved(bulge(0.5), (100, 100), (91.0, 50.0)), (91.0, 50.0));
    }

    #[test]
    fn an_output_half_way_out_reads_where_the_formula_says() {
        // ρ = ½: ½ · (1 − 0.8 · 0.75²) = 0.275, of a radius of 40.
        let list = nodes(bulge(0.8), (100, 100));
        let [Node::Warp(warp)] = list.as_slice() else { panic!("{list:?}") };
        let q = warp.map.source(Point::new(50.0, 70.0));
        assert!((q.x - 50.0).abs() < 1e-9 && (q.y - 61.0).abs() < 1e-9, "{q:?}");
    }
}
