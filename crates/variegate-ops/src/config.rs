//! Reads pipelines from documents, and checks values against declarations.

use variegate_picture::error::nearest;
use variegate_picture::{Error, FieldKey, Result};
use variegate_plan::Meaning;

use crate::dist::Dist;
use crate::op::OpSpec;
use crate::param::{Jitter, Kind, PROCEDURAL, ParamSpec};
use crate::pipeline::{Group, GroupKind, Options, Pipeline, Stage, Step, check_finish};
use crate::raw::{Raw, RawValue};
use crate::registry;
use crate::value::Value;

const GROUPS: &[&str] = &["one_of", "some_of", "maybe", "shuffle", "sequential", "repeat", "select_channels"];
const DISTS: &[&str] = &["uniform", "log_uniform", "normal", "beta", "one_of", "schedule"];
const OPTIONS: &[&str] = &[
    "variegate",
    "seed",
    "exact",
    "value_range",
    "min_area",
    "min_visibility",
    "clip_boxes",
    "swap",
    "mask_fill",
    "pipeline",
];

impl Pipeline {
    /// Reads YAML (or JSON); `file` is named in messages, with line and column. Loading never runs code.
    pub fn from_yaml(text: &str, file: Option<&str>) -> Result<Self> {
        let reader = Reader { file };
        let raw = Raw::parse(text).map_err(|e| match file {
            Some(file) => e.at(file),
            None => e,
        })?;
        reader.pipeline(&raw)
    }

    /// The pipeline as YAML.
    pub fn to_yaml(&self) -> String {
        crate::emit::to_yaml(self)
    }
}

/// Knows which file it reads, for messages.
struct Reader<'a> {
    file: Option<&'a str>,
}

