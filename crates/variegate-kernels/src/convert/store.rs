//! The final write: normalisation, channel order, dtype and layout in one pass.
//!
//! Called by the engine for the last time a row is touched, from reals or straight from codes. A stretch of the row
//! is scaled into a buffer of one period after another (see [`crate::matrix::PERIOD`]), permuted there, and
//! converted while it is stored.

use super::planes::{self, Plane};
use super::target::Target;
use crate::channel;
use crate::matrix::{PERIOD, period};
use crate::reals::WIDE;
use half::{bf16, f16};
use variegate_picture::{Dtype, Layout, Sample, Slot};

/// Writes a real row as row `y` of a slot: `v · gain + offset`, channel order, dtype, layout.
///
/// `gain` and `offset` hold a value for each channel *of the row* (the last one serves the rest). `order` permutes
/// afterwards: output channel `c` is the row's channel `order[c]`; channels from the fourth on stay in place.
/// `row` has the slot's width × channels. Integers round half to even and saturate.
pub fn store_row(
    row: &[f32],
    channels: usize,
    y: usize,
    slot: &mut Slot<'_>,
    gain: &[f32],
    offset: &[f32],
    order: Option<[usize; 3]>,
) {
    store(row, channels, y, slot, gain, offset, order);
}

/// The same from codes. Where the slot has their dtype and nothing scales, they are copied as they are; otherwise
/// the bytes are those of [`store_row`] on the loaded codes.
pub fn store_codes<T: Sample>(
    row: &[T],
    channels: usize,
    y: usize,
    slot: &mut Slot<'_>,
    gain: &[f32],
    offset: &[f32],
    order: Option<[usize; 3]>,
) {
    store(row, channels, y, slot, gain, offset, order);
}

fn store<T: Sample>(
    row: &[T],
    channels: usize,
    y: usize,
    slot: &mut Slot<'_>,
    gain: &[f32],
    offset: &[f32],
    order: Option<[usize; 3]>,
) {
    debug_assert!(row.len() == slot.size.width * channels && channels == slot.channels && y < slot.size.height);
    let order = order.filter(|order| channels >= 3 && *order != [0, 1, 2] && order.iter().all(|c| *c < channels));
    let still = gain.iter().all(|g| *g == 1.0) && offset.iter().all(|o| *o == 0.0);
    let place = Place { y, height: slot.size.height, width: slot.size.width, channels, layout: slot.layout };
    if still && T::DTYPE == slot.dtype {
        let out: &mut [T] = bytemuck::cast_slice_mut(slot.bytes);
        return place.copy(row, out, order);
    }
    let wide = crate::level() >= crate::Level::Avx2;
    if wide && (place.layout, channels, slot.dtype) == (Layout::Chw, 3, Dtype::F32) {
        return three_planes(row, place, bytemuck::cast_slice_mut(slot.bytes), gain, offset, order);
    }
    match slot.dtype {
        Dtype::U8 => write::<T, u8>(row, place, bytemuck::cast_slice_mut(slot.bytes), gain, offset, order),
        Dtype::U16 => write::<T, u16>(row, place, bytemuck::cast_slice_mut(slot.bytes), gain, offset, order),
        Dtype::F32 => write::<T, f32>(row, place, bytemuck::cast_slice_mut(slot.bytes), gain, offset, order),
        Dtype::F16 => write::<T, f16>(row, place, bytemuck::cast_slice_mut(slot.bytes), gain, offset, order),
        Dtype::BF16 => write::<T, bf16>(row, place, bytemuck::cast_slice_mut(slot.bytes), gain, offset, order),
    }
}

/// Where a row lies in a slot.
#[derive(Clone, Copy)]
struct Place {
    y: usize,
    height: usize,
    width: usize,
    channels: usize,
    layout: Layout,
}

