//! Fisheye: the picture through a very wide lens.

use crate::angle::{sine_cosine, turns, turns_of_sine};
use crate::disc::{Disc, Profile, Round};
use crate::mesh::{bend, formula};
use crate::prelude::*;

params! {
    /// Shows the picture as a fisheye lens would.
    ///
    /// A ray that comes in at the angle θ falls at f · tan θ in an ordinary picture, and through a fisheye at f · θ
    /// (`equidistant`), 2 f tan(θ / 2) (`stereographic`), 2 f sin(θ / 2) (`equisolid`) or f · sin θ (`orthographic`). Both
    /// pictures span `field_of_view` from corner to corner, so that corners stay and the middle is magnified; towards 0°
    /// nothing changes.
    pub struct Fisheye("fisheye", "shape", aliases: ["RandomFisheye", "FisheyeDistortion"]) {
        /// The angle that the diagonal spans.
        field_of_view: f64 = real(0.0, 170.0).usual(60.0, 140.0).neutral(0.0).unit("degrees");
        /// The lens: how an angle becomes a distance.
        lens: &'static str = word(&["equidistant", "stereographic", "equisolid", "orthographic"], "equidistant");
        /// Where the centre lies across, 0 left to 1 right.
        x: f64 = real(0.0, 1.0).value(0.5).unit("of the width");
        /// Where the centre lies down, 0 top to 1 bottom.
        y: f64 = real(0.0, 1.0).value(0.5).unit("of the height");
        /// Width over height of the lens; a pair is drawn by ratio.
        aspect: f64 = real(0.1, 10.0).by_ratio().value(1.0);
        /// How to read between pixels.
        filter: Filter = filter("bilinear");
        /// What lies beyond the edge.
        border: Border = border("constant");
        /// Colour of a constant border, 0 black to 1 white.
        fill: Channels = colour(0.0);
    }
}

/// The rays of a lens; distances are 1 where half the field ends.
#[derive(Debug)]
struct Rays {
    lens: &'static str,
    /// Half the field, in turns.
    half: f64,
    /// What the lens multiplies a distance with before it takes an angle.
    unit: f64,
    /// tan of half the field.
    flat: f64,
}

impl Rays {
    fn new(lens: &'static str, field_of_view: f64) -> Self {
        let half = field_of_view / 720.0;
        let (sine, cosine) = sine_cosine(half);
        let (half_sine, half_cosine) = sine_cosine(half / 2.0);
        let unit = match lens {
            "stereographic" => half_sine / half_cosine,
            "equisolid" => half_sine,
            "orthographic" => sine,
            _ => half,
        };
        Self { lens, half, unit, flat: sine / cosine }
    }
}

impl Profile for Rays {
    const END: f64 = f64::INFINITY;

    fn name(&self) -> &'static str {
        "fisheye"
    }

    fn at(&self, rho: f64) -> (f64, f64) {
        // In the middle all are straight.
        let rho = rho.max(1e-6);
        let v = rho * self.unit;
        let angle = match self.lens {
            "stereographic" => 2.0 * turns(v, 1.0),
            "equisolid" if v < 1.0 => 2.0 * turns_of_sine(v),
            "orthographic" if v < 1.0 => turns_of_sine(v),
            "equidistant" => v,
            _ => self.half.max(0.25),
        };
        // At a right angle and beyond it an ordinary picture has nothing.
        if angle > 0.2499 {
            return (1e9, 0.0);
        }
        let (sine, cosine) = sine_cosine(angle);
        (sine / (cosine * self.flat * rho), 0.0)
    }
}

impl Op for Fisheye {
    fn lower(&self, plan: &mut Builder) {
        // Below a ten-thousandth of a degree nothing moves by as much as can be told.
        if self.field_of_view < 1e-4 {
            return;
        }
        let size = plan.size();
        let diagonal = libm::hypot(size.width as f64, size.height as f64);
        let disc = Disc::new(size, (self.x, self.y), diagonal / 2.0, self.aspect, 0.0);
        let profile = Rays::new(self.lens, self.field_of_view);
        bend(plan, formula(Round { disc, profile }), self.filter, self.border, self.fill.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::moved;

    #[test]
    fn every_lens_has_its_formula() {
        // A field of 120° over a diagonal of 100: 40 from the centre is θ with tan θ = 0.8 · tan 60°.
        let theta = (0.8 * 60f64.to_radians().tan()).atan();
        let half = 60f64.to_radians();
        for (lens, distance) in [
            ("equidistant", theta / half),
            ("stereographic", (theta / 2.0).tan() / (half / 2.0).tan()),
            ("equisolid", (theta / 2.0).sin() / (half / 2.0).sin()),
            ("orthographic", theta.sin() / half.sin()),
        ] {
            let p = moved(Fisheye::config().field_of_view(120.0).lens(lens), (60, 80), (80.0, 30.0));
            assert!((p.0 - 40.0 - 50.0 * distance).abs() < 1e-5 && (p.1 - 30.0).abs() < 1e-6, "{lens}: {p:?}");
        }
    }

    #[test]
    fn corners_stay() {
        let p = moved(Fisheye::config().field_of_view(100.0), (60, 80), (80.0, 60.0));
        assert!((p.0 - 80.0).abs() < 1e-5 && (p.1 - 60.0).abs() < 1e-5, "{p:?}");
    }
}
