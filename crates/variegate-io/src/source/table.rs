//! Tables of pictures: a row for each, with a header that names the columns.
//!
//! The loader reads one, once. Rows are handed on as they come; no picture is looked at, and no name is trusted here.

use csv::{ErrorKind, ReaderBuilder, StringRecord};
use variegate_picture::error::nearest;
use variegate_picture::{Error, Result};

use crate::Blob;

/// Which fields of a row or a record are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fields {
    /// The name of the picture.
    pub image: String,
    /// Its label, where there is one.
    pub label: Option<String>,
}

/// One picture of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row<'a> {
    /// The name of the picture, as it is written.
    pub image: &'a str,
    /// The label, as it is written; none where the field is empty or not wanted.
    pub label: Option<&'a str>,
}

/// Reads a table and hands each row to `take`, whose errors are told with their line.
///
/// # Errors
///
/// When the file cannot be read, when a column is missing, and when a row is broken or not UTF-8: with line and column.
pub fn read_table(
    list: &Blob,
    fields: &Fields,
    delimiter: u8,
    take: &mut dyn FnMut(Row<'_>) -> Result<()>,
) -> Result<()> {
    rows(list, fields, delimiter, take).map_err(|error| error.at(list.path()))
}

fn rows(list: &Blob, fields: &Fields, delimiter: u8, take: &mut dyn FnMut(Row<'_>) -> Result<()>) -> Result<()> {
    let mut reader = ReaderBuilder::new().delimiter(delimiter).from_reader(list.reader());
    let header = reader.headers().map_err(told)?;
    // What spreadsheets write in front of the first name.
    let names: Vec<String> = header.iter().map(|name| name.trim_start_matches('\u{feff}').to_string()).collect();
    let image = column(&names, &fields.image)?;
    let label = fields.label.as_ref().map(|name| column(&names, name)).transpose()?;
    let mut record = StringRecord::new();
    while reader.read_record(&mut record).map_err(told)? {
        let line = record.position().map_or(0, csv::Position::line);
        let name = record.get(image).unwrap_or_default();
        if name.is_empty() {
            return Err(Error::input(format!(
                "line {line}, column {}: no name of a picture; fill it in or drop the row",
                image + 1
            )));
        }
        let label = label.and_then(|column| record.get(column)).filter(|text| !text.is_empty());
        take(Row { image: name, label }).map_err(|error| in_line(line, &error))?;
    }
    Ok(())
}

/// The error with the line it belongs to.
pub(super) fn in_line(line: u64, error: &Error) -> Error {
    Error::new(error.kind(), format!("line {line}: {}", error.message()))
}

fn column(names: &[String], wanted: &str) -> Result<usize> {
    if let Some(found) = names.iter().position(|name| name == wanted) {
        return Ok(found);
    }
    let mend = match nearest(wanted, names.iter().map(String::as_str)) {
        Some(near) => format!("did you mean {near:?}?"),
        None => format!("its first line names {}", names.join(", ")),
    };
    Err(Error::input(format!("the table has no column {wanted:?}; {mend}")))
}

fn told(error: csv::Error) -> Error {
    let line = error.position().map_or(1, csv::Position::line);
    match error.kind() {
        ErrorKind::Io(error) => Error::io(format!("the table cannot be read: {error}")),
        ErrorKind::Utf8 { err, .. } => {
            Error::input(format!("line {line}, column {}: not UTF-8; save the table as UTF-8", err.field() + 1))
        }
        ErrorKind::UnequalLengths { expected_len, len, .. } => Error::input(format!(
            "line {line}, column {}: {len} fields, where the first line has {expected_len}; is a quote or a delimiter missing?",
            len.min(expected_len) + 1
        )),
        _ => Error::input(format!("line {line}: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of a table with this text, or what is wrong with it.
    fn read(
        test: &str,
        text: &[u8],
        label: Option<&str>,
    ) -> std::result::Result<Vec<(String, Option<String>)>, String> {
        let path = std::env::temp_dir().join(format!("variegate-table-{test}-{}.csv", std::process::id()));
        std::fs::write(&path, text).expect("writes");
        let fields = Fields { image: "file".into(), label: label.map(Into::into) };
        let mut found = Vec::new();
        let done =
            read_table(&Blob::open(&path, &crate::Storage::default()).expect("opens"), &fields, b',', &mut |row| {
                found.push((row.image.to_string(), row.label.map(Into::into)));
                if row.image == "refused" { Err(Error::input("not this one")) } else { Ok(()) }
            });
        std::fs::remove_file(&path).expect("cleans up");
        done.map(|()| found).map_err(|error| {
            assert_eq!(error.path(), Some(path.as_path()));
            error.message().to_string()
        })
    }

    #[test]
    fn rows_come_by_the_names_of_columns() {
        let text = b"\xEF\xBB\xBFfile,size,label\r\na.jpg,3,ant\r\n\"b, c.jpg\",4,\"bee \"\"x\"\"\"\r\nd.png,,\r\n";
        let rows = read("rows", text, Some("label")).expect("reads");
        let wanted = [("a.jpg", Some("ant")), ("b, c.jpg", Some("bee \"x\"")), ("d.png", None)];
        assert_eq!(rows, wanted.map(|(image, label)| (image.to_string(), label.map(Into::into))));
        assert!(read("unlabelled", text, None).expect("reads").iter().all(|(_, label)| label.is_none()));
    }

    #[test]
    fn what_is_wrong_is_told_by_line_and_column() {
        let said = |test, text: &[u8]| read(test, text, Some("label")).expect_err(test);
        assert!(said("nearest", b"file,lable\na,b\n").contains("did you mean \"lable\""));
        assert!(said("none", b"x,y\na,b\n").contains("no column \"file\"; its first line names x, y"));
        assert!(said("ragged", b"file,label\na,b\nc\n").starts_with("line 3, column 2: 1 fields"));
        assert!(said("bytes", b"file,label\na,\xFF\n").starts_with("line 2, column 2: not UTF-8"));
        assert!(said("empty", b"file,label\n,b\n").starts_with("line 2, column 1: no name"));
        assert!(said("refused", b"file,label\na,b\nrefused,b\n").starts_with("line 3: not this one"));
    }
}
