//! Loops over pixels: slices, views and numbers go in, a row comes out.
//!
//! The engine calls everything here, one output row at a time, while that row lies in the innermost cache. A row
//! is either *real* (`f32`, pixels interleaved, in stored units: 0..255 for `u8`, 0..65535 for `u16`, as they are
//! for `f32`) or a row of *codes* (the integer elements themselves).
//!
//! A kernel never learns of operations, plans or random parameters, never allocates per pixel, and gives the same
//! bytes at every instruction set: no fused multiply-add, no reordered sums, no function of the system's
//! mathematics library. How one source becomes three compiled copies stands in [`mod@level`].

#[macro_use]
pub mod level;

pub mod blend;
mod cache;
pub mod chain;
pub mod convert;
mod four;
pub mod hsv;
mod lanes;
pub mod levels;
pub mod lut;
pub mod matrix;
pub mod measure;
pub mod noise;
pub mod permute;
mod reals;
pub mod region;
pub mod resize;
mod rows;
pub mod shared_slots;
pub mod stencil;
pub mod warp;

pub use level::{Level, level, with_level};
pub use levels::Levels;

/// The value of channel `c` in a list whose last value serves the channels beyond it.
#[inline(always)]
pub(crate) fn channel<T: Copy + Default>(values: &[T], c: usize) -> T {
    values.get(c).or(values.last()).copied().unwrap_or_default()
}

/// Forces a value into an interval; not-a-number stays what it is.
///
/// Written with comparisons because `f32::max` leaves the sign of a zero open, and with it the bytes.
#[inline(always)]
pub(crate) fn clamp(value: f32, (low, high): (f32, f32)) -> f32 {
    let value = if value < low { low } else { value };
    if value > high { high } else { value }
}
