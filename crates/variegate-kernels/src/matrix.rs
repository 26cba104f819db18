//! Gains, offsets and 3 × 4 colour matrices.
//!
//! The engine applies them to real rows, colour matrices to three or four channels. Products and sums are taken in
//! the order they are written.

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

    /// Red, green and blue through a matrix whose fourth column is added, in stored units; a fourth channel is left
    /// as it is. `channels` is 3 or 4.
    pub fn mix3(row: &mut [f32], channels: usize, m: &[[f32; 4]; 3], clamp: Option<(f32, f32)>) {
        debug_assert!(channels == 3 || channels == 4);
        let m = *m;
        match (channels, clamp) {
            (4, Some(ends)) => each_block::<4>(row, Mix::<true> { m, ends }),
            (4, None) => each_block::<4>(row, Mix::<false> { m, ends: OPEN }),
            (3, Some(ends)) => each_block::<3>(row, Mix::<true> { m, ends }),
            (3, None) => each_block::<3>(row, Mix::<false> { m, ends: OPEN }),
            _ => {}
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

struct Mix<const CLAMP: bool> {
    m: [[f32; 4]; 3],
    ends: (f32, f32),
}

impl<const CLAMP: bool> Planes for Mix<CLAMP> {
    #[inline(always)]
    fn pixel(&self, r: f32, g: f32, b: f32) -> (f32, f32, f32) {
        let [mr, mg, mb] = self.m;
        let red = mr[0] * r + mr[1] * g + mr[2] * b + mr[3];
        let green = mg[0] * r + mg[1] * g + mg[2] * b + mg[3];
        let blue = mb[0] * r + mb[1] * g + mb[2] * b + mb[3];
        if CLAMP {
            (clamp(red, self.ends), clamp(green, self.ends), clamp(blue, self.ends))
        } else {
            (red, green, blue)
        }
    }
}

/// A function of three colours. A trait and not a closure: closures are shared by the compiled copies of a kernel
/// and then stay at the baseline.
pub(crate) trait Planes {
    /// What becomes of one pixel; `#[inline(always)]`.
    fn pixel(&self, r: f32, g: f32, b: f32) -> (f32, f32, f32);
}

/// Pixels of a block taken apart into planes.
pub(crate) const PIXELS: usize = 32;

/// Takes a row of `C` channels apart into planes of red, green and blue, a block at a time, and writes back what
/// `f` made of them. The last block is padded with what the one before it left.
#[inline(always)]
pub(crate) fn each_block<const C: usize>(row: &mut [f32], f: impl Planes) {
    let (mut r, mut g, mut b) = ([0.0; PIXELS], [0.0; PIXELS], [0.0; PIXELS]);
    for block in row.chunks_mut(PIXELS * C) {
        let pixels = block.as_chunks::<C>().0;
        for (((r, g), b), pixel) in r.iter_mut().zip(&mut g).zip(&mut b).zip(pixels) {
            (*r, *g, *b) = (pixel[0], pixel[1], pixel[2]);
        }
        for j in 0..PIXELS {
            (r[j], g[j], b[j]) = f.pixel(r[j], g[j], b[j]);
        }
        let pixels = block.as_chunks_mut::<C>().0;
        for (((r, g), b), pixel) in r.iter().zip(&g).zip(&b).zip(pixels) {
            (pixel[0], pixel[1], pixel[2]) = (*r, *g, *b);
        }
    }
}
