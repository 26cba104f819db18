//! Rank filters: median, minimum (erosion), maximum (dilation) and what lies between.
//!
//! The engine asks row by row. Values are moved, never mixed, so that the result is exact for every type. A rank between the
//! ends is found by a sorting network (Batcher's merge exchange; Knuth, The Art of Computer Programming 3, algorithm 5.2.2M) of
//! which only the exchanges are kept that reach the rank: the same exchanges for every pixel, so many pixels go through at
//! once.

use super::{padded, padded_by};
use variegate_picture::{Border, PixelsView, View};

/// Pixels that go through the exchanges at once.
const LANES: usize = 32;

/// What a rank filter does, worked out once for a picture.
#[derive(Clone, Debug)]
pub struct Rank {
    size: usize,
    rank: usize,
    /// Pairs of places of the square, the least of which goes to the first.
    exchanges: Vec<(u16, u16)>,
}

impl Rank {
    /// The filter that gives the value of rank `rank` (0 is the smallest, `size² / 2` the median of an odd square) among
    /// `size × size` pixels.
    pub fn new(size: usize, rank: usize) -> Self {
        debug_assert!(size > 0 && rank < size * size);
        let n = size * size;
        let exchanges = if rank == 0 || rank + 1 == n { Vec::new() } else { exchanges(n, rank) };
        Self { size, rank, exchanges }
    }

    /// Output row `y`. [`Border::Constant`] acts as [`Border::Edge`]: a fill has no rank of its own.
    pub fn row(&self, source: &View<'_>, border: Border, y: usize, out: &mut [f32]) {
        let load = |at: i64, row: &mut [f32]| {
            padded(source, at, edged(border), &[], self.size / 2, self.size - 1 - self.size / 2, row);
        };
        self.filter(source, y, load, out);
    }

    /// The same of a picture of bytes, as bytes; says whether it is one.
    pub fn codes(&self, source: &View<'_>, border: Border, y: usize, out: &mut [u8]) -> bool {
        let PixelsView::U8(pixels) = source.pixels() else { return false };
        let (before, after) = (self.size / 2, self.size - 1 - self.size / 2);
        let copy = |y: usize, row: &mut [u8]| row.copy_from_slice(&pixels[y * source.stride()..][..row.len()]);
        let load = |at: i64, row: &mut [u8]| {
            padded_by(source, at, edged(border), &[], before, after, row, copy);
        };
        self.filter(source, y, load, out);
        true
    }

    fn filter<T: Level>(&self, source: &View<'_>, y: usize, mut load: impl FnMut(i64, &mut [T]), out: &mut [T]) {
        let (size, channels) = (self.size, source.channels());
        let len = (source.size().width + size - 1) * channels;
        // Whole blocks are read behind the last start.
        let mut rows = vec![T::default(); len * size + LANES];
        for (j, row) in rows[..len * size].chunks_exact_mut(len).enumerate() {
            load(y as i64 + j as i64 - (size / 2) as i64, row);
        }
        let starts: Vec<usize> = (0..size * size).map(|k| k / size * len + k % size * channels).collect();
        match self.rank {
            0 => extreme(&rows, &starts, false, out),
            rank if rank + 1 == size * size => extreme(&rows, &starts, true, out),
            rank => sorted(&rows, &starts, &self.exchanges, rank, out),
        }
    }
}

/// What a filter moves: bytes, or reals.
trait Level: Copy + Default + PartialOrd {}

impl Level for u8 {}
impl Level for f32 {}

fn edged(border: Border) -> Border {
    if border == Border::Constant { Border::Edge } else { border }
}

/// The exchanges that bring the value of a rank among `n` to its place.
fn exchanges(n: usize, rank: usize) -> Vec<(u16, u16)> {
    let mut all = Vec::new();
    let top = n.next_power_of_two() / 2;
    let mut p = top;
    while p > 0 {
        let (mut q, mut r, mut d) = (top, 0, p);
        loop {
            all.extend((0..n - d).filter(|i| i & p == r).map(|i| (i as u16, (i + d) as u16)));
            if q == p {
                break;
            }
            (d, q, r) = (q - p, q / 2, p);
        }
        p /= 2;
    }
    // From the last one back: one that touches no place still wanted is left out.
    let mut wanted = vec![false; n];
    wanted[rank] = true;
    let mut kept: Vec<(u16, u16)> = all
        .into_iter()
        .rev()
        .filter(|(a, b)| {
            let (a, b) = (usize::from(*a), usize::from(*b));
            let touched = wanted[a] || wanted[b];
            (wanted[a], wanted[b]) = (wanted[a] || touched, wanted[b] || touched);
            touched
        })
        .collect();
    kept.reverse();
    kept
}

levels! {
    fn extreme<T: Level>(rows: &[T], starts: &[usize], largest: bool, out: &mut [T]) {
        let count = out.len();
        out.copy_from_slice(&rows[starts[0]..][..count]);
        for start in &starts[1..] {
            let taps = &rows[*start..*start + count];
            if largest {
                for (v, tap) in out.iter_mut().zip(taps) {
                    *v = if *tap > *v { *tap } else { *v };
                }
            } else {
                for (v, tap) in out.iter_mut().zip(taps) {
                    *v = if *tap < *v { *tap } else { *v };
                }
            }
        }
    }

    fn sorted<T: Level>(rows: &[T], starts: &[usize], exchanges: &[(u16, u16)], rank: usize, out: &mut [T]) {
        let mut block = vec![[T::default(); LANES]; starts.len()];
        for (b, out) in out.chunks_mut(LANES).enumerate() {
            for (to, start) in block.iter_mut().zip(starts) {
                if let Some(taps) = rows[start + b * LANES..].first_chunk::<LANES>() {
                    *to = *taps;
                }
            }
            for (a, b) in exchanges {
                let (left, right) = block.split_at_mut(usize::from(*b));
                let (x, y) = (&mut left[usize::from(*a)], &mut right[0]);
                for l in 0..LANES {
                    let (u, v) = (x[l], y[l]);
                    x[l] = if v < u { v } else { u };
                    y[l] = if v < u { u } else { v };
                }
            }
            out.copy_from_slice(&block[rank][..out.len()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exchanges_find_every_rank() {
        // The zero-one principle: what is right for all zeros and ones is right for all numbers.
        for n in [4usize, 9] {
            for rank in 0..n {
                let list = exchanges(n, rank);
                for bits in 0u32..1 << n {
                    let mut values: Vec<u32> = (0..n).map(|k| bits >> k & 1).collect();
                    for (a, b) in &list {
                        let (a, b) = (usize::from(*a), usize::from(*b));
                        (values[a], values[b]) = (values[a].min(values[b]), values[a].max(values[b]));
                    }
                    assert_eq!(
                        values[rank],
                        u32::from(n - (bits.count_ones() as usize) <= rank),
                        "{n} {rank} {bits:b}"
                    );
                }
            }
        }
        assert!(exchanges(9, 4).len() < 26 && exchanges(25, 12).len() < 140);
    }
}
