//! Samples that cannot be used: what becomes of them, and how many are too many.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use variegate_picture::key::{below, name};
use variegate_picture::{Address, Error};

use crate::feed::Place;

/// How often a bad sample is replaced before that becomes an error.
pub(crate) const ATTEMPTS: u64 = 32;

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
    /// The epoch it was first met in.
    pub epoch: u64,
    /// The step of that epoch.
    pub step: u64,
    /// Whether it fails whatever part of it is asked for.
    pub for_good: bool,
}

impl BadSample {
    fn met_by(&self, place: Place) -> bool {
        (self.epoch, self.step) <= (place.epoch, place.step)
    }
}

/// The samples that could not be used so far. Batches are made ahead and out of order: what is told of them is what
/// the batches that were delivered met, so that it is the same on any number of threads.
#[derive(Debug, Default)]
pub(crate) struct Ledger(Mutex<HashMap<u64, BadSample>>);

impl Ledger {
    /// Notes a sample, unless it was noted for an earlier batch.
    pub fn note(&self, sample: BadSample) {
        // Errors of one batch are told apart by what they say.
        let rank = |bad: &BadSample| (bad.epoch, bad.step, bad.error.message().to_string());
        let mut noted = self.lock();
        match noted.get(&sample.id) {
            Some(known) if rank(known) <= rank(&sample) => {}
            _ => drop(noted.insert(sample.id, sample)),
        }
    }

    /// Why a sample need not be tried again: it can never be used, whatever part of it an epoch asks for.
    pub fn unreadable(&self, id: u64) -> Option<Error> {
        self.lock().get(&id).filter(|bad| bad.for_good).map(|bad| bad.error.clone())
    }

    /// How many were met up to and with a batch.
    pub fn count(&self, until: Place) -> u64 {
        self.lock().values().filter(|bad| bad.met_by(until)).count() as u64
    }

    /// Those met up to and with a batch, by id.
    pub fn list(&self, until: Place) -> Vec<BadSample> {
        let mut list: Vec<BadSample> = self.lock().values().filter(|bad| bad.met_by(until)).cloned().collect();
        list.sort_by_key(|bad| bad.id);
        list
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<u64, BadSample>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Too many could not be used.
pub(crate) fn too_many(bad: &[BadSample], borne: u64) -> Error {
    let example = bad.first().map_or_else(String::new, |bad| bad.error.to_string());
    Error::input(format!(
        "{} different samples could not be used, more than the {borne} that are borne; the first: {example}. Look at loader.bad, mend the files, or raise the budget",
        bad.len()
    ))
}

/// The sample that takes the place of another: the k-th choice of a key, never the same one.
pub fn substitute(seed: u64, epoch: u64, id: u64, attempt: u64, n: u64) -> u64 {
    let address = Address { seed, epoch, sample: id, place: name("substitute") };
    (id + 1 + below(address.words(attempt)[0], n.saturating_sub(1).max(1))) % n
}
