//! The vectors as registers of 256 bits.
//!
//! Half of a register is one of the two pixels; most instructions of AVX2 stay within a half, which is why the trait
//! is cut that way.

use super::Lanes;
use std::arch::x86_64 as x86;

/// Proof that the processor has AVX2.
#[derive(Clone, Copy)]
pub(crate) struct Avx2 {
    /// Makes `p q p q` in each half to `p p p p` and `q q q q`. A constant would be taken apart by the compiler into
    /// shuffles across the halves, which cost several times as much.
    spread: x86::__m256i,
}

impl Avx2 {
    /// The proof, where the level says so.
    #[inline(always)]
    #[allow(unsafe_code)]
    pub(crate) fn at(level: crate::Level) -> Option<Self> {
        const SPREAD: [i32; 8] = [0, 0, 0, 0, 1, 1, 1, 1];
        (level >= crate::Level::Avx2).then(|| {
            let spread = std::hint::black_box(SPREAD);
            // SAFETY: the level is at most the processor's, so that it has AVX2; 32 bytes are read from an array.
            Avx2 { spread: unsafe { x86::_mm256_loadu_si256(spread.as_ptr().cast()) } }
        })
    }

    /// The first of two values four times, and the second four times.
    #[inline(always)]
    #[allow(unsafe_code)]
    fn two(self, values: &[f32; 2]) -> x86::__m256 {
        // SAFETY: `self` proves AVX2; eight bytes are read from the reference.
        unsafe {
            let both = x86::_mm256_castpd_ps(x86::_mm256_broadcast_sd(&bytemuck::pod_read_unaligned(
                bytemuck::bytes_of(values),
            )));
            x86::_mm256_permutevar_ps(both, self.spread)
        }
    }
}

/// Byte order that pairs two neighbouring pixels from pixel `first` on; 128 gives a zero.
const fn bytes_in_pairs(channels: usize, first: usize) -> [u8; 32] {
    let mut order = [128; 32];
    let mut i = 0;
    while i < 16 {
        let (half, c) = (i / 8 * 16, i % 8 / 2);
        order[half + i % 8 * 2] = ((first + i % 2) * channels + c) as u8;
        i += 1;
    }
    order
}

/// The same for pixels of words.
const fn words_in_pairs(channels: usize) -> [u8; 32] {
    let mut order = [0; 32];
    let mut i = 0;
    while i < 16 {
        let (half, c) = (i / 8 * 16, i % 8 / 2);
        let word = i % 2 * channels + c;
        let word = if word > 7 { 7 } else { word };
        order[half + i % 8 * 2] = (2 * word) as u8;
        order[half + i % 8 * 2 + 1] = (2 * word + 1) as u8;
        i += 1;
    }
    order
}

const BYTES: [[u8; 32]; 2] = [bytes_in_pairs(3, 0), bytes_in_pairs(4, 0)];
const FURTHER_BYTES: [[u8; 32]; 2] = [bytes_in_pairs(3, 2), bytes_in_pairs(4, 2)];
const WORDS: [[u8; 32]; 2] = [words_in_pairs(3), words_in_pairs(4)];

#[inline(always)]
#[allow(unsafe_code)]
fn load(bytes: &[u8; 32]) -> x86::__m256i {
    // SAFETY: reads the 32 bytes of the reference, at any alignment; callers hold an `Avx2`.
    unsafe { x86::_mm256_loadu_si256(bytes.as_ptr().cast()) }
}

/// Two places of 16 bytes as the halves of a register.
#[inline(always)]
#[allow(unsafe_code)]
fn halves(left: &[u8; 16], right: &[u8; 16]) -> x86::__m256i {
    // SAFETY: reads the 16 bytes of each reference, at any alignment; callers hold an `Avx2`.
    unsafe { x86::_mm256_loadu2_m128i(right.as_ptr().cast(), left.as_ptr().cast()) }
}

// SAFETY of every block below: `self` proves AVX2, and memory is touched through references of the size used, at any
// alignment.
#[allow(unsafe_code)]
impl Lanes for Avx2 {
    type Words = x86::__m256i;
    type Sums = x86::__m256i;
    type Reals = x86::__m256;

    #[inline(always)]
    fn neighbours<const C: usize>(self, left: &[u8; 16], right: &[u8; 16]) -> x86::__m256i {
        // SAFETY: see above.
        unsafe { x86::_mm256_shuffle_epi8(halves(left, right), load(&BYTES[C - 3])) }
    }

