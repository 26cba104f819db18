//! Course: which batch follows which, and the picks of each.
//!
//! The feed's workers and the loader ask. All of it is computed from a place; nothing is kept.

use crate::feed::{Feed, Place};
use crate::options::Rest;
use crate::sampling::Pick;

impl Feed {
    /// Batches of an epoch, the same for every shard.
    pub fn steps(&self) -> u64 {
        let (positions, global) = (self.picks.positions(), self.global());
        match self.options.rest {
            Rest::Drop => positions / global,
            Rest::Keep | Rest::Wrap | Rest::Pad => positions.div_ceil(global),
        }
    }

    /// Samples of a global batch.
    pub fn global(&self) -> u64 {
        self.options.batch_size as u64 * self.options.num_shards
    }

    /// The picks of a batch.
    pub fn picks(&self, place: Place) -> Vec<Pick> {
        let share = self.options.batch_size as u64;
        let first = place.step * self.global() + self.options.shard_id * share;
        let end = match self.options.rest {
            Rest::Keep => (first + share).min(self.picks.positions()),
            Rest::Drop | Rest::Wrap | Rest::Pad => first + share,
        };
        self.picks.at(place.epoch, first..end)
    }

    /// The place after another.
    pub fn after(&self, place: Place) -> Place {
        if place.step + 1 < self.steps() {
            Place { step: place.step + 1, ..place }
        } else {
            Place { epoch: place.epoch + 1, step: 0 }
        }
    }

    /// Batches from one place to another.
    pub fn distance(&self, from: Place, to: Place) -> u64 {
        (to.epoch * self.steps() + to.step).saturating_sub(from.epoch * self.steps() + from.step)
    }
}
