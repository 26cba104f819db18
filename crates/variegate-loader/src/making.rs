//! A batch in the making: many threads fill its slots, the last one closes it.
//!
//! The feed owns it. It knows nothing of files or pipelines.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use variegate_kernels::shared_slots::{Lent, SharedSlots};
use variegate_picture::{AlignedBytes, Error, Size};

use crate::feed::Place;
use crate::partners::Filled;
use crate::sample::{Failure, Fault};
use crate::sampling::Pick;

/// What became of a slot: the sample that fills it, or the reason it stays empty.
type Outcome = Result<Filled, Failure>;

/// A batch in the making.
pub struct Making {
    pub place: Place,
    /// Which run of the feed it belongs to.
    pub generation: u64,
    /// The size of each view.
    pub sizes: Arc<[Size]>,
    pub picks: Vec<Pick>,
    slots: SharedSlots,
    /// Bytes of a picture of each view.
    bytes: Vec<usize>,
    outcomes: Mutex<Vec<Option<Outcome>>>,
    left: AtomicUsize,
}

impl Making {
    /// Slots for `picks`: a buffer for each view, with the bytes of one picture.
    pub fn new(
        place: Place,
        generation: u64,
        sizes: Arc<[Size]>,
        picks: Vec<Pick>,
        buffers: Vec<(AlignedBytes, usize)>,
    ) -> Self {
        let count = picks.len();
        Self {
            place,
            generation,
            sizes,
            picks,
            bytes: buffers.iter().map(|(_, bytes)| *bytes).collect(),
            slots: SharedSlots::new(buffers),
            outcomes: Mutex::new((0..count).map(|_| None).collect()),
            left: AtomicUsize::new(count),
        }
    }

    /// Fills a slot, and says whether it was the last.
    pub fn fill(&self, slot: usize, work: impl FnOnce(&mut Lent<'_>) -> Outcome) -> bool {
        let outcome =
            self.slots.with(slot, work).unwrap_or_else(|| Err(Error::internal("a slot was given out twice").into()));
        self.outcomes.lock().unwrap_or_else(PoisonError::into_inner)[slot] = Some(outcome);
        self.left.fetch_sub(1, Ordering::AcqRel) == 1
    }

    /// The buffers with the samples that were made, moved together; the samples; and the failure that weighs most.
    pub fn close(self) -> (Vec<AlignedBytes>, Vec<Filled>, Option<Failure>) {
        let mut buffers = self.slots.into_buffers();
        let mut made = Vec::with_capacity(self.picks.len());
        let mut failure: Option<Failure> = None;
        for (k, outcome) in self.outcomes.into_inner().unwrap_or_else(PoisonError::into_inner).into_iter().enumerate() {
            match outcome.unwrap_or_else(|| Err(Error::internal("a sample was never made").into())) {
                Ok(filled) => {
                    if made.len() < k {
                        for (buffer, bytes) in buffers.iter_mut().zip(&self.bytes) {
                            buffer.as_mut_slice().copy_within(k * bytes..(k + 1) * bytes, made.len() * bytes);
                        }
                    }
                    made.push(filled);
                }
                // A mistake of the caller is told before a bad file: it would hide behind one otherwise.
                Err(found) if found.fault == Fault::Caller => {
                    failure = failure.filter(|failure| failure.fault == Fault::Caller).or(Some(found));
                }
                Err(found) => {
                    failure.get_or_insert(found);
                }
            }
        }
        (buffers, made, failure)
    }
}