    #[inline(always)]
    fn four_neighbours<const C: usize>(self, upper: &[u8; 16], lower: &[u8; 16]) -> [x86::__m256i; 2] {
        // SAFETY: see above.
        unsafe {
            let rows = halves(upper, lower);
            let first = x86::_mm256_shuffle_epi8(rows, load(&BYTES[C - 3]));
            [first, x86::_mm256_shuffle_epi8(rows, load(&FURTHER_BYTES[C - 3]))]
        }
    }

    #[inline(always)]
    fn neighbours_of_words<const C: usize>(self, left: &[i16; 8], right: &[i16; 8]) -> x86::__m256i {
        let (left, right) = (bytemuck::cast_ref(left), bytemuck::cast_ref(right));
        // SAFETY: see above.
        unsafe { x86::_mm256_shuffle_epi8(halves(left, right), load(&WORDS[C - 3])) }
    }

    #[inline(always)]
    fn rows(self, upper: &[u8; 16], lower: &[u8; 16]) -> [x86::__m256i; 2] {
        // SAFETY: see above.
        unsafe {
            let upper = x86::_mm256_cvtepu8_epi16(x86::_mm_loadu_si128(upper.as_ptr().cast()));
            let lower = x86::_mm256_cvtepu8_epi16(x86::_mm_loadu_si128(lower.as_ptr().cast()));
            [x86::_mm256_unpacklo_epi16(upper, lower), x86::_mm256_unpackhi_epi16(upper, lower)]
        }
    }

    #[inline(always)]
    fn rows_of_words(self, upper: &[i16; 16], lower: &[i16; 16]) -> [x86::__m256i; 2] {
        let (upper, lower) = (load(bytemuck::cast_ref(upper)), load(bytemuck::cast_ref(lower)));
        // SAFETY: see above.
        unsafe { [x86::_mm256_unpacklo_epi16(upper, lower), x86::_mm256_unpackhi_epi16(upper, lower)] }
    }

    #[inline(always)]
    fn weights(self, pair: [i16; 2]) -> x86::__m256i {
        // SAFETY: see above.
        unsafe { x86::_mm256_set1_epi32(bytemuck::cast(pair)) }
    }

    #[inline(always)]
    fn weights_of_two(self, pairs: &[[i16; 2]; 2]) -> x86::__m256i {
        let pairs: [f32; 2] = bytemuck::cast(*pairs);
        // SAFETY: see above.
        unsafe { x86::_mm256_castps_si256(self.two(&pairs)) }
    }

    #[inline(always)]
    fn dot(self, values: x86::__m256i, weights: x86::__m256i) -> x86::__m256i {
        // SAFETY: see above.
        unsafe { x86::_mm256_madd_epi16(values, weights) }
    }

    #[inline(always)]
    fn all(self, v: i32) -> x86::__m256i {
        // SAFETY: see above.
        unsafe { x86::_mm256_set1_epi32(v) }
    }

    #[inline(always)]
    fn add(self, a: x86::__m256i, b: x86::__m256i) -> x86::__m256i {
        // SAFETY: see above.
        unsafe { x86::_mm256_add_epi32(a, b) }
    }

    #[inline(always)]
    fn shift(self, sums: x86::__m256i, n: i32) -> x86::__m256i {
        // SAFETY: see above.
        unsafe { x86::_mm256_sra_epi32(sums, x86::_mm_cvtsi32_si128(n)) }
    }

    #[inline(always)]
    fn pack(self, sums: [x86::__m256i; 2], out: &mut [i16; 16]) {
        // SAFETY: see above.
        unsafe { x86::_mm256_storeu_si256(out.as_mut_ptr().cast(), x86::_mm256_packs_epi32(sums[0], sums[1])) }
    }

    #[inline(always)]
    fn pack_pixels<const C: usize>(self, sums: x86::__m256i, out: &mut [i16; 8]) {
        const { assert!(C <= 4) };
        // SAFETY: see above; C + 4 ≤ 8.
        unsafe {
            let words = x86::_mm256_packs_epi32(sums, sums);
            x86::_mm_storel_epi64(out.as_mut_ptr().cast(), x86::_mm256_castsi256_si128(words));
            x86::_mm_storel_epi64(out.as_mut_ptr().add(C).cast(), x86::_mm256_extracti128_si256(words, 1));
        }
    }

