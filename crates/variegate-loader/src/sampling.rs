//! Sampling: which sample stands at each position of an epoch, where some come more often than others.
//!
//! The feed asks [`Picks`] for every slot of a batch. An epoch has `repeats` rounds of as many positions as there are
//! samples. Points are laid evenly over the summed weights, from an offset that a key draws for each epoch, and a round
//! walks through its share of the points in an order of its own. So a sample comes as often as its weight says, rounded
//! down or up, and never by luck; which time it is can be told from the point alone. Drawing each position by itself
//! was not taken: an epoch would miss a third of the samples, and no position would know which time a sample comes.
//!
//! It holds 8 bytes for each sample where weights are given, 16 where classes are balanced, and nothing otherwise.

use std::sync::Arc;

use variegate_picture::key::{below, name};
use variegate_picture::{Address, Error, Result};

use crate::order::Order;
use crate::source::Source;

/// The sum that weights are brought to: parts of 2⁻⁶² are lost to rounding.
const WHOLE: f64 = (1u64 << 62) as f64;

/// How often samples come in an epoch.
#[derive(Clone, Debug)]
pub struct Sampling {
    /// What a sample weighs.
    pub weights: Weights,
    /// Times that the epoch goes through the samples.
    pub repeats: u64,
}

/// What a sample weighs.
#[derive(Clone, Debug)]
pub enum Weights {
    /// The same as any other.
    Equal,
    /// A number of its own, from 0.
    Each(Arc<[f64]>),
    /// So much that each class comes equally often.
    Balanced,
}

impl Default for Sampling {
    fn default() -> Self {
        Self { weights: Weights::Equal, repeats: 1 }
    }
}

/// A sample that fills a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pick {
    /// Its id in the source.
    pub id: u64,
    /// What its draws are addressed by: the id where it comes for the first time in the epoch, and as much more as
    /// there are samples for every further time.
    pub sample: u64,
    /// Whether it only fills up the last batch.
    pub padding: bool,
}

/// The picks of all epochs.
#[derive(Clone, Debug)]
pub struct Picks {
    n: u64,
    repeats: u64,
    seed: u64,
    shuffle: bool,
    weighed: Option<Weighed>,
}

#[derive(Clone, Debug)]
struct Weighed {
    /// The sum of the weights of all places up to and with each.
    sums: Vec<u64>,
    /// The sample of a place, where places are not the samples in order.
    ids: Option<Vec<u64>>,
}

impl Picks {
    /// Weighs the samples of a source.
    ///
    /// # Errors
    ///
    /// When there is not one weight for each, a weight is none, all are 0, or a sample that should be balanced has no
    /// class.
    pub fn new(source: &dyn Source, sampling: &Sampling, seed: u64, shuffle: bool) -> Result<Self> {
        let n = source.len();
        if sampling.repeats == 0 || n.checked_mul(sampling.repeats).is_none_or(|all| all > 1 << 62) {
            return Err(Error::parameter(format!(
                "repeats: expected 1 or more, and an epoch of at most 2⁶² samples; found {} for {n} samples",
                sampling.repeats
            )));
        }
        let weighed = match &sampling.weights {
            Weights::Equal => None,
            Weights::Each(weights) => Some(each(weights, n)?),
            Weights::Balanced => Some(balanced(source)?),
        };
        Ok(Self { n, repeats: sampling.repeats, seed, shuffle, weighed })
    }

    /// Positions of an epoch.
    pub fn positions(&self) -> u64 {
        self.n * self.repeats
    }

    /// A number that changes when an epoch's picks do, seed and source aside; 0 where each sample comes once.
    pub fn fingerprint(&self) -> u64 {
        let add = |hash: u64, number: u64| hash.rotate_left(7).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ number;
        let Some(weighed) = &self.weighed else { return self.repeats - 1 };
        let sums = weighed.sums.iter().fold(add(name("weights"), self.repeats), |hash, sum| add(hash, *sum));
        weighed.ids.iter().flatten().fold(sums, |hash, id| add(hash, *id))
    }

