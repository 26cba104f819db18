//! The parameters of one foreign operation, as they are read: each with its default, and none overlooked.
//!
//! The tables' functions ask it. It collects what differs and what is refused, so that they may go on with a default;
//! it never ends a migration by itself.

use std::fmt;

use serde_json::{Map, Value as Json, json};

/// The shorter side that pixels are read for where no size is known: the field's usual one.
const USUAL_SIDE: f64 = 224.0;

/// Something that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// Where in the foreign pipeline.
    pub place: String,
    /// The foreign name.
    pub name: String,
    /// What differs.
    pub text: String,
}

/// Something without a counterpart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Where in the foreign pipeline.
    pub place: String,
    /// The foreign name.
    pub name: String,
    /// Why.
    pub why: String,
    /// Our nearest operations.
    pub nearest: Vec<String>,
}

impl Remark {
    pub(super) fn to_json(&self) -> Json {
        json!({"place": self.place, "name": self.name, "text": self.text})
    }
}

impl Refusal {
    pub(super) fn to_json(&self) -> Json {
        json!({"place": self.place, "name": self.name, "why": self.why, "nearest": self.nearest})
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}): {}", self.place, self.name, self.text)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}): {}", self.place, self.name, self.why)?;
        match self.nearest.as_slice() {
            [] => Ok(()),
            list => write!(f, "; the nearest here: {}", list.join(", ")),
        }
    }
}

/// What is collected over a whole pipeline.
#[derive(Debug, Default)]
pub struct Notes {
    pub remarks: Vec<Remark>,
    pub refusals: Vec<Refusal>,
    /// Options of the whole pipeline, as a file holds them.
    pub options: Map<String, Json>,
    /// Height and width in pixels of what arrives at this place, where they are known.
    pub size: Option<(f64, f64)>,
    /// Whether it still has the size it came with.
    pub untouched: bool,
    /// Mean and deviation that were taken out and divided by before this place, of white.
    pub written: Option<(Vec<f64>, Vec<f64>)>,
}

/// The parameters of one foreign operation.
pub struct Given<'a> {
    name: &'a str,
    place: &'a str,
    map: &'a Map<String, Json>,
    looked_at: Vec<&'static str>,
    always: bool,
    pub(super) notes: &'a mut Notes,
}

impl<'a> Given<'a> {
    pub(super) fn new(name: &'a str, place: &'a str, map: &'a Map<String, Json>, notes: &'a mut Notes) -> Self {
        Self { name, place, map, looked_at: Vec::new(), always: false, notes }
    }

