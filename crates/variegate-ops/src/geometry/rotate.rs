//! Rotate: a turn about the centre.

use crate::prelude::*;

params! {
    /// Turns the picture about its centre.
    ///
    /// An output position p reads the input at R(degrees) · (p − c) + c, c the centre of the canvas. The canvas keeps
    /// its size (`canvas="keep"`), grows around the whole turned picture (`"expand"`), or shrinks to the largest upright
    /// rectangle in it (`"crop"`), where no border shows. Multiples of 90° are exact.
    pub struct Rotate("rotate", "geometry", aliases: ["RandomRotation", "SafeRotate", "Affine(rotate)"]) {
        /// Angle, counter-clockwise as seen.
        degrees: f64 = real(-3600.0, 3600.0).usual(-30.0, 30.0).neutral(0.0).unit("degrees");
        /// Whether the canvas keeps its size, grows around the turned picture, or shrinks until no border shows.
        canvas: &'static str = word(&["keep", "expand", "crop"], "keep");
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
        let to = match self.canvas {
            "expand" => expanded(turn, from),
            "crop" => inscribed(turn, from),
            _ => from,
        };
        let hides = self.canvas == "crop";
        let warp = Warp { hides, ..Warp::new(centred(turn, from, to), from, to) };
        plan.warp(warp.filter(self.filter).border(self.border, self.fill.clone()));
    }
}

/// The smallest canvas around the whole turned picture.
fn expanded(turn: Homography, from: Size) -> Size {
    let corners = Rect::of(from).corners().map(|p| turn.apply(p));
    let around = Rect::around(corners).unwrap_or(Rect::of(from));
    let side = |length: f64| (length - 1e-6).ceil().max(1.0) as usize;
    Size::new(side(around.y1 - around.y0), side(around.x1 - around.x0))
}

/// The largest upright rectangle of whole pixels within the turned picture.
///
/// Either two of its corners touch the middle line of the picture's longer sides, when the picture is long and narrow
/// for the turn; or all four touch a side each, and two linear equations give its sides.
fn inscribed(turn: Homography, from: Size) -> Size {
    let (s, c) = (turn.0[1][0].abs(), turn.0[0][0].abs());
    let (w, h) = (from.width as f64, from.height as f64);
    let (long, short) = (w.max(h), w.min(h));
    let (width, height) = if short <= 2.0 * s * c * long || (s - c).abs() < 1e-9 {
        let half = short / 2.0;
        if w >= h { (half / s, half / c) } else { (half / c, half / s) }
    } else {
        let cosine = c * c - s * s;
        ((w * c - h * s) / cosine, (h * c - w * s) / cosine)
    };
    let side = |length: f64| (length + 1e-6).floor().max(1.0) as usize;
    Size::new(side(height), side(width))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{moved, nodes};

    #[test]
    fn a_crop_shows_no_border_and_could_not_be_larger() {
        for (degrees, size) in
            [(20.0, (200, 300)), (45.0, (100, 100)), (-70.0, (90, 400)), (3.0, (50, 40)), (90.0, (20, 30))]
        {
            let list = nodes(Rotate::config().degrees(degrees).canvas("crop"), size);
            let [Node::Warp(warp)] = list.as_slice() else { panic!("{list:?}") };
            assert!(warp.covers() && warp.hides, "{degrees}: {:?}", warp.to);
            let wider = Size::new(warp.to.height + 2, warp.to.width + 2);
            let map = centred(Homography::rotate(degrees), warp.from, wider);
            assert!(!Warp::new(map, warp.from, wider).covers(), "{degrees}: {:?}", warp.to);
        }
    }

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
