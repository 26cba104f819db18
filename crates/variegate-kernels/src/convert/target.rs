//! How each type of a batch takes a run of reals.
//!
//! [`super::store`] asks; the bytes are those of [`Sample::store`] one by one.

use half::{bf16, f16, slice::HalfFloatSliceExt};
use variegate_picture::Sample;

/// An element of a batch.
pub(super) trait Target: Sample {
    /// Whether it keeps a real as it is, so that no buffer stands between.
    const IS_REAL: bool = false;

    /// Stores a run of reals; the same bytes as [`Sample::store`] one by one.
    #[inline(always)]
    fn store_all(reals: &[f32], out: &mut [Self]) {
        for (out, real) in out.iter_mut().zip(reals) {
            *out = Self::store(*real);
        }
    }
}

impl Target for u8 {}
impl Target for u16 {}
impl Target for f32 {
    const IS_REAL: bool = true;
}

impl Target for f16 {
    /// `half` converts whole slices with the processor's instruction, single values with a dozen of its own.
    #[inline(always)]
    fn store_all(reals: &[f32], out: &mut [Self]) {
        out.convert_from_f32_slice(reals);
    }
}

impl Target for bf16 {
    /// Rounds half to even on the bits, without the branch that keeps `half`'s own from vectorising.
    #[inline(always)]
    fn store_all(reals: &[f32], out: &mut [Self]) {
        for (out, real) in out.iter_mut().zip(reals) {
            let bits = real.to_bits();
            let rounded = (bits.wrapping_add(0x7fff + ((bits >> 16) & 1)) >> 16) as u16;
            let quiet = (bits >> 16) as u16 | 0x0040;
            *out = bf16::from_bits(if (bits & 0x7fff_ffff) > 0x7f80_0000 { quiet } else { rounded });
        }
    }
}
