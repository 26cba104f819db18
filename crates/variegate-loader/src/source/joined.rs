//! Several sources as one, each as often as its weight says.
//!
//! Without weights the samples stand one after another. With weights every sample still comes in every epoch, once at
//! least, and those of a source that weighs more than its size come again, evenly: which sample an id stands for is
//! computed, so that epochs, shards and threads agree on it. Nothing is drawn.

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use variegate_io::{Extent, FileBuffer, Limits};
use variegate_picture::{Error, Result};

use super::Source;
use crate::annotations::Annotations;

/// Sources one after another.
pub struct Joined {
    parts: Vec<Part>,
    classes: Vec<String>,
}

struct Part {
    source: Arc<dyn Source>,
    /// The first id behind it.
    end: u64,
    /// How many ids it has: as many as it has samples, or more.
    ids: u64,
    /// New labels by its own; none where they stay.
    labels: Option<Vec<u32>>,
}

impl Joined {
    /// Joins sources; `weights` are the shares of an epoch, in any unit.
    ///
    /// Classes are one where their names are; labels follow. Sources that name their classes do not go with labelled
    /// ones that do not.
    pub fn new(sources: Vec<Arc<dyn Source>>, weights: Option<&[f64]>) -> Result<Self> {
        if let Some(k) = sources.iter().position(|source| source.is_empty()) {
            return Err(Error::input(format!("source {k} of {} has no samples; leave it out", sources.len())));
        }
        let counts = counts(&sources.iter().map(|source| source.len()).collect::<Vec<_>>(), weights)?;
        let (classes, labels) = united(&sources)?;
        check_annotations(&sources, &labels)?;
        let mut end = 0u64;
        let mut parts = Vec::with_capacity(sources.len());
        for ((source, ids), labels) in sources.into_iter().zip(counts).zip(labels) {
            end =
                end.checked_add(ids).ok_or_else(|| Error::limit("the sources together have more than 2⁶⁴ samples"))?;
            parts.push(Part { source, end, ids, labels });
        }
        Ok(Self { parts, classes })
    }

    /// The part of an id, and the id there.
    fn find(&self, id: u64) -> Option<(&Part, u64)> {
        let part = self.parts.get(self.parts.partition_point(|part| part.end <= id))?;
        let within = id - (part.end - part.ids);
        let own = u128::from(within) * u128::from(part.source.len()) / u128::from(part.ids);
        Some((part, own as u64))
    }

    fn found(&self, id: u64) -> Result<(&Part, u64)> {
        self.find(id).ok_or_else(|| Error::parameter(format!("there is no sample {id}; the source has {}", self.len())))
    }
}

impl Source for Joined {
    fn len(&self) -> u64 {
        self.parts.last().map_or(0, |part| part.end)
    }

    fn read(&self, id: u64, limits: &Limits) -> Result<Vec<u8>> {
        let (part, own) = self.found(id)?;
        part.source.read(own, limits)
    }

    fn read_into<'b>(&self, id: u64, limits: &Limits, buffer: &'b mut FileBuffer) -> Result<&'b [u8]> {
        let (part, own) = self.found(id)?;
        part.source.read_into(own, limits, buffer)
    }

    fn foresight(&self) -> usize {
        self.parts.iter().map(|part| part.source.foresight()).max().unwrap_or(0)
    }

    fn expect(&self, id: u64, limits: &Limits) {
        if let Ok((part, own)) = self.found(id) {
            part.source.expect(own, limits);
        }
    }

    fn extent(&self, id: u64) -> Result<Option<Extent<'_>>> {
        let (part, own) = self.found(id)?;
        part.source.extent(own)
    }

    fn label(&self, id: u64) -> Option<u32> {
        let (part, own) = self.find(id)?;
        let label = part.source.label(own)?;
        part.labels.as_ref().map_or(Some(label), |labels| labels.get(label as usize).copied())
    }

    fn class_names(&self) -> &[String] {
        &self.classes
    }

    fn annotations(&self, id: u64) -> Result<Cow<'_, Annotations>> {
        let (part, own) = self.found(id)?;
        let mut annotations = part.source.annotations(own)?;
        if let Some(labels) = &part.labels
            && annotations.boxes.is_some()
        {
            for labelled in annotations.to_mut().boxes.iter_mut().flatten() {
                labelled.label = labels.get(labelled.label as usize).map_or(labelled.label, |label| *label as i32);
            }
        }
        Ok(annotations)
    }

    fn name(&self, id: u64) -> PathBuf {
        self.find(id).map_or_else(PathBuf::new, |(part, own)| part.source.name(own))
    }

    fn mark(&self, id: u64) -> u64 {
        self.find(id).map_or(0, |(part, own)| part.source.mark(own))
    }
}

/// Refuses sources of which some know what others do not, and masks whose values would have to change.
fn check_annotations(sources: &[Arc<dyn Source>], labels: &[Option<Vec<u32>>]) -> Result<()> {
    let mut kinds = None;
    for (k, (source, labels)) in sources.iter().zip(labels).enumerate() {
        let annotations = source.annotations(0)?;
        if *kinds.get_or_insert(annotations.kinds()) != annotations.kinds() {
            return Err(Error::parameter(format!(
                "source {k} knows other things of its pictures than those before it (boxes, points, masks); join sources \
                 that know the same"
            )));
        }
        let moves = |labels: &Vec<u32>| labels.iter().zip(0..).any(|(new, old)| *new != old);
        if annotations.mask.is_some() && !annotations.mask_of_boxes && labels.as_ref().is_some_and(moves) {
            return Err(Error::parameter(format!(
                "source {k} numbers its classes otherwise than those before it, and its masks hold the numbers; give all \
                 sources the same classes"
            )));
        }
    }
    Ok(())
}