    #[inline(always)]
    fn reals(self, sums: x86::__m256i) -> x86::__m256 {
        // SAFETY: see above.
        unsafe { x86::_mm256_cvtepi32_ps(sums) }
    }

    #[inline(always)]
    fn levelled(self, reals: x86::__m256, [gain, offset]: &[[f32; 4]; 2]) -> x86::__m256 {
        // SAFETY: see above.
        unsafe {
            let (gain, offset) = (x86::_mm_loadu_ps(gain.as_ptr()), x86::_mm_loadu_ps(offset.as_ptr()));
            let (gain, offset) = (x86::_mm256_set_m128(gain, gain), x86::_mm256_set_m128(offset, offset));
            x86::_mm256_add_ps(x86::_mm256_mul_ps(reals, gain), offset)
        }
    }

    #[inline(always)]
    fn kept(self, reals: x86::__m256, [low, high]: &[f32; 2]) -> x86::__m256 {
        // SAFETY: see above. The order of arguments keeps the value where it equals the limit, as the comparison does.
        unsafe {
            let reals = x86::_mm256_max_ps(x86::_mm256_set1_ps(*low), reals);
            x86::_mm256_min_ps(x86::_mm256_set1_ps(*high), reals)
        }
    }

    #[inline(always)]
    fn words(self, words: &[i16; 16]) -> x86::__m256i {
        load(bytemuck::cast_ref(words))
    }

    #[inline(always)]
    fn scaled(self, sums: x86::__m256i, factor: f32) -> x86::__m256 {
        // SAFETY: see above.
        unsafe { x86::_mm256_mul_ps(x86::_mm256_cvtepi32_ps(sums), x86::_mm256_set1_ps(factor)) }
    }

    #[inline(always)]
    fn mix(self, a: x86::__m256, b: x86::__m256, shares: &[f32; 2]) -> x86::__m256 {
        // SAFETY: see above.
        unsafe {
            let share = self.two(shares);
            x86::_mm256_add_ps(a, x86::_mm256_mul_ps(x86::_mm256_sub_ps(b, a), share))
        }
    }

    #[inline(always)]
    fn shared(self, sums: x86::__m256i, shares: &[f32; 2]) -> x86::__m256 {
        // SAFETY: see above.
        unsafe { x86::_mm256_mul_ps(x86::_mm256_cvtepi32_ps(sums), self.two(shares)) }
    }

    #[inline(always)]
    fn sum(self, a: x86::__m256, b: x86::__m256) -> x86::__m256 {
        // SAFETY: see above.
        unsafe { x86::_mm256_add_ps(a, b) }
    }

    #[inline(always)]
    fn halves_together(self, a: x86::__m256, b: x86::__m256) -> x86::__m256 {
        // SAFETY: see above.
        unsafe {
            let left = x86::_mm256_permute2f128_ps(a, b, 0x20);
            x86::_mm256_add_ps(left, x86::_mm256_permute2f128_ps(a, b, 0x31))
        }
    }

    #[inline(always)]
    fn store_pixels<const C: usize>(self, reals: x86::__m256, out: &mut [f32; 8]) {
        const { assert!(C <= 4) };
        // SAFETY: see above; C + 4 ≤ 8.
        unsafe {
            x86::_mm_storeu_ps(out.as_mut_ptr(), x86::_mm256_castps256_ps128(reals));
            x86::_mm_storeu_ps(out.as_mut_ptr().add(C), x86::_mm256_extractf128_ps(reals, 1));
        }
    }

    #[inline(always)]
    fn store_rows(self, reals: [x86::__m256; 2], gain: &[f32; 16], offset: &[f32; 16], out: &mut [f32; 16]) {
        // SAFETY: see above.
        unsafe {
            let first = x86::_mm256_permute2f128_ps(reals[0], reals[1], 0x20);
            let second = x86::_mm256_permute2f128_ps(reals[0], reals[1], 0x31);
            for (half, v) in [first, second].into_iter().enumerate() {
                let gain = x86::_mm256_loadu_ps(gain.as_ptr().add(half * 8));
                let offset = x86::_mm256_loadu_ps(offset.as_ptr().add(half * 8));
                let v = x86::_mm256_add_ps(x86::_mm256_mul_ps(v, gain), offset);
                x86::_mm256_storeu_ps(out.as_mut_ptr().add(half * 8), v);
            }
        }
    }
}
