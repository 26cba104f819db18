//! Spherize: the picture on a ball.

use crate::angle::{sine_cosine, turns_of_sine};
use crate::disc::{Disc, Profile, Round};
use crate::mesh::{bend, formula};
use crate::prelude::*;

params! {
    /// Lays a part of the picture over a ball; a negative strength lays it into a bowl.
    ///
    /// At distance ρ from the centre, 1 at the rim of the ellipse, a ball reads at (2 / π) · asin ρ and a bowl at sin(π ρ / 2),
    /// its inverse; `strength` says how far from ρ towards either.
    pub struct Spherize("spherize", "shape", aliases: ["Sphere", "SphericalDistortion"]) {
        /// From −1 (a bowl) over 0 (flat) to 1 (a ball).
        strength: f64 = real(-1.0, 1.0).usual(-1.0, 1.0).neutral(0.0);
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

/// A ball or a bowl.
#[derive(Debug)]
struct Ball {
    strength: f64,
}

impl Profile for Ball {
    const END: f64 = 1.0;

    fn name(&self) -> &'static str {
        "spherize"
    }

    fn at(&self, rho: f64) -> (f64, f64) {
        // In the middle both are straight, as they are here.
        let rho = rho.max(1e-6);
        let round = if self.strength > 0.0 { turns_of_sine(rho) * 4.0 / rho } else { sine_cosine(rho / 4.0).0 / rho };
        (1.0 + self.strength.abs() * (round - 1.0), 0.0)
    }
}

impl Op for Spherize {
    fn lower(&self, plan: &mut Builder) {
        if self.strength == 0.0 {
            return;
        }
        let disc = Disc::within(plan.size(), (self.x, self.y), self.radius, self.aspect, self.tilt);
        let profile = Ball { strength: self.strength };
        bend(plan, formula(Round { disc, profile }), self.filter, self.border, Channels::All(0.0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::op::Config;
    use crate::testing::moved;
    use std::f64::consts::FRAC_PI_2;

    fn ball(strength: f64) -> Config<Spherize> {
        Spherize::config().strength(strength).radius(0.4).x(0.5).y(0.5).aspect(1.0).tilt(0.0)
    }

    #[test]
    fn a_third_of_the_way_out_shows_half_way_out_on_a_ball() {
        // asin ½ is a third of a right angle.
        let p = moved(ball(1.0), (100, 100), (50.0 + 40.0 / 3.0, 50.0));
        assert!((p.0 - 70.0).abs() < 1e-5 && (p.1 - 50.0).abs() < 1e-9, "{p:?}");
    }

    #[test]
    fn a_bowl_undoes_a_ball() {
        let p = moved(ball(1.0), (100, 100), (60.0, 37.0));
        let q = moved(ball(-1.0), (100, 100), p);
        assert!((q.0 - 60.0).abs() < 1e-5 && (q.1 - 37.0).abs() < 1e-5, "{q:?}");
    }

    #[test]
    fn the_middle_is_magnified_by_half_pi() {
        let p = moved(ball(1.0), (100, 100), (50.001, 50.0));
        assert!(((p.0 - 50.0) / 0.001 - FRAC_PI_2).abs() < 1e-2, "{p:?}");
    }
}
