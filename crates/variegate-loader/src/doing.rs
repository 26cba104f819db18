//! Doing: what each worker is at, so that a wait without an end can be told with its cause.
//!
//! Workers write at every stage, [`crate::Loader::busy`] reads. It changes nothing of what workers do.

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use crate::report::Stage;

/// What one worker is at.
#[derive(Debug, Default)]
pub struct Doing(Mutex<Option<(Stage, u64, Instant)>>);

impl Doing {
    /// Begins a stage of a sample.
    pub fn at(&self, stage: Stage, id: u64) {
        *self.lock() = Some((stage, id, Instant::now()));
    }

    /// Nothing is under way.
    pub fn rest(&self) {
        *self.lock() = None;
    }

    /// Stage, sample and beginning of what is under way.
    pub fn now(&self) -> Option<(Stage, u64, Instant)> {
        *self.lock()
    }

    fn lock(&self) -> MutexGuard<'_, Option<(Stage, u64, Instant)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A worker that is at something.
#[derive(Clone, Debug, PartialEq)]
pub struct Busy {
    /// The number of its thread, from 0.
    pub worker: usize,
    /// The stage.
    pub stage: Stage,
    /// The sample.
    pub id: u64,
    /// Its name.
    pub name: PathBuf,
    /// Seconds since the stage began.
    pub seconds: f64,
}
