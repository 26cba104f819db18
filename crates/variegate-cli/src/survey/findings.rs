//! What the facts of a data set come to: counts, spreads, and the cases a person should look at.
//!
//! `inspect` makes them once; tables, JSON and the page are three ways to print them. Nothing here reads a file.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value as Json, json};
use variegate::loader::Source;

use super::alike::{equal, near};
use super::facts::{Facts, Seen, bits};
use super::labels::Trouble;
use crate::subject::{Subject, below};

/// Sides below this are told: most networks see nothing in so few pixels.
const TINY: usize = 32;

/// Aspect ratios beyond this are told.
const LONG: f64 = 4.0;

/// A kind of sample that less than one in this many has is told.
const RARE: usize = 20;

/// Bounds of the bins of longer sides, in pixels.
const SIDES: [usize; 9] = [32, 64, 128, 256, 512, 1024, 2048, 4096, 8192];

/// Bounds of the bins of width divided by height.
const SHAPES: [f64; 9] = [0.25, 0.5, 0.67, 0.8, 0.95, 1.05, 1.25, 2.0, 4.0];

/// A count of each name.
pub type Counts = Vec<(String, u64)>;

/// A file to look at, and why.
pub struct Case {
    /// The sample.
    pub id: u64,
    /// Its path below SRC.
    pub path: String,
    /// Why.
    pub reason: String,
}

/// The least, the middle and the greatest.
#[derive(Clone, Copy, Default)]
pub struct Spread {
    pub least: u64,
    pub median: u64,
    pub most: u64,
}

/// What the facts come to.
pub struct Findings {
    pub source: String,
    pub layout: &'static str,
    pub files: u64,
    /// Files whose extension is not a picture's.
    pub skipped: usize,
    pub bytes: u64,
    pub good: u64,
    pub heights: Spread,
    pub widths: Spread,
    pub lengths: Spread,
    pub formats: Counts,
    pub channels: Counts,
    pub depths: Counts,
    pub orientations: Counts,
    pub sides: Counts,
    pub shapes: Counts,
    /// What `classes` counts: `files` or `boxes`.
    pub counted: &'static str,
    pub classes: Counts,
    pub missing: Vec<Case>,
    pub broken: Vec<Case>,
    pub odd: Vec<Case>,
    pub equal: Vec<Vec<(u64, String)>>,
    pub near: Vec<Vec<(u64, String)>>,
    /// Groups of equal or near files that are not all of one class.
    pub conflicts: Vec<Vec<String>>,
    pub troubles: Vec<(Trouble, String, String)>,
}

impl Findings {
    /// What the facts of a subject come to; pictures within `distance` bits look alike.
    pub fn of(src: &Path, subject: &Subject, facts: &[Facts], distance: u32) -> Self {
        let source = &*subject.source;
        let path = |id: u64| below(src, &source.name(id));
        let seen: Vec<(u64, &Seen)> =
            facts.iter().filter_map(|f| f.seen.as_ref().ok().map(|seen| (f.id, seen))).collect();
        let uprights: Vec<_> = seen.iter().map(|(_, seen)| seen.header.upright()).collect();
        let failed = |missing: bool| {
            let of = |f: &Facts| {
                let error = f.seen.as_ref().err().filter(|_| f.missing == missing)?;
                Some(Case { id: f.id, path: path(f.id), reason: error.message().to_string() })
            };
            facts.iter().filter_map(of).collect::<Vec<_>>()
        };
        let contents: Vec<(u64, u128)> = facts.iter().filter_map(|f| Some((f.id, f.content?))).collect();
        let same = equal(&contents);
        // One of each group of equal files stands for them among those that look alike.
        let again: std::collections::HashSet<u64> = same.iter().flat_map(|group| group[1..].iter().copied()).collect();
        let looks: Vec<(u64, u128)> = seen
            .iter()
            .filter(|(id, _)| !again.contains(id))
            .filter_map(|(id, seen)| Some((*id, seen.look?)))
            .collect();
        let alike = near(&looks, distance);
        let classes_of = |group: &&Vec<u64>| {
            let mut labels: Vec<_> = group.iter().filter_map(|id| source.label(*id)).collect();
            labels.sort_unstable();
            labels.dedup();
            labels.len() > 1
        };
        let conflicts = same
            .iter()
            .chain(&alike)
            .filter(classes_of)
            .map(|group| group.iter().map(|id| path(*id)).collect())
            .collect();
        let named = |groups: Vec<Vec<u64>>| {
            groups.into_iter().map(|group| group.into_iter().map(|id| (id, path(id))).collect()).collect()
        };
        let (counted, classes) = classes(source);
        Self {
            source: src.display().to_string(),
            layout: subject.arrangement.name(),
            files: facts.len() as u64,
            skipped: subject.skipped,
            bytes: facts.iter().map(|f| f.bytes).sum(),
            good: seen.len() as u64,
            heights: spread(uprights.iter().map(|size| size.height as u64)),
            widths: spread(uprights.iter().map(|size| size.width as u64)),
            lengths: spread(facts.iter().filter(|f| f.seen.is_ok()).map(|f| f.bytes)),
            formats: counts(seen.iter().map(|(_, seen)| seen.header.format.name().to_string())),
            channels: counts(seen.iter().map(|(_, seen)| channels(seen))),
            depths: counts(seen.iter().map(|(_, seen)| format!("{} bits", bits(seen.header.dtype)))),
            orientations: counts(seen.iter().map(|(_, seen)| seen.header.orientation.number().to_string())),
            sides: binned(
                uprights.iter().map(|size| size.height.max(size.width) as f64),
                &SIDES.map(|side| side as f64),
            ),
            shapes: binned(uprights.iter().map(|size| size.width as f64 / size.height as f64), &SHAPES),
            counted,
            classes,
            missing: failed(true),
            broken: failed(false),
            odd: odd(&seen, &path),
            equal: named(same),
            near: named(alike),
            conflicts,
            troubles: troubles(src, subject, facts, &path),
        }
    }

