//! A list of random numbers behind a key, for operations that place many things.
//!
//! Number k depends on the key and k alone, so asking for more never changes those before.

use variegate_picture::FieldKey;

/// Uniform numbers in 0…1, one after another.
#[derive(Clone, Debug)]
pub struct Numbers {
    key: FieldKey,
    words: [u32; 4],
    next: u32,
}

impl Numbers {
    /// The numbers of a key, from the first.
    pub fn new(key: FieldKey) -> Self {
        Self { key, words: [0; 4], next: 0 }
    }

    /// The next number: 0 or more, below 1.
    #[inline]
    pub fn unit(&mut self) -> f64 {
        let place = (self.next % 4) as usize;
        if place == 0 {
            self.words = self.key.words(self.next / 4, 0);
        }
        self.next = self.next.wrapping_add(1);
        f64::from(self.words[place]) / 4_294_967_296.0
    }

    /// The next number, between two.
    pub fn between(&mut self, lo: f64, hi: f64) -> f64 {
        lo + (hi - lo) * self.unit()
    }

    /// The next number as an index below `n`, which is at least 1.
    pub fn below(&mut self, n: usize) -> usize {
        ((self.unit() * n as f64) as usize).min(n - 1)
    }

    /// `count` different indices below `n`, or all of them: the beginning of a shuffle (Fisher and Yates).
    pub fn choose(&mut self, count: usize, n: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..n).collect();
        let count = count.min(n);
        for k in 0..count {
            let other = k + self.below(n - k);
            order.swap(k, other);
        }
        order.truncate(count);
        order
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chosen_indices_differ_and_all_come_up() {
        let mut numbers = Numbers::new(FieldKey(3, 4));
        let mut counts = [0; 5];
        for _ in 0..2000 {
            let chosen = numbers.choose(2, 5);
            assert!(chosen.len() == 2 && chosen[0] != chosen[1]);
            chosen.iter().for_each(|k| counts[*k] += 1);
        }
        // Each of five comes up in two of five: 800 ± 4 · √(2000 · 0.4 · 0.6).
        assert!(counts.iter().all(|n| (700..900).contains(n)), "{counts:?}");
        assert_eq!(numbers.choose(9, 3).len(), 3);
    }
}
