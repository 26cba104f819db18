//! Declarations of parameters: everything that is derived for users comes from them.

use crate::dist::Dist;
use crate::value::Value;

/// How one number stands for a range, in the jitter family only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Jitter {
    /// f means (1 − f, 1 + f), never below 0.
    AroundOne,
    /// f means (−f, f).
    AroundZero,
}

/// What values a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// A real number, random unless one is given.
    Real {
        /// Least value.
        lo: f64,
        /// Greatest value.
        hi: f64,
    },
    /// A whole number.
    Integer {
        /// Least value.
        lo: i64,
        /// Greatest value.
        hi: i64,
    },
    /// Yes or no.
    Flag,
    /// One of several words.
    Word(&'static [&'static str]),
    /// A height and width in pixels, or one number for both.
    Size,
    /// A colour from 0 (black) to 1 (white), or one for each channel.
    Colour,
    /// Several numbers; `n` of them, or any count where that is 0.
    Numbers {
        /// How many.
        n: usize,
        /// Least value.
        lo: f64,
        /// Greatest value.
        hi: f64,
    },
    /// Numbers between −1 and 1, always drawn.
    Spread {
        /// How many.
        n: usize,
    },
    /// The name of a function that was registered.
    Function,
    /// A folder of pictures, or the word for pictures that are drawn.
    Folder,
    /// The key of a random field, always drawn.
    Key,
}

/// The word for a bank of pictures that are drawn from their number.
pub const PROCEDURAL: &str = "procedural";

/// The default of a parameter, in a form that a `const` can hold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Default {
    /// Must be given.
    Required,
    /// Left out.
    None,
    /// A number.
    Number(f64),
    /// A uniform range.
    Range(f64, f64),
    /// A range by ratio.
    LogRange(f64, f64),
    /// Yes or no.
    Flag(bool),
    /// A word.
    Word(&'static str),
    /// Several numbers.
    Numbers(&'static [f64]),
    /// Always drawn.
    Drawn,
}

/// The declaration of one parameter.
#[derive(Clone, Copy, Debug)]
pub struct ParamSpec {
    /// Its name in every language.
    pub name: &'static str,
    /// One line for users.
    pub doc: &'static str,
    /// What values it takes.
    pub kind: Kind,
    /// What it is where it is not given.
    pub default: Default,
    /// The range people use; the strength axis runs from neutral to its ends.
    pub usual: Option<(f64, f64)>,
    /// The value that changes nothing.
    pub neutral: Option<f64>,
    /// Its unit.
    pub unit: &'static str,
    /// Whether a pair means a range by ratio.
    pub by_ratio: bool,
    /// Whether it may be left out.
    pub optional: bool,
    /// How one number stands for a range.
    pub jitter: Option<Jitter>,
    /// Whether it chooses another sample of the data set.
    pub partner: bool,
}

const fn spec(kind: Kind, default: Default) -> ParamSpec {
    ParamSpec {
        name: "",
        doc: "",
        kind,
        default,
        usual: None,
        neutral: None,
        unit: "",
        by_ratio: false,
        optional: false,
        jitter: None,
        partner: false,
    }
}

/// A real parameter between bounds; required until `usual` or `default` is said.
pub const fn real(lo: f64, hi: f64) -> ParamSpec {
    spec(Kind::Real { lo, hi }, Default::Required)
}

/// A whole parameter between bounds.
pub const fn integer(lo: i64, hi: i64) -> ParamSpec {
    spec(Kind::Integer { lo, hi }, Default::Required)
}

/// A flag.
pub const fn flag(default: bool) -> ParamSpec {
    spec(Kind::Flag, Default::Flag(default))
}

/// One of several words.
pub const fn word(words: &'static [&'static str], default: &'static str) -> ParamSpec {
    spec(Kind::Word(words), Default::Word(default))
}

/// A resampling filter.
pub const fn filter(default: &'static str) -> ParamSpec {
    word(&["nearest", "box", "bilinear", "hamming", "bicubic", "mitchell", "lanczos3", "lanczos5", "gaussian"], default)
}

/// What lies beyond the edge.
pub const fn border(default: &'static str) -> ParamSpec {
    word(&["constant", "edge", "reflect", "mirror", "wrap"], default)
}

/// A size in pixels.
pub const fn size() -> ParamSpec {
    ParamSpec { unit: "px", ..spec(Kind::Size, Default::Required) }
}