    /// Whether a person should look.
    pub fn is_clean(&self) -> bool {
        self.missing.is_empty() && self.broken.is_empty() && self.troubles.is_empty() && self.conflicts.is_empty()
    }

    /// How often each kind of label trouble is there.
    pub fn trouble_counts(&self) -> impl Iterator<Item = (Trouble, u64)> {
        let count = |kind: Trouble| self.troubles.iter().filter(|(k, ..)| *k == kind).count() as u64;
        Trouble::ALL.into_iter().map(move |kind| (kind, count(kind))).filter(|(_, n)| *n > 0)
    }

    /// For programs; every list in full.
    pub fn to_json(&self) -> Json {
        let map = |counts: &Counts| Json::Object(counts.iter().map(|(name, n)| (name.clone(), json!(n))).collect());
        let range = |s: Spread| json!({ "min": s.least, "median": s.median, "max": s.most });
        let cases = |cases: &[Case]| {
            cases.iter().map(|case| json!({ "path": case.path, "reason": case.reason })).collect::<Vec<_>>()
        };
        let groups = |groups: &[Vec<(u64, String)>]| {
            Json::Array(groups.iter().map(|group| group.iter().map(|(_, path)| json!(path)).collect()).collect())
        };
        let troubles = self
            .troubles
            .iter()
            .map(|(kind, path, message)| json!({ "kind": kind.key(), "path": path, "message": message }));
        json!({
            "source": self.source,
            "layout": self.layout,
            "files": self.files,
            "skipped": self.skipped,
            "bytes": self.bytes,
            "decoded": self.good,
            "height": range(self.heights),
            "width": range(self.widths),
            "file_bytes": range(self.lengths),
            "formats": map(&self.formats),
            "channels": map(&self.channels),
            "depths": map(&self.depths),
            "orientations": map(&self.orientations),
            "longer_side": map(&self.sides),
            "aspect_ratio": map(&self.shapes),
            "classes": { "counted": self.counted, "counts": map(&self.classes) },
            "missing": cases(&self.missing),
            "broken": cases(&self.broken),
            "odd": cases(&self.odd),
            "duplicates": groups(&self.equal),
            "near_duplicates": groups(&self.near),
            "class_conflicts": self.conflicts,
            "label_problems": troubles.collect::<Vec<_>>(),
        })
    }
}

fn channels(seen: &Seen) -> String {
    match seen.header.channels {
        _ if seen.header.indexed => "palette".into(),
        1 => "grey".into(),
        2 => "grey and alpha".into(),
        3 => "RGB".into(),
        4 => "RGB and alpha".into(),
        n => format!("{n} channels"),
    }
}

/// Counts, the most frequent first, equal ones by name.
fn counts(names: impl Iterator<Item = String>) -> Counts {
    let mut of: BTreeMap<String, u64> = BTreeMap::new();
    names.for_each(|name| *of.entry(name).or_default() += 1);
    let mut counts: Counts = of.into_iter().collect();
    counts.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    counts
}

fn spread(values: impl Iterator<Item = u64>) -> Spread {
    let mut values: Vec<u64> = values.collect();
    values.sort_unstable();
    match values.as_slice() {
        [] => Spread::default(),
        all => Spread { least: all[0], median: all[all.len() / 2], most: all[all.len() - 1] },
    }
}

