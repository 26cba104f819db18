//! Reads the groups of a document: several operations, and how to choose among them.
//!
//! The reader of stages calls it where a name is that of a group. What does not fit together is refused by
//! [`Group::new`], the same as for pipelines that are built in Rust.

use variegate_picture::Result;

use super::{Reader, check_named, probability};
use crate::dist::Dist;
use crate::param::ParamSpec;
use crate::pipeline::{Group, GroupKind, Stage};
use crate::raw::{Raw, RawValue};

/// The names of groups in files.
pub(super) const GROUPS: &[&str] =
    &["one_of", "some_of", "maybe", "shuffle", "sequential", "repeat", "select_channels"];

impl Reader<'_> {
    /// The group of a name, with its members.
    pub(super) fn group(&self, name: &str, place: (usize, usize), body: &Raw) -> Result<Stage> {
        let (mut of, mut chance, mut weights) = (Vec::new(), None, Vec::new());
        let (mut n, mut times, mut replace) = (Dist::from(1), Dist::from(2), false);
        let mut channels = None;
        if let RawValue::List(_) = body.value {
            of = self.stages(body)?;
        } else {
            for (key, place, value) in self.map(body, name)? {
                let wrong = |expected: &str| {
                    self.fail(value.place, format!("{name}.{key}: expected {expected}, found {}", value.describe()))
                };
                match (key.as_str(), name) {
                    ("p", _) => chance = Some(self.dist(name, &probability(), value)?),
                    ("of", _) => of = self.stages(value)?,
                    ("weights", "one_of") => weights = value.numbers().ok_or_else(|| wrong("a list of numbers"))?,
                    ("n", "some_of") => {
                        n = self.dist(name, &ParamSpec { name: "n", ..crate::param::integer(0, 1 << 20) }, value)?
                    }
                    ("times", "repeat") => times = self.dist(name, &repetitions(), value)?,
                    ("channels", "select_channels") => {
                        channels = Some(crate::select::channels_of(value).map_err(|e| self.placed(value.place, e))?)
                    }
                    ("replace", "some_of") => match value.value {
                        RawValue::Flag(v) => replace = v,
                        _ => return Err(wrong("true or false")),
                    },
                    (other, _) => {
                        return Err(self.fail(
                            *place,
                            format!("{name} has no {other:?}; expected `of`, a list of operations, and `p`"),
                        ));
                    }
                }
            }
        }
        let kind = match name {
            "one_of" => GroupKind::OneOf { weights },
            "some_of" => GroupKind::SomeOf { n, replace },
            "maybe" => GroupKind::Maybe,
            "shuffle" => GroupKind::Shuffle,
            "repeat" => GroupKind::Repeat { times },
            "select_channels" => GroupKind::SelectChannels {
                channels: channels.ok_or_else(|| {
                    self.fail(place, "select_channels: channels must be given (a list of whole numbers from 0)")
                })?,
            },
            _ => GroupKind::Sequential,
        };
        let chance = chance.unwrap_or_else(|| Dist::from(kind.usual_chance()));
        Group::new(kind, chance, of).map(Stage::Group).map_err(|e| self.placed(place, e))
    }
}

fn repetitions() -> ParamSpec {
    ParamSpec { name: "times", ..crate::param::integer(0, 64) }
}

/// Checks how often a group is repeated.
pub fn check_times(group: &str, times: &Dist) -> Result<()> {
    check_named(group, &repetitions(), times)
}
