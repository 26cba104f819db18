//! Gains, offsets and 3 × 4 colour matrices.
//!
//! The engine applies them to real rows, colour matrices to three or four channels. Products and sums are taken in
//! the order they are written.

use crate::reals::{Planes, Reals, each_code, each_real};
use crate::{channel, clamp};

/// The clamp that changes nothing.
pub(crate) const OPEN: (f32, f32) = (f32::NEG_INFINITY, f32::INFINITY);

/// Elements of whole pixels of 1, 2, 3 and 4 channels at once: a loop over it needs no shuffles. 96 and not 48,
/// which the compiler unrolls into scalars before it thinks of vectors.
pub(crate) const PERIOD: usize = 96;

/// A list's values repeated over a period of pixels of `C` channels.
#[inline(always)]
pub(crate) fn period<const C: usize>(values: &[f32]) -> [f32; PERIOD] {
    let one: [f32; C] = std::array::from_fn(|c| channel(values, c));
    let mut all = [0.0; PERIOD];
    for pixel in all.as_chunks_mut::<C>().0 {
        *pixel = one;
    }
    all
}

levels! {
    /// `v · gain + offset` for each channel (the last value serves the rest), then the clamp.
    pub fn scale_rows(row: &mut [f32], channels: usize, gain: &[f32], offset: &[f32], clamp: Option<(f32, f32)>) {
        match channels {
            1 => scale::<1>(row, gain, offset, clamp),
            2 => scale::<2>(row, gain, offset, clamp),
            3 => scale::<3>(row, gain, offset, clamp),
            4 => scale::<4>(row, gain, offset, clamp),
            _ => {
                for pixel in row.chunks_exact_mut(channels) {
                    for (c, v) in pixel.iter_mut().enumerate() {
                        let scaled = *v * channel(gain, c) + channel(offset, c);
                        *v = clamp.map_or(scaled, |ends| crate::clamp(scaled, ends));
                    }
                }
            }
        }
    }
}

on_lanes! {
    /// Red, green and blue through a matrix whose fourth column is added, in stored units; a fourth channel is left
    /// as it is. `channels` is 3 or 4.
    pub fn mix3(lanes, row: &mut [f32], channels: usize, m: &[[f32; 4]; 3], clamp: Option<(f32, f32)>) {
        debug_assert!(channels == 3 || channels == 4);
        let m = *m;
        match clamp {
            Some(ends) => each_real(lanes, row, channels, Mix::<true> { m, ends }),
            None => each_real(lanes, row, channels, Mix::<false> { m, ends: OPEN }),
        }
    }

    /// The same for a row of codes of three channels: loaded, mixed, rounded.
    pub fn mix3_codes(lanes, row: &mut [u8], m: &[[f32; 4]; 3], clamp: Option<(f32, f32)>) {
        let m = *m;
        // Storing a byte clamps to what a byte holds.
        let clamp = clamp.filter(|ends| ends.0 > 0.0 || ends.1 < 255.0);
        let grey = m[0] == m[1] && m[1] == m[2];
        match clamp {
            Some(ends) if grey => each_code(lanes, row, Grey::<true> { m: m[0], ends }),
            None if grey => each_code(lanes, row, Grey::<false> { m: m[0], ends: OPEN }),
            Some(ends) => each_code(lanes, row, Mix::<true> { m, ends }),
            None => each_code(lanes, row, Mix::<false> { m, ends: OPEN }),
        }
    }
}

#[inline(always)]
fn scale<const C: usize>(row: &mut [f32], gain: &[f32], offset: &[f32], ends: Option<(f32, f32)>) {
    let (gain, offset) = (period::<C>(gain), period::<C>(offset));
    for chunk in row.chunks_mut(PERIOD) {
        let terms = gain.iter().zip(&offset);
        match ends {
            Some(ends) => {
                for (v, (gain, offset)) in chunk.iter_mut().zip(terms) {
                    *v = clamp(*v * gain + offset, ends);
                }
            }
            None => {
                for (v, (gain, offset)) in chunk.iter_mut().zip(terms) {
                    *v = *v * gain + offset;
                }
            }
        }
    }
}

pub(crate) struct Mix<const CLAMP: bool> {
    pub(crate) m: [[f32; 4]; 3],
    pub(crate) ends: (f32, f32),
}

impl<const CLAMP: bool> Planes for Mix<CLAMP> {
    #[inline(always)]
    fn pixels<R: Reals>(&self, with: R, planes: [R::Real; 3]) -> [R::Real; 3] {
        let [r, g, b] = self.m;
        [
            mixed::<R, CLAMP>(with, planes, r, self.ends),
            mixed::<R, CLAMP>(with, planes, g, self.ends),
            mixed::<R, CLAMP>(with, planes, b, self.ends),
        ]
    }
}

/// Three rows that are one: every channel becomes the same sum.
struct Grey<const CLAMP: bool> {
    m: [f32; 4],
    ends: (f32, f32),
}

impl<const CLAMP: bool> Planes for Grey<CLAMP> {
    const GREY: bool = true;

    #[inline(always)]
    fn pixels<R: Reals>(&self, with: R, planes: [R::Real; 3]) -> [R::Real; 3] {
        [mixed::<R, CLAMP>(with, planes, self.m, self.ends); 3]
    }
}

#[inline(always)]
fn mixed<R: Reals, const CLAMP: bool>(with: R, [r, g, b]: [R::Real; 3], m: [f32; 4], ends: (f32, f32)) -> R::Real {
    let sum = with.plus(with.times(with.splat(m[0]), r), with.times(with.splat(m[1]), g));
    let sum = with.plus(with.plus(sum, with.times(with.splat(m[2]), b)), with.splat(m[3]));
    if CLAMP { with.clamped(sum, with.splat(ends.0), with.splat(ends.1)) } else { sum }
}
