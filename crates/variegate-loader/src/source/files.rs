//! Files below one folder, each with a label or none.
//!
//! What a walk found, a table or a list named. Names and labels are held, and nothing of the files themselves.

use std::path::{Path, PathBuf};

use variegate_io::{FileBuffer, Folder, Limits, read_file};
use variegate_picture::key::name;
use variegate_picture::{Error, Result};

use super::{Names, Source};

/// Stands for no label.
const NONE: u32 = u32::MAX;

/// Files of a folder.
#[derive(Clone, Debug, Default)]
pub struct Files {
    root: PathBuf,
    names: Names,
    labels: Vec<u32>,
    classes: Vec<String>,
}

impl Files {
    /// All files of a folder.
    pub fn of(folder: &Folder) -> Self {
        let entries = folder.files.iter().map(|entry| (&entry.path, entry.class));
        Self::new(&folder.root, entries, folder.classes.clone())
    }

    /// Files of the given names below `root`, each with its label.
    pub fn new(
        root: impl Into<PathBuf>,
        entries: impl IntoIterator<Item = (impl AsRef<Path>, Option<u32>)>,
        classes: Vec<String>,
    ) -> Self {
        let mut files = Self { root: root.into(), classes, ..Self::default() };
        for (path, label) in entries {
            files.names.push(path.as_ref());
            files.labels.push(label.unwrap_or(NONE));
        }
        files.names.shrink_to_fit();
        files.labels.shrink_to_fit();
        files
    }

    /// Those of the given positions, in that order.
    pub fn select(&self, positions: &[usize]) -> Result<Self> {
        if let Some(wrong) = positions.iter().find(|k| **k >= self.names.len()) {
            return Err(Error::parameter(format!("there is no sample {wrong}; the source has {}", self.names.len())));
        }
        let entries = positions.iter().map(|k| (self.names.path(*k), self.label(*k as u64)));
        Ok(Self::new(&self.root, entries, self.classes.clone()))
    }

    /// Splits off the last `share` of a seeded shuffle, as a second list.
    pub fn split(&self, share: f64, seed: u64) -> Result<(Self, Self)> {
        let (first, last) = super::chosen::shares(self.len(), share, seed)?;
        let select = |ids: Vec<u64>| self.select(&ids.into_iter().map(|id| id as usize).collect::<Vec<_>>());
        Ok((select(first)?, select(last)?))
    }

    /// Paths of all files, in order.
    pub fn paths(&self) -> Vec<PathBuf> {
        (0..self.len()).map(|id| self.name(id)).collect()
    }
}

impl Source for Files {
    fn len(&self) -> u64 {
        self.names.len() as u64
    }

    fn read(&self, id: u64, limits: &Limits) -> Result<Vec<u8>> {
        read_file(self.name(id), limits)
    }

    fn read_into<'b>(&self, id: u64, limits: &Limits, buffer: &'b mut FileBuffer) -> Result<&'b [u8]> {
        buffer.read_in(&self.root, self.names.path(id as usize), limits)
    }

    fn label(&self, id: u64) -> Option<u32> {
        self.labels.get(id as usize).copied().filter(|label| *label != NONE)
    }

    fn class_names(&self) -> &[String] {
        &self.classes
    }

    fn name(&self, id: u64) -> PathBuf {
        if id < self.len() { self.root.join(self.names.path(id as usize)) } else { PathBuf::new() }
    }

    fn mark(&self, id: u64) -> u64 {
        name(&self.names.path(id as usize).to_string_lossy())
    }
}
