//! Samples that are never read, and the ones that take the place of samples which cannot be used.
//!
//! The feed asks `stand_ins` for what may fill a slot, `partners` asks [`Excluded`]. A sample that is
//! excluded is replaced by the same key as a bad one, so that no other sample's bytes depend on the list.

use std::collections::HashSet;
use std::sync::Arc;

use variegate_picture::key::name;
use variegate_picture::{Error, Result};

use crate::bad::substitute;
use crate::sampling::Pick;

/// Keys that are tried for one slot, where most of them choose excluded samples.
pub(crate) const KEYS: usize = 1 << 20;

/// Ids that are never read.
#[derive(Clone, Debug, Default)]
pub struct Excluded(Arc<HashSet<u64>>);

impl Excluded {
    /// The ids given, in any order and number.
    pub fn new(ids: impl IntoIterator<Item = u64>) -> Self {
        Self(Arc::new(ids.into_iter().collect()))
    }

    /// Whether a sample is among them.
    pub fn holds(&self, id: u64) -> bool {
        self.0.contains(&id)
    }

    /// Refuses ids that a source of `n` samples does not have, and a list that leaves none.
    pub fn check(&self, n: u64) -> Result<()> {
        if let Some(wrong) = self.0.iter().filter(|id| **id >= n).min() {
            return Err(Error::parameter(format!("exclude: there is no sample {wrong}; the source has {n}")));
        }
        if self.0.len() as u64 == n {
            return Err(Error::parameter(format!("exclude: all {n} samples are excluded; leave some")));
        }
        Ok(())
    }

    /// A number that changes when the list does, in any order; 0 where it is empty.
    pub fn fingerprint(&self) -> u64 {
        let one = |id: &u64| (id ^ name("excluded")).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(31);
        self.0.iter().fold(0, |sum: u64, id| sum.wrapping_add(one(id).wrapping_mul(0xD6E8_FEB8_6659_FD93)))
    }
}

/// What may fill the slot of a pick of a source of `n` samples, in the order it is tried: the sample itself, then those
/// that a key chooses, without what is excluded.
pub(crate) fn stand_ins(excluded: &Excluded, seed: u64, epoch: u64, pick: Pick, n: u64) -> impl Iterator<Item = Pick> {
    let other = move |k: usize| {
        let id = substitute(seed, epoch, pick.sample, k as u64, n);
        Pick { id, sample: id.wrapping_add(pick.sample - pick.id), ..pick }
    };
    std::iter::once(pick).chain((1..KEYS).map(other)).filter(|pick| !excluded.holds(pick.id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stand_ins_are_those_of_quarantine_without_the_excluded() {
        let pick = Pick { id: 3, sample: 23, padding: false };
        let all: Vec<Pick> = stand_ins(&Excluded::default(), 7, 1, pick, 10).take(40).collect();
        assert_eq!((all[0], all[1].sample), (pick, all[1].id + 20));
        assert!(all[1..].iter().all(|other| other.id != 3 && other.id < 10));
        let excluded = Excluded::new([3, all[1].id]);
        let left: Vec<Pick> = stand_ins(&excluded, 7, 1, pick, 10).take(5).collect();
        let wanted: Vec<Pick> = all.into_iter().filter(|pick| !excluded.holds(pick.id)).take(5).collect();
        assert_eq!(left, wanted);
    }

    #[test]
    fn the_last_sample_left_is_found_and_a_lone_bad_one_ends() {
        let pick = |id| Pick { id, sample: id, padding: false };
        let all_but_one = Excluded::new((0..1000).filter(|id| *id != 400));
        assert!((0..1000).all(|id| stand_ins(&all_but_one, 7, 0, pick(id), 1000).next() == Some(pick(400))));
        assert_eq!(stand_ins(&all_but_one, 7, 0, pick(400), 1000).count(), 1);
    }

    #[test]
    fn lists_are_checked_and_known() {
        assert!(Excluded::new([0, 1]).check(3).is_ok() && Excluded::default().check(1).is_ok());
        assert!(Excluded::new([5, 3]).check(3).expect_err("too great").message().contains("no sample 3"));
        assert!(Excluded::new([0, 1, 1]).check(2).expect_err("none left").message().contains("all 2"));
        assert_eq!(Excluded::new([4, 9]).fingerprint(), Excluded::new([9, 4]).fingerprint());
        assert_ne!(Excluded::new([4, 9]).fingerprint(), Excluded::new([4, 8]).fingerprint());
        assert_eq!(Excluded::default().fingerprint(), 0);
    }
}
