//! Weighted sums along a row.
//!
//! [`super::Resizer`] calls it for every row. Sums go by increasing source index, the fill last. Pixels of three
//! channels are read and summed in four lanes; the fourth holds the neighbour's and is dropped.

use super::taps::{Even, Taps};
use crate::channel;
use crate::four::Four;
use variegate_picture::Sample;

levels! {
    /// One row through the taps of its axis: `out` has `taps.len()` pixels.
    ///
    /// `source_row` holds the row's elements from source index 0; `fill` a value for each channel.
    pub fn horizontal<T: Sample>(source_row: &[T], channels: usize, taps: &Taps, fill: &[f32], out: &mut [f32]) {
        debug_assert_eq!(out.len(), taps.len() * channels);
        match channels {
            1 => any(source_row, 0, 1, taps, fill, out),
            3 => fixed::<T, 3>(source_row, 0, taps, fill, out),
            4 => fixed::<T, 4>(source_row, 0, taps, fill, out),
            _ => any(source_row, 0, channels, taps, fill, out),
        }
    }

    /// The same for a row that begins at source index `origin`.
    pub(super) fn horizontal_from<T: Sample>(
        source_row: &[T],
        origin: usize,
        channels: usize,
        taps: &Taps,
        fill: &[f32],
        out: &mut [f32],
    ) {
        match channels {
            1 => any(source_row, origin, 1, taps, fill, out),
            3 => fixed::<T, 3>(source_row, origin, taps, fill, out),
            4 => fixed::<T, 4>(source_row, origin, taps, fill, out),
            _ => any(source_row, origin, channels, taps, fill, out),
        }
    }
}

#[inline(always)]
fn fixed<T: Sample, const C: usize>(row: &[T], origin: usize, taps: &Taps, fill: &[f32], out: &mut [f32]) {
    let fills = Four::of(std::array::from_fn(|c| channel(fill, c)));
    let done = match taps.even() {
        None => 0,
        Some(even) => match even.count {
            1 => evened::<T, C, 1>(row, origin, taps, even, fills, out),
            2 => evened::<T, C, 2>(row, origin, taps, even, fills, out),
            3 => evened::<T, C, 3>(row, origin, taps, even, fills, out),
            4 => evened::<T, C, 4>(row, origin, taps, even, fills, out),
            5 => evened::<T, C, 5>(row, origin, taps, even, fills, out),
            6 => evened::<T, C, 6>(row, origin, taps, even, fills, out),
            7 => evened::<T, C, 7>(row, origin, taps, even, fills, out),
            8 => evened::<T, C, 8>(row, origin, taps, even, fills, out),
            12 => evened::<T, C, 12>(row, origin, taps, even, fills, out),
            16 => evened::<T, C, 16>(row, origin, taps, even, fills, out),
            24 => evened::<T, C, 24>(row, origin, taps, even, fills, out),
            _ => 0,
        },
    };
    for o in done..taps.len().min(out.len() / C) {
        let run = taps.of(o);
        let mut sum = Four::splat(0.0);
        let from = run.first.wrapping_sub(origin).wrapping_mul(C);
        match row.get(from..).filter(|rest| run.listed.is_none() && rest.len() >= run.weights.len() * C + 4 - C) {
            Some(rest) => {
                for (i, &weight) in run.weights.iter().enumerate() {
                    let Some(pixel) = rest[i * C..].first_chunk::<4>() else { break };
                    sum = sum.plus(Four::load(pixel).times(Four::splat(weight)));
                }
            }
            None => {
                for (j, &weight) in run.weights.iter().enumerate() {
                    let at = (run.index(j) - origin) * C;
                    let mut pixel = [0.0f32; 4];
                    for (l, value) in row[at..at + C].iter().enumerate() {
                        pixel[l] = value.load();
                    }
                    sum = sum.plus(Four::of(pixel).times(Four::splat(weight)));
                }
            }
        }
        if run.fill != 0.0 {
            sum = sum.plus(fills.times(Four::splat(run.fill)));
        }
        out[o * C..o * C + C].copy_from_slice(&sum.get()[..C]);
    }
}

/// Runs of `N` taps each; returns how many outputs it made before four lanes were one too many.
#[inline(always)]
fn evened<T: Sample, const C: usize, const N: usize>(
    row: &[T],
    origin: usize,
    taps: &Taps,
    even: &Even,
    fills: Four,
    out: &mut [f32],
) -> usize {
    let weights = even.weights.as_chunks::<N>().0;
    for (o, ((&first, weights), fill)) in even.first.iter().zip(weights).zip(&even.fill).enumerate() {
        let from = (first - origin) * C;
        let (Some(pixels), Some(out)) = (row.get(from..from + N * C + 4 - C), out.get_mut(o * C..o * C + 4)) else {
            return o;
        };
        let mut sum = Four::splat(0.0);
        for i in 0..N {
            let Some(pixel) = pixels[i * C..].first_chunk::<4>() else { return o };
            sum = sum.plus(Four::load(pixel).times(Four::splat(weights[i])));
        }
        sum = sum.plus(fills.times(Four::splat(*fill)));
        // Four lanes go out; the next pixel overwrites the fourth.
        out.copy_from_slice(&sum.get());
    }
    taps.len()
}

#[inline(always)]
fn any<T: Sample>(row: &[T], origin: usize, channels: usize, taps: &Taps, fill: &[f32], out: &mut [f32]) {
    for (o, out) in out.chunks_exact_mut(channels).enumerate() {
        let run = taps.of(o);
        out.fill(0.0);
        for (j, &weight) in run.weights.iter().enumerate() {
            let at = (run.index(j) - origin) * channels;
            for (out, value) in out.iter_mut().zip(&row[at..at + channels]) {
                *out += weight * value.load();
            }
        }
        if run.fill != 0.0 {
            for (c, out) in out.iter_mut().enumerate() {
                *out += run.fill * channel(fill, c);
            }
        }
    }
}
