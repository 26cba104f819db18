//! JSON lists of pictures: an array of objects, or an object on each line.
//!
//! The loader reads one, once. Which of the two a file is, its first sign tells and not its name.

use std::io::{BufRead, BufReader};

use serde_json::{Map, Value};
use variegate_picture::error::nearest;
use variegate_picture::{Error, Result};

use super::table::{Fields, Row, in_line};
use crate::{Blob, Limits};

/// Reads a list and hands each entry to `take`.
///
/// # Errors
///
/// When the file cannot be read, when it is no JSON (with line and column), and when an entry lacks a field or holds
/// what is neither a text nor a whole number (with its line, or its number from 0 in an array).
pub fn read_records(list: &Blob, fields: &Fields, take: &mut dyn FnMut(Row<'_>) -> Result<()>) -> Result<()> {
    records(list, fields, take).map_err(|error| error.at(list.path()))
}

fn records(list: &Blob, fields: &Fields, take: &mut dyn FnMut(Row<'_>) -> Result<()>) -> Result<()> {
    let unread = |error| Error::io(format!("the list cannot be read: {error}"));
    let mut lines = BufReader::new(list.reader());
    let first = first_sign(&mut lines).map_err(unread)?;
    if first == Some(b'[') {
        return array(list, fields, take);
    }
    let mut reader = BufReader::new(list.reader());
    let (mut line, mut text) = (0, Vec::new());
    loop {
        text.clear();
        line += 1;
        if reader.read_until(b'\n', &mut text).map_err(unread)? == 0 {
            return Ok(());
        }
        if text.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let value = serde_json::from_slice(&text).map_err(|error| {
            Error::input(format!("line {line}, column {}: no JSON object on this line: {error}", error.column()))
        })?;
        entry(&value, fields, take).map_err(|error| in_line(line, &error))?;
    }
}

fn array(list: &Blob, fields: &Fields, take: &mut dyn FnMut(Row<'_>) -> Result<()>) -> Result<()> {
    let text = list.whole(&Limits::default())?;
    let values: Vec<Value> = serde_json::from_slice(&text)
        .map_err(|error| Error::input(format!("line {}, column {}: no JSON: {error}", error.line(), error.column())))?;
    for (k, value) in values.iter().enumerate() {
        entry(value, fields, take)
            .map_err(|error| Error::new(error.kind(), format!("entry {k}: {}", error.message())))?;
    }
    Ok(())
}

fn first_sign(reader: &mut impl BufRead) -> std::io::Result<Option<u8>> {
    loop {
        let bytes = reader.fill_buf()?;
        if bytes.is_empty() {
            return Ok(None);
        }
        if let Some(sign) = bytes.iter().find(|byte| !byte.is_ascii_whitespace()) {
            return Ok(Some(*sign));
        }
        let read = bytes.len();
        reader.consume(read);
    }
}

fn entry(value: &Value, fields: &Fields, take: &mut dyn FnMut(Row<'_>) -> Result<()>) -> Result<()> {
    let Value::Object(object) = value else {
        return Err(Error::input(format!("expected an object as {{\"{}\": \"a.jpg\"}}, found {value}", fields.image)));
    };
    let image = match field(object, &fields.image)? {
        Value::String(name) if !name.is_empty() => name,
        other => {
            return Err(Error::input(format!("{:?}: expected the name of a picture, found {other}", fields.image)));
        }
    };
    let number;
    let label = match &fields.label {
        None => None,
        Some(name) => match field(object, name)? {
            Value::String(text) => Some(text.as_str()).filter(|text| !text.is_empty()),
            Value::Number(found) if found.is_u64() => {
                number = found.to_string();
                Some(number.as_str())
            }
            Value::Null => None,
            other => {
                return Err(Error::input(format!("{name:?}: expected a text or a whole number from 0, found {other}")));
            }
        },
    };
    take(Row { image, label })
}

fn field<'v>(object: &'v Map<String, Value>, wanted: &str) -> Result<&'v Value> {
    object.get(wanted).ok_or_else(|| {
        let mend = match nearest(wanted, object.keys().map(String::as_str)) {
            Some(near) => format!("did you mean {near:?}?"),
            None => format!("there are {}", object.keys().cloned().collect::<Vec<_>>().join(", ")),
        };
        Error::input(format!("no field {wanted:?}; {mend}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(test: &str, text: &str) -> std::result::Result<Vec<String>, String> {
        let path = std::env::temp_dir().join(format!("variegate-records-{test}-{}.json", std::process::id()));
        std::fs::write(&path, text).expect("writes");
        let fields = Fields { image: "file".into(), label: Some("label".into()) };
        let mut found = Vec::new();
        let done = read_records(&Blob::open(&path, &crate::Storage::default()).expect("opens"), &fields, &mut |row| {
            found.push(format!("{}:{}", row.image, row.label.unwrap_or("-")));
            Ok(())
        });
        std::fs::remove_file(&path).expect("cleans up");
        done.map(|()| found).map_err(|error| error.message().to_string())
    }

    #[test]
    fn arrays_and_lines_are_told_apart() {
        let one = r#"{"file": "a.jpg", "label": 3, "more": [1]}"#;
        let two = r#"{"label": "bee", "file": "é.png"}"#;
        let three = r#"{"label": null, "file": "c.png"}"#;
        let wanted = ["a.jpg:3", "é.png:bee", "c.png:-"].map(String::from);
        assert_eq!(read("array", &format!("\n [{one},\n{two}, {three}]")).expect("reads"), wanted);
        assert_eq!(read("lines", &format!("{one}\n\n{two}\r\n{three}")).expect("reads"), wanted);
        assert_eq!(read("nothing", "  \n").expect("reads"), Vec::<String>::new());
    }

    #[test]
    fn what_is_wrong_is_told_by_place() {
        let said = |test, text| read(test, text).expect_err(test);
        assert!(said("broken", "[{\"file\": 1},\n {]").starts_with("line 2, column 3"));
        assert!(said("line", "{\"file\": \"a\", \"label\": 1}\n{\"file\" 3}").starts_with("line 2, column 9"));
        assert!(said("typo", "{\"fil\": \"a\"}").contains("line 1: no field \"file\"; did you mean \"fil\"?"));
        assert!(said("entry", "[{\"file\": \"a\", \"label\": 1}, 7]").starts_with("entry 1: expected an object"));
        assert!(said("label", "[{\"file\": \"a\", \"label\": -1}]").contains("whole number from 0, found -1"));
    }
}
