//! Panorama: a picture of all around, turned.

use super::geometry_camera::turned;
use crate::angle::{sine_cosine, turns};
use crate::mesh::{bend, formula};
use crate::prelude::*;
use variegate_plan::Analytic;

params! {
    /// Turns a picture of 360° by 180° (equirectangular) about its viewer.
    ///
    /// Across lies the longitude, down the latitude. The direction d of an output position reads the input at the direction
    /// R(`yaw`) · R(`pitch`) · R(`roll`) · d, the turn of `camera`. Nothing leaves the picture: left and right edge meet.
    pub struct Panorama("panorama", "shape", aliases: ["EquirectangularRotation", "Rotate360", "PanoStretch"]) {
        /// How far the viewer turns to the right.
        yaw: f64 = real(-360.0, 360.0).usual(-180.0, 180.0).neutral(0.0).unit("degrees");
        /// How far the viewer looks up.
        pitch: f64 = real(-360.0, 360.0).usual(-30.0, 30.0).neutral(0.0).unit("degrees");
        /// How far the view turns, counter-clockwise as seen.
        roll: f64 = real(-360.0, 360.0).usual(-15.0, 15.0).neutral(0.0).unit("degrees");
        /// How to read between pixels.
        filter: Filter = filter("bilinear");
    }
}

/// A turn of the sphere, on a picture of it.
#[derive(Debug)]
struct Globe {
    width: f64,
    height: f64,
    /// Turns from column to column, and from row to row.
    steps: (f64, f64),
    turn: [[f64; 3]; 3],
    back: [[f64; 3]; 3],
}

impl Globe {
    /// Sine and cosine of a row's latitude.
    #[inline(always)]
    fn latitude(&self, y: f64) -> (f64, f64) {
        sine_cosine(0.25 - y * self.steps.1)
    }

    /// Where a position is carried by a turn of the sphere.
    fn carried(&self, p: Point, m: &[[f64; 3]; 3]) -> Point {
        self.carried_along(p.x, self.latitude(p.y), m)
    }

    /// The same for a column of a row of known latitude.
    #[inline(always)]
    fn carried_along(&self, x: f64, (rise, level): (f64, f64), m: &[[f64; 3]; 3]) -> Point {
        let (s, c) = sine_cosine(x * self.steps.0 - 0.5);
        // x to the right, y down, z ahead.
        let d = [level * s, -rise, level * c];
        let of = |row: &[f64; 3]| row[0] * d[0] + row[1] * d[1] + row[2] * d[2];
        let (x, y, z) = (of(&m[0]), of(&m[1]), of(&m[2]));
        let (longitude, latitude) = (turns(x, z), turns(-y, (x * x + z * z).sqrt()));
        Point::new((longitude + 0.5) * self.width, (0.5 - 2.0 * latitude) * self.height)
    }

    /// What a column of a row of known latitude reads.
    #[inline(always)]
    fn shown(&self, x: f64, latitude: (f64, f64)) -> Point {
        let q = self.carried_along(x, latitude, &self.turn);
        // Half a pixel before a pole the other pole would be mixed in.
        Point::new(q.x, q.y.clamp(0.5, self.height - 0.5))
    }
}

impl Analytic for Globe {
    fn name(&self) -> &str {
        "panorama"
    }

    fn source(&self, p: Point) -> Point {
        self.shown(p.x, self.latitude(p.y))
    }

    fn sources(&self, x: &mut [f64], y: &mut [f64]) {
        // A level row has one latitude.
        let first = y.first().copied().unwrap_or_default();
        let level = y.iter().all(|y| *y == first).then(|| self.latitude(first));
        for (x, y) in x.iter_mut().zip(y) {
            let q = self.shown(*x, level.unwrap_or_else(|| self.latitude(*y)));
            (*x, *y) = (q.x, q.y);
        }
    }

    fn target(&self, p: Point) -> Option<Point> {
        Some(self.carried(p, &self.back))
    }

    fn is_torn(&self) -> bool {
        true
    }
}

impl Op for Panorama {
    fn lower(&self, plan: &mut Builder) {
        if (self.yaw, self.pitch, self.roll) == (0.0, 0.0, 0.0) {
            return;
        }
        let turn = turned(self.yaw, self.pitch, self.roll).0;
        // The inverse of a turn is its transpose.
        let back = std::array::from_fn(|r| std::array::from_fn(|c| turn[c][r]));
        let (width, height) = (plan.size().width as f64, plan.size().height as f64);
        let globe = Globe { width, height, steps: (1.0 / width, 0.5 / height), turn, back };
        bend(plan, formula(globe), self.filter, Border::Wrap, Channels::All(0.0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::op::Config;
    use crate::testing::moved;

    fn still() -> Config<Panorama> {
        Panorama::config().yaw(0.0).pitch(0.0).roll(0.0)
    }

    fn close(p: (f64, f64), q: (f64, f64)) -> bool {
        (p.0 - q.0).abs() < 1e-5 && (p.1 - q.1).abs() < 1e-5
    }

    #[test]
    fn a_yaw_is_a_shift_around_the_seam() {
        assert!(close(moved(still().yaw(90.0), (100, 200), (150.0, 30.0)), (100.0, 30.0)));
        assert!(close(moved(still().yaw(90.0), (100, 200), (20.0, 30.0)), (170.0, 30.0)));
    }

    #[test]
    fn looking_up_brings_what_is_above_to_the_middle() {
        let p = moved(still().pitch(60.0), (100, 200), (100.0, 50.0 - 100.0 / 3.0));
        assert!(close(p, (100.0, 50.0)), "{p:?}");
    }
}