    /// The value of a parameter; none where it is not written or is null.
    pub(super) fn raw(&mut self, key: &'static str) -> Option<&'a Json> {
        self.looked_at.push(key);
        self.map.get(key).filter(|value| !value.is_null())
    }

    /// Whether a parameter is written at all, be it null.
    pub(super) fn holds(&self, key: &str) -> bool {
        self.map.contains_key(key)
    }

    /// Takes note that the parameter `p` is not the chance of the whole.
    pub(super) fn always(&mut self) {
        self.always = true;
    }

    /// The chance of the whole.
    pub(super) fn chance(&mut self, default: f64) -> f64 {
        if self.always { 1.0 } else { self.number("p", default) }
    }

    /// Parameters that say nothing about the result.
    pub(super) fn skip(&mut self, keys: &[&'static str]) {
        self.looked_at.extend_from_slice(keys);
    }

    /// Says what differs.
    pub(super) fn remark(&mut self, text: impl Into<String>) {
        let (place, name) = (self.place.to_string(), self.name.to_string());
        let remark = Remark { place, name, text: text.into() };
        if !self.notes.remarks.contains(&remark) {
            self.notes.remarks.push(remark);
        }
    }

    /// Says that it has no counterpart as it is given.
    pub(super) fn refuse(&mut self, why: impl Into<String>, nearest: &[&str]) {
        let (place, name) = (self.place.to_string(), self.name.to_string());
        let nearest = nearest.iter().map(ToString::to_string).collect();
        self.notes.refusals.push(Refusal { place, name, why: why.into(), nearest });
    }

    fn wrong(&mut self, key: &str, expected: &str, found: &Json) {
        self.refuse(format!("{key} is {found}; expected {expected}"), &[]);
    }

    /// A number.
    pub(super) fn number(&mut self, key: &'static str, default: f64) -> f64 {
        self.optional(key).unwrap_or(default)
    }

    /// A number that may be left out.
    pub(super) fn optional(&mut self, key: &'static str) -> Option<f64> {
        let value = self.raw(key)?;
        if value.as_f64().is_none() {
            self.wrong(key, "a number", value);
        }
        value.as_f64()
    }

    /// Yes or no.
    pub(super) fn flag(&mut self, key: &'static str, default: bool) -> bool {
        match self.raw(key) {
            None => default,
            Some(Json::Bool(value)) => *value,
            Some(other) => {
                self.wrong(key, "true or false", other);
                default
            }
        }
    }

    /// A word.
    pub(super) fn word(&mut self, key: &'static str, default: &'static str) -> &'a str {
        match self.raw(key) {
            None => default,
            Some(Json::String(value)) => value,
            Some(other) => {
                self.wrong(key, "a word", other);
                default
            }
        }
    }

    /// Numbers: one, or a list of them. None where it is not written.
    pub(super) fn numbers(&mut self, key: &'static str) -> Option<Vec<f64>> {
        let value = self.raw(key)?;
        let list = match value {
            Json::Array(list) => list.iter().map(Json::as_f64).collect(),
            one => one.as_f64().map(|v| vec![v]),
        };
        if list.is_none() {
            self.wrong(key, "a number or a list of numbers", value);
        }
        list
    }

    /// A range of which one number v is told as (v, v).
    pub(super) fn range(&mut self, key: &'static str, default: (f64, f64)) -> (f64, f64) {
        self.spread(key, default, |v| (v, v))
    }

    /// A range of which one number v is told as (−v, v).
    pub(super) fn around(&mut self, key: &'static str, default: (f64, f64)) -> (f64, f64) {
        self.spread(key, default, |v| (-v, v))
    }

    /// A range of which one number v is told by a function.
    pub(super) fn spread(&mut self, key: &'static str, default: (f64, f64), one: fn(f64) -> (f64, f64)) -> (f64, f64) {
        match self.numbers(key).as_deref() {
            None => default,
            Some(&[v]) => one(v),
            Some(&[lo, hi]) => (lo, hi),
            Some(list) => {
                self.wrong(key, "one number or two", &json!(list));
                default
            }
        }
    }

    /// Height and width that must be given.
    pub(super) fn sides(&mut self, height: &'static str, width: &'static str) -> Json {
        match (self.optional(height), self.optional(width)) {
            (Some(h), Some(w)) => self.becomes(h, w),
            _ => {
                self.refuse(format!("it says no {height} and {width}"), &[]);
                json!(1)
            }
        }
    }

    /// Takes note of a new size, which it gives as a file holds it.
    pub(super) fn becomes(&mut self, height: f64, width: f64) -> Json {
        self.notes.size = Some((height, width));
        self.notes.untouched = false;
        json!([whole(height), whole(width)])
    }

    /// Takes note that the size is no longer known.
    pub(super) fn unknown_size(&mut self) {
        self.notes.size = None;
        self.notes.untouched = false;
    }

    /// Pixels as a fraction of the shorter side.
    pub(super) fn of_side(&mut self, px: f64) -> f64 {
        let side = match self.notes.size {
            Some((height, width)) => height.min(width),
            None => {
                self.remark(format!(
                    "its lengths in pixels are taken as of a picture whose shorter side has {USUAL_SIDE}, \
                     since no size is \
                     known here; name the size of the pictures"
                ));
                USUAL_SIDE
            }
        };
        px / side
    }

    /// A range of pixels as fractions of the shorter side.
    pub(super) fn of_side_span(&mut self, (lo, hi): (f64, f64)) -> Json {
        span((self.of_side(lo), self.of_side(hi)))
    }

    /// Height and width, for what cannot be said without; refuses where they are not known.
    pub(super) fn known_size(&mut self) -> Option<(f64, f64)> {
        if self.notes.size.is_none() {
            self.refuse(
                "what it does depends on the size in pixels, and none is known here; name the size of the pictures",
                &[],
            );
        }
        self.notes.size
    }

    /// Names what nobody looked at.
    pub(super) fn rest(&mut self) {
        let unknown: Vec<&String> = self.map.keys().filter(|key| !self.looked_at.contains(&key.as_str())).collect();
        for key in unknown {
            self.refuse(format!("it has no parameter {key:?} that is known here"), &[]);
        }
    }
}

/// A range, drawn evenly; one number where both ends are the same.
pub fn span((lo, hi): (f64, f64)) -> Json {
    if lo == hi { json!(lo) } else { json!([lo, hi]) }
}

/// The same where one number would mean a range around one or zero: a choice of one.
pub fn whole_range((lo, hi): (f64, f64)) -> Json {
    if lo == hi { json!({"one_of": [lo]}) } else { json!([lo, hi]) }
}

/// The same where a pair would mean a range by ratio.
pub fn even((lo, hi): (f64, f64)) -> Json {
    if lo == hi { json!(lo) } else { json!({"uniform": [lo, hi]}) }
}

/// Whole numbers as such.
pub fn whole(v: f64) -> Json {
    if v.fract() == 0.0 && v.abs() < 9e15 { json!(v as i64) } else { json!(v) }
}

/// A range of whole numbers, both ends included.
pub fn count((lo, hi): (f64, f64)) -> Json {
    if lo == hi { whole(lo) } else { json!([whole(lo), whole(hi)]) }
}

/// The odd numbers of a range, all equally likely; an even end counts as the next odd one.
pub fn odd((lo, hi): (f64, f64)) -> Json {
    let up = |v: f64| (v.max(1.0) as i64) | 1;
    let list: Vec<i64> = (up(lo)..=up(hi).max(up(lo))).step_by(2).collect();
    match list.as_slice() {
        [one] => json!(one),
        list => json!({"one_of": list}),
    }
}

/// A range times a factor.
pub fn times((lo, hi): (f64, f64), factor: f64) -> (f64, f64) {
    let (a, b) = (lo * factor, hi * factor);
    (a.min(b), a.max(b))
}
