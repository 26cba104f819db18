//! Wave: the picture on a waving cloth.

use crate::angle::sine_cosine;
use crate::mesh::{bend, formula};
use crate::prelude::*;
use variegate_plan::Analytic;

params! {
    /// Pushes the picture to and fro in waves.
    ///
    /// With e the direction `degrees` and n the one across it, output position p reads the input at
    /// p + `strength` · sin(2π (n · (p − c) / `wavelength` + `phase`)) · e, c the centre and lengths in shorter sides: 0° pushes
    /// sideways, by an amount that changes from row to row.
    pub struct Wave("wave", "shape", aliases: ["Water", "Sinusoidal", "WaterRefraction"]) {
        /// How far a place is pushed.
        strength: f64 = real(0.0, 1.0).usual(0.005, 0.03).neutral(0.0).unit("of the shorter side");
        /// From crest to crest.
        wavelength: f64 = real(0.01, 10.0).usual(0.25, 0.6).unit("of the shorter side");
        /// Where the wave begins, in parts of a wave.
        phase: f64 = real(0.0, 1.0).default(Default::Range(0.0, 1.0)).unit("turns");
        /// The direction of the push, counter-clockwise as seen; 0 is sideways, 90 up and down.
        degrees: f64 = real(-360.0, 360.0).usual(0.0, 180.0).unit("degrees");
        /// How to read between pixels.
        filter: Filter = filter("bilinear");
        /// What lies beyond the edge.
        border: Border = border("constant");
        /// Colour of a constant border, 0 black to 1 white.
        fill: Channels = colour(0.0);
    }
}

/// A push along one direction that changes along the other.
#[derive(Debug)]
struct Swing {
    centre: Point,
    /// The farthest push, in pixels.
    push: (f64, f64),
    /// Waves a pixel, across the push.
    pace: (f64, f64),
    phase: f64,
}

impl Swing {
    /// What is added to a position, `way` times.
    fn pushed(&self, p: Point, way: f64) -> Point {
        let along = (p.x - self.centre.x) * self.pace.0 + (p.y - self.centre.y) * self.pace.1;
        let (sine, _) = sine_cosine(along + self.phase);
        Point::new(p.x + way * sine * self.push.0, p.y + way * sine * self.push.1)
    }
}

impl Analytic for Swing {
    fn name(&self) -> &str {
        "wave"
    }

    fn source(&self, p: Point) -> Point {
        self.pushed(p, 1.0)
    }

    /// The push leaves the wave's own coordinate as it is, so the way back is the same push the other way.
    fn target(&self, p: Point) -> Option<Point> {
        Some(self.pushed(p, -1.0))
    }
}

impl Op for Wave {
    fn lower(&self, plan: &mut Builder) {
        if self.strength == 0.0 {
            return;
        }
        let size = plan.size();
        let short = size.width.min(size.height) as f64;
        let (s, c) = sine_cosine(self.degrees / 360.0);
        let (far, pace) = (self.strength * short, 1.0 / (self.wavelength * short));
        let swing = Swing {
            centre: Point::new(size.width as f64 / 2.0, size.height as f64 / 2.0),
            push: (far * c, -far * s),
            pace: (pace * s, pace * c),
            phase: self.phase,
        };
        bend(plan, formula(swing), self.filter, self.border, self.fill.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{moved, nodes};

    #[test]
    fn a_quarter_wave_below_the_centre_is_read_from_the_right() {
        // A wave of 40 pixels, 10 below the centre: the sine is 1, so that what is shown comes from 5 further right.
        let wave = || Wave::config().strength(0.05).wavelength(0.4).phase(0.0).degrees(0.0);
        let list = nodes(wave(), (100, 100));
        let [Node::Warp(warp)] = list.as_slice() else { panic!("{list:?}") };
        let q = warp.map.source(Point::new(30.0, 60.0));
        assert!((q.x - 35.0).abs() < 1e-9 && q.y == 60.0, "{q:?}");
        let p = moved(wave(), (100, 100), (35.0, 60.0));
        assert!((p.0 - 30.0).abs() < 1e-9 && p.1 == 60.0, "{p:?}");
    }

    #[test]
    fn ninety_degrees_push_up_and_down() {
        let wave = Wave::config().strength(0.05).wavelength(0.4).phase(0.0).degrees(90.0);
        let p = moved(wave, (100, 100), (60.0, 30.0));
        assert!((p.0 - 60.0).abs() < 1e-9 && (p.1 - 35.0).abs() < 1e-9, "{p:?}");
    }
}
