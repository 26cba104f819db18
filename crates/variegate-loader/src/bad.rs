//! Samples that cannot be used: what becomes of them, and how many are too many.

use std::path::PathBuf;

use variegate_picture::key::{below, name};
use variegate_picture::{Address, Error};

/// What becomes of a sample that cannot be used. Which samples are bad depends on the data alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnBad {
    /// The batch it belongs to is an error.
    Raise,
    /// The batch is delivered without it.
    Skip,
    /// Another sample takes its place, chosen by key.
    Substitute,
    /// As substitute, and a file that cannot be read or is no picture is not tried again. One that breaks off later
    /// is: an epoch may ask for a part of it that is whole, and what an epoch yields must not depend on earlier ones.
    Quarantine,
}

impl OnBad {
    /// The policy of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "raise" => Some(OnBad::Raise),
            "skip" => Some(OnBad::Skip),
            "substitute" => Some(OnBad::Substitute),
            "quarantine" => Some(OnBad::Quarantine),
            _ => None,
        }
    }
}

/// How many bad samples are too many; beyond it, the next batch is an error whatever the policy.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Budget {
    /// That many different files, where it is some.
    pub count: Option<u64>,
    /// That share of the data set's files (but never fewer than eight).
    pub rate: f64,
}

impl Default for Budget {
    fn default() -> Self {
        Self { count: None, rate: 0.1 }
    }
}

impl Budget {
    /// How many bad files of `n` are still borne.
    pub fn of(&self, n: u64) -> u64 {
        self.count.unwrap_or(((n as f64 * self.rate) as u64).max(8))
    }
}

/// One sample that could not be used.
#[derive(Clone, Debug)]
pub struct BadSample {
    /// Its id.
    pub id: u64,
    /// Its file.
    pub path: PathBuf,
    /// Why.
    pub error: Error,
    /// The epoch it was met in.
    pub epoch: u64,
    /// Whether it fails whatever part of it is asked for.
    pub for_good: bool,
}

/// The sample that takes the place of another: the k-th choice of a key, never the same one.
pub fn substitute(seed: u64, epoch: u64, id: u64, attempt: u64, n: u64) -> u64 {
    let address = Address { seed, epoch, sample: id, place: name("substitute") };
    (id + 1 + below(address.words(attempt)[0], n.saturating_sub(1).max(1))) % n
}
