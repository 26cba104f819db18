//! What an operation's file needs.

pub use variegate_picture::{Border, Channels, FieldKey, Filter, Frame, Homography, Point, Rect, Size};
pub use variegate_plan::node::*;
pub use variegate_plan::{Builder, Finish, Map, Tone};

pub use crate::param::{
    Default, Jitter, border, colour, filter, flag, integer, key, numbers, real, size, spread, word,
};
pub use crate::{Op, params};

/// A map about the centre: output positions relative to the output's centre, to input positions relative to the
/// input's centre.
pub fn centred(map: Homography, from: Size, to: Size) -> Homography {
    let middle = |s: Size| (s.width as f64 / 2.0, s.height as f64 / 2.0);
    let ((fx, fy), (tx, ty)) = (middle(from), middle(to));
    Homography::translate(fx, fy).then_inside(map).then_inside(Homography::translate(-tx, -ty))
}
