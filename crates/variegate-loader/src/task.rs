//! One sample to be made, and which samples a source hears of before they are read.
//!
//! The feed keeps tasks in order and hands them to workers. Nothing here reads.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::excluded::Excluded;
use crate::making::Making;

/// One sample to be made.
pub(crate) struct Task {
    pub making: Arc<Making>,
    pub slot: usize,
    /// Whether the source has heard of it.
    told: bool,
}

impl Task {
    /// The task of a slot, of which nobody has heard.
    pub fn new(making: Arc<Making>, slot: usize) -> Self {
        Self { making, slot, told: false }
    }
}

/// The samples of the next `foresight` tasks that the source has not heard of, once each.
pub(crate) fn untold(tasks: &mut VecDeque<Task>, foresight: usize, excluded: &Excluded) -> Vec<u64> {
    let mut ids = Vec::new();
    for task in tasks.iter_mut().take(foresight).filter(|task| !task.told) {
        task.told = true;
        let id = task.making.picks[task.slot].id;
        if !excluded.holds(id) {
            ids.push(id);
        }
    }
    ids
}
