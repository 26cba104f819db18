//! What an operation's file needs.

pub use variegate_picture::{Border, Channels, FieldKey, Filter, Frame, Homography, Point, Rect, Size};
pub use variegate_plan::node::*;
pub use variegate_plan::{Attached, Builder, Finish, Map, Tone};

pub use crate::cells::Cells;
pub use crate::effect::{Canvas, Effect, paint};
pub use crate::numbers::Numbers;
pub use crate::param::{
    Default, Jitter, border, colour, filter, flag, integer, key, numbers, real, size, spread, word,
};
pub use crate::window::{Window, resize};
pub use crate::{Op, params};

/// A map about the centre: output positions relative to the output's centre, to input positions relative to the
/// input's centre.
pub fn centred(map: Homography, from: Size, to: Size) -> Homography {
    let middle = |s: Size| (s.width as f64 / 2.0, s.height as f64 / 2.0);
    let ((fx, fy), (tx, ty)) = (middle(from), middle(to));
    Homography::translate(fx, fy).then_inside(map).then_inside(Homography::translate(-tx, -ty))
}

/// The weights of red, green and blue in luma (ITU-R BT.601, as Pillow).
pub const LUMA: [f64; 3] = [0.299, 0.587, 0.114];

/// The whole pixel at which a window of `to` pixels starts on an axis of `from`: at `position`, 0 to 1, of the free
/// space. A uniform position makes every start equally likely, and 0.5 is ⌊free / 2⌋. A window that does not fit lies
/// around the axis, ⌊excess / 2⌋ before it.
pub fn placed(position: f64, from: usize, to: usize) -> f64 {
    if to >= from {
        return 0.0 - ((to - from) / 2) as f64;
    }
    let free = (from - to) as f64;
    ((position * (free + 1.0)).ceil() - 1.0).clamp(0.0, free)
}

/// The colour that was given, or noise where none was.
pub fn colour_or_noise(fill: &Option<Channels>, noise: FieldKey) -> Fill {
    fill.clone().map_or(Fill::Noise(noise), Fill::Colour)
}
