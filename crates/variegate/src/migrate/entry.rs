//! A line of a table: a foreign name, ours, what differs, and the function that reads its parameters.
//!
//! The tables of the libraries are made of it; the pages print it. It draws nothing and checks nothing.

use serde_json::Value as Json;

use super::given::Given;

/// Reads the parameters of one foreign operation and gives ours, one after the other.
pub type Read = fn(&mut Given) -> Vec<Json>;

/// A foreign name and what it becomes.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The foreign name.
    pub name: &'static str,
    /// The chance of it where none is written.
    pub chance: f64,
    /// Our operations, or the nearest ones where there is no counterpart. None where nothing needs doing.
    pub ours: &'static [&'static str],
    /// What differs, or why there is no counterpart; empty where nothing differs.
    pub differs: &'static str,
    read: Option<Read>,
}

impl Entry {
    /// A name with a counterpart.
    pub(super) const fn new(
        name: &'static str,
        chance: f64,
        ours: &'static [&'static str],
        differs: &'static str,
        read: Read,
    ) -> Self {
        Self { name, chance, ours, differs, read: Some(read) }
    }

    /// A name without one: the nearest operations, and why they are not the same.
    pub(super) const fn missing(name: &'static str, nearest: &'static [&'static str], why: &'static str) -> Self {
        Self { name, chance: 1.0, ours: nearest, differs: why, read: None }
    }

    /// Whether there is a counterpart.
    pub fn is_read(&self) -> bool {
        self.read.is_some()
    }

    pub(super) fn reader(&self) -> Option<Read> {
        self.read
    }
}
