//! Taps in whole numbers, and the passes over bytes that use them.
//!
//! [`super::Resizer`] takes this way for pictures of bytes with three or four channels. The first pass turns bytes into
//! words, steps of 1/128 or 1/64 of a level; the second turns words into reals. Weights are as fine as 16 bits hold:
//! an output errs by less than an eighth of a level in the worst of cases, and by some thousandths as a rule. The
//! weights of an output sum up exactly, so that a plain area stays what it is.

use super::Taps;
use crate::lanes::Lanes;
use crate::levels::{Levels, PLAIN, Scale};

/// Elements that a pass over rows takes at once, and the fewest it can do with.
pub(super) const STRETCH: usize = 32;

/// What a buffer needs behind the last element that counts, since neighbours are read in blocks.
pub(super) const PAD: usize = 16;

/// Pairs of taps up to which weights are kept as vectors; with more of them they would not stay in the innermost cache.
const SPREAD: usize = 4;

/// The largest number of taps of an output.
const MOST: usize = 256;

/// Which of the two passes an axis is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// From bytes to words.
    First,
    /// From words to reals.
    Second,
}

/// Which axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Axis {
    /// Along a row.
    Across,
    /// From row to row.
    Down,
}

/// The taps of one axis in whole numbers: as many pairs for each output, some of weight zero.
#[derive(Debug, Default)]
pub(super) struct Whole {
    /// Pairs of taps of an output.
    pub pairs: usize,
    /// Weights of an output sum up to 2 to this power.
    pub shift: i32,
    /// Steps of a level in a word, as a power of two.
    pub fine: i32,
    /// One past the last source index that is read.
    pub end: usize,
    /// First source index of each output. Across, it counts from the first index that is read, and the number of outputs
    /// is made even.
    pub first: Vec<u32>,
    /// Pairs of weights: those of an output one after another, across those of two outputs in turns.
    pub weights: Vec<[i16; 2]>,
    /// The same across as vectors, a pair of weights for every channel, where an output has few.
    spread: Vec<[i16; 16]>,
}

impl Whole {
    /// Takes over the taps of an axis; false where they do not fit: fills, folded borders, sources smaller than the
    /// kernel, and kernels of very many taps.
    pub fn take(&mut self, taps: &Taps, axis: Axis, turn: Turn, fine: i32) -> bool {
        let most = if turn == Turn::First { MOST } else { 32 };
        let count = taps.most().next_multiple_of(2);
        let (lo, hi) = taps.span();
        if !taps.is_plain() || count > most || hi - lo < count || taps.is_empty() {
            return false;
        }
        let (largest, sum) = taps.largest();
        if sum > 2.0 {
            return false;
        }
        self.pairs = count / 2;
        self.fine = fine;
        // 2 to this power times the largest weight is what a word holds, with room for what rounding leaves over.
        let room = (32_600.0 / largest).log2().floor() as i32;
        self.shift = room.min(if turn == Turn::First { 22 } else { 15 });
        let scale = (1i32 << self.shift) as f32;
        let (two, origin) = if axis == Axis::Across { (2, lo) } else { (1, 0) };
        let outputs = taps.len().next_multiple_of(two);
        self.end = 0;
        self.first.clear();
        self.weights.clear();
        self.weights.resize(outputs * self.pairs, [0; 2]);
        let mut whole = [0i32; MOST];
        for o in 0..outputs {
            let run = taps.of(o.min(taps.len() - 1));
            let first = run.first.clamp(lo, hi - count);
            let at = run.first - first;
            let (mut rest, mut heaviest) = (1i32 << self.shift, 0);
            for (j, &weight) in run.weights.iter().enumerate() {
                whole[j] = (weight * scale + if weight < 0.0 { -0.5 } else { 0.5 }) as i32;
                rest -= whole[j];
                heaviest = if whole[j] > whole[heaviest] { j } else { heaviest };
            }
            whole[heaviest] += rest;
            let pairs = &mut self.weights[o / two * self.pairs * two + o % two..];
            for (j, &whole) in whole[..run.weights.len()].iter().enumerate() {
                pairs[(at + j) / 2 * two][(at + j) % 2] = whole as i16;
            }
            self.first.push((first - origin) as u32);
            self.end = self.end.max(first - origin + count);
        }
        self.spread.clear();
        if axis == Axis::Across && self.pairs <= SPREAD {
            let two = self.weights.as_chunks::<2>().0;
            let spread = |[a, b]: &[[i16; 2]; 2]| -> [i16; 16] { bytemuck::cast([*a, *a, *a, *a, *b, *b, *b, *b]) };
            self.spread.extend(two.iter().map(spread));
        }
        true
    }

