//! Two pixels at a time in whole numbers: the vectors of the gathers and resizes of bytes.
//!
//! A vector has a left and a right half, one for each of two pixels (or one half of a stretch of a row each). Sums of
//! products go by pairs: two values of 16 bits times two weights give 32 bits, which is what every instruction set of
//! note has one instruction for. Whole numbers leave nothing to rounding, so that an implementation is right when it
//! gives the numbers [`Portable`] gives; another instruction set is another implementation of [`Lanes`].

mod portable;

#[cfg(target_arch = "x86_64")]
mod avx2;

#[cfg(target_arch = "x86_64")]
pub(crate) use avx2::Avx2;
pub(crate) use portable::Portable;

/// What a kernel asks of an instruction set.
pub(crate) trait Lanes: crate::reals::Reals {
    /// Sixteen whole numbers of 16 bits, eight in each half, in pairs.
    type Words: Copy;
    /// Eight whole numbers of 32 bits, four in each half.
    type Sums: Copy;
    /// Eight reals, four in each half.
    type Reals: Copy;

    /// Two neighbouring pixels of `C` (3 or 4) channels at the start of `left` and of `right`, paired channel by
    /// channel. With three channels the fourth pair of each half means nothing.
    fn neighbours<const C: usize>(self, left: &[u8; 16], right: &[u8; 16]) -> Self::Words;

    /// Four neighbouring pixels of both rows, the first two paired and the last two.
    fn four_neighbours<const C: usize>(self, upper: &[u8; 16], lower: &[u8; 16]) -> [Self::Words; 2];

    /// The same from words.
    fn neighbours_of_words<const C: usize>(self, left: &[i16; 8], right: &[i16; 8]) -> Self::Words;

    /// Two stretches of rows, paired element by element, in the order [`Lanes::pack`] puts right.
    fn rows(self, upper: &[u8; 16], lower: &[u8; 16]) -> [Self::Words; 2];

    /// The same from words.
    fn rows_of_words(self, upper: &[i16; 16], lower: &[i16; 16]) -> [Self::Words; 2];

    /// One pair of weights for every pair.
    fn weights(self, pair: [i16; 2]) -> Self::Words;

    /// A pair of weights for each half.
    fn weights_of_two(self, pairs: &[[i16; 2]; 2]) -> Self::Words;

    /// For each pair `a·v + b·w`.
    fn dot(self, values: Self::Words, weights: Self::Words) -> Self::Sums;

    /// Sums of nothing.
    #[inline(always)]
    fn nothing(self) -> Self::Sums {
        self.all(0)
    }

    /// The same number everywhere.
    fn all(self, v: i32) -> Self::Sums;

    /// `a + b`
    fn add(self, a: Self::Sums, b: Self::Sums) -> Self::Sums;

    /// Divides by 2ⁿ, rounded down.
    fn shift(self, sums: Self::Sums, n: i32) -> Self::Sums;

    /// The words of both sums of [`Lanes::rows`] in the order of the row, saturated.
    fn pack(self, sums: [Self::Sums; 2], out: &mut [i16; 16]);

    /// Two pixels of `C` channels as words, saturated. Four go out for each; the right pixel overwrites the left's
    /// fourth, and what follows the right pixel means nothing.
    fn pack_pixels<const C: usize>(self, sums: Self::Sums, out: &mut [i16; 8]);

    /// Whole numbers as reals.
    fn reals(self, sums: Self::Sums) -> Self::Reals;

    /// `v · gain + offset`, where each channel has its gain and offset.
    fn levelled(self, reals: Self::Reals, scale: &[[f32; 4]; 2]) -> Self::Reals;

    /// Reals kept in an interval.
    fn kept(self, reals: Self::Reals, interval: &[f32; 2]) -> Self::Reals;

    /// Sixteen words as they lie.
    fn words(self, words: &[i16; 16]) -> Self::Words;

    /// Whole numbers as reals, times a factor.
    fn scaled(self, sums: Self::Sums, factor: f32) -> Self::Reals;

    /// `a + (b − a) · share`, where each half has its share.
    fn mix(self, a: Self::Reals, b: Self::Reals, shares: &[f32; 2]) -> Self::Reals;

    /// Whole numbers as reals, where each half has its share.
    fn shared(self, sums: Self::Sums, shares: &[f32; 2]) -> Self::Reals;

    /// `a + b`
    fn sum(self, a: Self::Reals, b: Self::Reals) -> Self::Reals;

    /// The left half plus the right half, of `a` on the left and of `b` on the right.
    fn halves_together(self, a: Self::Reals, b: Self::Reals) -> Self::Reals;

    /// Two pixels of `C` channels, as [`Lanes::pack_pixels`] lays them.
    fn store_pixels<const C: usize>(self, reals: Self::Reals, out: &mut [f32; 8]);

    /// Both reals of [`Lanes::rows`] in the order of the row, as `v · gain + offset` of each element.
    fn store_rows(self, reals: [Self::Reals; 2], gain: &[f32; 16], offset: &[f32; 16], out: &mut [f32; 16]);
}
