//! Fields of addressed random numbers, added to or multiplied into a real row.
//!
//! The engine calls it with the key of a field and the row's place in the picture; the number of an element depends
//! on nothing else. Element index: `y · width · channels + x · channels + c`, or `y · width + x` where the channels
//! of a pixel share a number. Its low 32 bits are the `index` of [`FieldKey::normal`], the rest the `plane`.

use variegate_picture::{FieldKey, key::normal_of};

/// Blocks of four words made at once: one full vector of each word at AVX-512.
const BLOCKS: usize = 16;

/// Words of a batch.
const BATCH: usize = 4 * BLOCKS;

/// The words of the batch that begins at block `first`.
#[inline(always)]
fn words(key: FieldKey, first: u64) -> [u32; BATCH] {
    let (mut a, mut b, mut c, mut d) = ([0u32; BLOCKS], [0u32; BLOCKS], [0u32; BLOCKS], [0u32; BLOCKS]);
    for j in 0..BLOCKS {
        // 2³² elements of a plane are 2³⁰ blocks.
        let block = first + j as u64;
        [a[j], b[j], c[j], d[j]] = key.words((block & 0x3fff_ffff) as u32, (block >> 30) as u32);
    }
    let mut words = [0u32; BATCH];
    for j in 0..BLOCKS {
        words[4 * j] = a[j];
        words[4 * j + 1] = b[j];
        words[4 * j + 2] = c[j];
        words[4 * j + 3] = d[j];
    }
    words
}

/// A real in [0, 1) from the upper 24 bits of a word: every value is exact.
#[inline(always)]
pub(crate) fn unit_of(word: u32) -> f32 {
    (word >> 8) as i32 as f32 * (1.0 / 16_777_216.0)
}

/// Writes `number(word)` of consecutive elements, the first of which has index `from`.
#[inline(always)]
fn field(key: FieldKey, from: u64, out: &mut [f32], number: impl Fn(u32) -> f32) {
    let mut skip = (from % 4) as usize;
    let mut block = from / 4;
    let mut done = 0;
    while done < out.len() {
        let words = words(key, block);
        let mut numbers = [0.0f32; BATCH];
        for j in 0..BATCH {
            numbers[j] = number(words[j]);
        }
        let take = (BATCH - skip).min(out.len() - done);
        out[done..done + take].copy_from_slice(&numbers[skip..skip + take]);
        (done, block, skip) = (done + take, block + BLOCKS as u64, 0);
    }
}

/// Elements a pass handles: a buffer on the stack, a whole number of batches.
const STRETCH: usize = 8 * BATCH;

/// Calls `f(element, number)` along a row whose first number has index `from`; `share` elements in a row share one.
#[inline(always)]
fn along(
    row: &mut [f32],
    share: usize,
    key: FieldKey,
    mut from: u64,
    number: impl Fn(u32) -> f32 + Copy,
    f: impl Fn(f32, f32) -> f32,
) {
    let mut numbers = [0.0f32; STRETCH];
    for stretch in row.chunks_mut(STRETCH * share) {
        let count = stretch.len().div_ceil(share);
        let numbers = &mut numbers[..count];
        field(key, from, numbers, number);
        from += count as u64;
        match share {
            1 => shared::<1>(stretch, numbers, &f),
            3 => shared::<3>(stretch, numbers, &f),
            4 => shared::<4>(stretch, numbers, &f),
            _ => {
                for (pixel, n) in stretch.chunks_mut(share).zip(&*numbers) {
                    for v in pixel {
                        *v = f(*v, *n);
                    }
                }
            }
        }
    }
}

#[inline(always)]
fn shared<const C: usize>(stretch: &mut [f32], numbers: &[f32], f: impl Fn(f32, f32) -> f32) {
    for (pixel, n) in stretch.as_chunks_mut::<C>().0.iter_mut().zip(numbers) {
        for v in pixel {
            *v = f(*v, *n);
        }
    }
}

/// How many elements share a number, and the index of the first number of row `y`.
#[inline(always)]
fn place(channels: usize, y: usize, width: usize, per_channel: bool) -> (usize, u64) {
    let numbers = if per_channel { channels } else { 1 };
    (channels / numbers, y as u64 * width as u64 * numbers as u64)
}

#[inline(always)]
fn ends(clamp: Option<(f32, f32)>) -> (f32, f32) {
    clamp.unwrap_or(crate::matrix::OPEN)
}

levels! {
    /// Adds `mean + sigma · normal` (stored units) to every channel, then clamps.
    ///
    /// `row` is row `y` of a picture of `width` columns, from its first column on.
    pub fn add_normal(
        row: &mut [f32],
        channels: usize,
        y: usize,
        width: usize,
        key: FieldKey,
        sigma: f32,
        mean: f32,
        per_channel: bool,
        clamp: Option<(f32, f32)>,
    ) {
        let (share, from) = place(channels, y, width, per_channel);
        let ends = ends(clamp);
        along(row, share, key, from, normal_of, |v, n| crate::clamp(v + (mean + sigma * n), ends));
    }

    /// Adds a uniform number of `low..high` (stored units) to every channel, then clamps.
    pub fn add_uniform(
        row: &mut [f32],
        channels: usize,
        y: usize,
        width: usize,
        key: FieldKey,
        low: f32,
        high: f32,
        per_channel: bool,
        clamp: Option<(f32, f32)>,
    ) {
        let (share, from) = place(channels, y, width, per_channel);
        let (ends, range) = (ends(clamp), high - low);
        along(row, share, key, from, unit_of, |v, u| crate::clamp(v + (low + range * u), ends));
    }

    /// Multiplies every channel by `mean + sigma · normal`, then clamps: speckle, with a mean of 1.
    pub fn multiply_normal(
        row: &mut [f32],
        channels: usize,
        y: usize,
        width: usize,
        key: FieldKey,
        sigma: f32,
        mean: f32,
        per_channel: bool,
        clamp: Option<(f32, f32)>,
    ) {
        let (share, from) = place(channels, y, width, per_channel);
        let ends = ends(clamp);
        along(row, share, key, from, normal_of, |v, n| crate::clamp(v * (mean + sigma * n), ends));
    }

    /// Multiplies every channel by a uniform number of `low..high`, then clamps.
    pub fn multiply_uniform(
        row: &mut [f32],
        channels: usize,
        y: usize,
        width: usize,
        key: FieldKey,
        low: f32,
        high: f32,
        per_channel: bool,
        clamp: Option<(f32, f32)>,
    ) {
        let (share, from) = place(channels, y, width, per_channel);
        let (ends, range) = (ends(clamp), high - low);
        along(row, share, key, from, unit_of, |v, u| crate::clamp(v * (low + range * u), ends));
    }

    /// Writes standard normals of consecutive element indices from `from` on.
    pub fn normals(key: FieldKey, from: u64, out: &mut [f32]) {
        field(key, from, out, normal_of);
    }

    /// Writes uniform numbers in [0, 1) of consecutive element indices from `from` on.
    pub fn units(key: FieldKey, from: u64, out: &mut [f32]) {
        field(key, from, out, unit_of);
    }
}
