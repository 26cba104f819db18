//! Perspective: the picture seen from aside.

use crate::prelude::*;

params! {
    /// Moves each corner inwards by itself, as if the picture were seen from aside.
    ///
    /// A corner moves by up to `strength` / 2 of the width and of the height, uniformly, and the picture follows by the
    /// homography of the four corners: torchvision's RandomPerspective with `distortion_scale`, without its rounding to
    /// whole pixels. Corners that make no convex quadrilateral (possible above a strength of 2/3) leave the picture alone.
    pub struct Perspective("perspective", "geometry", aliases: ["RandomPerspective", "PerspectiveTransform", "warp_perspective"]) {
        /// How far a corner may move, from 0 not at all to 1 to the centre.
        strength: f64 = real(0.0, 1.0).usual(0.0, 0.5).neutral(0.0).unit("fraction");
        /// How to read between pixels.
        filter: Filter = filter("bilinear");
        /// What lies beyond the edge.
        border: Border = border("constant");
        /// Colour of a constant border, 0 black to 1 white.
        fill: Channels = colour(0.0);
        /// How far each corner moves of what it may: right and down for each, clockwise from the top left.
        corners: Vec<f64> = spread(8);
    }
}

impl Op for Perspective {
    fn lower(&self, plan: &mut Builder) {
        let size = plan.size();
        let corners = Rect::of(size).corners();
        let centre = Point::new(size.width as f64 / 2.0, size.height as f64 / 2.0);
        // From the range −1…1 to 0…strength.
        let share = |k: usize| self.strength * (self.corners.get(k).copied().unwrap_or(-1.0) + 1.0) / 2.0;
        let moved: [Point; 4] = std::array::from_fn(|k| {
            let p = corners[k];
            Point::new(p.x + (centre.x - p.x) * share(2 * k), p.y + (centre.y - p.y) * share(2 * k + 1))
        });
        let Some(map) = Homography::between(moved, corners) else { return };
        // A quadrilateral is convex where no horizon parts its corners: their denominators share a sign.
        let convex = moved.iter().all(|p| map.0[2][0] * p.x + map.0[2][1] * p.y + map.0[2][2] > 0.0);
        if moved == corners || !convex {
            return;
        }
        plan.warp(Warp::new(map, size, size).filter(self.filter).border(self.border, self.fill.clone()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lowered(strength: f64, corners: [f64; 8]) -> Vec<Node> {
        let (filter, border, fill) = (Filter::Bilinear, Border::Constant, Channels::All(0.0));
        let mut plan = Builder::new(Frame::new(40, 80, 3));
        Perspective { strength, filter, border, fill, corners: corners.to_vec() }.lower(&mut plan);
        plan.into_plan(variegate_plan::Meaning::Exact).written
    }

    #[test]
    fn a_corner_moves_inwards_and_the_others_stay() {
        // The top left moves by half of the half sides: 20 right, 10 down.
        let list = lowered(0.5, [1.0, 1.0, -1.0, -1.0, -1.0, -1.0, -1.0, -1.0]);
        let [Node::Warp(warp)] = list.as_slice() else { panic!("{list:?}") };
        for (from, to) in [((0.0, 0.0), (20.0, 10.0)), ((80.0, 0.0), (80.0, 0.0)), ((0.0, 40.0), (0.0, 40.0))] {
            let p = warp.map.target(Point::new(from.0, from.1)).expect("a place");
            assert!((p.x - to.0).abs() < 1e-9 && (p.y - to.1).abs() < 1e-9, "{p:?}");
        }
    }

    #[test]
    fn what_is_no_convex_quadrilateral_is_left_alone() {
        // All corners in the centre; then the top left beyond the line between its neighbours.
        assert!(lowered(1.0, [1.0; 8]).is_empty());
        assert!(lowered(0.9, [1.0, 1.0, 1.0, -1.0, -1.0, -1.0, -1.0, 1.0]).is_empty());
        assert!(lowered(0.0, [1.0; 8]).is_empty());
    }
}
