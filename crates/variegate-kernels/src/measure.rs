//! Histograms and sums, from which the engine makes measured tables and statistics.
//!
//! Sums of reals run in eight chains that are joined in one fixed order, so that the vector's width never shows.

/// Chains of a sum.
const LANES: usize = 8;

/// Luma of Rec. 601.
pub const LUMA: [f64; 3] = [0.299, 0.587, 0.114];

/// Counts the codes of a row, channel by channel: `counts[c][code]`. Channels beyond `counts` are not counted.
pub fn histogram8(row: &[u8], channels: usize, counts: &mut [[u32; 256]]) {
    if let (3, [r, g, b]) = (channels, &mut *counts) {
        for pixel in row.as_chunks::<3>().0 {
            r[usize::from(pixel[0])] += 1;
            g[usize::from(pixel[1])] += 1;
            b[usize::from(pixel[2])] += 1;
        }
        return;
    }
    for pixel in row.chunks_exact(channels) {
        for (count, code) in counts.iter_mut().zip(pixel) {
            count[usize::from(*code)] += 1;
        }
    }
}

/// The same for 16-bit codes; a list shorter than 65536 counts the codes beyond it in its last entry.
pub fn histogram16(row: &[u16], channels: usize, counts: &mut [Vec<u32>]) {
    for pixel in row.chunks_exact(channels) {
        for (count, code) in counts.iter_mut().zip(pixel) {
            let last = count.len().saturating_sub(1);
            if let Some(entry) = count.get_mut(usize::from(*code).min(last)) {
                *entry += 1;
            }
        }
    }
}

/// Pixels of a row of bytes summed in 32 bits at most.
const STRETCH: usize = 1 << 16;

levels! {
    /// Adds each channel's sum of a row of bytes to `sums`, which has an entry for each channel; exact.
    pub fn code_sums(row: &[u8], channels: usize, sums: &mut [u64]) {
        match (channels, sums) {
            (1, [a]) => {
                for stretch in row.chunks(STRETCH) {
                    *a += u64::from(code_lanes::<1>(stretch)[0]);
                }
            }
            (3, [a, b, c]) => {
                for stretch in row.chunks(3 * STRETCH) {
                    let sums = code_lanes::<3>(stretch);
                    *a += u64::from(sums[0]);
                    *b += u64::from(sums[1]);
                    *c += u64::from(sums[2]);
                }
            }
            (_, sums) => {
                for pixel in row.chunks_exact(channels) {
                    for (sum, v) in sums.iter_mut().zip(pixel) {
                        *sum += u64::from(*v);
                    }
                }
            }
        }
    }

    /// The sum over pixels of the luma of Rec. 601 (three or four channels), otherwise of the channels' mean, in
    /// stored units.
    pub fn luma_sum(row: &[f32], channels: usize) -> f64 {
        match channels {
            3 => lanes::<3>(row, |p| luma(p[0], p[1], p[2])),
            4 => lanes::<4>(row, |p| luma(p[0], p[1], p[2])),
            1 => lanes::<1>(row, |p| f64::from(p[0])),
            _ => {
                let mut sum = 0.0;
                for pixel in row.chunks_exact(channels) {
                    let mut all = 0.0;
                    for v in pixel {
                        all += f64::from(*v);
                    }
                    sum += all / channels as f64;
                }
                sum
            }
        }
    }

    /// Adds each channel's sum of the row to `sums`, which has an entry for each channel.
    pub fn channel_sums(row: &[f32], channels: usize, sums: &mut [f64]) {
        debug_assert_eq!(sums.len(), channels);
        match (channels, sums) {
            (1, [a]) => *a += lanes::<1>(row, |p| f64::from(p[0])),
            (3, [a, b, c]) => {
                *a += lanes::<3>(row, |p| f64::from(p[0]));
                *b += lanes::<3>(row, |p| f64::from(p[1]));
                *c += lanes::<3>(row, |p| f64::from(p[2]));
            }
            (_, sums) => {
                for pixel in row.chunks_exact(channels) {
                    for (sum, v) in sums.iter_mut().zip(pixel) {
                        *sum += f64::from(*v);
                    }
                }
            }
        }
    }
}

/// Bytes summed side by side: whole pixels of 1 and 3 channels.
const SIDE: usize = 48;

/// The sums of each channel of at most [`STRETCH`] pixels.
#[inline(always)]
fn code_lanes<const C: usize>(row: &[u8]) -> [u32; C] {
    let mut all = [0u32; SIDE];
    let mut rest = row;
    // 257 bytes fit a word, whatever they are.
    while rest.len() >= SIDE {
        let (part, behind) = rest.split_at(rest.len().min(SIDE * 257));
        let mut words = [0u16; SIDE];
        let (blocks, left) = part.as_chunks::<SIDE>();
        for block in blocks {
            for e in 0..SIDE {
                words[e] += u16::from(block[e]);
            }
        }
        for e in 0..SIDE {
            all[e] += u32::from(words[e]);
        }
        rest = if left.is_empty() { behind } else { left };
    }
    let mut sums = [0u32; C];
    for (e, v) in all.iter().copied().chain(rest.iter().map(|v| u32::from(*v))).enumerate() {
        sums[e % C] += v;
    }
    sums
}

#[inline(always)]
fn luma(r: f32, g: f32, b: f32) -> f64 {
    LUMA[0] * f64::from(r) + LUMA[1] * f64::from(g) + LUMA[2] * f64::from(b)
}

#[inline(always)]
fn lanes<const C: usize>(row: &[f32], value: impl Fn(&[f32; C]) -> f64) -> f64 {
    let mut sums = [0.0f64; LANES];
    let (groups, rest) = row.as_chunks::<C>().0.as_chunks::<LANES>();
    for group in groups {
        for l in 0..LANES {
            sums[l] += value(&group[l]);
        }
    }
    for (l, pixel) in rest.iter().enumerate() {
        sums[l] += value(pixel);
    }
    ((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7]))
}
