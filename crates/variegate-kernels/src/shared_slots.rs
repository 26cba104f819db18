//! A batch that many threads fill at once, each its own slot.
//!
//! The loader hands it to its workers. A slot is given to one thread at a time, decided by an atomic flag, so no two
//! threads ever hold the same bytes; the whole buffer comes back only when nobody shares it any more.
#![allow(unsafe_code)]

use std::sync::atomic::{AtomicU8, Ordering};

use variegate_picture::AlignedBytes;

const FREE: u8 = 0;
const TAKEN: u8 = 1;
const DONE: u8 = 2;

/// Equal slots of one aligned buffer.
#[derive(Debug)]
pub struct SharedSlots {
    buffer: AlignedBytes,
    start: *mut u8,
    slot: usize,
    states: Vec<AtomicU8>,
}

// SAFETY: bytes are reached through `with` alone, where the flag of a slot lets one thread in at a time, and slots
// do not overlap.
unsafe impl Sync for SharedSlots {}
// SAFETY: the pointer leads into `buffer`, which moves along (its heap block stays where it is).
unsafe impl Send for SharedSlots {}

impl SharedSlots {
    /// Cuts a buffer into slots of `slot` bytes; what is left over at the end belongs to none.
    pub fn new(mut buffer: AlignedBytes, slot: usize) -> Self {
        let count = buffer.len().checked_div(slot).unwrap_or(0);
        let start = buffer.as_mut_slice().as_mut_ptr();
        Self { buffer, start, slot, states: (0..count).map(|_| AtomicU8::new(FREE)).collect() }
    }

    /// How many slots there are.
    pub fn len(&self) -> usize {
        self.states.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.states.is_empty()
    }

    /// Lends slot `i` to `f`, once: none where it was lent before or does not exist.
    pub fn with<R>(&self, i: usize, f: impl FnOnce(&mut [u8]) -> R) -> Option<R> {
        let state = self.states.get(i)?;
        state.compare_exchange(FREE, TAKEN, Ordering::Acquire, Ordering::Relaxed).ok()?;
        // SAFETY: i < len, so the slot lies inside the buffer; the flag was FREE and is TAKEN now, and it never
        // returns to FREE, so nobody else holds or will hold these bytes while `self` is shared.
        let bytes = unsafe { std::slice::from_raw_parts_mut(self.start.add(i * self.slot), self.slot) };
        let result = f(bytes);
        state.store(DONE, Ordering::Release);
        Some(result)
    }

    /// Takes the buffer back, when nobody shares it any more.
    pub fn into_buffer(self) -> AlignedBytes {
        for state in &self.states {
            // Pairs with the Release above: what the workers wrote is seen from here on.
            state.load(Ordering::Acquire);
        }
        self.buffer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_fill_their_own_slots() {
        let slots = SharedSlots::new(AlignedBytes::zeroed(1000), 10);
        assert_eq!(slots.len(), 100);
        std::thread::scope(|scope| {
            for t in 0..4 {
                let slots = &slots;
                scope.spawn(move || {
                    (t..100).step_by(4).for_each(|i| {
                        slots.with(i, |bytes| bytes.fill(i as u8)).expect("a free slot");
                    })
                });
            }
        });
        assert!(slots.with(3, |_| ()).is_none(), "a slot is lent once");
        let buffer = slots.into_buffer();
        assert!(buffer.as_slice().iter().enumerate().all(|(k, v)| usize::from(*v) == k / 10));
    }
}
