//! Files that a list names, row by row: a table, or records of JSON.
//!
//! Names are held below one root and nowhere else: what a list says is data, and data may not reach out of the folder
//! it was given.

use std::path::{Component, Path, PathBuf};

use variegate_io::{Held, Row, Storage, is_remote};
use variegate_picture::{Error, Result};

use super::labels::{Labels, NONE};
use super::{Files, Names};

/// How many files are looked for before a list is believed.
const PROBED: usize = 8;

/// Rows of a list, gathered.
#[derive(Debug)]
pub struct Listed {
    root: PathBuf,
    names: Names,
    labels: Labels,
    held: Option<Held>,
}

impl Listed {
    /// An empty list of files below `root`, with labels among `classes` where they are given.
    pub fn new(root: impl Into<PathBuf>, classes: Option<Vec<String>>) -> Result<Self> {
        Ok(Self { root: root.into(), names: Names::default(), labels: Labels::new(classes)?, held: None })
    }

    /// The same for a root that may be in a store.
    ///
    /// # Errors
    ///
    /// When the store cannot be set up.
    pub fn within(mut self, storage: &Storage) -> Result<Self> {
        self.held = if is_remote(&self.root) { Some(Held::named(&self.root, storage)?) } else { None };
        Ok(self)
    }

    /// Appends a row.
    pub fn push(&mut self, row: Row<'_>) -> Result<()> {
        self.names.push(below(&self.root, row.image)?);
        self.labels.push(row.label)
    }

    /// The files. Labels that are all whole numbers mean themselves; others are classes, sorted by bytes.
    ///
    /// # Errors
    ///
    /// When there are none, and when not one of the first few files is there: the root is wrong then.
    pub fn finish(self) -> Result<Files> {
        if self.names.is_empty() {
            return Err(Error::input("the list names no pictures"));
        }
        let probed = self.names.len().min(PROBED);
        let mut unfound = None;
        let there = |k: usize| match &self.held {
            None => Ok(self.root.join(self.names.path(k)).exists()),
            Some(held) => held.holds(k, self.names.path(k)).map(|()| true),
        };
        let mut found = false;
        for k in 0..probed {
            match there(k) {
                Ok(there) => found |= there,
                Err(error) => unfound = Some(error),
            }
            // One is enough; and what is no answer at all would be waited for each time.
            if found || (k == 0 && unfound.as_ref().is_some_and(|error| !error.message().contains("no such object"))) {
                break;
            }
        }
        if !found {
            if let Some(error) = unfound {
                let first = self.root.join(self.names.path(0));
                let said = format!("none of the first {probed} pictures can be found: {}", error.message());
                return Err(Error::new(error.kind(), said).at(first));
            }
            return Err(Error::input(format!(
                "none of the first {probed} pictures is there, such as {}; names are taken below the root: give another",
                self.root.join(self.names.path(0)).display()
            )));
        }
        let (labels, classes) = self.labels.finish()?;
        let entries =
            labels.iter().enumerate().map(|(k, label)| (self.names.path(k), (*label != NONE).then_some(*label)));
        Ok(Files::new(&self.root, entries, classes).within(self.held))
    }
}

/// A name as a path below the root.
fn below<'n>(root: &Path, name: &'n str) -> Result<&'n Path> {
    let path = Path::new(name);
    let inner = if path.is_absolute() || is_remote(path) { path.strip_prefix(root).ok() } else { Some(path) };
    let plain = |path: &&Path| path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    inner.filter(plain).filter(|path| !path.as_os_str().is_empty()).ok_or_else(|| {
        Error::input(format!(
            "{name:?} leaves the folder {}; give a root that holds all pictures, if you trust the list",
            root.display()
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Source;

    fn listed(rows: &[(&str, &str)], classes: Option<&[&str]>) -> Result<Files> {
        // A root that exists, so that its own parts can stand for pictures.
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let classes = classes.map(|names| names.iter().map(ToString::to_string).collect());
        let mut listed = Listed::new(root, classes)?;
        for (image, label) in rows {
            listed.push(Row { image, label: Some(*label).filter(|label| !label.is_empty()) })?;
        }
        listed.finish()
    }

    fn labels(files: &Files) -> Vec<Option<u32>> {
        (0..files.len()).map(|id| files.label(id)).collect()
    }

    #[test]
    fn numbers_mean_themselves_and_names_are_sorted() {
        let files = listed(&[("src", "7"), ("b", "2"), ("c", ""), ("d", "7")], None).expect("lists");
        assert_eq!((labels(&files), files.class_names().len()), (vec![Some(7), Some(2), None, Some(7)], 0));
        let files = listed(&[("src", "bee"), ("b", "10"), ("c", "ant"), ("d", "bee")], None).expect("lists");
        assert_eq!(
            (labels(&files), files.class_names()),
            (vec![Some(2), Some(0), Some(1), Some(2)], &["10", "ant", "bee"].map(String::from)[..])
        );
        let files = listed(&[("src", "10"), ("b", "ant")], Some(&["ant", "bee", "10"])).expect("lists");
        assert_eq!(labels(&files), [Some(2), Some(0)]);
        let error = listed(&[("src", "0"), ("b", "99999999999")], None).expect_err("too great");
        assert!(error.message().contains("label 99999999999 is too great"), "{error}");
        let error = listed(&[("src", "bea")], Some(&["ant", "bee"])).expect_err("unknown");
        assert!(error.message().contains("did you mean \"bee\""), "{error}");
        assert!(listed(&[("src", "a")], Some(&["a", "a"])).is_err());
    }

    #[test]
    fn no_name_leaves_the_root() {
        let inside = format!("{}/src/lib.rs", env!("CARGO_MANIFEST_DIR"));
        assert_eq!(listed(&[(&inside, "")], None).expect("lists").name(0), Path::new(&inside));
        let sibling = format!("{}-other/a.jpg", env!("CARGO_MANIFEST_DIR"));
        let deeper = format!("{}/../a.jpg", env!("CARGO_MANIFEST_DIR"));
        for name in ["../a.jpg", "src/../../a.jpg", "/etc/passwd", &sibling, &deeper, env!("CARGO_MANIFEST_DIR")] {
            assert!(listed(&[(name, "")], None).expect_err(name).message().contains("leaves the folder"), "{name}");
        }
        // A scheme is a folder like any other, and there is none of that name.
        assert!(
            listed(&[("file:///etc/passwd", "")], None).expect_err("no folder").message().contains("none of the first")
        );
    }

    #[test]
    fn a_wrong_root_is_told_at_once() {
        assert!(listed(&[("nowhere.jpg", "")], None).expect_err("no file").message().contains("give another"));
        assert!(listed(&[], None).is_err());
    }
}
