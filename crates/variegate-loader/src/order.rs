//! The order of an epoch: a keyed permutation that can be asked at any position.
//!
//! A balanced Feistel network over the smallest even power of two that holds all ids; where it leaves the ids, it is
//! walked on until it comes back (Black and Rogaway, "Ciphers with arbitrary finite domains", 2002), four steps at
//! the most on average. No list, no buffer: the same memory for a thousand and for a billion.

use variegate_picture::Address;
use variegate_picture::key::{name, philox4x64};

const ROUNDS: u64 = 8;

/// A permutation of 0…n−1.
#[derive(Clone, Copy, Debug)]
pub struct Order {
    n: u64,
    half_bits: u32,
    key: Option<[u64; 2]>,
}

impl Order {
    /// The shuffled order of an epoch.
    pub fn shuffled(n: u64, seed: u64, epoch: u64) -> Self {
        Self::of_round(n, seed, epoch, 0)
    }

    /// The order of one of several rounds through the ids in an epoch; that of round 0 is [`Order::shuffled`].
    pub fn of_round(n: u64, seed: u64, epoch: u64, round: u64) -> Self {
        let words = Address { seed, epoch, sample: round, place: name("order of the epoch") }.words(0);
        let bits = 64 - n.saturating_sub(1).leading_zeros();
        Self { n, half_bits: bits.div_ceil(2).max(1), key: Some([words[0], words[1]]) }
    }

    /// The order in which the source lists its samples.
    pub fn listed(n: u64) -> Self {
        Self { n, half_bits: 1, key: None }
    }

    /// The id at a position; positions count modulo n.
    pub fn at(&self, position: u64) -> u64 {
        let position = position % self.n.max(1);
        let Some(key) = self.key else { return position };
        let mut v = position;
        loop {
            v = self.encrypt(v, key);
            if v < self.n {
                return v;
            }
        }
    }

    fn encrypt(&self, v: u64, key: [u64; 2]) -> u64 {
        let mask = (1u64 << self.half_bits) - 1;
        let (mut left, mut right) = (v >> self.half_bits, v & mask);
        for round in 0..ROUNDS {
            let f = philox4x64([right, round, 0, 0], key)[0] & mask;
            (left, right) = (right, left ^ f);
        }
        (left << self.half_bits) | right
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_comes_once() {
        for n in (1..300).chain([1000, 4096, 4097]) {
            let order = Order::shuffled(n, 7, 3);
            let mut seen = vec![false; n as usize];
            (0..n).for_each(|p| seen[order.at(p) as usize] = true);
            assert!(seen.iter().all(|s| *s), "{n}");
        }
    }

    #[test]
    fn epochs_and_seeds_have_their_own_orders() {
        let list = |seed, epoch| (0..50).map(|p| Order::shuffled(1000, seed, epoch).at(p)).collect::<Vec<_>>();
        assert_ne!(list(1, 0), list(1, 1));
        assert_ne!(list(1, 1), list(2, 0));
        assert_eq!(list(1, 1), list(1, 1));
    }

    #[test]
    fn places_are_uniform() {
        // Chi-squared of where id 0 of 16 goes over 8000 epochs: 15 degrees of freedom, 99.99 % below 44.3.
        let mut counts = [0f64; 16];
        for epoch in 0..8000 {
            counts[Order::shuffled(16, 5, epoch).at(0) as usize] += 1.0;
        }
        let chi: f64 = counts.iter().map(|c| (c - 500.0) * (c - 500.0) / 500.0).sum();
        assert!(chi < 44.3, "{chi}");
    }

    #[test]
    fn a_billion_costs_no_memory() {
        let order = Order::shuffled(1_000_000_000, 1, 0);
        assert!((0..1000).all(|p| order.at(p * 999_983) < 1_000_000_000));
    }
}