    /// The picks at some positions of an epoch; those from its end on start it over, as padding.
    pub fn at(&self, epoch: u64, positions: std::ops::Range<u64>) -> Vec<Pick> {
        let offset = self.weighed.as_ref().map_or(0, |weighed| {
            let words = Address { seed: self.seed, epoch, sample: 0, place: name("offset of the weights") }.words(0);
            below(words[0], weighed.sums.last().copied().unwrap_or(1))
        });
        let mut round = None;
        let pick = |position: u64| {
            let padding = position >= self.positions();
            let position = position % self.positions().max(1);
            let number = position / self.n.max(1);
            let order = match round {
                Some((known, order)) if known == number => order,
                _ if self.shuffle => Order::of_round(self.n, self.seed, epoch, number),
                _ => Order::listed(self.n),
            };
            round = Some((number, order));
            let point = order.at(position % self.n.max(1)) * self.repeats + number;
            let (id, time) = match &self.weighed {
                Some(weighed) => weighed.at(point, self.positions(), offset),
                None => (point / self.repeats, point % self.repeats),
            };
            Pick { id, sample: id.wrapping_add(time.wrapping_mul(self.n)), padding }
        };
        positions.map(pick).collect()
    }
}

impl Weighed {
    /// The sample under a point of `all`, and how many points before it lie on the same sample.
    fn at(&self, point: u64, all: u64, offset: u64) -> (u64, u64) {
        // Point q lies at (q · whole + offset) / all; compared in whole numbers, so that no machine rounds otherwise.
        let whole = u128::from(self.sums.last().copied().unwrap_or(1));
        let (all, offset) = (u128::from(all), u128::from(offset));
        let lies = (u128::from(point) * whole + offset) / all;
        let place = self.sums.partition_point(|sum| u128::from(*sum) <= lies);
        let before = if place == 0 { 0 } else { u128::from(self.sums[place - 1]) };
        let first = (before * all).saturating_sub(offset).div_ceil(whole);
        let id = self.ids.as_ref().map_or(place as u64, |ids| ids[place]);
        (id, point - first as u64)
    }
}

fn each(weights: &[f64], n: u64) -> Result<Weighed> {
    if weights.len() as u64 != n {
        return Err(Error::parameter(format!(
            "weights: {} given for {n} samples; expected one for each, in the order of the source",
            weights.len()
        )));
    }
    if let Some((id, wrong)) = weights.iter().enumerate().find(|(_, w)| !(w.is_finite() && **w >= 0.0)) {
        return Err(Error::parameter(format!("weights: expected numbers from 0, found {wrong} for sample {id}")));
    }
    let most = weights.iter().copied().fold(0.0, f64::max);
    if most == 0.0 {
        return Err(Error::parameter("weights: all are 0; give some sample a weight above it"));
    }
    Ok(Weighed { sums: sums(weights.iter().map(|weight| weight / most)), ids: None })
}

fn balanced(source: &dyn Source) -> Result<Weighed> {
    let n = source.len();
    let mut sizes = vec![0u64; source.classes()];
    let mut class = |id: u64| match source.label(id) {
        Some(label) => {
            sizes[label as usize] += 1;
            Ok((label, id))
        }
        None => Err(Error::parameter(format!(
            "balanced: {} has no class; label every sample, or give weights",
            source.name(id).display()
        ))),
    };
    // Samples of a class lie side by side, so that each class has its share to within one.
    let mut places = (0..n).map(&mut class).collect::<Result<Vec<_>>>()?;
    places.sort_unstable();
    let sums = sums(places.iter().map(|(label, _)| 1.0 / sizes[*label as usize] as f64));
    let sorted = places.iter().enumerate().all(|(place, (_, id))| place as u64 == *id);
    Ok(Weighed { sums, ids: (!sorted).then(|| places.into_iter().map(|(_, id)| id).collect()) })
}

