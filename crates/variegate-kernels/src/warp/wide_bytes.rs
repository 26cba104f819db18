//! K by K taps of bytes, in whole numbers: bicubic, Lanczos and their kin.
//!
//! Called by [`super::gather`] for rows of bytes in three or four channels; the other element types go through
//! [`super::wide`]. A block of columns is placed first, and its weights computed side by side ([`super::curves`]); then
//! each pixel is mixed with two of its rows in the halves of a vector. Across, taps are weighted in steps of 2⁻¹⁵, down
//! in steps of 2⁻¹⁹: together that leaves less than a fiftieth of a level. A pixel with taps beyond the window, or at the
//! very end of the source, is mixed tap by tap to the same numbers.

use super::curves::{CUBIC, Curves, HAMMING, LANCZOS, STEP};
use super::seen::Seen;
use super::straight::{Range, Straight};
use super::wide_block::{BLOCK, Block, MOST};
use super::{Course, Edge, Source};
use crate::channel;
use crate::lanes::Lanes;
use crate::levels::{Levels, Scale};
use variegate_picture::Border;

/// Whether [`row`] takes a row of this kind.
#[inline]
pub(super) fn takes(source: &Source<'_, u8>, course: &Course<'_>, row: &[f32]) -> bool {
    matches!(source.channels, 3 | 4) && source.pixels.len() < i32::MAX as usize && course.is_held(row.len())
}

/// Fills a real row; the window lies inside the source and is not empty.
pub(super) fn row(
    source: Source<'_, u8>,
    course: &Course<'_>,
    curves: &Curves,
    edge: &Edge<'_>,
    levels: &Levels,
    row: &mut [f32],
) {
    let seen = Seen {
        pixels: source.pixels,
        stride: source.stride,
        window: edge.window,
        border: edge.border,
        fill: edge.fill,
        levels,
    };
    match source.channels {
        3 => filled::<3>(seen, course, curves, row),
        _ => filled::<4>(seen, course, curves, row),
    }
}

on_lanes! {
    fn filled<const C: usize>(lanes, seen: Seen<'_>, course: &Course<'_>, curves: &Curves, row: &mut [f32]) {
        match curves.half {
            1 => run::<L, C, 1, HAMMING>(lanes, &seen, course, curves, row),
            2 => run::<L, C, 2, CUBIC>(lanes, &seen, course, curves, row),
            3 => run::<L, C, 3, LANCZOS>(lanes, &seen, course, curves, row),
            _ => run::<L, C, MOST, LANCZOS>(lanes, &seen, course, curves, row),
        }
    }
}

/// `C` channels, `2 · H` taps on an axis, curves of `N` terms.
#[inline(always)]
fn run<L: Lanes, const C: usize, const H: usize, const N: usize>(
    lanes: L,
    seen: &Seen<'_>,
    course: &Course<'_>,
    curves: &Curves,
    row: &mut [f32],
) {
    let width = row.len() / C;
    let straight = course.straight(row.len()).map(|line| Straight::new(line, 0.5));
    let shown = match &straight {
        Some(straight) if seen.border == Border::Constant => {
            straight.within(&Range::touched(seen.window, H as i64), width)
        }
        _ => (0, width),
    };
    seen.filled::<C>(&mut row[..shown.0 * C]);
    let mut block = Block::new();
    let finish = Finish::new(seen.levels);
    for k in (shown.0..shown.1).step_by(BLOCK) {
        match &straight {
            Some(straight) => block.place(straight, k),
            None => block.place_curved(seen, course, k),
        }
        block.weigh::<C, H, N>(seen, curves);
        mixed::<L, C, H>(lanes, seen, &finish, &block, BLOCK.min(shown.1 - k), &mut row[k * C..]);
    }
    // Last, since pairs of pixels are written a little beyond their end.
    seen.filled::<C>(&mut row[shown.1 * C..]);
}

/// What becomes of a weighted sum on its way out.
struct Finish {
    first: Option<(Scale, [f32; 2])>,
    last: Scale,
}

