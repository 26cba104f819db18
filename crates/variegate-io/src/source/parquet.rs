//! Parquet files of pictures: a column of encoded bytes, and one of labels.
//!
//! The loader opens each file once, which reads its footer and its labels, and then asks for rows in any order. A row is
//! found by stepping over pages; where rows are read one after another, or a group of rows is small, the group is read
//! at once and kept. Files of Hugging Face name their classes in the footer; that is read too. The file's library may
//! break down on damaged bytes: that is an error of the file here.

use std::collections::VecDeque;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use parquet::basic::Type;
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{ByteArray, DataType};
use parquet::errors::ParquetError;
use parquet::file::reader::{ChunkReader, FileReader, Length};
use parquet::file::serialized_reader::{ReadOptionsBuilder, SerializedFileReader};
use variegate_picture::error::nearest;
use variegate_picture::{Error, Result};

use super::table::Fields;
use crate::{Blob, Limits};

/// Groups of at most this many bytes are read as a whole.
const SMALL: i64 = 1 << 20;
/// Groups of at most this many are, where the row before was in the same group.
const KEPT: i64 = 64 << 20;
/// The most groups a file keeps.
const GROUPS: usize = 2;

/// A file that is open.
pub struct ParquetFile {
    reader: SerializedFileReader<Chunk>,
    /// The first row behind each group.
    ends: Vec<u64>,
    image: usize,
    optional: bool,
    labels: Vec<Option<String>>,
    classes: Vec<String>,
    last: AtomicUsize,
    groups: Mutex<VecDeque<(usize, Arc<Vec<Option<ByteArray>>>)>>,
}

impl std::fmt::Debug for ParquetFile {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "a Parquet file of {} rows", self.rows())
    }
}

/// What the file's library reads from.
struct Chunk(Arc<Blob>);

impl Length for Chunk {
    fn len(&self) -> u64 {
        self.0.size()
    }
}

impl ChunkReader for Chunk {
    type T = From;

    fn get_read(&self, start: u64) -> parquet::errors::Result<From> {
        Ok(From { blob: self.0.clone(), position: start, step: Vec::new(), used: 0 })
    }

    fn get_bytes(&self, start: u64, length: usize) -> parquet::errors::Result<Bytes> {
        if start.saturating_add(length as u64) > self.0.size() {
            return Err(ParquetError::EOF("a part lies behind the end of the file".into()));
        }
        let mut bytes = vec![0; length];
        self.0.read_at(&mut bytes, start).map_err(|error| ParquetError::External(Box::new(error)))?;
        Ok(bytes.into())
    }
}

/// Reads on from a byte, a few at a time: headers of pages are short.
struct From {
    blob: Arc<Blob>,
    position: u64,
    step: Vec<u8>,
    used: usize,
}

impl Read for From {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        if self.used == self.step.len() {
            let left = self.blob.size().saturating_sub(self.position);
            self.step.resize(left.min(4096) as usize, 0);
            self.used = 0;
            self.blob.read_at(&mut self.step, self.position).map_err(std::io::Error::other)?;
            self.position += self.step.len() as u64;
        }
        let count = out.len().min(self.step.len() - self.used);
        out[..count].copy_from_slice(&self.step[self.used..self.used + count]);
        self.used += count;
        Ok(count)
    }
}

impl ParquetFile {
    /// Opens a file: its footer and its labels.
    ///
    /// # Errors
    ///
    /// When it is no Parquet file or is damaged, and when a column is missing or of another type: with the file.
    pub fn open(blob: Blob, fields: &Fields) -> Result<Self> {
        let path = blob.path().to_path_buf();
        careful(|| Self::opened(blob, fields)).map_err(|error| error.at(path))
    }

