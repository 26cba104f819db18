//! Some samples of a source, in an order of their own, and with labels of their own where they are given.
//!
//! Selections, splits, filters and relabelled sources are this. Positions are held, samples never.

use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::Arc;

use variegate_io::{Extent, FileBuffer, Limits};
use variegate_picture::{Error, Result};

use super::Source;
use crate::annotations::Annotations;

/// Samples chosen from a source.
pub struct Chosen {
    of: Arc<dyn Source>,
    /// Ids of the source by position; none for all of them.
    ids: Option<Vec<u64>>,
    /// Labels and names of classes in place of the source's.
    labels: Option<(Vec<u32>, Vec<String>)>,
}

impl Chosen {
    /// Those of the given ids, in that order.
    pub fn select(of: Arc<dyn Source>, ids: Vec<u64>) -> Result<Self> {
        let n = of.len();
        match ids.iter().find(|id| **id >= n) {
            Some(wrong) => Err(Error::parameter(format!("there is no sample {wrong}; the source has {n}"))),
            None => Ok(Self { of, ids: Some(ids), labels: None }),
        }
    }

    /// All but the last `share` of a seeded shuffle, and that share; both in the order of the source.
    pub fn split(of: &Arc<dyn Source>, share: f64, seed: u64) -> Result<(Self, Self)> {
        let (first, last) = shares(of.len(), share, seed)?;
        Ok((Self::select(of.clone(), first)?, Self::select(of.clone(), last)?))
    }

    /// All samples with other labels, one for each, and names of the classes.
    pub fn relabel(of: Arc<dyn Source>, labels: Vec<u32>, classes: Vec<String>) -> Result<Self> {
        if labels.len() as u64 != of.len() {
            return Err(Error::parameter(format!(
                "{} labels given for {} samples; expected one for each, in the order of their names",
                labels.len(),
                of.len()
            )));
        }
        if let Some(wrong) = labels.iter().find(|label| !classes.is_empty() && **label as usize >= classes.len()) {
            return Err(Error::parameter(format!("label {wrong} has no name; {} names were given", classes.len())));
        }
        Ok(Self { of, ids: None, labels: Some((labels, classes)) })
    }

    /// The source's id of a position; one that it does not have beyond the last.
    fn id(&self, position: u64) -> u64 {
        match &self.ids {
            Some(ids) => ids.get(position as usize).copied().unwrap_or(u64::MAX),
            None => position,
        }
    }
}

impl Source for Chosen {
    fn len(&self) -> u64 {
        self.ids.as_ref().map_or_else(|| self.of.len(), |ids| ids.len() as u64)
    }

    fn read(&self, id: u64, limits: &Limits) -> Result<Vec<u8>> {
        self.of.read(self.id(id), limits)
    }

    fn read_into<'b>(&self, id: u64, limits: &Limits, buffer: &'b mut FileBuffer) -> Result<&'b [u8]> {
        self.of.read_into(self.id(id), limits, buffer)
    }

    fn foresight(&self) -> usize {
        self.of.foresight()
    }

    fn expect(&self, id: u64, limits: &Limits) {
        self.of.expect(self.id(id), limits);
    }

    fn extent(&self, id: u64) -> Result<Option<Extent<'_>>> {
        self.of.extent(self.id(id))
    }

    fn label(&self, id: u64) -> Option<u32> {
        match &self.labels {
            Some((labels, _)) => labels.get(id as usize).copied(),
            None => self.of.label(self.id(id)),
        }
    }

    fn class_names(&self) -> &[String] {
        self.labels.as_ref().map_or_else(|| self.of.class_names(), |(_, classes)| classes)
    }

    fn annotations(&self, id: u64) -> Result<Cow<'_, Annotations>> {
        self.of.annotations(self.id(id))
    }

    fn name(&self, id: u64) -> PathBuf {
        self.of.name(self.id(id))
    }

    fn mark(&self, id: u64) -> u64 {
        self.of.mark(self.id(id))
    }
}

/// The ids of 0…n−1 in two lists, each in order: all but the last `share` of a seeded shuffle, and that share.
fn shares(n: u64, share: f64, seed: u64) -> Result<(Vec<u64>, Vec<u64>)> {
    if !(share > 0.0 && share < 1.0) {
        return Err(Error::parameter(format!("split: expected a share between 0 and 1, found {share}")));
    }
    let order = crate::Order::shuffled(n, seed, 0);
    let mut first: Vec<u64> = (0..n).map(|position| order.at(position)).collect();
    let mut last = first.split_off((n - (n as f64 * share) as u64) as usize);
    first.sort_unstable();
    last.sort_unstable();
    Ok((first, last))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Files;

    fn letters() -> Arc<dyn Source> {
        let entries = ["a", "b", "c", "d", "e"].iter().enumerate().map(|(k, name)| (*name, Some(k as u32 % 2)));
        Arc::new(Files::new("root", entries, vec!["even".into(), "odd".into()]))
    }

    fn names(source: &dyn Source) -> Vec<String> {
        (0..source.len())
            .map(|id| source.name(id).file_name().map_or_else(String::new, |n| n.to_string_lossy().into()))
            .collect()
    }

    #[test]
    fn positions_over_positions_are_those_of_the_source() {
        let some: Arc<dyn Source> = Arc::new(Chosen::select(letters(), vec![4, 1, 1, 2]).expect("selects"));
        assert_eq!(names(&*some), ["e", "b", "b", "c"]);
        assert_eq!((0..4).map(|id| some.label(id)).collect::<Vec<_>>(), [Some(0), Some(1), Some(1), Some(0)]);
        let fewer = Chosen::select(some.clone(), vec![3, 0]).expect("selects");
        assert_eq!((names(&fewer), fewer.class_names()), (vec!["c".into(), "e".into()], letters().class_names()));
        assert_eq!(
            fewer.fingerprint(),
            Files::new("elsewhere", [("c", Some(0)), ("e", Some(0))], vec![]).fingerprint()
        );
        let error = Chosen::select(some, vec![4]).err().expect("four is too many");
        assert!(error.message().contains("no sample 4"), "{error}");
    }

    #[test]
    fn labels_given_go_before_those_of_the_source() {
        let all = Chosen::relabel(letters(), vec![2, 2, 0, 0, 1], ["x", "y", "z"].map(String::from).into())
            .expect("relabels");
        assert_eq!((all.label(0), all.label(4), all.label(5), all.classes()), (Some(2), Some(1), None, 3));
        assert_ne!(all.fingerprint(), letters().fingerprint());
        assert!(Chosen::relabel(letters(), vec![0], vec![]).is_err());
        assert!(Chosen::relabel(letters(), vec![0, 1, 2, 0, 0], vec!["x".into()]).is_err());
    }

    #[test]
    fn a_split_shares_all_samples_out() {
        let (first, last) = Chosen::split(&letters(), 0.4, 3).expect("splits");
        assert_eq!((first.len(), last.len()), (3, 2));
        let mut all = [names(&first), names(&last)].concat();
        all.sort();
        assert_eq!(all, names(&*letters()));
        assert!(Chosen::split(&letters(), f64::NAN, 3).is_err() && Chosen::split(&letters(), 1.0, 3).is_err());
    }
}