/// Counts between bounds, empty bins at both ends left out.
fn binned(values: impl Iterator<Item = f64>, bounds: &[f64]) -> Counts {
    let mut of = vec![0; bounds.len() + 1];
    values.for_each(|value| of[bounds.iter().take_while(|bound| value >= **bound).count()] += 1);
    let name = |k: usize| match (k.checked_sub(1).map(|k| bounds[k]), bounds.get(k)) {
        (Some(low), Some(high)) => format!("{low}–{high}"),
        (None, Some(high)) => format!("< {high}"),
        (Some(low), None) => format!("≥ {low}"),
        (None, None) => String::new(),
    };
    let first = of.iter().position(|n| *n > 0).unwrap_or(0);
    let last = of.iter().rposition(|n| *n > 0).map_or(0, |k| k + 1);
    (first..last).map(|k| (name(k), of[k])).collect()
}

/// What classes are counted by, and how often each is there; classes that are never there, too.
fn classes(source: &dyn Source) -> (&'static str, Counts) {
    let mut of: BTreeMap<i64, u64> = (0..source.class_names().len() as i64).map(|label| (label, 0)).collect();
    let mut boxed = false;
    for id in 0..source.len() {
        if let Some(label) = source.label(id) {
            *of.entry(i64::from(label)).or_default() += 1;
        }
        if let Ok(annotations) = source.annotations(id)
            && let Some(boxes) = &annotations.boxes
        {
            boxed = true;
            boxes.iter().for_each(|one| *of.entry(i64::from(one.label)).or_default() += 1);
        }
    }
    let name = |label: i64| {
        let names = source.class_names();
        usize::try_from(label).ok().and_then(|k| names.get(k).cloned()).unwrap_or_else(|| label.to_string())
    };
    (if boxed { "boxes" } else { "files" }, of.into_iter().map(|(label, n)| (name(label), n)).collect())
}

/// Pictures that decode and are unlike what a data set usually holds, or unlike the rest of this one.
fn odd(seen: &[(u64, &Seen)], path: &dyn Fn(u64) -> String) -> Vec<Case> {
    let of_kind = counts(seen.iter().map(|(_, seen)| channels(seen)));
    let of_depth = counts(seen.iter().map(|(_, seen)| bits(seen.header.dtype).to_string()));
    let is_rare = |counts: &Counts, name: &str| {
        counts.iter().any(|(other, n)| other == name && (*n as usize) * RARE < seen.len())
    };
    let mut cases = Vec::new();
    for (id, seen) in seen {
        let size = seen.header.upright();
        let mut reasons = Vec::new();
        if seen.misnamed {
            reasons.push(format!("it holds {}, whatever its name says", seen.header.format.name()));
        }
        let ratio = size.width.max(size.height) as f64 / size.width.min(size.height) as f64;
        if size.height.min(size.width) < TINY {
            reasons.push(format!("only {size} pixels (height × width)"));
        }
        if ratio > LONG {
            reasons.push(format!("one side is {ratio:.1} times the other"));
        }
        if seen.look.is_none() {
            reasons.push("all but blank".into());
        }
        let (kind, depth) = (channels(seen), bits(seen.header.dtype).to_string());
        if is_rare(&of_kind, &kind) {
            reasons.push(format!("{kind}, as few others"));
        }
        if is_rare(&of_depth, &depth) {
            reasons.push(format!("{depth} bits, as few others"));
        }
        if !reasons.is_empty() {
            cases.push(Case { id: *id, path: path(*id), reason: reasons.join("; ") });
        }
    }
    cases
}

/// Troubles with labels: what the reader told, listed pictures that are missing, and what the survey saw.
fn troubles(
    src: &Path,
    subject: &Subject,
    facts: &[Facts],
    path: &dyn Fn(u64) -> String,
) -> Vec<(Trouble, String, String)> {
    let told = subject.problems.iter().map(|problem| {
        let place = problem.path().map_or_else(String::new, |path| below(src, path));
        (Trouble::told(problem), place, problem.message().to_string())
    });
    let missing = facts
        .iter()
        .filter(|f| f.missing)
        .map(|f| (Trouble::MissingPicture, path(f.id), "the picture is listed, but there is no such file".to_string()));
    let seen = facts.iter().flat_map(|f| f.troubles.iter().map(|(kind, text)| (*kind, path(f.id), text.clone())));
    let mut all: Vec<_> = told.chain(missing).chain(seen).collect();
    all.sort();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_hold_their_lower_bound_and_empty_ends_are_left_out() {
        let counts = binned([32.0, 63.0, 64.0, 600.0].into_iter(), &[32.0, 64.0, 128.0, 512.0, 1024.0]);
        let wanted = [("32–64", 2), ("64–128", 1), ("128–512", 0), ("512–1024", 1)];
        assert_eq!(counts, wanted.map(|(name, n)| (name.to_string(), n)));
        assert_eq!(binned([5.0].into_iter(), &[32.0]), [("< 32".to_string(), 1)]);
    }
}
