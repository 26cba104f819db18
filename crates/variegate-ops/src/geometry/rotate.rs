//! Rotate: a turn about the centre.

use crate::prelude::*;

params! {
    /// Turns the picture about its centre.
    ///
    /// An output position p reads the input at R(degrees) · (p − c) + c, c the centre of the canvas. The canvas keeps
    /// its size (`canvas="keep"`) or grows around the whole turned picture (`canvas="expand"`). Multiples of 90° are
    /// exact.
    pub struct Rotate("rotate", "geometry", aliases: ["RandomRotation", "SafeRotate", "Affine(rotate)"]) {
        /// Angle, counter-clockwise as seen.
        degrees: f64 = real(-3600.0, 3600.0).usual(-30.0, 30.0).neutral(0.0).unit("degrees");
        /// Whether the canvas keeps its size or grows.
        canvas: &'static str = word(&["keep", "expand"], "keep");
        /// How to read between pixels.
        filter: Filter = filter("bilinear");
        /// What lies beyond the edge.
        border: Border = border("constant");
        /// Colour of a constant border, 0 black to 1 white.
        fill: Channels = colour(0.0);
    }
}

impl Op for Rotate {
    fn lower(&self, plan: &mut Builder) {
        let from = plan.size();
        let turn = Homography::rotate(self.degrees);
        let to = if self.canvas == "expand" { expanded(turn, from) } else { from };
        let map = centred(turn, from, to);
        plan.warp(Warp::new(map, from, to).filter(self.filter).border(self.border, self.fill.clone()));
    }
}

/// The smallest canvas around the whole turned picture.
fn expanded(turn: Homography, from: Size) -> Size {
    let corners = Rect::of(from).corners().map(|p| turn.apply(p));
    let around = Rect::around(corners).unwrap_or(Rect::of(from));
    let side = |length: f64| (length - 1e-6).ceil().max(1.0) as usize;
    Size::new(side(around.y1 - around.y0), side(around.x1 - around.x0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{moved, nodes};

    #[test]
    fn a_positive_angle_turns_counter_clockwise() {
        // Right of the centre goes above it.
        let p = moved(Rotate::config().degrees(90.0), (20, 20), (15.0, 10.0));
        assert_eq!(p, (10.0, 5.0));
    }

    #[test]
    fn an_expanded_quarter_turn_exchanges_the_sides() {
        let list = nodes(Rotate::config().degrees(90.0).canvas("expand"), (20, 30));
        let [Node::Warp(warp)] = list.as_slice() else { panic!("{list:?}") };
        assert_eq!((warp.to.height, warp.to.width), (30, 20));
        assert!(warp.covers() && warp.is_permutation());
    }
}
