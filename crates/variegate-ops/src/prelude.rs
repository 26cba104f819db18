//! What an operation's file needs.

pub use variegate_picture::{Border, Channels, FieldKey, Filter, Frame, Homography, Point, Rect, Size};
pub use variegate_plan::node::*;
pub use variegate_plan::{Attached, Builder, Finish, Map, Tone};

pub use crate::cells::Cells;
pub use crate::convolution::Kernel;
pub use crate::dist::symmetric_beta;
pub use crate::effect::{Canvas, Duet, Effect, Other, paint, paint_with};
pub use crate::field;
pub use crate::numbers::Numbers;
pub use crate::param::{
    Default, Jitter, bank, border, colour, filter, flag, function, integer, key, numbers, partner, real, size, spread,
    word,
};
pub use crate::window::{Window, resize};
pub use crate::{Op, operation, params};

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

/// A rectangle of whole pixels with a share of each side, wholly inside; `x` and `y` say where, 0 to 1 of the free
/// space. None where it holds no pixel.
pub fn part(size: Size, share: f64, x: f64, y: f64) -> Option<Rect> {
    let side = |most: usize| ((share * most as f64).round() as usize).min(most);
    let (width, height) = (side(size.width), side(size.height));
    let (left, top) = (placed(x, size.width, width), placed(y, size.height, height));
    (width > 0 && height > 0).then(|| Rect::new(left, top, left + width as f64, top + height as f64))
}

/// The warp that brings a whole picture of the frame's size into a rectangle of the frame.
pub fn stretched(size: Size, part: Rect) -> Warp {
    let (sx, sy) = (size.width as f64 / (part.x1 - part.x0), size.height as f64 / (part.y1 - part.y0));
    let map = Homography::affine(sx, 0.0, -part.x0 * sx, 0.0, sy, -part.y0 * sy);
    Warp::new(map, size, size).border(Border::Edge, Channels::All(0.0))
}

/// The colour that was given, or noise where none was.
pub fn colour_or_noise(fill: &Option<Channels>, noise: FieldKey) -> Fill {
    fill.clone().map_or(Fill::Noise(noise), Fill::Colour)
}