impl Reader<'_> {
    fn fail(&self, place: (usize, usize), message: impl AsRef<str>) -> Error {
        match self.file {
            Some(file) => Error::parameter(format!("{file}:{}:{}: {}", place.0, place.1, message.as_ref())),
            None => Error::parameter(message.as_ref()),
        }
    }

    /// Puts the place in front of an error that lacks it.
    fn placed(&self, place: (usize, usize), e: Error) -> Error {
        let known = self.file.is_some_and(|file| e.message().starts_with(file));
        if known { e } else { self.fail(place, e.message()) }
    }

    fn map<'r>(&self, raw: &'r Raw, what: &str) -> Result<&'r [(String, (usize, usize), Raw)]> {
        match &raw.value {
            RawValue::Map(entries) => Ok(entries),
            RawValue::Null => Ok(&[]),
            _ => Err(self.fail(raw.place, format!("{what}: expected a mapping, found {}", raw.describe()))),
        }
    }

    fn pipeline(&self, raw: &Raw) -> Result<Pipeline> {
        let mut options = Options::default();
        let mut stages = None;
        let mut version = None;
        for (key, place, value) in self.map(raw, "a pipeline file")? {
            let wrong = |expected: &str| {
                self.fail(value.place, format!("{key}: expected {expected}, found {}", value.describe()))
            };
            let number = || value.number().filter(|v| v.is_finite());
            match key.as_str() {
                "variegate" => {
                    version =
                        Some(number().filter(|v| *v == 1.0).ok_or_else(|| wrong("1, the version of this format"))?)
                }
                "seed" => {
                    options.seed = seed(value).ok_or_else(|| wrong("a whole number from 0, in quotes from 2^63 on"))?
                }
                "exact" => match value.value {
                    RawValue::Flag(true) => options.meaning = Meaning::Exact,
                    RawValue::Flag(false) => {}
                    _ => return Err(wrong("true or false")),
                },
                "clip_boxes" => match value.value {
                    RawValue::Flag(v) => options.boxes.clip = v,
                    _ => return Err(wrong("true or false")),
                },
                "value_range" => match value.numbers().as_deref() {
                    Some(&[lo, hi]) => options.value_range = (lo, hi),
                    _ => return Err(wrong("two numbers, black and white")),
                },
                "min_area" => {
                    options.boxes.min_area =
                        number().filter(|v| *v >= 0.0).ok_or_else(|| wrong("pixels, 0 or more"))?;
                }
                "min_visibility" => {
                    options.boxes.min_visibility =
                        number().filter(|v| (0.0..=1.0).contains(v)).ok_or_else(|| wrong("a share from 0 to 1"))?;
                }
                "mask_fill" => options.mask_fill = number().ok_or_else(|| wrong("a number"))?,
                "swap" => options.swap = pairs(value).ok_or_else(|| wrong("a list of pairs of point indices"))?,
                "pipeline" => {
                    let list = self.stages(value)?;
                    if let RawValue::List(items) = &value.value {
                        for (k, (stage, item)) in list.iter().zip(items).enumerate() {
                            check_finish(stage, k + 1 == list.len()).map_err(|e| self.placed(item.place, e))?;
                        }
                    }
                    stages = Some(list);
                }
                other => {
                    let mend = nearest(other, OPTIONS.iter().copied()).map_or_else(
                        || format!("expected one of {}", OPTIONS.join(", ")),
                        |n| format!("did you mean {n:?}?"),
                    );
                    return Err(self.fail(*place, format!("unknown key {other:?}; {mend}")));
                }
            }
        }
        if version.is_none() {
            return Err(self.fail(
                raw.place,
                "the file does not say `variegate: 1`, the version of this format; add it as the first line",
            ));
        }
        let stages = stages.ok_or_else(|| self.fail(raw.place, "the file has no `pipeline:`, a list of operations"))?;
        Pipeline::new(stages, options).map_err(|e| self.placed(raw.place, e))
    }

    fn stages(&self, raw: &Raw) -> Result<Vec<Stage>> {
        match &raw.value {
            RawValue::List(list) => list.iter().map(|item| self.stage(item)).collect(),
            RawValue::Null => Ok(Vec::new()),
            _ => Err(self.fail(raw.place, format!("expected a list of operations, found {}", raw.describe()))),
        }
    }

    fn stage(&self, raw: &Raw) -> Result<Stage> {
        let empty = Raw { value: RawValue::Null, place: raw.place };
        let (name, place, body) = match &raw.value {
            RawValue::Text(name) => (name.as_str(), raw.place, &empty),
            RawValue::Map(entries) if entries.len() == 1 => (entries[0].0.as_str(), entries[0].1, &entries[0].2),
            _ => {
                let message = format!("expected one operation, as `rotate: {{degrees: 10}}`, found {}", raw.describe());
                return Err(self.fail(raw.place, message));
            }
        };
        if GROUPS.contains(&name) {
            return self.group(name, place, body);
        }
        let spec = registry::find(name).map_err(|e| self.placed(place, e))?;
        let (mut given, mut chance, mut label) = (Vec::new(), Dist::from(1.0), None);
        for (key, place, value) in self.map(body, name)? {
            match key.as_str() {
                "p" => chance = self.dist(spec.name, &probability(), value)?,
                "name" => match &value.value {
                    RawValue::Text(text) => label = Some(text.clone()),
                    _ => {
                        return Err(
                            self.fail(value.place, format!("{name}.name: expected a word, found {}", value.describe()))
                        );
                    }
                },
                key => {
                    let position = spec.position(key).filter(|k| !spec.params[*k].is_hidden());
                    let k = position.ok_or_else(|| self.placed(*place, unknown_parameter(spec, key)))?;
                    given.push((k, self.dist(spec.name, &spec.params[k], value)?));
                }
            }
        }
        Step::new(spec, given, chance, label).map(Stage::Step).map_err(|e| self.placed(place, e))
    }

    fn group(&self, name: &str, place: (usize, usize), body: &Raw) -> Result<Stage> {
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

    /// A distribution: a value, a pair for a range, or a mapping with its name.
    fn dist(&self, op: &str, spec: &ParamSpec, raw: &Raw) -> Result<Dist> {
        let here = |message: String| self.fail(raw.place, format!("{op}.{}: {message}", spec.name));
        let dist = match &raw.value {
            RawValue::Map(entries) => {
                let (kind, _, body) = entries
                    .iter()
                    .find(|(key, _, _)| DISTS.contains(&key.as_str()))
                    .ok_or_else(|| here(format!("expected a value, a pair, or one of {}", DISTS.join(", "))))?;
                let extra = |name: &str| entries.iter().find(|(key, _, _)| key == name).map(|(_, _, raw)| raw);
                let pair = || match body.numbers().as_deref() {
                    Some(&[a, b]) => Ok((a, b)),
                    _ => Err(here(format!("{kind} takes two numbers, found {}", body.describe()))),
                };
                match kind.as_str() {
                    "uniform" => pair().map(|(a, b)| Dist::Uniform(a, b))?,
                    "log_uniform" => pair().map(|(a, b)| Dist::LogUniform(a, b))?,
                    "normal" => pair().map(|(mean, sd)| Dist::Normal { mean, sd })?,
                    "beta" => pair().map(|(a, b)| Dist::Beta { a, b })?,
                    "one_of" => {
                        let RawValue::List(list) = &body.value else {
                            return Err(here(format!("one_of takes a list of values, found {}", body.describe())));
                        };
                        let values = list
                            .iter()
                            .map(|raw| value_of(op, spec, raw).map_err(|e| self.placed(raw.place, e)))
                            .collect::<Result<_>>()?;
                        let weights = extra("weights").and_then(Raw::numbers).unwrap_or_default();
                        Dist::OneOf { values, weights }
                    }
                    _ => {
                        let linear = matches!(extra("linear").map(|raw| &raw.value), Some(RawValue::Flag(true)));
                        let mut points = self
                            .map(body, "schedule")?
                            .iter()
                            .map(|(epoch, _, raw)| {
                                let epoch =
                                    epoch.parse().map_err(|_| here(format!("schedule: {epoch:?} is no epoch")))?;
                                Ok((epoch, self.dist(op, spec, raw)?))
                            })
                            .collect::<Result<Vec<(u64, Dist)>>>()?;
                        points.sort_by_key(|(epoch, _)| *epoch);
                        Dist::Schedule { points, linear }
                    }
                }
            }
            RawValue::List(list) if takes_ranges(spec) && list.len() == 2 => match raw.numbers().as_deref() {
                Some(&[a, b]) if spec.by_ratio => Dist::LogUniform(a, b),
                Some(&[a, b]) => Dist::Uniform(a, b),
                _ => return Err(here(format!("expected two numbers, found {}", raw.describe()))),
            },
            _ => match (spec.jitter, raw.number()) {
                (Some(Jitter::AroundOne), Some(f)) if f >= 0.0 => Dist::Uniform((1.0 - f).max(0.0), 1.0 + f),
                (Some(Jitter::AroundZero), Some(f)) if f >= 0.0 => Dist::Uniform(-f, f),
                _ => Dist::Constant(value_of(op, spec, raw).map_err(|e| self.placed(raw.place, e))?),
            },
        };
        check_named(op, spec, &dist).map_err(|e| self.placed(raw.place, e))?;
        Ok(dist)
    }
}

