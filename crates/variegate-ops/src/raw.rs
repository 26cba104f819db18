//! A YAML or JSON document with the place of every value, before anybody knows what it means.

use saphyr::{LoadableYamlNode, MarkedYaml, Scalar, YamlData};
use variegate_picture::{Error, Result};

/// A value and where it stands.
#[derive(Clone, Debug)]
pub struct Raw {
    /// The value.
    pub value: RawValue,
    /// Line and column from 1; 0 where it stands in no file.
    pub place: (usize, usize),
}

/// A value of a document.
#[derive(Clone, Debug)]
pub enum RawValue {
    /// Nothing.
    Null,
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Integer(i64),
    /// A real number.
    Real(f64),
    /// Text.
    Text(String),
    /// A list.
    List(Vec<Raw>),
    /// Keys, their places, and values.
    Map(Vec<(String, (usize, usize), Raw)>),
}

impl Raw {
    /// Reads a document. It is data alone: no tags, no references to code.
    pub fn parse(text: &str) -> Result<Raw> {
        let documents = MarkedYaml::load_from_str(text).map_err(|e| Error::parameter(format!("not YAML: {e}")))?;
        match documents.as_slice() {
            [document] => convert(document, 0),
            [] => Err(Error::parameter("the document is empty; expected `variegate: 1` and `pipeline:`")),
            _ => Err(Error::parameter("the file holds several documents; expected one")),
        }
    }

    /// What the value is, for messages.
    pub fn describe(&self) -> String {
        match &self.value {
            RawValue::Null => "nothing".into(),
            RawValue::Flag(v) => v.to_string(),
            RawValue::Integer(v) => v.to_string(),
            RawValue::Real(v) => v.to_string(),
            RawValue::Text(v) => format!("{v:?}"),
            RawValue::List(v) => format!("a list of {}", v.len()),
            RawValue::Map(v) => format!("a mapping of {}", v.len()),
        }
    }

    /// The number, where it is one.
    pub fn number(&self) -> Option<f64> {
        match self.value {
            RawValue::Integer(v) => Some(v as f64),
            RawValue::Real(v) => Some(v),
            _ => None,
        }
    }

    /// The numbers, where it is a list of them.
    pub fn numbers(&self) -> Option<Vec<f64>> {
        match &self.value {
            RawValue::List(list) => list.iter().map(Raw::number).collect(),
            _ => None,
        }
    }
}

fn convert(node: &MarkedYaml<'_>, depth: usize) -> Result<Raw> {
    let place = (node.span.start.line(), node.span.start.col() + 1);
    if depth > 64 {
        return Err(Error::limit(format!("line {}: nested more than 64 deep", place.0)));
    }
    let value = match &node.data {
        YamlData::Value(Scalar::Null) => RawValue::Null,
        YamlData::Value(Scalar::Boolean(v)) => RawValue::Flag(*v),
        YamlData::Value(Scalar::Integer(v)) => RawValue::Integer(*v),
        YamlData::Value(Scalar::FloatingPoint(v)) => RawValue::Real(v.into_inner()),
        YamlData::Value(Scalar::String(v)) => RawValue::Text(v.to_string()),
        YamlData::Sequence(list) => {
            RawValue::List(list.iter().map(|item| convert(item, depth + 1)).collect::<Result<_>>()?)
        }
        YamlData::Mapping(map) => {
            let mut entries = Vec::with_capacity(map.len());
            for (key, value) in map {
                let at = (key.span.start.line(), key.span.start.col() + 1);
                let name = match convert(key, depth + 1)?.value {
                    RawValue::Text(text) => text,
                    RawValue::Integer(v) => v.to_string(),
                    _ => return Err(Error::parameter(format!("line {}: keys are words or whole numbers", at.0))),
                };
                entries.push((name, at, convert(value, depth + 1)?));
            }
            RawValue::Map(entries)
        }
        _ => return Err(Error::parameter(format!("line {}: tags and aliases have no meaning here", place.0))),
    };
    Ok(Raw { value, place })
}
