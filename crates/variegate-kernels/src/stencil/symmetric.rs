//! Symmetric kernels over bytes in whole numbers: the Gaussian of a photograph.
//!
//! [`super::Separable`] goes this way where it may. Values are words with seven bits behind the point; two taps at the same
//! distance are averaged, and the average is weighed by their common share of 15 bits and rounded. A value is off by about
//! half a hundredth of a level with seven taps and by one with thirty (root mean square; three and six at worst), where a
//! sum of reals is exact; pictures of flat colour keep their codes. On an AVX2 machine seven taps of a row of bytes take half the time of sums
//! of reals, and six tenths of that of products summed in 32 bits.

/// One, as a share.
const ONE: i32 = 1 << 15;

/// Bits behind the point.
const POINT: u32 = 7;

/// Elements filtered at once; what is read and written goes to whole blocks.
pub(super) const BLOCK: usize = 32;

/// The most taps on a side: every pair may round a value half a step above white, and words end 127 steps above it.
const REACH: usize = 100;

/// Pairs of taps that are summed before a sum is written.
const GROUP: usize = 4;

/// The shares of one axis, from the ends to the middle.
#[derive(Debug, Default)]
pub(super) struct Shares(Vec<i16>);

impl Shares {
    /// Takes weights in, if they are symmetric, not negative and sum to one, and the middle is not all; says whether.
    pub(super) fn set(&mut self, weights: &[f32]) -> bool {
        let (n, middle) = (weights.len(), weights.len() / 2);
        let fits = n % 2 == 1 && middle <= REACH && (weights.iter().sum::<f32>() - 1.0).abs() < 1e-4;
        if !fits || (0..n).any(|k| weights[k] < 0.0 || weights[k] != weights[n - 1 - k]) {
            return false;
        }
        let shares = weights[..middle].iter().map(|w| (w * 2.0 * ONE as f32).round() as i32);
        let rest = ONE - shares.clone().sum::<i32>();
        self.0.clear();
        self.0.extend(shares.chain([rest]).filter_map(|share| i16::try_from(share).ok()));
        self.0.len() == middle + 1 && rest >= 0
    }
}

/// `Σ share · average` over the pairs of taps from the ends to the middle; tap `k` of element `e` is
/// `values[starts[k] + e]`. `out` has whole blocks, and as many values lie behind every start.
pub(super) fn filter(values: &[i16], starts: &[usize], shares: &Shares, out: &mut [i16]) {
    let (len, last) = (out.len(), starts.len() - 1);
    let pair = |k: usize| [starts[k], starts[last - k]].map(|start| &values[start..start + len]);
    for (group, shares) in shares.0.chunks(GROUP).enumerate() {
        let (at, adds) = (group * GROUP, group > 0);
        match *shares {
            [a] => sum([pair(at)], [a], adds, out),
            [a, b] => sum([pair(at), pair(at + 1)], [a, b], adds, out),
            [a, b, c] => sum([pair(at), pair(at + 1), pair(at + 2)], [a, b, c], adds, out),
            [a, b, c, d, ..] => {
                sum([pair(at), pair(at + 1), pair(at + 2), pair(at + 3)], [a, b, c, d], adds, out);
            }
            [] => {}
        }
    }
}

/// Sums the averages of `N` pairs, in place of what `out` holds or on top of it.
#[allow(unsafe_code)]
fn sum<const N: usize>(pairs: [[&[i16]; 2]; N], shares: [i16; N], adds: bool, out: &mut [i16]) {
    #[cfg(target_arch = "x86_64")]
    if crate::level() >= crate::Level::Avx2 {
        // SAFETY: the level says that the processor has AVX2.
        return unsafe { avx2(pairs, shares, adds, out) };
    }
    plain(pairs, shares, adds, out);
}

/// What every processor does, and what the other way is held against.
fn plain<const N: usize>(pairs: [[&[i16]; 2]; N], shares: [i16; N], adds: bool, out: &mut [i16]) {
    if !adds {
        out.fill(0);
    }
    for ([left, right], share) in pairs.into_iter().zip(shares) {
        for ((sum, a), b) in out.iter_mut().zip(left).zip(right) {
            let average = (i32::from(*a) + i32::from(*b) + 1) >> 1;
            *sum += ((average * i32::from(share) + ONE / 2) >> 15) as i16;
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn avx2<const N: usize>(pairs: [[&[i16]; 2]; N], shares: [i16; N], adds: bool, out: &mut [i16]) {
    use std::arch::x86_64 as x86;
    let mut weights = [x86::_mm256_setzero_si256(); N];
    for k in 0..N {
        weights[k] = x86::_mm256_set1_epi16(shares[k]);
    }
    let blocks = out.as_chunks_mut::<16>().0;
    let mut taps = [[[[0i16; 16]; 0].as_slice(); 2]; N];
    for k in 0..N {
        for side in 0..2 {
            taps[k][side] = &pairs[k][side].as_chunks::<16>().0[..blocks.len()];
        }
    }
    for j in 0..blocks.len() {
        let mut sum: x86::__m256i = if adds { bytemuck::cast(blocks[j]) } else { x86::_mm256_setzero_si256() };
        for k in 0..N {
            let [a, b] = taps[k];
            let average = x86::_mm256_avg_epu16(bytemuck::cast(a[j]), bytemuck::cast(b[j]));
            sum = x86::_mm256_add_epi16(sum, x86::_mm256_mulhrs_epi16(average, weights[k]));
        }
        blocks[j] = bytemuck::cast(sum);
    }
}

levels! {
    /// Codes as words.
    pub(super) fn widen(codes: &[u8], out: &mut [i16]) {
        for (word, code) in out.iter_mut().zip(codes) {
            *word = i16::from(*code) << POINT;
        }
    }

    /// Words as reals.
    pub(super) fn to_reals(words: &[i16], out: &mut [f32]) {
        for (real, word) in out.iter_mut().zip(words) {
            *real = f32::from(*word) * (1.0 / (1 << POINT) as f32);
        }
    }

    /// Words as codes, rounded half to even as their reals are.
    pub(super) fn to_codes(words: &[i16], out: &mut [u8]) {
        for (code, word) in out.iter_mut().zip(words) {
            let rounded = (word + ((1 << (POINT - 1)) - 1) + ((word >> POINT) & 1)) >> POINT;
            *code = if rounded > 255 { 255 } else { rounded as u8 };
        }
    }
}