    fn opened(blob: Blob, fields: &Fields) -> Result<Self> {
        let options = ReadOptionsBuilder::new().with_page_index().build();
        let reader = SerializedFileReader::new_with_options(Chunk(Arc::new(blob)), options).map_err(damaged)?;
        let schema = reader.metadata().file_metadata().schema_descr_ptr();
        let columns: Vec<String> = schema.columns().iter().map(|column| column.path().string()).collect();
        let find = |wanted: &str| {
            let inner = format!("{wanted}.bytes");
            columns.iter().position(|name| *name == wanted || *name == inner).ok_or_else(|| {
                let mend = match nearest(wanted, columns.iter().map(|name| name.trim_end_matches(".bytes"))) {
                    Some(near) => format!("did you mean {near:?}?"),
                    None => format!("there are {}", columns.join(", ")),
                };
                Error::input(format!("no column {wanted:?}; {mend}"))
            })
        };
        let image = find(&fields.image)?;
        let column = schema.column(image);
        if column.physical_type() != Type::BYTE_ARRAY || column.max_rep_level() != 0 {
            return Err(Error::input(format!(
                "the column {:?} holds {}; expected encoded pictures: binary, or a struct with the field bytes",
                fields.image,
                column.physical_type()
            )));
        }
        let mut ends = Vec::new();
        let mut rows = 0u64;
        for group in reader.metadata().row_groups() {
            rows += u64::try_from(group.num_rows()).map_err(|_| Error::input("a group has fewer rows than none"))?;
            ends.push(rows);
        }
        let (mut labels, mut classes) = (Vec::new(), Vec::new());
        if let Some(label) = &fields.label {
            let column = find(label)?;
            for group in 0..reader.num_row_groups() {
                labels.extend(labels_of(&reader, group, column, label)?);
            }
            classes = class_names(&reader, label);
        }
        if !labels.is_empty() && labels.len() as u64 != rows {
            return Err(Error::input(format!("{} labels for {rows} rows; the file is damaged", labels.len())));
        }
        let optional = column.max_def_level() > 0;
        Ok(Self {
            reader,
            ends,
            image,
            optional,
            labels,
            classes,
            last: AtomicUsize::new(usize::MAX),
            groups: Mutex::default(),
        })
    }

    /// How many rows it has.
    pub fn rows(&self) -> u64 {
        self.ends.last().copied().unwrap_or(0)
    }

    /// The label of a row as it is written; none where it has none.
    pub fn label(&self, row: u64) -> Option<&str> {
        self.labels.get(row as usize)?.as_deref()
    }

    /// Names of the classes, where the footer tells them.
    pub fn classes(&self) -> &[String] {
        &self.classes
    }

    /// The encoded picture of a row, no more than the limits allow.
    pub fn read(&self, row: u64, limits: &Limits) -> Result<Vec<u8>> {
        careful(|| self.row(row, limits))
    }

    fn row(&self, row: u64, limits: &Limits) -> Result<Vec<u8>> {
        let group = self.ends.partition_point(|end| *end <= row);
        let metadata = self.reader.metadata().row_groups().get(group);
        let chunk = metadata.ok_or_else(|| Error::parameter(format!("there is no row {row}")))?.column(self.image);
        let within = row - group.checked_sub(1).map_or(0, |before| self.ends[before]);
        let again = self.last.swap(group, Ordering::Relaxed) == group;
        let size = chunk.uncompressed_size();
        let found = if size <= SMALL || (again && size <= KEPT) {
            self.group(group)?.get(within as usize).cloned().flatten()
        } else {
            let mut column = self.column(group)?;
            let stepped = column.skip_records(within as usize).map_err(damaged)?;
            if stepped as u64 != within {
                return Err(Error::input(format!(
                    "row {row}: the group ends after {stepped} rows; the file is damaged"
                )));
            }
            values(&mut column, 1, self.optional)?.pop().flatten()
        };
        let bytes = found.ok_or_else(|| Error::input("the row holds no picture"))?;
        limits.check_bytes(bytes.len() as u64)?;
        Ok(bytes.data().to_vec())
    }

    fn column(&self, group: usize) -> Result<ColumnReaderImpl<parquet::data_type::ByteArrayType>> {
        let group = self.reader.get_row_group(group).map_err(damaged)?;
        match group.get_column_reader(self.image).map_err(damaged)? {
            ColumnReader::ByteArrayColumnReader(column) => Ok(column),
            _ => Err(Error::input("the column of pictures is of another type in this group")),
        }
    }

