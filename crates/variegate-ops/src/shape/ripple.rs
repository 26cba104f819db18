//! Ripple: rings as on water.

use crate::angle::sine_cosine;
use crate::disc::{Disc, Profile, Round};
use crate::mesh::{bend, formula};
use crate::prelude::*;

params! {
    /// Pushes the picture out and in by rings about a point, as on water that something fell into.
    ///
    /// With lengths in shorter sides, a place at distance r reads at r + A(r) · sin(2π (r / `wavelength` + `phase`)), where
    /// A(r) = `strength` · r / √(r² + (`wavelength` / 4)²) rises from nothing, so that the middle stays in one piece.
    pub struct Ripple("ripple", "shape", aliases: ["WaterRipple"]) {
        /// How far a place is pushed.
        strength: f64 = real(0.0, 1.0).usual(0.003, 0.012).neutral(0.0).unit("of the shorter side");
        /// From ring to ring.
        wavelength: f64 = real(0.01, 10.0).usual(0.12, 0.3).unit("of the shorter side");
        /// Where the first ring begins, in parts of a wave.
        phase: f64 = real(0.0, 1.0).default(Default::Range(0.0, 1.0)).unit("turns");
        /// Where the centre lies across, 0 left to 1 right.
        x: f64 = real(0.0, 1.0).usual(0.3, 0.7).unit("of the width");
        /// Where the centre lies down, 0 top to 1 bottom.
        y: f64 = real(0.0, 1.0).usual(0.3, 0.7).unit("of the height");
        /// Width over height of the ellipse; a pair is drawn by ratio.
        aspect: f64 = real(0.1, 10.0).by_ratio().usual(0.7, 1.4);
        /// How to read between pixels.
        filter: Filter = filter("bilinear");
        /// What lies beyond the edge.
        border: Border = border("constant");
    }
}

/// A wave that runs outwards; distances are in shorter sides.
#[derive(Debug)]
struct Rings {
    strength: f64,
    wavelength: f64,
    phase: f64,
}

impl Profile for Rings {
    const END: f64 = f64::INFINITY;

    fn name(&self) -> &'static str {
        "ripple"
    }

    fn at(&self, rho: f64) -> (f64, f64) {
        let (sine, _) = sine_cosine(rho / self.wavelength + self.phase);
        let rise = self.wavelength / 4.0;
        (1.0 + self.strength * sine / (rho * rho + rise * rise).sqrt(), 0.0)
    }
}

impl Op for Ripple {
    fn lower(&self, plan: &mut Builder) {
        if self.strength == 0.0 {
            return;
        }
        let disc = Disc::within(plan.size(), (self.x, self.y), 1.0, self.aspect, 0.0);
        let profile = Rings { strength: self.strength, wavelength: self.wavelength, phase: self.phase };
        bend(plan, formula(Round { disc, profile }), self.filter, self.border, Channels::All(0.0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::nodes;

    #[test]
    fn a_quarter_wave_out_is_a_crest() {
        // A wave of 40 pixels: 10 out the sine is 1, and the push has risen to 1 / √2 of 2 pixels.
        let config = Ripple::config().strength(0.02).wavelength(0.4).phase(0.0).x(0.5).y(0.5).aspect(1.0);
        let list = nodes(config, (100, 100));
        let [Node::Warp(warp)] = list.as_slice() else { panic!("{list:?}") };
        let at = |x: f64| warp.map.source(Point::new(x, 50.0)).x;
        assert!((at(60.0) - 60.0 - 2f64.sqrt()).abs() < 1e-9);
        assert!((at(50.0) - 50.0).abs() < 1e-9 && (at(70.0) - 70.0).abs() < 1e-9);
        let back = warp.map.target(Point::new(at(57.0), 50.0)).expect("a place");
        assert!((back.x - 57.0).abs() < 1e-4, "{back:?}");
    }
}
