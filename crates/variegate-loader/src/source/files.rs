//! Files below one folder, each with a label or none.
//!
//! What a walk found, a table or a list named. Names and labels are held, and nothing of the files themselves.

use std::path::{Path, PathBuf};

use variegate_io::{FileBuffer, Folder, Held, Limits, read_file};
use variegate_picture::Result;
use variegate_picture::key::name;

use super::labels::NONE;
use super::{FORESIGHT, Names, Source};

/// Files of a folder.
#[derive(Clone, Debug, Default)]
pub struct Files {
    root: PathBuf,
    names: Names,
    labels: Vec<u32>,
    classes: Vec<String>,
    /// The objects behind them, where they lie in a store.
    held: Option<Held>,
}

impl Files {
    /// All files of a folder.
    pub fn of(folder: &Folder) -> Self {
        let entries = folder.files.iter().map(|entry| (&entry.path, entry.class));
        Self::new(&folder.root, entries, folder.classes.clone()).within(folder.held.clone())
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
}

impl Files {
    /// The same, where they lie in a store.
    pub fn within(mut self, held: Option<Held>) -> Self {
        self.held = held;
        self
    }
}

impl Source for Files {
    fn len(&self) -> u64 {
        self.names.len() as u64
    }

    fn read(&self, id: u64, limits: &Limits) -> Result<Vec<u8>> {
        match &self.held {
            None => read_file(self.name(id), limits),
            Some(held) => {
                let read = held.read(id as usize, self.names.path(id as usize), limits);
                read.map_err(|error| error.at(self.name(id)))
            }
        }
    }

    fn read_into<'b>(&self, id: u64, limits: &Limits, buffer: &'b mut FileBuffer) -> Result<&'b [u8]> {
        if self.held.is_some() {
            return self.read(id, limits).map(|bytes| buffer.hold(bytes));
        }
        buffer.read_in(&self.root, self.names.path(id as usize), limits)
    }

    fn foresight(&self) -> usize {
        if self.held.is_some() { FORESIGHT } else { 0 }
    }

    fn expect(&self, id: u64, limits: &Limits) {
        if let Some(held) = &self.held {
            held.expect(id as usize, self.names.path(id as usize), limits);
        }
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
