//! Lens: the barrel and the pincushion of a real lens.

use crate::mesh::{bend, formula};
use crate::newton::solve;
use crate::prelude::*;
use variegate_plan::Analytic;

params! {
    /// Distorts the picture as a lens does, or undoes what a lens did.
    ///
    /// With (x, y) relative to the centre in half diagonals and r² = x² + y², an output position reads the input at
    /// x (1 + k1 r² + k2 r⁴ + k3 r⁶) + 2 p1 x y + p2 (r² + 2 x²), and likewise y with x and y, p1 and p2 exchanged (Brown 1971;
    /// OpenCV's `initUndistortRectifyMap` with other units). Positive k1 makes a barrel, negative a pincushion.
    pub struct Lens("lens", "shape", aliases: [
        "OpticalDistortion", "LensDistortion", "BarrelDistortion", "barrel", "pincushion", "RadialDistortion"
    ]) {
        /// Radial share of the second order.
        k1: f64 = real(-10.0, 10.0).usual(-0.2, 0.3).neutral(0.0);
        /// Radial share of the fourth order.
        k2: f64 = real(-10.0, 10.0).usual(-0.03, 0.05).neutral(0.0);
        /// Radial share of the sixth order.
        k3: f64 = real(-10.0, 10.0).value(0.0).neutral(0.0);
        /// Tangential share: a lens that tips up or down.
        p1: f64 = real(-10.0, 10.0).usual(-0.01, 0.01).neutral(0.0);
        /// Tangential share: a lens that tips to a side.
        p2: f64 = real(-10.0, 10.0).usual(-0.01, 0.01).neutral(0.0);
        /// How to read between pixels.
        filter: Filter = filter("bilinear");
        /// What lies beyond the edge.
        border: Border = border("constant");
        /// Colour of a constant border, 0 black to 1 white.
        fill: Channels = colour(0.0);
    }
}

/// The polynomial of a lens.
#[derive(Debug)]
struct Brown {
    centre: Point,
    /// Half the diagonal, in pixels.
    unit: f64,
    k: [f64; 3],
    p: [f64; 2],
}

impl Analytic for Brown {
    fn name(&self) -> &str {
        "lens"
    }

    fn source(&self, p: Point) -> Point {
        let (x, y) = ((p.x - self.centre.x) / self.unit, (p.y - self.centre.y) / self.unit);
        let ([k1, k2, k3], [p1, p2]) = (self.k, self.p);
        let square = x * x + y * y;
        let radial = 1.0 + square * (k1 + square * (k2 + square * k3));
        let read_x = x * radial + 2.0 * p1 * x * y + p2 * (square + 2.0 * x * x);
        let read_y = y * radial + p1 * (square + 2.0 * y * y) + 2.0 * p2 * x * y;
        Point::new(self.centre.x + read_x * self.unit, self.centre.y + read_y * self.unit)
    }

    fn target(&self, p: Point) -> Option<Point> {
        solve(|q| self.source(q), p, p)
    }
}

impl Op for Lens {
    fn lower(&self, plan: &mut Builder) {
        let (k, p) = ([self.k1, self.k2, self.k3], [self.p1, self.p2]);
        if k == [0.0; 3] && p == [0.0; 2] {
            return;
        }
        let (width, height) = (plan.size().width as f64, plan.size().height as f64);
        let centre = Point::new(width / 2.0, height / 2.0);
        let brown = Brown { centre, unit: libm::hypot(width, height) / 2.0, k, p };
        bend(plan, formula(brown), self.filter, self.border, self.fill.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::op::Config;
    use crate::testing::{moved, nodes};

    fn straight() -> Config<Lens> {
        Lens::config().k1(0.0).k2(0.0).k3(0.0).p1(0.0).p2(0.0)
    }

    #[test]
    fn each_number_has_its_term() {
        // Half a diagonal is 50; at (30, 0) r is 0.6.
        let at = |config: Config<Lens>| {
            let list = nodes(config, (60, 80));
            let [Node::Warp(warp)] = list.as_slice() else { panic!("{list:?}") };
            let q = warp.map.source(Point::new(70.0, 30.0));
            ((q.x - 40.0) / 50.0, (q.y - 30.0) / 50.0)
        };
        let close = |a: (f64, f64), b: (f64, f64)| (a.0 - b.0).abs() < 1e-12 && (a.1 - b.1).abs() < 1e-12;
        assert!(close(at(straight().k1(0.5)), (0.6 * (1.0 + 0.5 * 0.36), 0.0)));
        assert!(close(at(straight().k2(0.5)), (0.6 * (1.0 + 0.5 * 0.36 * 0.36), 0.0)));
        assert!(close(at(straight().k3(0.5)), (0.6 * (1.0 + 0.5 * 0.36 * 0.36 * 0.36), 0.0)));
        assert!(close(at(straight().p1(0.1)), (0.6, 0.1 * 0.36)));
        assert!(close(at(straight().p2(0.1)), (0.6 + 0.1 * 3.0 * 0.36, 0.0)));
    }

    #[test]
    fn a_barrel_draws_a_point_inwards_to_where_the_polynomial_reads_it() {
        let p = moved(straight().k1(0.3), (60, 80), (75.0, 50.0));
        let (x, y) = ((p.0 - 40.0) / 50.0, (p.1 - 30.0) / 50.0);
        let radial = 1.0 + 0.3 * (x * x + y * y);
        assert!((x * radial * 50.0 - 35.0).abs() < 1e-5 && (y * radial * 50.0 - 20.0).abs() < 1e-5);
        assert!(p.0 < 75.0 && p.1 < 50.0);
    }
}