/// Running sums of weights in whole numbers: sums of reals would depend on what was added before.
fn sums(weights: impl Iterator<Item = f64> + Clone) -> Vec<u64> {
    let whole: f64 = weights.clone().sum();
    let mut sum = 0u64;
    let mut add = |weight: f64| {
        // At least one part, or a sample that weighs little beside the others would never come.
        sum += if weight > 0.0 { ((weight / whole * WHOLE) as u64).max(1) } else { 0 };
        sum
    };
    weights.map(&mut add).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Files;

    fn source(labels: &[u32]) -> Files {
        Files::new("root", labels.iter().enumerate().map(|(k, label)| (format!("{k:04}"), Some(*label))), vec![])
    }

    fn picks(labels: &[u32], weights: Weights, repeats: u64) -> Picks {
        Picks::new(&source(labels), &Sampling { weights, repeats }, 7, true).expect("picks")
    }

    fn counts(picks: &Picks, epoch: u64) -> Vec<u64> {
        let mut counts = vec![0; picks.n as usize];
        picks.at(epoch, 0..picks.positions()).iter().for_each(|pick| counts[pick.id as usize] += 1);
        counts
    }

    /// Each time a sample comes in an epoch has a number of its own, from the first on.
    fn times_are_counted(picks: &Picks, epoch: u64) {
        let mut samples: Vec<u64> = picks.at(epoch, 0..picks.positions()).iter().map(|pick| pick.sample).collect();
        samples.sort_unstable();
        let all = counts(picks, epoch);
        let mut wanted: Vec<u64> =
            (0..picks.n).flat_map(|id| (0..all[id as usize]).map(move |k| id + k * picks.n)).collect();
        wanted.sort_unstable();
        assert_eq!(samples, wanted);
    }

    #[test]
    fn equal_weights_are_no_weights() {
        let labels = vec![0; 37];
        for repeats in [1, 3] {
            let plain = picks(&labels, Weights::Equal, repeats);
            let equal = picks(&labels, Weights::Each(vec![0.3; 37].into()), repeats);
            for epoch in 0..5 {
                assert_eq!(plain.at(epoch, 0..plain.positions()), equal.at(epoch, 0..equal.positions()));
                assert_eq!(counts(&plain, epoch), vec![repeats; 37]);
            }
        }
    }

    #[test]
    fn the_first_round_is_the_epoch_without_repeats() {
        let labels = vec![0; 20];
        let (once, thrice) = (picks(&labels, Weights::Equal, 1), picks(&labels, Weights::Equal, 3));
        let rounds: Vec<Vec<Pick>> = (0..3).map(|k| thrice.at(4, 20 * k..20 * k + 20)).collect();
        assert_eq!(rounds[0], once.at(4, 0..20));
        assert_ne!(
            rounds[1].iter().map(|p| p.id).collect::<Vec<_>>(),
            rounds[0].iter().map(|p| p.id).collect::<Vec<_>>()
        );
        for (k, round) in rounds.iter().enumerate() {
            assert!(round.iter().all(|pick| pick.sample == pick.id + 20 * k as u64), "round {k}");
        }
    }

    #[test]
    fn samples_come_as_often_as_they_weigh() {
        let weights: Vec<f64> = (0..50).map(|k| f64::from(k % 7) * 1.25).collect();
        let whole: f64 = weights.iter().sum();
        for repeats in [1, 4] {
            let picks = picks(&[0; 50], Weights::Each(weights.clone().into()), repeats);
            let mut all = vec![0u64; 50];
            for epoch in 0..400 {
                times_are_counted(&picks, epoch);
                for (id, count) in counts(&picks, epoch).into_iter().enumerate() {
                    let expected = weights[id] / whole * picks.positions() as f64;
                    assert!((count as f64 - expected).abs() < 1.0, "{id}: {count}, not {expected}");
                    all[id] += count;
                }
            }
            // Each epoch rounds by a fair coin of variance ≤ 1/4: five standard deviations of the sum are ≤ 50.
            for (id, count) in all.into_iter().enumerate() {
                let expected = weights[id] / whole * picks.positions() as f64 * 400.0;
                assert!((count as f64 - expected).abs() < 50.0, "{id}: {count}, not {expected}");
            }
        }
    }

    #[test]
    fn classes_come_equally_often() {
        let labels: Vec<u32> = (0..90).map(|k| u32::from(k % 9 == 0) + 2 * u32::from(k % 30 == 7)).collect();
        for repeats in [1, 2, 5] {
            let picks = picks(&labels, Weights::Balanced, repeats);
            for epoch in 0..20 {
                times_are_counted(&picks, epoch);
                let mut classes = [0i64; 3];
                counts(&picks, epoch).iter().zip(&labels).for_each(|(count, c)| classes[*c as usize] += *count as i64);
                assert!(classes.iter().all(|count| (count - 30 * repeats as i64).abs() <= 1), "{classes:?}");
            }
        }
    }

    #[test]
    fn extremes_stay_within_bounds() {
        let weights = [f64::MAX, f64::MIN_POSITIVE, 0.0, f64::MAX];
        let picks = picks(&[0; 4], Weights::Each(weights.to_vec().into()), 1 << 20);
        for start in [0, 1 << 19, picks.positions() - 100] {
            assert!(picks.at(3, start..start + 100).iter().all(|pick| pick.id != 2 && pick.id < 4));
        }
        let padded = picks.at(0, picks.positions() - 1..picks.positions() + 1);
        assert_eq!((padded[0].padding, padded[1].padding), (false, true));
        assert_eq!((padded[1].id, padded[1].sample), (picks.at(0, 0..1)[0].id, picks.at(0, 0..1)[0].sample));
    }

    #[test]
    fn what_cannot_be_weighed_is_refused() {
        let refused = |weights: Weights, repeats: u64| {
            let error = Picks::new(&source(&[0, 1]), &Sampling { weights, repeats }, 7, true).expect_err("refuses");
            error.message().to_string()
        };
        assert!(refused(Weights::Each([1.0].into()), 1).contains("1 given for 2 samples"));
        assert!(refused(Weights::Each([1.0, f64::NAN].into()), 1).contains("found NaN for sample 1"));
        assert!(refused(Weights::Each([1.0, -0.5].into()), 1).contains("found -0.5"));
        assert!(refused(Weights::Each([0.0, 0.0].into()), 1).contains("all are 0"));
        assert!(refused(Weights::Equal, 0).contains("repeats") && refused(Weights::Equal, u64::MAX).contains("2⁶²"));
        let bare = Files::new("root", [("a", Some(0)), ("b", None)], vec![]);
        let error = Picks::new(&bare, &Sampling { weights: Weights::Balanced, repeats: 1 }, 7, true).err();
        assert!(error.expect("refuses").message().contains("has no class"));
    }

    #[test]
    fn fingerprints_know_weights_and_repeats() {
        let of = |weights: Weights, repeats| picks(&[0, 1, 0], weights, repeats).fingerprint();
        let all = [
            of(Weights::Equal, 1),
            of(Weights::Equal, 2),
            of(Weights::Balanced, 1),
            of(Weights::Each([1.0, 2.0, 3.0].into()), 1),
            of(Weights::Each([1.0, 2.0, 3.0].into()), 2),
            of(Weights::Each([1.0, 3.0, 2.0].into()), 1),
        ];
        assert!((0..all.len()).all(|i| (0..i).all(|k| all[i] != all[k])), "{all:?}");
        assert_eq!(of(Weights::Each([1.0, 2.0, 3.0].into()), 1), of(Weights::Each([2.0, 4.0, 6.0].into()), 1));
        assert_eq!(all[0], 0);
    }
}