/// How many ids each source gets: the fewest with which none is left without one of its samples.
fn counts(lengths: &[u64], weights: Option<&[f64]>) -> Result<Vec<u64>> {
    let Some(weights) = weights else { return Ok(lengths.to_vec()) };
    if weights.len() != lengths.len() {
        return Err(Error::parameter(format!(
            "weights: expected {}, one for each source, found {}",
            lengths.len(),
            weights.len()
        )));
    }
    if let Some(wrong) = weights.iter().find(|weight| !(**weight > 0.0 && weight.is_finite())) {
        return Err(Error::parameter(format!("weights: expected numbers above 0, found {wrong}")));
    }
    let unit = lengths.iter().zip(weights).map(|(n, weight)| *n as f64 / weight).fold(0.0, f64::max);
    let ids = |(n, weight): (&u64, &f64)| {
        let ids = (unit * weight).round();
        // A weight that is next to nothing beside another would make an epoch without end.
        if ids > n.saturating_mul(1_000_000) as f64 {
            return Err(Error::parameter(format!(
                "weights: {weight} would bring each of {n} samples more than a million times an epoch; lower it"
            )));
        }
        Ok((ids as u64).max(*n))
    };
    lengths.iter().zip(weights).map(ids).collect()
}

/// The classes of all sources, and for each source the new label of each old one.
fn united<'s>(sources: &'s [Arc<dyn Source>]) -> Result<(Vec<String>, Vec<Option<Vec<u32>>>)> {
    let first = sources.first().map_or(&[][..], |source| source.class_names());
    if sources.iter().all(|source| source.class_names() == first) {
        return Ok((first.to_vec(), vec![None; sources.len()]));
    }
    let mut classes: Vec<String> = Vec::new();
    let mut numbers: HashMap<&String, u32> = HashMap::new();
    let mut labels = Vec::with_capacity(sources.len());
    for (k, source) in sources.iter().enumerate() {
        if source.class_names().is_empty() && source.classes() > 0 {
            return Err(Error::parameter(format!(
                "source {k} has labels without names of classes, others have names; relabel it with the names of its classes"
            )));
        }
        let number = |name: &'s String| {
            *numbers.entry(name).or_insert_with(|| {
                classes.push(name.clone());
                classes.len() as u32 - 1
            })
        };
        labels.push(Some(source.class_names().iter().map(number).collect()));
    }
    Ok((classes, labels))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Files;

    fn source(names: &[(&str, u32)], classes: &[&str]) -> Arc<dyn Source> {
        let entries = names.iter().map(|(name, label)| (*name, Some(*label)));
        Arc::new(Files::new("", entries, classes.iter().map(ToString::to_string).collect()))
    }

    fn list(joined: &Joined) -> Vec<(String, Option<u32>)> {
        (0..joined.len()).map(|id| (joined.name(id).display().to_string(), joined.label(id))).collect()
    }

    #[test]
    fn samples_stand_one_after_another_and_classes_are_one_by_name() {
        let sources =
            vec![source(&[("a", 0), ("b", 1)], &["ant", "bee"]), source(&[("c", 0), ("d", 1)], &["bee", "cat"])];
        let joined = Joined::new(sources, None).expect("joins");
        assert_eq!(joined.class_names(), ["ant", "bee", "cat"]);
        let wanted = [("a", 0), ("b", 1), ("c", 1), ("d", 2)].map(|(name, label)| (name.to_string(), Some(label)));
        assert_eq!(list(&joined), wanted);
        assert_eq!((joined.name(4), joined.label(4), joined.mark(4)), (PathBuf::new(), None, 0));
        assert!(joined.read(4, &Limits::default()).expect_err("none").message().contains("no sample 4"));
    }

    #[test]
    fn weights_are_shares_and_nothing_is_left_out() {
        let few = || source(&[("a", 0), ("b", 0)], &["x"]);
        let many = || source(&[("c", 0), ("d", 0), ("e", 0), ("f", 0), ("g", 0), ("h", 0)], &["x"]);
        let names = |joined: &Joined| list(joined).into_iter().map(|(name, _)| name).collect::<String>();
        assert_eq!(names(&Joined::new(vec![few(), many()], Some(&[1.0, 1.0])).expect("joins")), "aaabbbcdefgh");
        assert_eq!(names(&Joined::new(vec![few(), many()], Some(&[2.0, 6.0])).expect("joins")), "abcdefgh");
        // Five of the one for six of the other: the extra ones are spread.
        assert_eq!(names(&Joined::new(vec![few(), many()], Some(&[5.0, 6.0])).expect("joins")), "aaabbcdefgh");
        for wrong in [&[1.0][..], &[1.0, 0.0], &[1.0, f64::NAN], &[1e9, 1e-9]] {
            assert!(Joined::new(vec![few(), many()], Some(wrong)).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn what_cannot_be_one_is_refused() {
        let named = source(&[("a", 0)], &["ant"]);
        let numbered = source(&[("b", 0)], &[]);
        assert!(Joined::new(vec![named.clone(), numbered], None).is_err());
        assert!(Joined::new(vec![named.clone(), source(&[], &[])], None).is_err());
        let unlabelled: Arc<dyn Source> = Arc::new(Files::new("", [("c", None)], vec![]));
        assert_eq!(Joined::new(vec![named, unlabelled], None).expect("joins").label(1), None);
    }
}