impl Finish {
    #[inline(always)]
    fn new(levels: &Levels) -> Self {
        match &levels.first {
            None => Self { first: None, last: Levels::over(&levels.last, STEP) },
            Some((scale, kept)) => Self { first: Some((Levels::over(scale, STEP), *kept)), last: levels.last },
        }
    }

    #[inline(always)]
    fn of<L: Lanes>(&self, lanes: L, mut sums: L::Reals) -> L::Reals {
        if let Some((scale, kept)) = &self.first {
            sums = lanes.kept(lanes.levelled(sums, scale), kept);
        }
        lanes.levelled(sums, &self.last)
    }
}

/// Mixes the first `count` columns of a placed block into `out`.
#[inline(always)]
#[allow(unsafe_code)]
fn mixed<L: Lanes, const C: usize, const H: usize>(
    lanes: L,
    seen: &Seen<'_>,
    finish: &Finish,
    block: &Block,
    count: usize,
    out: &mut [f32],
) {
    // Offsets below this can be read from; pictures smaller than what is read at once have none.
    let end = (seen.pixels.len() + 1).saturating_sub(reach::<C, H>(seen.stride)) as u32;
    let mut j = 2 * plain::<L, C, H>(lanes, seen, finish, block, count, end, out);
    while j < count {
        let readable = |j: usize| block.inside[j] != 0 && block.at[j] < end;
        if !readable(j) {
            outer::<C, H>(seen, block, j, &mut out[j * C..(j + 1) * C]);
            j += 1;
            continue;
        }
        // Alone, a column is mixed twice.
        let alone = j + 1 == count || !readable(j + 1);
        let second = if alone { j } else { j + 1 };
        let mut pixels = [0.0; 8];
        // SAFETY: both columns are less than `BLOCK`, are inside and have offsets below `end`.
        unsafe { two::<L, C, H>(lanes, seen, finish, block, [j, second], &mut pixels) };
        let taken = if alone { C } else { 2 * C };
        out[j * C..][..taken].copy_from_slice(&pixels[..taken]);
        j += taken / C;
    }
}

/// Mixes pairs of columns from the first one on without a look at each, where all of them can be read; gives how many.
#[inline(always)]
#[allow(unsafe_code)]
fn plain<L: Lanes, const C: usize, const H: usize>(
    lanes: L,
    seen: &Seen<'_>,
    finish: &Finish,
    block: &Block,
    count: usize,
    end: u32,
    out: &mut [f32],
) -> usize {
    let (mut all, mut largest) = (1, 0);
    for j in 0..count {
        all &= block.inside[j];
        largest = largest.max(block.at[j]);
    }
    // Of eight reals that are written at every second column, those behind the row have no place.
    let pairs =
        if all != 0 && largest < end { (count / 2).min((out.len() + 2 * C).saturating_sub(8) / (2 * C)) } else { 0 };
    for p in 0..pairs {
        // SAFETY: both columns are less than `count`, are inside and have offsets below `end`; eight reals follow.
        unsafe {
            let out = &mut *out.as_mut_ptr().add(2 * p * C).cast::<[f32; 8]>();
            two::<L, C, H>(lanes, seen, finish, block, [2 * p, 2 * p + 1], out);
        }
    }
    pairs
}

/// Mixes two columns.
///
/// # Safety
///
/// As for [`one`], of both.
#[inline(always)]
#[allow(unsafe_code)]
unsafe fn two<L: Lanes, const C: usize, const H: usize>(
    lanes: L,
    seen: &Seen<'_>,
    finish: &Finish,
    block: &Block,
    [left, right]: [usize; 2],
    out: &mut [f32; 8],
) {
    // SAFETY: the caller's promise.
    let (left, right) =
        unsafe { (one::<L, C, H>(lanes, seen, block, left), one::<L, C, H>(lanes, seen, block, right)) };
    lanes.store_pixels::<C>(finish.of(lanes, lanes.halves_together(left, right)), out);
}

/// Bytes read from the first tap on.
#[inline(always)]
fn reach<const C: usize, const H: usize>(stride: usize) -> usize {
    (2 * H - 1) * stride + (H - 1) / 2 * 4 * C + 16
}

