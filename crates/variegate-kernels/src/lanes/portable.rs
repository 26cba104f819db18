//! The vectors as arrays: what every processor can do, and what the others are held against.

use super::Lanes;

/// Arrays.
#[derive(Clone, Copy)]
pub(crate) struct Portable;

/// Which element of a stretch of sixteen lies at pair `p` of part `k`: halves hold what lies eight apart.
#[inline(always)]
fn place(k: usize, p: usize) -> usize {
    p / 4 * 8 + k * 4 + p % 4
}

#[inline(always)]
fn saturate(v: i32) -> i16 {
    v.clamp(i32::from(i16::MIN), i32::from(i16::MAX)) as i16
}

impl Lanes for Portable {
    type Words = [i16; 16];
    type Sums = [i32; 8];
    type Reals = [f32; 8];

    #[inline(always)]
    fn neighbours<const C: usize>(self, left: &[u8; 16], right: &[u8; 16]) -> [i16; 16] {
        std::array::from_fn(|i| {
            let (half, c, tap) = (if i < 8 { left } else { right }, i % 8 / 2, i % 2);
            i16::from(half[tap * C + c])
        })
    }

    #[inline(always)]
    fn four_neighbours<const C: usize>(self, upper: &[u8; 16], lower: &[u8; 16]) -> [[i16; 16]; 2] {
        std::array::from_fn(|k| {
            std::array::from_fn(|i| {
                let (row, c, tap) = (if i < 8 { upper } else { lower }, i % 8 / 2, i % 2);
                i16::from(row[((2 * k + tap) * C + c).min(15)])
            })
        })
    }

    #[inline(always)]
    fn neighbours_of_words<const C: usize>(self, left: &[i16; 8], right: &[i16; 8]) -> [i16; 16] {
        std::array::from_fn(|i| {
            let (half, c, tap) = (if i < 8 { left } else { right }, i % 8 / 2, i % 2);
            half[(tap * C + c).min(7)]
        })
    }

    #[inline(always)]
    fn rows(self, upper: &[u8; 16], lower: &[u8; 16]) -> [[i16; 16]; 2] {
        self.rows_of_words(&upper.map(i16::from), &lower.map(i16::from))
    }

    #[inline(always)]
    fn rows_of_words(self, upper: &[i16; 16], lower: &[i16; 16]) -> [[i16; 16]; 2] {
        std::array::from_fn(|k| {
            std::array::from_fn(|i| {
                let row = if i % 2 == 0 { upper } else { lower };
                row[place(k, i / 2)]
            })
        })
    }

    #[inline(always)]
    fn weights(self, pair: [i16; 2]) -> [i16; 16] {
        std::array::from_fn(|i| pair[i % 2])
    }

    #[inline(always)]
    fn weights_of_two(self, pairs: &[[i16; 2]; 2]) -> [i16; 16] {
        std::array::from_fn(|i| pairs[i / 8][i % 2])
    }

    #[inline(always)]
    fn dot(self, values: [i16; 16], weights: [i16; 16]) -> [i32; 8] {
        std::array::from_fn(|p| {
            i32::from(values[2 * p]) * i32::from(weights[2 * p])
                + i32::from(values[2 * p + 1]) * i32::from(weights[2 * p + 1])
        })
    }

    #[inline(always)]
    fn all(self, v: i32) -> [i32; 8] {
        [v; 8]
    }

    #[inline(always)]
    fn add(self, a: [i32; 8], b: [i32; 8]) -> [i32; 8] {
        std::array::from_fn(|l| a[l].wrapping_add(b[l]))
    }

    #[inline(always)]
    fn shift(self, sums: [i32; 8], n: i32) -> [i32; 8] {
        sums.map(|v| v >> n)
    }

    #[inline(always)]
    fn pack(self, sums: [[i32; 8]; 2], out: &mut [i16; 16]) {
        for (k, sums) in sums.iter().enumerate() {
            for (p, sum) in sums.iter().enumerate() {
                out[place(k, p)] = saturate(*sum);
            }
        }
    }

    #[inline(always)]
    fn pack_pixels<const C: usize>(self, sums: [i32; 8], out: &mut [i16; 8]) {
        for (l, sum) in sums.iter().enumerate() {
            out[l / 4 * C + l % 4] = saturate(*sum);
        }
    }

    #[inline(always)]
    fn reals(self, sums: [i32; 8]) -> [f32; 8] {
        sums.map(|v| v as f32)
    }

    #[inline(always)]
    fn levelled(self, reals: [f32; 8], [gain, offset]: &[[f32; 4]; 2]) -> [f32; 8] {
        std::array::from_fn(|l| reals[l] * gain[l % 4] + offset[l % 4])
    }

    #[inline(always)]
    fn kept(self, reals: [f32; 8], [low, high]: &[f32; 2]) -> [f32; 8] {
        reals.map(|v| crate::clamp(v, (*low, *high)))
    }

    #[inline(always)]
    fn words(self, words: &[i16; 16]) -> [i16; 16] {
        *words
    }

    #[inline(always)]
    fn scaled(self, sums: [i32; 8], factor: f32) -> [f32; 8] {
        sums.map(|v| v as f32 * factor)
    }

    #[inline(always)]
    fn mix(self, a: [f32; 8], b: [f32; 8], shares: &[f32; 2]) -> [f32; 8] {
        std::array::from_fn(|l| a[l] + (b[l] - a[l]) * shares[l / 4])
    }

    #[inline(always)]
    fn shared(self, sums: [i32; 8], shares: &[f32; 2]) -> [f32; 8] {
        std::array::from_fn(|l| sums[l] as f32 * shares[l / 4])
    }

    #[inline(always)]
    fn sum(self, a: [f32; 8], b: [f32; 8]) -> [f32; 8] {
        std::array::from_fn(|l| a[l] + b[l])
    }

    #[inline(always)]
    fn halves_together(self, a: [f32; 8], b: [f32; 8]) -> [f32; 8] {
        std::array::from_fn(|l| if l < 4 { a[l] + a[l + 4] } else { b[l - 4] + b[l] })
    }

    #[inline(always)]
    fn store_pixels<const C: usize>(self, reals: [f32; 8], out: &mut [f32; 8]) {
        for (l, v) in reals.iter().enumerate() {
            out[l / 4 * C + l % 4] = *v;
        }
    }

    #[inline(always)]
    fn store_rows(self, reals: [[f32; 8]; 2], gain: &[f32; 16], offset: &[f32; 16], out: &mut [f32; 16]) {
        for (k, reals) in reals.iter().enumerate() {
            for (p, v) in reals.iter().enumerate() {
                let at = place(k, p);
                out[at] = *v * gain[at] + offset[at];
            }
        }
    }
}