    /// All pictures of a group, kept for the rows to come.
    fn group(&self, group: usize) -> Result<Arc<Vec<Option<ByteArray>>>> {
        let lock = || self.groups.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, found)) = lock().iter().find(|(of, _)| *of == group) {
            return Ok(found.clone());
        }
        let rows = self.reader.metadata().row_group(group).num_rows() as usize;
        let read = Arc::new(values(&mut self.column(group)?, rows, self.optional)?);
        let mut groups = lock();
        groups.push_back((group, read.clone()));
        if groups.len() > GROUPS {
            groups.pop_front();
        }
        Ok(read)
    }
}

/// The next values of a column, none where a row has none.
fn values<T: DataType>(column: &mut ColumnReaderImpl<T>, rows: usize, optional: bool) -> Result<Vec<Option<T::T>>> {
    let (mut levels, mut found) = (Vec::new(), Vec::new());
    let mut records = 0;
    while records < rows {
        let wanted = Some(&mut levels).filter(|_| optional);
        let (read, _, _) = column.read_records(rows - records, wanted, None, &mut found).map_err(damaged)?;
        if read == 0 {
            return Err(Error::input(format!("{records} rows of {rows}; the file is damaged or cut short")));
        }
        records += read;
    }
    if !optional {
        return Ok(found.into_iter().map(Some).collect());
    }
    // A value is there where all levels above it are.
    let there = levels.iter().copied().max().unwrap_or(0);
    let count = found.len();
    let mut found = found.into_iter();
    let all = count == levels.len() || levels.iter().filter(|level| **level == there).count() == count;
    Ok(levels.iter().map(|level| if all && *level == there { found.next() } else { None }).collect())
}

fn labels_of(
    reader: &SerializedFileReader<Chunk>,
    group: usize,
    column: usize,
    name: &str,
) -> Result<Vec<Option<String>>> {
    let rows = reader.metadata().row_group(group).num_rows() as usize;
    let optional = reader.metadata().file_metadata().schema_descr().column(column).max_def_level() > 0;
    let group = reader.get_row_group(group).map_err(damaged)?;
    // Below 0 stands for a sample without a label.
    let whole = |number: i64| (number >= 0).then(|| number.to_string());
    match group.get_column_reader(column).map_err(damaged)? {
        ColumnReader::Int32ColumnReader(mut numbers) => {
            let found = values(&mut numbers, rows, optional)?;
            Ok(found.into_iter().map(|number| whole(i64::from(number?))).collect())
        }
        ColumnReader::Int64ColumnReader(mut numbers) => {
            let found = values(&mut numbers, rows, optional)?;
            Ok(found.into_iter().map(|number| whole(number?)).collect())
        }
        ColumnReader::ByteArrayColumnReader(mut texts) => {
            let text = |bytes: Option<ByteArray>| match bytes {
                None => Ok(None),
                Some(bytes) => match bytes.as_utf8() {
                    Ok(text) => Ok(Some(text.to_string()).filter(|text| !text.is_empty())),
                    Err(_) => Err(Error::input(format!("{name:?}: expected texts, found bytes that are not UTF-8"))),
                },
            };
            values(&mut texts, rows, optional)?.into_iter().map(text).collect()
        }
        _ => Err(Error::input(format!("{name:?}: expected whole numbers or texts for labels"))),
    }
}

/// Names that the features of Hugging Face give the classes of a column.
fn class_names(reader: &SerializedFileReader<Chunk>, label: &str) -> Vec<String> {
    let entries = reader.metadata().file_metadata().key_value_metadata();
    let told = entries.into_iter().flatten().find(|entry| entry.key == "huggingface");
    let json = told.and_then(|entry| serde_json::from_str::<serde_json::Value>(entry.value.as_deref()?).ok());
    let names = json.as_ref().and_then(|json| json["info"]["features"][label]["names"].as_array());
    names.into_iter().flatten().filter_map(|name| Some(name.as_str()?.to_string())).collect()
}

fn damaged(error: ParquetError) -> Error {
    if let ParquetError::External(inner) = &error
        && let Some(inner) = inner.downcast_ref::<Error>()
    {
        return inner.clone();
    }
    Error::input(format!("the Parquet file cannot be read: {error}; write or fetch it again"))
}

fn careful<T>(read: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(read))
        .unwrap_or_else(|_| Err(Error::input("the Parquet file is damaged where it was read; write or fetch it again")))
}

#[cfg(test)]
#[path = "parquet_tests.rs"]
mod tests;
