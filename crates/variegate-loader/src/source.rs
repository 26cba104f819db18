//! What samples are read from.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use variegate_io::{FileBuffer, Folder, Limits, read_file};
use variegate_picture::key::name;
use variegate_picture::{Error, Result};

use crate::annotations::Annotations;

/// A numbered list of encoded pictures with labels. Ids are 0…len−1 and mean the same in every epoch.
pub trait Source: Send + Sync {
    /// How many samples there are.
    fn len(&self) -> u64;
    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// The encoded bytes of a sample.
    fn read(&self, id: u64, limits: &Limits) -> Result<Vec<u8>>;
    /// The same in memory that a worker keeps.
    fn read_into<'b>(&self, id: u64, limits: &Limits, buffer: &'b mut FileBuffer) -> Result<&'b [u8]> {
        Ok(buffer.hold(self.read(id, limits)?))
    }
    /// Its class, where it has one.
    fn label(&self, id: u64) -> Option<u32>;
    /// How many classes there are: one more than the greatest label, at the least.
    fn classes(&self) -> usize {
        (0..self.len()).filter_map(|id| self.label(id)).max().map_or(0, |label| label as usize + 1)
    }
    /// What it knows of a sample besides its picture: boxes, points, a mask. All samples have the same kinds of them.
    fn annotations(&self, id: u64) -> Result<Cow<'_, Annotations>> {
        let _ = id;
        Ok(Cow::Borrowed(Annotations::NONE))
    }
    /// What messages call it: a path, mostly.
    fn name(&self, id: u64) -> PathBuf;
    /// A number that changes when the list of samples does.
    fn fingerprint(&self) -> u64;
}

/// The positions of all but the last `share` of a seeded shuffle of `n`, and of that share; each in order.
pub(crate) fn split_positions(n: usize, share: f64, seed: u64) -> Result<(Vec<usize>, Vec<usize>)> {
    if !(share > 0.0 && share < 1.0) {
        return Err(Error::parameter(format!("split: expected a share between 0 and 1, found {share}")));
    }
    let order = crate::Order::shuffled(n as u64, seed, 0);
    let positions: Vec<usize> = (0..n as u64).map(|p| order.at(p) as usize).collect();
    let cut = n - (n as f64 * share) as usize;
    let (mut first, mut second) = (positions[..cut].to_vec(), positions[cut..].to_vec());
    first.sort_unstable();
    second.sort_unstable();
    Ok((first, second))
}

/// Files of a folder.
#[derive(Clone, Debug)]
pub struct Files {
    root: PathBuf,
    entries: Vec<(PathBuf, Option<u32>)>,
    /// Names of classes, by label.
    pub classes: Vec<String>,
}

impl Files {
    /// All files of a folder.
    pub fn of(folder: &Folder) -> Self {
        let entries = folder.files.iter().map(|entry| (entry.path.clone(), entry.class)).collect();
        Self { root: folder.root.clone(), entries, classes: folder.classes.clone() }
    }

    /// Those of the given positions, in that order.
    pub fn select(&self, positions: &[usize]) -> Result<Self> {
        let entries = positions
            .iter()
            .map(|k| {
                self.entries.get(*k).cloned().ok_or_else(|| {
                    Error::parameter(format!("there is no sample {k}; the source has {}", self.entries.len()))
                })
            })
            .collect::<Result<_>>()?;
        Ok(Self { root: self.root.clone(), entries, classes: self.classes.clone() })
    }

    /// The same files with other labels, one for each.
    pub fn relabel(&self, labels: &[u32]) -> Result<Self> {
        if labels.len() != self.entries.len() {
            return Err(Error::parameter(format!(
                "{} labels given for {} files; expected one for each, in the order of the file names",
                labels.len(),
                self.entries.len()
            )));
        }
        let entries = self.entries.iter().zip(labels).map(|((path, _), l)| (path.clone(), Some(*l))).collect();
        Ok(Self { root: self.root.clone(), entries, classes: self.classes.clone() })
    }

    /// Splits off the last `share` of a seeded shuffle, as a second source.
    pub fn split(&self, share: f64, seed: u64) -> Result<(Self, Self)> {
        let (first, second) = split_positions(self.entries.len(), share, seed)?;
        Ok((self.select(&first)?, self.select(&second)?))
    }

    /// Paths of all files, in order.
    pub fn paths(&self) -> Vec<PathBuf> {
        self.entries.iter().map(|(path, _)| self.root.join(path)).collect()
    }

    /// Labels of all files, in order.
    pub fn labels(&self) -> Vec<Option<u32>> {
        self.entries.iter().map(|(_, label)| *label).collect()
    }
}

impl Source for Files {
    fn len(&self) -> u64 {
        self.entries.len() as u64
    }

    fn read(&self, id: u64, limits: &Limits) -> Result<Vec<u8>> {
        read_file(self.name(id), limits)
    }

    fn read_into<'b>(&self, id: u64, limits: &Limits, buffer: &'b mut FileBuffer) -> Result<&'b [u8]> {
        let name = self.entries.get(id as usize).map_or(Path::new(""), |(path, _)| path);
        buffer.read_in(&self.root, name, limits)
    }

    fn label(&self, id: u64) -> Option<u32> {
        self.entries.get(id as usize)?.1
    }

    fn classes(&self) -> usize {
        let labels = self.entries.iter().filter_map(|(_, label)| *label);
        labels.max().map_or(0, |label| label as usize + 1).max(self.classes.len())
    }

    fn name(&self, id: u64) -> PathBuf {
        self.entries.get(id as usize).map_or_else(PathBuf::new, |(path, _)| self.root.join(path))
    }

    fn fingerprint(&self) -> u64 {
        // Names relative to the root, so that a data set may move.
        self.entries.iter().fold(name("files"), |hash, (path, label)| {
            let text = path.to_string_lossy();
            hash.rotate_left(7).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ name(&text) ^ u64::from(label.unwrap_or(u32::MAX))
        })
    }
}
