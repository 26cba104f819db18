//! A batch that many threads fill at once, each its own slot.
//!
//! The loader hands it to its workers. A slot is given to one thread at a time, decided by an atomic flag, so no two
//! threads ever hold the same bytes; the buffers come back only when nobody shares them any more.
#![allow(unsafe_code)]

use std::sync::atomic::{AtomicU8, Ordering};

use variegate_picture::AlignedBytes;

const FREE: u8 = 0;
const TAKEN: u8 = 1;
const DONE: u8 = 2;

/// Equal slots of aligned buffers: slot i is the i-th place of each of them.
#[derive(Debug)]
pub struct SharedSlots {
    buffers: Vec<Cut>,
    states: Vec<AtomicU8>,
}

/// A buffer cut into places of equal length.
#[derive(Debug)]
struct Cut {
    buffer: AlignedBytes,
    start: *mut u8,
    place: usize,
}

/// A slot that is lent.
#[derive(Debug)]
pub struct Lent<'a> {
    slots: &'a SharedSlots,
    i: usize,
}

// SAFETY: bytes are reached through `with` alone, where the flag of a slot lets one thread in at a time, and slots
// do not overlap.
unsafe impl Sync for SharedSlots {}
// SAFETY: the pointers lead into the buffers, which move along (their heap blocks stay where they are).
unsafe impl Send for SharedSlots {}

impl SharedSlots {
    /// Cuts buffers into places, each of the length beside it; what is left over at the end belongs to none.
    pub fn new(buffers: Vec<(AlignedBytes, usize)>) -> Self {
        let count = |(buffer, place): &(AlignedBytes, usize)| buffer.len().checked_div(*place).unwrap_or(0);
        let count = buffers.iter().map(count).min().unwrap_or(0);
        let cut = |(mut buffer, place): (AlignedBytes, usize)| {
            let start = buffer.as_mut_slice().as_mut_ptr();
            Cut { buffer, start, place }
        };
        let buffers = buffers.into_iter().map(cut).collect();
        Self { buffers, states: (0..count).map(|_| AtomicU8::new(FREE)).collect() }
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
    pub fn with<R>(&self, i: usize, f: impl FnOnce(&mut Lent<'_>) -> R) -> Option<R> {
        let state = self.states.get(i)?;
        state.compare_exchange(FREE, TAKEN, Ordering::Acquire, Ordering::Relaxed).ok()?;
        let result = f(&mut Lent { slots: self, i });
        state.store(DONE, Ordering::Release);
        Some(result)
    }

    /// Takes the buffers back, when nobody shares them any more.
    pub fn into_buffers(self) -> Vec<AlignedBytes> {
        for state in &self.states {
            // Pairs with the Release above: what the workers wrote is seen from here on.
            state.load(Ordering::Acquire);
        }
        self.buffers.into_iter().map(|cut| cut.buffer).collect()
    }
}

impl Lent<'_> {
    /// The slot's place in buffer `k`; empty where there is no such buffer.
    pub fn place(&mut self, k: usize) -> &mut [u8] {
        let Some(cut) = self.slots.buffers.get(k) else { return &mut [] };
        // SAFETY: i < len, so the place lies inside the buffer; a `Lent` is made by `with` alone, when the slot's flag
        // was FREE and is TAKEN, and the flag never returns to FREE, so nobody else holds or will hold these bytes
        // while the slots are shared. `self` is borrowed uniquely, so it hands out one place at a time.
        unsafe { std::slice::from_raw_parts_mut(cut.start.add(self.i * cut.place), cut.place) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_fill_their_own_slots() {
        let slots = SharedSlots::new(vec![(AlignedBytes::zeroed(1000), 10), (AlignedBytes::zeroed(530), 5)]);
        assert_eq!(slots.len(), 100);
        std::thread::scope(|scope| {
            for t in 0..4 {
                let slots = &slots;
                scope.spawn(move || {
                    (t..100).step_by(4).for_each(|i| {
                        slots.with(i, |lent| (0..3).for_each(|k| lent.place(k).fill((i + k) as u8))).expect("a slot");
                    })
                });
            }
        });
        assert!(slots.with(3, |_| ()).is_none(), "a slot is lent once");
        let buffers = slots.into_buffers();
        assert!(buffers[0].as_slice().iter().enumerate().all(|(k, v)| usize::from(*v) == k / 10));
        let second = buffers[1].as_slice();
        assert!(second[..500].iter().enumerate().all(|(k, v)| usize::from(*v) == k / 5 + 1));
        assert!(second[500..].iter().all(|v| *v == 0), "what is left over is nobody's");
    }
}
