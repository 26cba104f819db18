//! Random numbers that have an address instead of a state.
//!
//! Philox (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011): 4×64-10
//! for parameters, 4×32-10 for pixel fields. A number depends on its address alone, so neither threads, nor
//! batches, nor ranks, nor restarts can change it. NumPy's `Philox` is the test oracle of the first.

/// Raised whenever the numbers behind an address change; part of every key.
pub const VALUE_VERSION: u64 = 1;

/// One block of Philox4x64-10.
pub fn philox4x64(mut counter: [u64; 4], mut key: [u64; 2]) -> [u64; 4] {
    const M0: u64 = 0xD2E7_470E_E14C_6C93;
    const M1: u64 = 0xCA5A_8263_9512_1157;
    const W0: u64 = 0x9E37_79B9_7F4A_7C15;
    const W1: u64 = 0xBB67_AE85_84CA_A73B;
    for _ in 0..10 {
        let a = u128::from(M0) * u128::from(counter[0]);
        let b = u128::from(M1) * u128::from(counter[2]);
        counter = [(b >> 64) as u64 ^ counter[1] ^ key[0], b as u64, (a >> 64) as u64 ^ counter[3] ^ key[1], a as u64];
        key = [key[0].wrapping_add(W0), key[1].wrapping_add(W1)];
    }
    counter
}

/// One block of Philox4x32-10.
#[inline(always)]
pub fn philox4x32(mut counter: [u32; 4], mut key: [u32; 2]) -> [u32; 4] {
    const M0: u32 = 0xD251_1F53;
    const M1: u32 = 0xCD9E_8D57;
    const W0: u32 = 0x9E37_79B9;
    const W1: u32 = 0xBB67_AE85;
    for _ in 0..10 {
        let a = u64::from(M0) * u64::from(counter[0]);
        let b = u64::from(M1) * u64::from(counter[2]);
        counter = [(b >> 32) as u32 ^ counter[1] ^ key[0], b as u32, (a >> 32) as u32 ^ counter[3] ^ key[1], a as u32];
        key = [key[0].wrapping_add(W0), key[1].wrapping_add(W1)];
    }
    counter
}

/// The stable 64-bit name of a text (FNV-1a): places and parameters are addressed by it.
pub const fn name(text: &str) -> u64 {
    let bytes = text.as_bytes();
    let mut hash = 0xcbf2_9ce4_8422_2325u64;
    let mut i = 0;
    while i < bytes.len() {
        hash = (hash ^ bytes[i] as u64).wrapping_mul(0x0100_0000_01b3);
        i += 1;
    }
    hash
}

/// Where a draw happens: everything that may influence it, and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Address {
    /// The pipeline's seed.
    pub seed: u64,
    /// The epoch, from 0.
    pub epoch: u64,
    /// The sample's id in its source.
    pub sample: u64,
    /// The place in the pipeline (the [`name`] of its path).
    pub place: u64,
}

impl Address {
    /// The same address at another place.
    pub fn at(self, place: u64) -> Self {
        Self { place, ..self }
    }

    /// Four words for the draw named `draw`.
    pub fn words(self, draw: u64) -> [u64; 4] {
        philox4x64([draw, self.place, self.sample, self.epoch], [self.seed, VALUE_VERSION])
    }

    /// A real in [0, 1).
    pub fn unit(self, draw: u64) -> f64 {
        unit(self.words(draw)[0])
    }

    /// The key of a pixel field.
    pub fn field(self, draw: u64) -> FieldKey {
        let words = self.words(draw);
        FieldKey(words[0], words[1])
    }
}