fn probability() -> ParamSpec {
    ParamSpec { name: "p", ..crate::param::real(0.0, 1.0) }
}

fn repetitions() -> ParamSpec {
    ParamSpec { name: "times", ..crate::param::integer(0, 64) }
}

fn takes_ranges(spec: &ParamSpec) -> bool {
    matches!(spec.kind, Kind::Real { .. } | Kind::Integer { .. })
}

fn seed(raw: &Raw) -> Option<u64> {
    match &raw.value {
        RawValue::Integer(v) => u64::try_from(*v).ok(),
        RawValue::Text(text) => text.parse().ok(),
        RawValue::Real(v) if *v >= 0.0 && v.fract() == 0.0 && *v <= 9_007_199_254_740_992.0 => Some(*v as u64),
        _ => None,
    }
}

fn pairs(raw: &Raw) -> Option<Vec<(usize, usize)>> {
    let RawValue::List(list) = &raw.value else { return None };
    list.iter()
        .map(|pair| match pair.numbers().as_deref() {
            Some(&[a, b]) if a >= 0.0 && b >= 0.0 => Some((a as usize, b as usize)),
            _ => None,
        })
        .collect()
}

/// "rotate has no parameter …; did you mean …?"
pub fn unknown_parameter(spec: &OpSpec, key: &str) -> Error {
    let names = || spec.params.iter().filter(|p| !p.is_hidden()).map(|p| p.name).chain(["p"]);
    let mend = match nearest(key, names()) {
        Some(near) => format!("did you mean {near:?}?"),
        None => format!("it has {}", names().collect::<Vec<_>>().join(", ")),
    };
    Error::parameter(format!("{} has no parameter {key:?}; {mend}", spec.name))
}

/// A concrete value of a parameter, checked.
pub fn value(op: &OpSpec, spec: &ParamSpec, raw: &Raw) -> Result<Value> {
    value_of(op.name, spec, raw)
}

