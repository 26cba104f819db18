//! The computed order of samples, for what is dealt out in Python: shards made offline.

use pyo3::prelude::*;
use variegate::loader::Order;

/// The numbers at places `start` to `stop` of the order that `seed` gives to `count` things.
#[pyfunction]
pub fn ordered(count: u64, seed: u64, start: u64, stop: u64) -> Vec<u64> {
    let order = Order::shuffled(count, seed, 0);
    (start..stop.min(count)).map(|place| order.at(place)).collect()
}
