//! Reads what other libraries call a pipeline, and writes ours.
//!
//! [`migrate`] takes the library's own plain data (what Albumentations serialises, a torchvision or Keras object as its
//! class and attributes) and gives a pipeline document, what differs, and what has no counterpart.
//! The Python package, the
//! command line and the pages of `docs/migration` ask it. Each library is a table with a line for every name it has, so
//! that a page cannot say other than what is read. It must never import or run anything foreign, and never leave a
//! parameter unread without saying so.

mod albumentations;
mod entry;
mod generator;
mod given;
mod keras;
mod torchvision;
mod walk;
mod words;

use std::fmt;

use serde_json::{Map, Value as Json, json};
use variegate_ops::Pipeline;
use variegate_picture::error::nearest;
use variegate_picture::{Error, Result};

pub use entry::Entry;
pub use given::{Refusal, Remark};

/// Whose pipeline is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Library {
    /// Albumentations 2.0.8: what `A.to_dict` writes.
    Albumentations,
    /// torchvision's `transforms` and `transforms.v2`: `{"class": name, "attributes": {…}}`.
    Torchvision,
    /// Keras's image layers: a list of `{"class_name": name, "config": {…}}`.
    Keras,
    /// The arguments of Keras's legacy `ImageDataGenerator`, as one mapping.
    Generator,
}

impl Library {
    /// Every library, with the word that names it.
    pub const NAMES: &'static [(&'static str, Library)] = &[
        ("albumentations", Library::Albumentations),
        ("torchvision", Library::Torchvision),
        ("keras", Library::Keras),
        ("imagedatagenerator", Library::Generator),
    ];

    /// The library of a word, or an error that lists them.
    pub fn parse(word: &str) -> Result<Self> {
        let words = || Self::NAMES.iter().map(|(name, _)| *name);
        Self::NAMES.iter().find(|(name, _)| *name == word).map(|(_, library)| *library).ok_or_else(|| {
            let mend = nearest(word, words()).map_or_else(
                || format!("expected one of {}", words().collect::<Vec<_>>().join(", ")),
                |n| format!("did you mean {n:?}?"),
            );
            Error::parameter(format!("there is no library {word:?} to migrate from; {mend}"))
        })
    }

    /// The word that names it.
    pub fn word(self) -> &'static str {
        Self::NAMES.iter().find(|(_, library)| *library == self).map_or("?", |(name, _)| name)
    }

    /// The name people write.
    pub fn title(self) -> &'static str {
        match self {
            Library::Albumentations => "Albumentations",
            Library::Torchvision => "torchvision",
            Library::Keras => "Keras",
            Library::Generator => "ImageDataGenerator",
        }
    }

    /// Every name of the library that is known here, by family: what is read, and what has no counterpart.
    pub fn table(self) -> Vec<(&'static str, &'static [Entry])> {
        match self {
            Library::Albumentations => albumentations::TABLE.to_vec(),
            Library::Torchvision => torchvision::TABLE.to_vec(),
            Library::Keras => keras::TABLE.to_vec(),
            Library::Generator => generator::TABLE.to_vec(),
        }
    }

    /// The lists and choices of the library, which are read too: each name and our word for it.
    pub fn groups(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Library::Albumentations => albumentations::GROUPS,
            Library::Torchvision => torchvision::GROUPS,
            Library::Keras => keras::GROUPS,
            Library::Generator => &[],
        }
    }

    /// The line of a name.
    pub(crate) fn find(self, name: &str) -> Option<&'static Entry> {
        self.table().into_iter().flat_map(|(_, list)| list).find(|entry| entry.name == name)
    }
}

/// What a foreign pipeline became.
#[derive(Clone, Debug)]
pub struct Migrated {
    /// Our pipeline as a file holds it, without what was refused.
    pub document: Json,
    /// What differs.
    pub remarks: Vec<Remark>,
    /// What has no counterpart.
    pub refusals: Vec<Refusal>,
}

impl Migrated {
    /// The pipeline, or an error that names everything that was refused.
    pub fn pipeline(&self) -> Result<Pipeline> {
        match self.refused() {
            Some(text) => Err(Error::parameter(text)),
            None => self.rest(),
        }
    }

    /// The pipeline without what was refused.
    pub fn rest(&self) -> Result<Pipeline> {
        Pipeline::from_yaml(&self.document.to_string(), None)
    }

    /// Everything that was refused, a line for each; none where everything was read.
    pub fn refused(&self) -> Option<String> {
        listed("without a counterpart here", &self.refusals)
    }

    /// Everything that differs, a line for each; none where nothing does.
    pub fn remarked(&self) -> Option<String> {
        listed("read with a difference", &self.remarks)
    }

    /// The whole answer as data.
    pub fn to_json(&self) -> Json {
        json!({
            "document": self.document,
            "remarks": self.remarks.iter().map(Remark::to_json).collect::<Vec<_>>(),
            "refusals": self.refusals.iter().map(Refusal::to_json).collect::<Vec<_>>(),
            "remarked": self.remarked(),
            "refused": self.refused(),
        })
    }
}

fn listed(what: &str, lines: &[impl fmt::Display]) -> Option<String> {
    let (n, s) = (lines.len(), if lines.len() == 1 { "" } else { "s" });
    let text: String = lines.iter().map(|line| format!("\n  {line}")).collect();
    (n > 0).then(|| format!("{n} part{s} of the pipeline {} {what}:{text}", if n == 1 { "is" } else { "are" }))
}

/// Reads a foreign pipeline.
///
/// `size` is the height and width in pixels of the pictures that will come, where it is known: lengths that the other
/// library counts in pixels are fractions of the shorter side here. A resizing or a crop in the pipeline makes it
/// known from there on.
///
/// # Errors
///
/// Where the data is not such a pipeline at all. What is no more than unknown is in [`Migrated::refusals`].
pub fn migrate(library: Library, given: &Json, size: Option<(f64, f64)>) -> Result<Migrated> {
    if let Some((height, width)) = size
        && !(height >= 1.0 && width >= 1.0 && height.is_finite() && width.is_finite())
    {
        return Err(Error::parameter(format!("size ({height}, {width}): expected height and width in pixels")));
    }
    let mut walk = walk::Walk::new(library, size);
    let stages = match library {
        Library::Albumentations => albumentations::document(&mut walk, given)?,
        Library::Generator => generator::document(&mut walk, given)?,
        Library::Torchvision | Library::Keras => walk.list(given)?,
    };
    let stages = walk.finished(stages);
    let mut document = Map::new();
    document.insert("variegate".into(), json!(1));
    document.extend(std::mem::take(&mut walk.notes.options));
    document.insert("pipeline".into(), Json::Array(stages));
    let notes = walk.notes;
    Ok(Migrated { document: Json::Object(document), remarks: notes.remarks, refusals: notes.refusals })
}