fn value_of(op: &str, spec: &ParamSpec, raw: &Raw) -> Result<Value> {
    let found = match (&spec.kind, &raw.value) {
        (_, RawValue::Null) if spec.optional => Some(Value::None),
        (Kind::Integer { .. }, _) => raw.number().filter(|v| v.fract() == 0.0).map(|v| Value::Integer(v as i64)),
        (Kind::Real { .. }, _) => raw.number().map(Value::Real),
        (Kind::Flag, RawValue::Flag(v)) => Some(Value::Flag(*v)),
        (Kind::Word(words), RawValue::Text(text)) => words.iter().find(|w| *w == text).map(|w| Value::Word(w)),
        (Kind::Folder | Kind::Function, RawValue::Text(text)) => Some(Value::Text(text.as_str().into())),
        (Kind::Size, _) => match (raw.number(), raw.numbers()) {
            (Some(side), _) => Some(Value::Numbers(vec![side, side])),
            (_, Some(list)) => Some(Value::Numbers(list)),
            _ => None,
        },
        (Kind::Colour, _) => raw.number().map(Value::Real).or_else(|| raw.numbers().map(Value::Numbers)),
        (Kind::Numbers { .. } | Kind::Spread { .. }, _) => {
            raw.numbers().or_else(|| raw.number().map(|v| vec![v])).map(Value::Numbers)
        }
        (Kind::Key, RawValue::Text(text)) => {
            text.strip_prefix("key:").filter(|hex| hex.len() == 32 && hex.is_ascii()).and_then(|hex| {
                let part = |range: std::ops::Range<usize>| u64::from_str_radix(&hex[range], 16).ok();
                Some(Value::Key(FieldKey(part(0..16)?, part(16..32)?)))
            })
        }
        _ => None,
    };
    let found = found.ok_or_else(|| {
        let mend = match (&spec.kind, &raw.value) {
            (Kind::Word(words), RawValue::Text(text)) => nearest(text, words.iter().copied()),
            _ => None,
        };
        let mend = mend.map_or_else(String::new, |n| format!("; did you mean {n:?}?"));
        Error::parameter(format!("{op}.{}: expected {}, found {}{mend}", spec.name, expected(spec), raw.describe()))
    })?;
    check_value(op, spec, &found)?;
    Ok(found)
}

/// What a parameter wants, in words.
pub fn expected(spec: &ParamSpec) -> String {
    let unit = if spec.unit.is_empty() { String::new() } else { format!(" {}", spec.unit) };
    match spec.kind {
        Kind::Real { lo, hi } => format!("a number from {lo} to {hi}{unit}"),
        Kind::Integer { lo, hi } => format!("a whole number from {lo} to {hi}{unit}"),
        Kind::Flag => "true or false".into(),
        Kind::Word(words) => format!("one of {}", words.join(", ")),
        Kind::Size => "a size in pixels: one whole number, or height and width".into(),
        Kind::Colour => "a colour from 0 (black) to 1 (white), or one for each channel".into(),
        Kind::Numbers { n, lo, hi } => {
            let of = if lo.is_finite() { "numbers" } else { "finite numbers" };
            let count = if n == 0 { format!("a list of {of}") } else { format!("{n} {of}") };
            match (lo.is_finite(), hi.is_finite()) {
                (true, true) => format!("{count} from {lo} to {hi}"),
                (true, false) => format!("{count} from {lo}"),
                _ => count,
            }
        }
        Kind::Spread { n } => format!("{n} numbers from -1 to 1"),
        Kind::Folder => format!("a folder of pictures that exists, or {PROCEDURAL:?}"),
        Kind::Function => crate::functions::expected(""),
        Kind::Key => "a key".into(),
    }
}

fn check_value(op: &str, spec: &ParamSpec, value: &Value) -> Result<()> {
    let side = |v: &f64| v.fract() == 0.0 && (1.0..=65_535.0).contains(v);
    let (lo, hi) = spec.bounds();
    let fits = match (spec.kind, value) {
        (_, Value::None) => spec.optional,
        (Kind::Real { .. } | Kind::Integer { .. } | Kind::Colour, Value::Real(_) | Value::Integer(_)) => {
            value.number().is_some_and(|v| v >= lo && v <= hi)
        }
        (Kind::Colour, Value::Numbers(list)) => !list.is_empty() && list.iter().all(|v| *v >= lo && *v <= hi),
        (Kind::Flag, Value::Flag(_)) | (Kind::Key, Value::Key(_)) => true,
        (Kind::Word(words), Value::Word(word)) => words.contains(word),
        (Kind::Folder, Value::Text(path)) => &**path == PROCEDURAL || std::path::Path::new(&**path).is_dir(),
        (Kind::Function, Value::Text(name)) => crate::functions::find(name).is_some(),
        (Kind::Size, Value::Numbers(list)) => list.len() == 2 && list.iter().all(side),
        (Kind::Numbers { n, lo, hi }, Value::Numbers(list)) => {
            let fits = |v: &f64| v.is_finite() && *v >= lo && *v <= hi;
            !list.is_empty() && (n == 0 || list.len() == n) && list.iter().all(fits)
        }
        (Kind::Spread { n }, Value::Numbers(list)) => list.len() == n && list.iter().all(|v| v.abs() <= 1.0),
        _ => false,
    };
    if fits {
        return Ok(());
    }
    let hint = match (spec.kind, value.number()) {
        (Kind::Colour, Some(v)) if v > 1.0 && v <= 255.0 => format!("; for {v} of 255 write {v} / 255"),
        _ => String::new(),
    };
    let expected = match value {
        Value::Text(name) if spec.kind == Kind::Function => crate::functions::expected(name),
        _ => expected(spec),
    };
    Err(Error::parameter(format!("{op}.{}: expected {expected}, found {}{hint}", spec.name, shown(value))))
}

