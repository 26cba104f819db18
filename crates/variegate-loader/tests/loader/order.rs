//! The order of epochs as statistics see it. Each bound is that of its own distribution; seeds are fixed, so that a test
//! either always passes or never.

use std::collections::HashSet;

use variegate_loader::Order;

/// The value that chi-squared with `degrees` exceeds once in 10⁵ times, by Wilson and Hilferty's cube.
fn bound(degrees: f64) -> f64 {
    let part = 2.0 / (9.0 * degrees);
    degrees * (1.0 - part + 4.265 * part.sqrt()).powi(3)
}

fn chi_squared(counts: &[u64]) -> f64 {
    let expected = counts.iter().sum::<u64>() as f64 / counts.len() as f64;
    counts.iter().map(|count| (*count as f64 - expected).powi(2) / expected).sum()
}

fn places(n: u64, seed: u64, epoch: u64) -> Vec<u64> {
    let order = Order::shuffled(n, seed, epoch);
    (0..n).map(|position| order.at(position)).collect()
}

/// The correlation of two lists of places times √n: nearly standard normal where they are independent.
fn correlation(a: &[u64], b: &[u64]) -> f64 {
    let n = a.len() as f64;
    let (mean, variance) = ((n - 1.0) / 2.0, (n * n - 1.0) / 12.0);
    let sum: f64 = a.iter().zip(b).map(|(a, b)| (*a as f64 - mean) * (*b as f64 - mean)).sum();
    sum / (n * variance) * (n - 1.0).sqrt()
}

#[test]
fn every_size_up_to_4096_is_permuted() {
    for n in 1..=4096u64 {
        let mut seen = vec![false; n as usize];
        let order = Order::shuffled(n, 11, n);
        for position in 0..n {
            let id = order.at(position) as usize;
            assert!(!std::mem::replace(&mut seen[id], true), "{id} comes twice of {n}");
        }
    }
}

#[test]
fn great_sizes_are_injective_where_they_are_looked_at() {
    for n in [(1 << 20) + 7, (1 << 31) - 1, (1 << 32) + 15, 1 << 36, (1 << 40) - 87, 1 << 40] {
        let order = Order::shuffled(n, 3, 1);
        let positions = (0..20_000u64).map(|k| k * (n / 20_000)).chain(n - 5_000..n);
        let mut ids = HashSet::new();
        let mut eighths = [0u64; 8];
        for (count, position) in positions.enumerate() {
            let id = order.at(position);
            assert!(id < n && ids.insert(id), "position {position} of {n}");
            assert_eq!(ids.len(), count + 1);
            eighths[(u128::from(id) * 8 / u128::from(n)) as usize] += 1;
        }
        assert!(chi_squared(&eighths) < bound(7.0), "{n}: {eighths:?}");
    }
}

#[test]
fn each_id_is_equally_likely_at_each_position() {
    let n = 24;
    let mut counts = vec![0u64; (n * n) as usize];
    for epoch in 0..12_000 {
        for (position, id) in places(n, 5, epoch).into_iter().enumerate() {
            counts[position * n as usize + id as usize] += 1;
        }
    }
    // Rows and columns have fixed sums: (n − 1)² degrees of freedom, and n / (n − 1) makes up for them.
    let scaled = chi_squared(&counts) * (n - 1) as f64 / n as f64;
    assert!(scaled < bound(((n - 1) * (n - 1)) as f64), "{scaled}");
}

#[test]
fn all_orders_of_four_are_equally_likely() {
    let mut counts = std::collections::HashMap::new();
    for epoch in 0..24_000 {
        *counts.entry(places(4, 9, epoch)).or_insert(0u64) += 1;
    }
    let counts: Vec<u64> = counts.into_values().collect();
    assert!(counts.len() == 24 && chi_squared(&counts) < bound(23.0), "{counts:?}");
}

#[test]
fn neighbouring_epochs_and_seeds_are_independent() {
    let n = 2000;
    let mut squares = 0.0;
    let mut pairs = 0.0;
    for k in 0..200u64 {
        let own = places(n, k, 40);
        for other in [places(n, k, 41), places(n, k + 1, 40), places(n, k + 1, 39), places(n, k ^ (1 << 40), 40)] {
            let z = correlation(&own, &other);
            // 800 pairs, each beyond 5 once in 1.7 million times.
            assert!(z.abs() < 5.0, "seed {k}: {z}");
            squares += z * z;
            pairs += 1.0;
        }
    }
    // The squares of normal numbers sum to chi-squared.
    assert!(squares < bound(pairs), "{squares} of {pairs}");
}

#[test]
fn neighbours_in_an_order_are_not_neighbours_in_the_source() {
    let n = 2000;
    for epoch in 0..100 {
        let own = places(n, 1, epoch);
        let next: Vec<u64> = own[1..].iter().chain(&own[..1]).copied().collect();
        let z = correlation(&own, &next);
        assert!(z.abs() < 5.0, "epoch {epoch}: {z}");
    }
}

#[test]
fn seeds_and_epochs_do_not_stand_for_each_other() {
    let mut met = HashSet::new();
    for seed in 0..40 {
        for epoch in 0..40 {
            assert!(met.insert(places(32, seed, epoch)), "seed {seed}, epoch {epoch}");
        }
    }
}
