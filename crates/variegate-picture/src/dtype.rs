//! The element types of pictures and batches.

use half::{bf16, f16};

/// The element type of a picture or of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dtype {
    /// Unsigned bytes, white = 255.
    U8,
    /// Unsigned 16-bit, white = 65535.
    U16,
    /// 32-bit floats, white = 1 unless the pipeline's value range says otherwise.
    F32,
    /// 16-bit floats; batches only.
    F16,
    /// Brain floats; batches only.
    BF16,
}

impl Dtype {
    /// Bytes of one element.
    pub fn bytes(self) -> usize {
        match self {
            Dtype::U8 => 1,
            Dtype::U16 | Dtype::F16 | Dtype::BF16 => 2,
            Dtype::F32 => 4,
        }
    }

    /// NumPy's name of the type.
    pub fn name(self) -> &'static str {
        match self {
            Dtype::U8 => "uint8",
            Dtype::U16 => "uint16",
            Dtype::F32 => "float32",
            Dtype::F16 => "float16",
            Dtype::BF16 => "bfloat16",
        }
    }

    /// The type of a NumPy name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Dtype::U8, Dtype::U16, Dtype::F32, Dtype::F16, Dtype::BF16].into_iter().find(|d| d.name() == name)
    }

    /// Whether elements are integers.
    pub fn is_integer(self) -> bool {
        matches!(self, Dtype::U8 | Dtype::U16)
    }
}

/// An element of a picture or batch: what it is called and how a real number is stored in it.
pub trait Sample: Copy + Default + Send + Sync + bytemuck::Pod + 'static {
    /// Its [`Dtype`].
    const DTYPE: Dtype;
    /// The stored value of white, where the type fixes one.
    const WHITE: f32;

    /// Stores a real: integers round half to even and saturate, floats are kept.
    fn store(value: f32) -> Self;

    /// Reads the stored value.
    fn load(self) -> f32;
}

impl Sample for u8 {
    const DTYPE: Dtype = Dtype::U8;
    const WHITE: f32 = 255.0;
    // `clamp` would keep a NaN; `max` turns it into black.
    #[allow(clippy::manual_clamp)]
    #[inline(always)]
    fn store(value: f32) -> Self {
        // Adding 1.5 × 2²³ leaves the rounded (half to even) integer in the low mantissa bits: the same
        // instruction sequence at every vector width, and no call to a rounding function.
        let clamped = value.max(0.0).min(255.0);
        (clamped + 12_582_912.0).to_bits() as u8
    }
    #[inline(always)]
    fn load(self) -> f32 {
        f32::from(self)
    }
}

impl Sample for u16 {
    const DTYPE: Dtype = Dtype::U16;
    const WHITE: f32 = 65535.0;
    #[allow(clippy::manual_clamp)]
    #[inline(always)]
    fn store(value: f32) -> Self {
        let clamped = value.max(0.0).min(65535.0);
        (clamped + 12_582_912.0).to_bits() as u16
    }
    #[inline(always)]
    fn load(self) -> f32 {
        f32::from(self)
    }
}

impl Sample for f32 {
    const DTYPE: Dtype = Dtype::F32;
    const WHITE: f32 = 1.0;
    #[inline(always)]
    fn store(value: f32) -> Self {
        value
    }
    #[inline(always)]
    fn load(self) -> f32 {
        self
    }
}

impl Sample for f16 {
    const DTYPE: Dtype = Dtype::F16;
    const WHITE: f32 = 1.0;
    #[inline(always)]
    fn store(value: f32) -> Self {
        f16::from_f32(value)
    }
    #[inline(always)]
    fn load(self) -> f32 {
        self.to_f32()
    }
}

impl Sample for bf16 {
    const DTYPE: Dtype = Dtype::BF16;
    const WHITE: f32 = 1.0;
    #[inline(always)]
    fn store(value: f32) -> Self {
        bf16::from_f32(value)
    }
    #[inline(always)]
    fn load(self) -> f32 {
        self.to_f32()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_round_half_to_even_and_saturate() {
        let cases = [(-3.0, 0), (0.5, 0), (1.5, 2), (2.5, 2), (254.6, 255), (300.0, 255), (f32::NAN, 0)];
        for (value, stored) in cases {
            assert_eq!(u8::store(value), stored, "{value}");
        }
        assert_eq!(u16::store(65534.5), 65534);
        assert_eq!(u16::store(1e9), 65535);
        for v in 0..=255u8 {
            assert_eq!(u8::store(v.load()), v);
        }
    }
}