impl Place {
    fn copy<T: Sample>(self, row: &[T], out: &mut [T], order: Option<[usize; 3]>) {
        let len = self.width * self.channels;
        let out_row = match self.layout {
            Layout::Hwc => &mut out[self.y * len..(self.y + 1) * len],
            Layout::Chw => {
                for c in 0..self.channels {
                    let at = (c * self.height + self.y) * self.width;
                    strided(row, self.channels, from(order, c), &mut out[at..at + self.width]);
                }
                return;
            }
        };
        out_row.copy_from_slice(row);
        if let Some(order) = order {
            for (out, pixel) in out_row.chunks_exact_mut(self.channels).zip(row.chunks_exact(self.channels)) {
                for (out, c) in out.iter_mut().zip(order) {
                    *out = pixel[c];
                }
            }
        }
    }
}

/// Three planes of reals, whole vectors at a time where rows are bytes or reals.
fn three_planes<T: Sample>(
    row: &[T],
    place: Place,
    out: &mut [f32],
    gain: &[f32],
    offset: &[f32],
    order: Option<[usize; 3]>,
) {
    let (first, rest) = out.split_at_mut(place.height * place.width);
    let (second, third) = rest.split_at_mut(place.height * place.width);
    let at = place.y * place.width..(place.y + 1) * place.width;
    let plane = |c: usize, out| {
        let from = from(order, c);
        Plane { from, gain: channel(gain, from), offset: channel(offset, from), out }
    };
    let mut planes = [plane(0, &mut first[at.clone()]), plane(1, &mut second[at.clone()]), plane(2, &mut third[at])];
    match T::DTYPE {
        Dtype::U8 => planes::of_codes(bytemuck::cast_slice(row), &mut planes),
        Dtype::F32 => planes::of_reals(bytemuck::cast_slice(row), &mut planes),
        _ => {}
    }
    let done = if T::DTYPE == Dtype::U16 { 0 } else { place.width - place.width % WIDE };
    for plane in planes {
        for (out, pixel) in plane.out.iter_mut().zip(row.as_chunks::<3>().0).skip(done) {
            *out = pixel[plane.from % 3].load() * plane.gain + plane.offset;
        }
    }
}

#[inline(always)]
fn from(order: Option<[usize; 3]>, c: usize) -> usize {
    order.and_then(|order| order.get(c).copied()).unwrap_or(c)
}

levels! {
    fn strided<T: Copy>(row: &[T], channels: usize, c: usize, out: &mut [T]) {
        match channels {
            1 => plane::<T, 1>(row, c, out),
            3 => plane::<T, 3>(row, c, out),
            4 => plane::<T, 4>(row, c, out),
            _ => {
                for (out, pixel) in out.iter_mut().zip(row.chunks_exact(channels)) {
                    *out = pixel[c];
                }
            }
        }
    }

    fn write<S: Sample, D: Target>(
        row: &[S],
        place: Place,
        out: &mut [D],
        gain: &[f32],
        offset: &[f32],
        order: Option<[usize; 3]>,
    ) {
        let len = place.width * place.channels;
        match (place.layout, place.channels) {
            (Layout::Chw, 1) | (Layout::Hwc, _) => {
                let out = &mut out[place.y * len..(place.y + 1) * len];
                match place.channels {
                    1 => interleaved::<S, D, 1>(row, out, gain, offset, order),
                    2 => interleaved::<S, D, 2>(row, out, gain, offset, order),
                    3 => interleaved::<S, D, 3>(row, out, gain, offset, order),
                    4 => interleaved::<S, D, 4>(row, out, gain, offset, order),
                    channels => odd(row, channels, out, gain, offset, order),
                }
            }
            (Layout::Chw, channels) => {
                for c in 0..channels {
                    let source = from(order, c);
                    let (gain, offset) = (channel(gain, source), channel(offset, source));
                    let at = (c * place.height + place.y) * place.width;
                    let out = &mut out[at..at + place.width];
                    match channels {
                        3 => scaled_plane::<S, D, 3>(row, source, out, gain, offset),
                        4 => scaled_plane::<S, D, 4>(row, source, out, gain, offset),
                        _ => {
                            for (out, pixel) in out.iter_mut().zip(row.chunks_exact(channels)) {
                                *out = D::store(pixel[source].load() * gain + offset);
                            }
                        }
                    }
                }
            }
        }
    }
}