/// The weighted taps of one column: the even rows on the left, the odd ones on the right.
///
/// # Safety
///
/// `j` is less than [`BLOCK`], and [`reach`] bytes follow the column's offset.
#[inline(always)]
#[allow(unsafe_code)]
unsafe fn one<L: Lanes, const C: usize, const H: usize>(
    lanes: L,
    seen: &Seen<'_>,
    block: &Block,
    j: usize,
) -> L::Reals {
    // SAFETY: the caller's promise; what is read last begins `reach` less sixteen bytes behind the offset.
    unsafe {
        let mut row = seen.pixels.as_ptr().add(*block.at.get_unchecked(j) as usize);
        let mut mixed = None;
        for p in 0..H {
            let lower = row.add(seen.stride);
            let mut sums = None;
            for q in 0..H.div_ceil(2) {
                let rows = (&*row.add(4 * q * C).cast(), &*lower.add(4 * q * C).cast());
                let first = lanes.weights(bytemuck::cast(*block.across[2 * q].get_unchecked(j)));
                let mut dot;
                if 2 * q + 1 < H {
                    let [near, far] = lanes.four_neighbours::<C>(rows.0, rows.1);
                    let second = lanes.weights(bytemuck::cast(*block.across[2 * q + 1].get_unchecked(j)));
                    dot = lanes.add(lanes.dot(near, first), lanes.dot(far, second));
                } else {
                    dot = lanes.dot(lanes.neighbours::<C>(rows.0, rows.1), first);
                }
                if let Some(before) = sums {
                    dot = lanes.add(before, dot);
                }
                sums = Some(dot);
            }
            let sums = sums.unwrap_or(lanes.nothing());
            let shared = lanes.shared(sums, block.down[p].get_unchecked(j));
            mixed = Some(match mixed {
                None => shared,
                Some(before) => lanes.sum(before, shared),
            });
            row = lower.add(seen.stride);
        }
        mixed.unwrap_or(lanes.shared(lanes.nothing(), &[0.0; 2]))
    }
}

/// One pixel tap by tap, in the order of [`one`]; sums across are whole numbers, which no order changes.
#[inline(never)]
fn outer<const C: usize, const H: usize>(seen: &Seen<'_>, block: &Block, j: usize, out: &mut [f32]) {
    let w = seen.window;
    let half = H as i64;
    let fold = |i: i64, lo: i64, hi: i64| seen.border.fold(i - lo, hi - lo).map(|i| (i + lo) as usize);
    let (left, top) = (i64::from(block.x[j]) + 1 - half, i64::from(block.y[j]) + 1 - half);
    let mut columns = [None; 2 * MOST];
    let mut across = [0.0f32; 2 * MOST];
    for i in 0..2 * H {
        columns[i] = fold(left + i as i64, w.x0, w.x1).map(|x| x * C);
        across[i] = ((block.across[i / 2][j] << (16 - i % 2 * 16)) >> 16) as f32;
    }
    if columns[..2 * H].iter().all(Option::is_none) {
        return seen.filled::<C>(out);
    }
    let fill: [f32; C] = std::array::from_fn(|c| channel(seen.fill, c));
    let mut sums = [[0.0f32; C]; 2];
    for i in 0..2 * H {
        let row = fold(top + i as i64, w.y0, w.y1).map(|y| &seen.pixels[y * seen.stride..]);
        let mut dot = [0.0f32; C];
        for (column, weight) in columns.iter().zip(&across).take(2 * H) {
            let pixel = match (row, column) {
                (Some(row), Some(at)) => row[*at..*at + C].first_chunk::<C>().map_or(fill, |p| p.map(f32::from)),
                _ => fill,
            };
            for c in 0..C {
                dot[c] += pixel[c] * weight;
            }
        }
        let share = block.down[i / 2][j][i % 2];
        for c in 0..C {
            sums[i % 2][c] += dot[c] * share;
        }
    }
    for c in 0..C {
        out[c] = seen.levels.of(c, (sums[0][c] + sums[1][c]) * STEP);
    }
}