fn shown(value: &Value) -> String {
    match value {
        Value::None => "nothing".into(),
        Value::Real(v) => v.to_string(),
        Value::Integer(v) => v.to_string(),
        Value::Flag(v) => v.to_string(),
        Value::Word(v) => format!("{v:?}"),
        Value::Text(v) => format!("{v:?}"),
        Value::Numbers(v) if v.len() > 12 => format!("{} numbers", v.len()),
        Value::Numbers(v) => format!("{v:?}"),
        Value::Key(_) => "a key".into(),
    }
}

/// Checks that a distribution can only give what the parameter takes.
pub fn check(op: &OpSpec, spec: &ParamSpec, dist: &Dist) -> Result<()> {
    check_named(op.name, spec, dist)
}

fn check_named(op: &str, spec: &ParamSpec, dist: &Dist) -> Result<()> {
    let fail = |message: String| Err(Error::parameter(format!("{op}.{}: {message}", spec.name)));
    if !dist.is_constant() && !matches!(dist, Dist::OneOf { .. } | Dist::Schedule { .. }) && !takes_ranges(spec) {
        return fail(format!("takes {}, not a range", expected(spec)));
    }
    let ends = |a: f64, b: f64| -> Result<()> {
        let (lo, hi) = spec.bounds();
        if a.partial_cmp(&b).is_none_or(std::cmp::Ordering::is_gt) {
            return fail(format!("the range ({a}, {b}) runs backwards; write ({b}, {a})"));
        }
        if a < lo || b > hi {
            return fail(format!("expected {}, found the range ({a}, {b})", expected(spec)));
        }
        if matches!(spec.kind, Kind::Integer { .. }) && (a.fract() != 0.0 || b.fract() != 0.0) {
            return fail(format!("expected whole numbers, found the range ({a}, {b})"));
        }
        Ok(())
    };
    match dist {
        Dist::Constant(value) => check_value(op, spec, value),
        Dist::Uniform(a, b) => ends(*a, *b),
        Dist::LogUniform(a, b) if *a <= 0.0 => fail(format!("a range by ratio starts above 0, found ({a}, {b})")),
        Dist::LogUniform(a, b) => ends(*a, *b),
        Dist::Normal { mean, sd } if !(mean.is_finite() && *sd >= 0.0) => {
            fail(format!("normal takes a mean and a standard deviation of 0 or more, found ({mean}, {sd})"))
        }
        Dist::Normal { .. } => Ok(()),
        Dist::Beta { a, b } if !(*a > 0.0 && *b > 0.0) => {
            fail(format!("beta takes two numbers above 0, found ({a}, {b})"))
        }
        Dist::Beta { .. } => ends(0.0, 1.0),
        Dist::OneOf { values, weights } => {
            if values.is_empty() || (!weights.is_empty() && weights.len() != values.len()) {
                return fail(format!(
                    "one_of has {} values and {} weights; expected as many, or no weights",
                    values.len(),
                    weights.len()
                ));
            }
            values.iter().try_for_each(|v| check_value(op, spec, v))
        }
        Dist::Schedule { points, .. } => {
            if points.first().is_none_or(|(epoch, _)| *epoch != 0) {
                return fail("a schedule starts at epoch 0".into());
            }
            points.iter().try_for_each(|(_, d)| check_named(op, spec, d))
        }
    }
}

/// Checks how often a group is repeated.
pub fn check_times(group: &str, times: &Dist) -> Result<()> {
    check_named(group, &repetitions(), times)
}

/// Checks a chance.
pub fn check_chance(op: &str, chance: &Dist) -> Result<()> {
    check_named(op, &probability(), chance)
}