/// A real in [0, 1) from the upper 53 bits.
pub fn unit(word: u64) -> f64 {
    (word >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
}

/// An integer in `0..n` by multiplication (bias below n / 2⁶⁴).
pub fn below(word: u64, n: u64) -> u64 {
    ((u128::from(word) * u128::from(n)) >> 64) as u64
}

/// The normal quantile (Acklam's rational approximation, relative error below 1.2e-9); `u` in (0, 1).
pub fn normal_quantile(u: f64) -> f64 {
    const A: [f64; 6] = [
        -3.969_683_028_665_376e1,
        2.209_460_984_245_205e2,
        -2.759_285_104_469_687e2,
        1.383_577_518_672_69e2,
        -3.066_479_806_614_716e1,
        2.506_628_277_459_239,
    ];
    const B: [f64; 5] = [
        -5.447_609_879_822_406e1,
        1.615_858_368_580_409e2,
        -1.556_989_798_598_866e2,
        6.680_131_188_771_972e1,
        -1.328_068_155_288_572e1,
    ];
    const C: [f64; 6] = [
        -7.784_894_002_430_293e-3,
        -3.223_964_580_411_365e-1,
        -2.400_758_277_161_838,
        -2.549_732_539_343_734,
        4.374_664_141_464_968,
        2.938_163_982_698_783,
    ];
    const D: [f64; 4] =
        [7.784_695_709_041_462e-3, 3.224_671_290_700_398e-1, 2.445_134_137_142_996, 3.754_408_661_907_416];
    let u = u.clamp(1e-300, 1.0 - 1e-16);
    let tail = |q: f64| {
        (((((C[0] * q + C[1]) * q + C[2]) * q + C[3]) * q + C[4]) * q + C[5])
            / ((((D[0] * q + D[1]) * q + D[2]) * q + D[3]) * q + 1.0)
    };
    if u < 0.02425 {
        tail(libm::sqrt(-2.0 * libm::log(u)))
    } else if u > 1.0 - 0.02425 {
        -tail(libm::sqrt(-2.0 * libm::log(1.0 - u)))
    } else {
        let q = u - 0.5;
        let r = q * q;
        (((((A[0] * r + A[1]) * r + A[2]) * r + A[3]) * r + A[4]) * r + A[5]) * q
            / (((((B[0] * r + B[1]) * r + B[2]) * r + B[3]) * r + B[4]) * r + 1.0)
    }
}

/// The key of a field of numbers over the pixels of one picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FieldKey(pub u64, pub u64);

impl FieldKey {
    /// Four words for block `block` of plane `plane`.
    #[inline(always)]
    pub fn words(self, block: u32, plane: u32) -> [u32; 4] {
        philox4x32([block, plane, self.1 as u32, (self.1 >> 32) as u32], [self.0 as u32, (self.0 >> 32) as u32])
    }

    /// The normal number of element `index` of plane `plane` (see [`normal_of`]): mean 0, variance 1.
    #[inline(always)]
    pub fn normal(self, index: u32, plane: u32) -> f32 {
        normal_of(self.words(index / 4, plane)[(index % 4) as usize])
    }
}

/// A standard normal from one 32-bit word, the same bits on every machine.
///
/// The four bytes give a sum of four uniforms (Irwin–Hall); an odd polynomial of degree five, fitted by least
/// squares to the normal quantile over the sum's exact distribution and scaled to variance one, straightens it:
/// fourth moment 2.997, quantile error at most 0.017 inside ±3 σ, tail cut at ±4.4 σ. Only additions and
/// multiplications, so it vectorises and rounds alike everywhere.
#[inline(always)]
pub fn normal_of(word: u32) -> f32 {
    let sum = (word & 0xff) + ((word >> 8) & 0xff) + ((word >> 16) & 0xff) + (word >> 24);
    // Bytes have mean 127.5 and variance (256² − 1) / 12; four of them: mean 510, σ = 147.79…
    let z = (sum as f32 - 510.0) * (1.0 / 147.799_86);
    let z2 = z * z;
    z * (0.967_765 + z2 * (0.004_001_93 + z2 * 0.001_904_73))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_answers_of_random123() {
        // Random123's kat_vectors for philox4x64-10 and philox4x32-10 at counter = key = 0.
        assert_eq!(
            philox4x64([0; 4], [0; 2]),
            [0x16554d9eca36314c, 0xdb20fe9d672d0fdc, 0xd7e772cee186176b, 0x7e68b68aec7ba23b]
        );
        assert_eq!(philox4x32([0; 4], [0; 2]), [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]);
    }

    #[test]
    fn the_quantile_meets_tabled_values() {
        for (u, z) in [(0.5, 0.0), (0.975, 1.959_963_984_540_054), (0.01, -2.326_347_874_040_841)] {
            assert!((normal_quantile(u) - z).abs() < 1e-8, "{u}");
        }
    }

    #[test]
    fn the_field_is_standard_normal_in_its_first_four_moments() {
        let key = FieldKey(7, 9);
        let n = 400_000u32;
        let moments = (0..n).fold([0.0f64; 4], |mut m, i| {
            let z = f64::from(key.normal(i, 0));
            for (k, sum) in m.iter_mut().enumerate() {
                *sum += z.powi(k as i32 + 1);
            }
            m
        });
        let m: Vec<f64> = moments.iter().map(|s| s / f64::from(n)).collect();
        assert!(
            m[0].abs() < 0.01 && (m[1] - 1.0).abs() < 0.02 && m[2].abs() < 0.03 && (m[3] - 3.0).abs() < 0.05,
            "{m:?}"
        );
    }

    #[test]
    fn neighbouring_seeds_and_epochs_do_not_meet() {
        let address = |seed, epoch| Address { seed, epoch, sample: 5, place: 1 }.words(0);
        assert_ne!(address(42, 1), address(43, 0));
        assert_ne!(address(42, 1), address(42, 2));
    }
}