    /// The source indices that output `o` reads and the one before does not, on the way down or up.
    pub fn fresh(&self, o: usize) -> std::ops::Range<usize> {
        let (Some(&first), Some(&before)) = (self.first.get(o), self.first.get(o.wrapping_sub(1))) else { return 0..0 };
        let (first, before, count) = (first as usize, before as usize, 2 * self.pairs);
        if before <= first { (before + count).max(first)..first + count } else { first..before.min(first + count) }
    }

    /// What a sum of the second pass is multiplied with.
    pub fn factor(&self) -> f32 {
        1.0 / (1u64 << (self.shift + self.fine)) as f32
    }

    /// The pairs of output `o` of the axis down.
    pub fn of(&self, o: usize) -> &[[i16; 2]] {
        &self.weights[o * self.pairs..(o + 1) * self.pairs]
    }
}

/// What a pass reads: bytes or words. Traits, not closures, since a closure is compiled for the baseline alone.
trait Element: Copy {
    /// Two stretches of rows in pairs.
    fn rows<L: Lanes>(lanes: L, upper: &[Self; 16], lower: &[Self; 16]) -> [L::Words; 2];

    /// Elements read for two neighbouring pixels.
    const READ: usize;

    /// Two neighbouring pixels at `left` and at `right` in pairs.
    ///
    /// # Safety
    ///
    /// [`Element::READ`] elements of the row must follow both places.
    #[allow(unsafe_code)]
    unsafe fn neighbours<L: Lanes, const C: usize>(lanes: L, row: &[Self], left: usize, right: usize) -> L::Words;
}

impl Element for u8 {
    #[inline(always)]
    fn rows<L: Lanes>(lanes: L, upper: &[u8; 16], lower: &[u8; 16]) -> [L::Words; 2] {
        lanes.rows(upper, lower)
    }

    const READ: usize = 16;

    #[inline(always)]
    #[allow(unsafe_code)]
    unsafe fn neighbours<L: Lanes, const C: usize>(lanes: L, row: &[u8], left: usize, right: usize) -> L::Words {
        // SAFETY: the caller sees to it.
        unsafe { lanes.neighbours::<C>(&*row.as_ptr().add(left).cast(), &*row.as_ptr().add(right).cast()) }
    }
}

impl Element for i16 {
    #[inline(always)]
    fn rows<L: Lanes>(lanes: L, upper: &[i16; 16], lower: &[i16; 16]) -> [L::Words; 2] {
        lanes.rows_of_words(upper, lower)
    }

    const READ: usize = 8;

    #[inline(always)]
    #[allow(unsafe_code)]
    unsafe fn neighbours<L: Lanes, const C: usize>(lanes: L, row: &[i16], left: usize, right: usize) -> L::Words {
        // SAFETY: the caller sees to it.
        unsafe { lanes.neighbours_of_words::<C>(&*row.as_ptr().add(left).cast(), &*row.as_ptr().add(right).cast()) }
    }
}

/// What a pass writes: words by a shift, reals by a factor and what they are levelled with.
trait Output: Copy + Default {
    /// What is done to every sum, laid out once for a row.
    type Last: Copy;

    /// The layout of `taps` and `levels`.
    fn last(taps: &Whole, levels: &Levels) -> Self::Last;

    /// What sums begin with.
    fn start<L: Lanes>(lanes: L, last: &Self::Last) -> L::Sums;

    /// Two pixels of `C` channels; `F` says that a scale stands before the final numbers.
    fn pixels<L: Lanes, const C: usize, const F: bool>(lanes: L, sums: L::Sums, last: &Self::Last, out: &mut [Self; 8]);
}

impl Output for i16 {
    type Last = i32;

    #[inline(always)]
    fn last(taps: &Whole, _: &Levels) -> i32 {
        taps.shift - taps.fine
    }

    #[inline(always)]
    fn start<L: Lanes>(lanes: L, shift: &i32) -> L::Sums {
        lanes.all(half(*shift))
    }

    #[inline(always)]
    fn pixels<L: Lanes, const C: usize, const F: bool>(lanes: L, sums: L::Sums, shift: &i32, out: &mut [i16; 8]) {
        lanes.pack_pixels::<C>(lanes.shift(sums, *shift), out);
    }
}

impl Output for f32 {
    type Last = (Scale, [f32; 2], Scale);