/// A colour.
pub const fn colour(default: f64) -> ParamSpec {
    spec(Kind::Colour, Default::Number(default))
}

/// Several numbers.
pub const fn numbers(n: usize) -> ParamSpec {
    spec(Kind::Numbers { n, lo: f64::NEG_INFINITY, hi: f64::INFINITY }, Default::Required)
}

/// Numbers between −1 and 1, always drawn.
pub const fn spread(n: usize) -> ParamSpec {
    spec(Kind::Spread { n }, Default::Drawn)
}

/// The key of a random field, always drawn.
pub const fn key() -> ParamSpec {
    spec(Kind::Key, Default::Drawn)
}

/// A bank of pictures: a folder, or [`PROCEDURAL`], which is the default.
pub const fn bank() -> ParamSpec {
    spec(Kind::Folder, Default::Word(PROCEDURAL))
}

/// The name of a function that was registered, which must be given.
pub const fn function() -> ParamSpec {
    spec(Kind::Function, Default::Required)
}

/// The number that another sample is chosen by, always drawn; the operation holds it as a `u64`.
pub const fn partner() -> ParamSpec {
    ParamSpec { partner: true, ..key() }
}

impl ParamSpec {
    /// The range people use, which is also the default.
    pub const fn usual(self, lo: f64, hi: f64) -> Self {
        let default = if self.by_ratio { Default::LogRange(lo, hi) } else { Default::Range(lo, hi) };
        Self { usual: Some((lo, hi)), default, ..self }
    }

    /// Another default than the usual range.
    pub const fn default(self, default: Default) -> Self {
        Self { default, ..self }
    }

    /// A constant default.
    pub const fn value(self, value: f64) -> Self {
        Self { default: Default::Number(value), ..self }
    }

    /// The value that changes nothing.
    pub const fn neutral(self, neutral: f64) -> Self {
        Self { neutral: Some(neutral), ..self }
    }

    /// The bounds of each of several numbers.
    pub const fn between(self, lo: f64, hi: f64) -> Self {
        match self.kind {
            Kind::Numbers { n, .. } => Self { kind: Kind::Numbers { n, lo, hi }, ..self },
            _ => self,
        }
    }

    /// Its unit.
    pub const fn unit(self, unit: &'static str) -> Self {
        Self { unit, ..self }
    }

    /// A pair means a range by ratio. Say it before `usual`.
    pub const fn by_ratio(self) -> Self {
        Self { by_ratio: true, ..self }
    }

    /// May be left out (`None` in Python, absent in YAML).
    pub const fn optional(self) -> Self {
        Self { optional: true, default: Default::None, ..self }
    }

    /// One number stands for a range.
    pub const fn jitter(self, jitter: Jitter) -> Self {
        Self { jitter: Some(jitter), ..self }
    }

    /// Least and greatest number.
    pub fn bounds(&self) -> (f64, f64) {
        match self.kind {
            Kind::Real { lo, hi } => (lo, hi),
            Kind::Integer { lo, hi } => (lo as f64, hi as f64),
            Kind::Colour => (0.0, 1.0),
            _ => (f64::NEG_INFINITY, f64::INFINITY),
        }
    }

    /// A number as this parameter holds it.
    pub fn number(&self, v: f64) -> Value {
        match self.kind {
            Kind::Integer { lo, hi } => Value::Integer((v.round() as i64).clamp(lo, hi)),
            _ => Value::Real(v),
        }
    }

    /// Whether it is always drawn and never given.
    pub fn is_hidden(&self) -> bool {
        self.default == Default::Drawn
    }

    /// The distribution of the default; none where it must be given or is always drawn.
    pub fn default_dist(&self) -> Option<Dist> {
        Some(match self.default {
            Default::Required | Default::Drawn => return None,
            Default::None => Dist::Constant(Value::None),
            Default::Number(v) => Dist::Constant(self.number(v)),
            Default::Range(lo, hi) => Dist::Uniform(lo, hi),
            Default::LogRange(lo, hi) => Dist::LogUniform(lo, hi),
            Default::Flag(v) => Dist::Constant(Value::Flag(v)),
            Default::Word(w) if self.kind == Kind::Folder => Dist::Constant(Value::Text(w.into())),
            Default::Word(w) => Dist::Constant(Value::Word(w)),
            Default::Numbers(list) => Dist::Constant(Value::Numbers(list.to_vec())),
        })
    }
}