#[inline(always)]
fn plane<T: Copy, const C: usize>(row: &[T], c: usize, out: &mut [T]) {
    for (out, pixel) in out.iter_mut().zip(row.as_chunks::<C>().0) {
        *out = pixel[c % C];
    }
}

/// Pixels of a plane that are converted together.
const STRETCH: usize = 64;

#[inline(always)]
fn scaled_plane<S: Sample, D: Target, const C: usize>(row: &[S], c: usize, out: &mut [D], gain: f32, offset: f32) {
    let (stretches, rest) = row.as_chunks::<C>().0.as_chunks::<STRETCH>();
    let (outs, out_rest) = out.as_chunks_mut::<STRETCH>();
    for (out, pixels) in outs.iter_mut().zip(stretches) {
        let mut reals = [0.0f32; STRETCH];
        for j in 0..STRETCH {
            reals[j] = pixels[j][c % C].load() * gain + offset;
        }
        D::store_all(&reals, out);
    }
    for (out, pixel) in out_rest.iter_mut().zip(rest) {
        *out = D::store(pixel[c % C].load() * gain + offset);
    }
}

#[inline(always)]
fn interleaved<S: Sample, D: Target, const C: usize>(
    row: &[S],
    out: &mut [D],
    gain: &[f32],
    offset: &[f32],
    order: Option<[usize; 3]>,
) {
    let (gain, offset) = (period::<C>(gain), period::<C>(offset));
    let (blocks, rest) = row.as_chunks::<PERIOD>();
    let (outs, out_rest) = out.as_chunks_mut::<PERIOD>();
    for (out, codes) in outs.iter_mut().zip(blocks) {
        if D::IS_REAL && order.is_none() {
            for e in 0..PERIOD {
                out[e] = D::store(codes[e].load() * gain[e] + offset[e]);
            }
            continue;
        }
        let mut reals = [0.0f32; PERIOD];
        for e in 0..PERIOD {
            reals[e] = codes[e].load() * gain[e] + offset[e];
        }
        if let Some(order) = order {
            reorder::<C>(&mut reals, order);
        }
        D::store_all(&reals, out);
    }
    let mut reals = [0.0f32; PERIOD];
    for (((real, code), gain), offset) in reals.iter_mut().zip(rest).zip(&gain).zip(&offset) {
        *real = code.load() * gain + offset;
    }
    if let Some(order) = order {
        reorder::<C>(&mut reals, order);
    }
    D::store_all(&reals[..out_rest.len()], out_rest);
}

#[inline(always)]
fn reorder<const C: usize>(reals: &mut [f32; PERIOD], order: [usize; 3]) {
    if C == 3 && order == [2, 1, 0] {
        for pixel in reals.as_chunks_mut::<C>().0 {
            pixel.reverse();
        }
        return;
    }
    for pixel in reals.as_chunks_mut::<C>().0 {
        let moved = order.map(|c| pixel[c % C]);
        for (out, value) in pixel.iter_mut().zip(moved) {
            *out = value;
        }
    }
}

#[inline(always)]
fn odd<S: Sample, D: Target>(
    row: &[S],
    channels: usize,
    out: &mut [D],
    gain: &[f32],
    offset: &[f32],
    order: Option<[usize; 3]>,
) {
    for (out, pixel) in out.chunks_exact_mut(channels).zip(row.chunks_exact(channels)) {
        for (c, out) in out.iter_mut().enumerate() {
            let source = from(order, c);
            *out = D::store(pixel[source].load() * channel(gain, source) + channel(offset, source));
        }
    }
}