    #[inline(always)]
    fn last(taps: &Whole, levels: &Levels) -> Self::Last {
        match &levels.first {
            None => (levels.last, [0.0; 2], Levels::over(&levels.last, taps.factor())),
            Some((scale, kept)) => (Levels::over(scale, taps.factor()), *kept, levels.last),
        }
    }

    #[inline(always)]
    fn start<L: Lanes>(lanes: L, _: &Self::Last) -> L::Sums {
        lanes.nothing()
    }

    #[inline(always)]
    fn pixels<L: Lanes, const C: usize, const F: bool>(
        lanes: L,
        sums: L::Sums,
        (first, kept, last): &Self::Last,
        out: &mut [f32; 8],
    ) {
        let mut reals = lanes.reals(sums);
        if F {
            reals = lanes.kept(lanes.levelled(reals, first), kept);
        }
        lanes.store_pixels::<C>(lanes.levelled(reals, last), out);
    }
}

/// What makes a division by 2ⁿ round to the nearest.
#[inline(always)]
fn half(n: i32) -> i32 {
    (1 << n) >> 1
}

on_lanes! {
    /// Words of weighted rows of bytes, which begin at `starts`.
    pub(super) fn sum_bytes(lanes, rows: &[u8], starts: &[usize], taps: &[[i16; 2]], shift: i32, out: &mut [i16]) {
        check(rows.len(), starts, taps, out.len());
        let start = lanes.all(half(shift));
        for at in stretches(out.len()) {
            let sums = summed(lanes, start, rows, starts, taps, at);
            let out = out[at..].as_chunks_mut::<16>().0;
            for k in 0..2 {
                let [a, b] = sums[k];
                lanes.pack([lanes.shift(a, shift), lanes.shift(b, shift)], &mut out[k]);
            }
        }
    }

    /// Reals of weighted rows of words, which begin at `starts`.
    pub(super) fn sum_words(
        lanes,
        rows: &[i16],
        starts: &[usize],
        taps: &[[i16; 2]],
        factor: f32,
        levels: &Levels,
        out: &mut [f32],
    ) {
        check(rows.len(), starts, taps, out.len());
        let start = lanes.nothing();
        for at in stretches(out.len()) {
            let sums = summed(lanes, start, rows, starts, taps, at);
            let out = out[at..].as_chunks_mut::<16>().0;
            for k in 0..2 {
                let [a, b] = sums[k];
                let [gain, offset] = levels.sixteen(at + 16 * k);
                lanes.store_rows([lanes.scaled(a, factor), lanes.scaled(b, factor)], gain, offset, &mut out[k]);
            }
        }
    }

    /// Words of a row of bytes along its taps; the row begins with the first pixel that is read.
    pub(super) fn across_bytes<const C: usize>(lanes, row: &[u8], taps: &Whole, out: &mut [i16]) {
        along::<L, u8, i16, C, false>(lanes, row, taps, &PLAIN, out);
    }

    /// Reals of a row of words along its taps; the row begins with the first pixel that is read.
    pub(super) fn across_words<const C: usize>(lanes, row: &[i16], taps: &Whole, levels: &Levels, out: &mut [f32]) {
        match levels.first {
            None => along::<L, i16, f32, C, false>(lanes, row, taps, levels, out),
            Some(_) => along::<L, i16, f32, C, true>(lanes, row, taps, levels, out),
        }
    }
}

/// Where stretches of a row begin; the last one reaches back so that it ends with the row.
#[inline(always)]
fn stretches(len: usize) -> impl Iterator<Item = usize> {
    (0..len.div_ceil(STRETCH)).map(move |k| (k * STRETCH).min(len - STRETCH))
}

/// Sees to it that every row holds what is summed of it.
#[inline(always)]
fn check(len: usize, starts: &[usize], taps: &[[i16; 2]], width: usize) {
    assert!(width >= STRETCH && starts.len() == 2 * taps.len(), "a row and its taps");
    assert!(starts.iter().all(|start| start + width <= len), "every row lies in the picture");
}

