//! Camera: the picture after its camera has turned.

use crate::mesh::{bend, formula};
use crate::prelude::*;
use variegate_plan::{AFAR, Analytic};

params! {
    /// Shows the picture as if its camera had been turned.
    ///
    /// Output position p reads the input at K · R(`yaw`) · R(`pitch`) · R(`roll`) · K⁻¹ · p, the homography of a camera
    /// that turns about its centre (Hartley and Zisserman, "Multiple View Geometry"): K has its focal length at
    /// (longer side / 2) / tan(`field_of_view` / 2) and its principal point in the middle. With a field of 90° and a yaw of
    /// 90° one face of a cube goes over into the next. What lay behind the camera is beyond the edge.
    pub struct Camera("camera", "geometry", aliases: ["CameraRotation", "Rotate3D", "PanTiltRoll"]) {
        /// How far the camera turns to the right.
        yaw: f64 = real(-120.0, 120.0).usual(-10.0, 10.0).neutral(0.0).unit("degrees");
        /// How far the camera turns upwards.
        pitch: f64 = real(-120.0, 120.0).usual(-10.0, 10.0).neutral(0.0).unit("degrees");
        /// How far the picture turns, counter-clockwise as seen.
        roll: f64 = real(-3600.0, 3600.0).usual(-5.0, 5.0).neutral(0.0).unit("degrees");
        /// The angle that the longer side spans.
        field_of_view: f64 = real(1.0, 170.0).usual(45.0, 75.0).unit("degrees");
        /// How to read between pixels.
        filter: Filter = filter("bilinear");
        /// What lies beyond the edge.
        border: Border = border("constant");
        /// Colour of a constant border, 0 black to 1 white.
        fill: Channels = colour(0.0);
    }
}

impl Op for Camera {
    fn lower(&self, plan: &mut Builder) {
        if (self.yaw, self.pitch, self.roll) == (0.0, 0.0, 0.0) {
            return;
        }
        let size = plan.size();
        let focal = size.width.max(size.height) as f64 / 2.0 / libm::tan((self.field_of_view / 2.0).to_radians());
        let turn = turned(self.yaw, self.pitch, self.roll);
        let shrink = Homography::scale(1.0 / focal, 1.0 / focal);
        let grow = Homography::scale(focal, focal);
        let forth = centred(grow.then_inside(turn).then_inside(shrink), size, size);
        let Some(back) = forth.inverse() else { return };
        let sight = Sight { forth, back };
        let corners = Rect::of(size).corners();
        // With everything before the camera, both ways, the homography alone will do.
        if corners.iter().all(|p| is_before(&sight.forth, *p) && is_before(&sight.back, *p)) {
            plan.warp(Warp::new(forth, size, size).filter(self.filter).border(self.border, self.fill.clone()));
        } else {
            bend(plan, formula(sight), self.filter, self.border, self.fill.clone());
        }
    }
}

/// The turn of a camera that looks along z, with x to the right and y down: from what it then sees to what it saw.
pub fn turned(yaw: f64, pitch: f64, roll: f64) -> Homography {
    let of = |degrees: f64| {
        let turn = Homography::rotate(degrees).0;
        (turn[1][0], turn[0][0])
    };
    let ((ys, yc), (ps, pc)) = (of(yaw), of(pitch));
    let right = Homography([[yc, 0.0, ys], [0.0, 1.0, 0.0], [-ys, 0.0, yc]]);
    let up = Homography([[1.0, 0.0, 0.0], [0.0, pc, -ps], [0.0, ps, pc]]);
    right.then_inside(up).then_inside(Homography::rotate(roll))
}

/// Whether a position comes from before the camera.
fn is_before(h: &Homography, p: Point) -> bool {
    h.0[2][0] * p.x + h.0[2][1] * p.y + h.0[2][2] > 1e-9
}

/// A homography of which only what lies before the camera is seen.
#[derive(Debug)]
struct Sight {
    forth: Homography,
    back: Homography,
}

impl Analytic for Sight {
    fn name(&self) -> &str {
        "camera"
    }

    fn source(&self, p: Point) -> Point {
        if is_before(&self.forth, p) { self.forth.apply(p) } else { AFAR }
    }

    fn target(&self, p: Point) -> Option<Point> {
        is_before(&self.back, p).then(|| self.back.apply(p))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::op::Config;
    use crate::testing::{moved, nodes};

    fn still() -> Config<Camera> {
        Camera::config().yaw(0.0).pitch(0.0).roll(0.0).field_of_view(90.0)
    }

    fn close(p: (f64, f64), q: (f64, f64)) -> bool {
        (p.0 - q.0).abs() < 1e-9 && (p.1 - q.1).abs() < 1e-9
    }

    #[test]
    fn a_turn_of_half_the_field_brings_the_edge_to_the_middle() {
        assert!(close(moved(still().yaw(45.0), (60, 100), (100.0, 30.0)), (50.0, 30.0)));
        assert!(close(moved(still().yaw(-45.0), (60, 100), (0.0, 30.0)), (50.0, 30.0)));
        assert!(close(moved(still().pitch(45.0), (100, 100), (50.0, 0.0)), (50.0, 50.0)));
    }

    #[test]
    fn a_roll_is_a_turn_about_the_middle() {
        assert!(close(moved(still().roll(90.0), (100, 100), (70.0, 50.0)), (50.0, 30.0)));
    }

    #[test]
    fn what_lay_behind_the_camera_is_not_seen() {
        let list = nodes(still().yaw(120.0), (60, 100));
        let [Node::Warp(warp)] = list.as_slice() else { panic!("{list:?}") };
        assert_eq!(warp.map.source(Point::new(99.5, 30.0)), AFAR);
        assert_eq!(warp.map.target(Point::new(1.0, 30.0)), None);
        assert!(nodes(still(), (60, 100)).is_empty());
    }
}
