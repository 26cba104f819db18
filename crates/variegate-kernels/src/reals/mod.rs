//! Eight reals in a vector, and pixels of three channels taken apart into such vectors and put together again.
//!
//! Colour kernels call it for what the compiler does badly from plain loops: a row of interleaved pixels into planes and
//! back, from reals and from codes. Lane-wise arithmetic only, in the order it is written, so that an implementation is
//! right when it gives the bits [`crate::lanes::Portable`] gives.

mod portable;

#[cfg(target_arch = "x86_64")]
mod avx2;

/// Pixels a vector holds of each channel.
pub(crate) const WIDE: usize = 8;

/// What a colour kernel asks of an instruction set.
pub(crate) trait Reals: Copy {
    /// Eight reals.
    type Real: Copy;
    /// Eight answers to a comparison.
    type Mask: Copy;

    /// The same value eight times.
    fn splat(self, v: f32) -> Self::Real;

    /// Eight values.
    fn load(self, v: &[f32; 8]) -> Self::Real;

    /// The lanes as values.
    fn store(self, v: Self::Real, out: &mut [f32; 8]);

    /// `a + b`
    fn plus(self, a: Self::Real, b: Self::Real) -> Self::Real;

    /// `a − b`
    fn minus(self, a: Self::Real, b: Self::Real) -> Self::Real;

    /// `a · b`
    fn times(self, a: Self::Real, b: Self::Real) -> Self::Real;

    /// `a / b`
    fn over(self, a: Self::Real, b: Self::Real) -> Self::Real;

    /// `a` where `a > b`, otherwise `b`.
    fn larger(self, a: Self::Real, b: Self::Real) -> Self::Real;

    /// `a` where `a < b`, otherwise `b`.
    fn smaller(self, a: Self::Real, b: Self::Real) -> Self::Real;

    /// The value without its sign.
    fn magnitude(self, v: Self::Real) -> Self::Real;

    /// `a < b`
    fn less(self, a: Self::Real, b: Self::Real) -> Self::Mask;

    /// `a ≥ b`
    fn not_less(self, a: Self::Real, b: Self::Real) -> Self::Mask;

    /// `a = b`
    fn equal(self, a: Self::Real, b: Self::Real) -> Self::Mask;

    /// `a` where the answer is yes, otherwise `b`.
    fn choose(self, yes: Self::Mask, a: Self::Real, b: Self::Real) -> Self::Real;

    /// `a` where the answer is yes, otherwise zero.
    fn only(self, yes: Self::Mask, a: Self::Real) -> Self::Real;

    /// Eight pixels as planes.
    fn split(self, pixels: &[f32; 24]) -> [Self::Real; 3];

    /// Planes as eight pixels.
    fn join(self, planes: [Self::Real; 3], pixels: &mut [f32; 24]);

    /// Eight pixels of codes as planes.
    fn split_codes(self, pixels: &[u8; 24]) -> [Self::Real; 3];

    /// Planes as eight pixels of codes, rounded and saturated as [`variegate_picture::Sample::store`] does.
    fn join_codes(self, planes: [Self::Real; 3], pixels: &mut [u8; 24]);

    /// One plane as eight grey pixels, as [`Reals::join_codes`] of it three times.
    fn join_grey(self, plane: Self::Real, pixels: &mut [u8; 24]);

    /// [`crate::clamp`] to an interval.
    #[inline(always)]
    fn clamped(self, v: Self::Real, low: Self::Real, high: Self::Real) -> Self::Real {
        self.smaller(high, self.larger(low, v))
    }
}

/// A function of red, green and blue. A trait and not a closure: closures are shared by the compiled copies of a kernel
/// and then stay at the baseline.
pub(crate) trait Planes {
    /// Whether all three channels of the result are the same.
    const GREY: bool = false;

    /// What becomes of eight pixels; `#[inline(always)]`.
    fn pixels<R: Reals>(&self, with: R, planes: [R::Real; 3]) -> [R::Real; 3];
}

/// Sends eight pixels of codes through a function.
#[inline(always)]
fn block_of_codes<R: Reals, P: Planes>(with: R, block: &mut [u8; 24], f: &P) {
    let made = f.pixels(with, with.split_codes(block));
    if P::GREY {
        with.join_grey(made[0], block);
    } else {
        with.join_codes(made, block);
    }
}

/// Sends a real row of three or four channels through a function; a fourth channel is left as it is.
#[inline(always)]
pub(crate) fn each_real<R: Reals>(with: R, row: &mut [f32], channels: usize, f: impl Planes) {
    if channels == 4 {
        for block in row.chunks_mut(4 * WIDE) {
            let mut planes = [[0.0; WIDE]; 3];
            for (k, pixel) in block.as_chunks::<4>().0.iter().enumerate() {
                for c in 0..3 {
                    planes[c][k] = pixel[c];
                }
            }
            let made = f.pixels(with, [with.load(&planes[0]), with.load(&planes[1]), with.load(&planes[2])]);
            for c in 0..3 {
                with.store(made[c], &mut planes[c]);
            }
            for (k, pixel) in block.as_chunks_mut::<4>().0.iter_mut().enumerate() {
                for c in 0..3 {
                    pixel[c] = planes[c][k];
                }
            }
        }
        return;
    }
    let (blocks, rest) = row.as_chunks_mut::<24>();
    for block in blocks {
        let made = f.pixels(with, with.split(block));
        with.join(made, block);
    }
    if !rest.is_empty() {
        let mut block = [0.0; 24];
        block[..rest.len()].copy_from_slice(rest);
        let made = f.pixels(with, with.split(&block));
        with.join(made, &mut block);
        rest.copy_from_slice(&block[..rest.len()]);
    }
}

/// The same for a row of codes of three channels, whose results are rounded.
#[inline(always)]
pub(crate) fn each_code<R: Reals>(with: R, row: &mut [u8], f: impl Planes) {
    let (blocks, rest) = row.as_chunks_mut::<24>();
    for block in blocks {
        block_of_codes(with, block, &f);
    }
    if !rest.is_empty() {
        let mut block = [0; 24];
        block[..rest.len()].copy_from_slice(rest);
        block_of_codes(with, &mut block, &f);
        rest.copy_from_slice(&block[..rest.len()]);
    }
}