/// The weighted sums of the stretch at `at`; [`check`] has been asked.
#[inline(always)]
#[allow(unsafe_code)]
fn summed<L: Lanes, T: Element>(
    lanes: L,
    start: L::Sums,
    rows: &[T],
    starts: &[usize],
    taps: &[[i16; 2]],
    at: usize,
) -> [[L::Sums; 2]; 2] {
    let mut sums = [[start; 2]; 2];
    for (pair, starts) in taps.iter().zip(starts.as_chunks::<2>().0) {
        let weights = lanes.weights(*pair);
        for k in 0..2 {
            // SAFETY: a stretch of 32 elements from `at` on ends with the row at the latest, and every row that begins
            // at one of `starts` lies in `rows`.
            let (upper, lower) = unsafe {
                let from = rows.as_ptr().add(at + 16 * k);
                (&*from.add(starts[0]).cast::<[T; 16]>(), &*from.add(starts[1]).cast::<[T; 16]>())
            };
            let [a, b] = T::rows(lanes, upper, lower);
            sums[k] = [lanes.add(sums[k][0], lanes.dot(a, weights)), lanes.add(sums[k][1], lanes.dot(b, weights))];
        }
    }
    sums
}

/// Every output of a row, two at a time. Common numbers of pairs have loops of their own.
#[inline(always)]
fn along<L: Lanes, T: Element, O: Output, const C: usize, const F: bool>(
    lanes: L,
    row: &[T],
    taps: &Whole,
    levels: &Levels,
    out: &mut [O],
) {
    match taps.pairs {
        1 => by_pairs::<L, T, O, C, F, 1>(lanes, row, taps, levels, out),
        2 => by_pairs::<L, T, O, C, F, 2>(lanes, row, taps, levels, out),
        3 => by_pairs::<L, T, O, C, F, 3>(lanes, row, taps, levels, out),
        4 => by_pairs::<L, T, O, C, F, 4>(lanes, row, taps, levels, out),
        _ => by_pairs::<L, T, O, C, F, 0>(lanes, row, taps, levels, out),
    }
}

/// `P` pairs of taps; 0 stands for any number.
#[inline(always)]
#[allow(unsafe_code)]
fn by_pairs<L: Lanes, T: Element, O: Output, const C: usize, const F: bool, const P: usize>(
    lanes: L,
    row: &[T],
    taps: &Whole,
    levels: &Levels,
    out: &mut [O],
) {
    assert!(taps.end * C + T::READ <= row.len() + 2 * C, "a row of taps needs room behind its last pixel");
    let last = O::last(taps, levels);
    let first = taps.first.as_chunks::<2>().0;
    // Eight elements go out for two pixels.
    let roomy = if out.len() < 8 { 0 } else { first.len().min((out.len() - 8) / (2 * C) + 1) };
    for (two, first) in first[..roomy].iter().enumerate() {
        let sums = sum_of_two::<L, T, O, C, P>(lanes, row, taps, &last, two, *first);
        // SAFETY: `roomy` leaves eight elements from every second pixel on.
        let out = unsafe { &mut *out.as_mut_ptr().add(two * 2 * C).cast::<[O; 8]>() };
        O::pixels::<L, C, F>(lanes, sums, &last, out);
    }
    for two in roomy..first.len() {
        let sums = sum_of_two::<L, T, O, C, P>(lanes, row, taps, &last, two, first[two]);
        let mut whole = [O::default(); 8];
        O::pixels::<L, C, F>(lanes, sums, &last, &mut whole);
        for (out, v) in out[two * 2 * C..].iter_mut().zip(whole) {
            *out = v;
        }
    }
}

/// The sums of outputs `2·two` and the next, which read from the pixels `first` on. [`by_pairs`] has checked the row.
#[inline(always)]
#[allow(unsafe_code)]
fn sum_of_two<L: Lanes, T: Element, O: Output, const C: usize, const P: usize>(
    lanes: L,
    row: &[T],
    taps: &Whole,
    last: &O::Last,
    two: usize,
    first: [u32; 2],
) -> L::Sums {
    let pairs = if P == 0 { taps.pairs } else { P };
    let (left, right) = (first[0] as usize * C, first[1] as usize * C);
    let mut sums = O::start(lanes, last);
    for j in 0..pairs {
        // SAFETY: pixel `first + 2·pairs − 2` of every output begins at least `2·C` elements before `end · C`, and as many
        // elements follow from there on as are read.
        let values = unsafe { T::neighbours::<L, C>(lanes, row, left + 2 * j * C, right + 2 * j * C) };
        let weights = if P == 0 {
            lanes.weights_of_two(&taps.weights.as_chunks::<2>().0[two * pairs + j])
        } else {
            // SAFETY: `Whole::take` spreads `pairs` vectors for every two outputs, where there are at most four.
            lanes.words(unsafe { taps.spread.get_unchecked(two * P + j) })
        };
        sums = lanes.add(sums, lanes.dot(values, weights));
    }
    sums
}
