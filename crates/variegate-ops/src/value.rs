//! Concrete values of parameters.

use std::sync::Arc;

use variegate_picture::{Border, Channels, FieldKey, Filter, Size};

/// One concrete parameter value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Left out where that means something of its own.
    None,
    /// A real number.
    Real(f64),
    /// A whole number.
    Integer(i64),
    /// Yes or no.
    Flag(bool),
    /// One word of the parameter's list.
    Word(&'static str),
    /// A text of the user's.
    Text(Arc<str>),
    /// Several numbers.
    Numbers(Vec<f64>),
    /// The key of a random field.
    Key(FieldKey),
}

impl Value {
    /// The number, where it is one.
    pub fn number(&self) -> Option<f64> {
        match self {
            Value::Real(v) => Some(*v),
            Value::Integer(v) => Some(*v as f64),
            _ => None,
        }
    }
}

impl From<f64> for Value {
    fn from(v: f64) -> Self {
        Value::Real(v)
    }
}

impl From<i64> for Value {
    fn from(v: i64) -> Self {
        Value::Integer(v)
    }
}

impl From<bool> for Value {
    fn from(v: bool) -> Self {
        Value::Flag(v)
    }
}

impl From<&'static str> for Value {
    fn from(v: &'static str) -> Self {
        Value::Word(v)
    }
}

impl From<String> for Value {
    fn from(v: String) -> Self {
        Value::Text(v.into())
    }
}

impl From<Size> for Value {
    fn from(v: Size) -> Self {
        Value::Numbers(vec![v.height as f64, v.width as f64])
    }
}

impl From<Vec<f64>> for Value {
    fn from(v: Vec<f64>) -> Self {
        Value::Numbers(v)
    }
}

/// A field type an operation can declare. Values were checked against the declaration before, so a mismatch falls
/// back to the type's zero instead of failing.
pub trait FromValue {
    /// Reads the value.
    fn from_value(value: &Value) -> Self;
}

impl FromValue for f64 {
    fn from_value(value: &Value) -> Self {
        value.number().unwrap_or_default()
    }
}

impl FromValue for i64 {
    fn from_value(value: &Value) -> Self {
        value.number().unwrap_or_default() as i64
    }
}

impl FromValue for u64 {
    fn from_value(value: &Value) -> Self {
        match value {
            Value::Key(FieldKey(number, _)) => *number,
            _ => 0,
        }
    }
}

impl FromValue for bool {
    fn from_value(value: &Value) -> Self {
        *value == Value::Flag(true)
    }
}

impl FromValue for &'static str {
    fn from_value(value: &Value) -> Self {
        match value {
            Value::Word(word) => word,
            _ => "",
        }
    }
}

impl FromValue for Arc<str> {
    fn from_value(value: &Value) -> Self {
        match value {
            Value::Text(text) => text.clone(),
            _ => "".into(),
        }
    }
}

impl FromValue for Filter {
    fn from_value(value: &Value) -> Self {
        let word = <&'static str>::from_value(value);
        Filter::NAMES.iter().find(|(name, _)| *name == word).map_or(Filter::Bilinear, |(_, f)| *f)
    }
}

impl FromValue for Border {
    fn from_value(value: &Value) -> Self {
        let word = <&'static str>::from_value(value);
        Border::NAMES.iter().find(|(name, _)| *name == word).map_or(Border::Constant, |(_, b)| *b)
    }
}

impl FromValue for Vec<f64> {
    fn from_value(value: &Value) -> Self {
        match value {
            Value::Numbers(list) => list.clone(),
            other => other.number().into_iter().collect(),
        }
    }
}

impl FromValue for Channels {
    fn from_value(value: &Value) -> Self {
        Channels::from(Vec::<f64>::from_value(value).as_slice())
    }
}

impl FromValue for Size {
    fn from_value(value: &Value) -> Self {
        match Vec::<f64>::from_value(value).as_slice() {
            [side] => Size::new(*side as usize, *side as usize),
            [height, width, ..] => Size::new(*height as usize, *width as usize),
            [] => Size::new(1, 1),
        }
    }
}

impl FromValue for FieldKey {
    fn from_value(value: &Value) -> Self {
        match value {
            Value::Key(key) => *key,
            _ => FieldKey(0, 0),
        }
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: &Value) -> Self {
        (*value != Value::None).then(|| T::from_value(value))
    }
}
