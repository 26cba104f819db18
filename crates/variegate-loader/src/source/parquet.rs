//! Rows of Parquet files, each with an encoded picture.
//!
//! Files are opened once and stay open; rows are read on whatever thread. Row k of a file is called `file/k`.

use std::path::{Path, PathBuf};

use variegate_io::{Blob, Fields, Limits, ParquetFile, Storage};
use variegate_picture::key::name;
use variegate_picture::{Error, Result};

use super::Source;
use super::labels::{Labels, NONE};

/// Rows of Parquet files.
#[derive(Debug)]
pub struct Parquet {
    files: Vec<Open>,
    labels: Vec<u32>,
    classes: Vec<String>,
}

#[derive(Debug)]
struct Open {
    path: PathBuf,
    file: ParquetFile,
    /// The first id behind it.
    end: u64,
}

impl Parquet {
    /// The rows of files, in the order of the files; labels among `classes` where they are given. Otherwise the names
    /// of numbered classes are those that the first file tells.
    ///
    /// # Errors
    ///
    /// When a file cannot be opened, when there are no rows, and when a label is none of the classes.
    pub fn open(
        paths: impl IntoIterator<Item = PathBuf>,
        storage: &Storage,
        fields: &Fields,
        classes: Option<Vec<String>>,
    ) -> Result<Self> {
        let mut labels = Labels::new(classes)?;
        let mut files: Vec<Open> = Vec::new();
        for path in paths {
            let file = ParquetFile::open(Blob::open(&path, storage)?, fields)?;
            for row in 0..file.rows() {
                labels.push(file.label(row)).map_err(|error| error.at(path.join(row.to_string())))?;
            }
            let end = files.last().map_or(0, |open| open.end) + file.rows();
            files.push(Open { path, file, end });
        }
        if files.last().is_none_or(|open| open.end == 0) {
            return Err(Error::input("no file was named, or none holds a row"));
        }
        let (labels, mut classes) = labels.finish()?;
        let names = files.first().map_or(&[][..], |open| open.file.classes());
        let numbered = |label: &u32| *label == NONE || (*label as usize) < names.len();
        if classes.is_empty() && labels.iter().all(numbered) {
            classes = names.to_vec();
        }
        Ok(Self { files, labels, classes })
    }

    fn find(&self, id: u64) -> Option<(&Open, u64)> {
        let place = self.files.partition_point(|open| open.end <= id);
        let before = place.checked_sub(1).map_or(0, |before| self.files[before].end);
        Some((self.files.get(place)?, id - before))
    }
}

impl Source for Parquet {
    fn len(&self) -> u64 {
        self.labels.len() as u64
    }

    fn read(&self, id: u64, limits: &Limits) -> Result<Vec<u8>> {
        let (open, row) = self
            .find(id)
            .ok_or_else(|| Error::parameter(format!("there is no sample {id}; the source has {}", self.len())))?;
        open.file.read(row, limits).map_err(|error| error.at(self.name(id)))
    }

    fn label(&self, id: u64) -> Option<u32> {
        self.labels.get(id as usize).copied().filter(|label| *label != NONE)
    }

    fn class_names(&self) -> &[String] {
        &self.classes
    }

    fn name(&self, id: u64) -> PathBuf {
        self.find(id).map_or_else(PathBuf::new, |(open, row)| open.path.join(row.to_string()))
    }

    fn mark(&self, id: u64) -> u64 {
        let Some((open, row)) = self.find(id) else { return 0 };
        let file = open.path.file_name().unwrap_or_default();
        name(&Path::new(file).join(row.to_string()).to_string_lossy())
    }
}
