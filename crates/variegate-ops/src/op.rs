//! The operation: a pure function from concrete parameters and a frame to nodes.

use std::marker::PhantomData;

use variegate_picture::Error;
use variegate_picture::error::nearest;
use variegate_plan::Builder;

use crate::dist::Dist;
use crate::param::ParamSpec;
use crate::value::Value;

/// The families whose operations see a volume or clip as a whole.
const STACKED: [&str; 2] = ["volume", "video"];

/// An operation with concrete parameters.
pub trait Op {
    /// Whether it looks at boxes or marks (`plan.boxes()`, `plan.marked()`), so that a recipe must keep them.
    const SEES_ATTACHED: bool = false;

    /// Writes nodes for the builder's frame. It sees size and channels, never pixels, and cannot fail: parameters
    /// were checked when the pipeline was built.
    fn lower(&self, plan: &mut Builder);

    /// Says what is wrong where parameters do not fit each other, as "name: expected …, found …"; asked once, when the pipeline
    /// is built.
    fn check(&self) -> Result<(), String> {
        Ok(())
    }
}

/// The whole declaration of an operation.
#[derive(Debug)]
pub struct OpSpec {
    /// Its name in YAML and everywhere: the file's stem.
    pub name: &'static str,
    /// Its class name in Python and Rust.
    pub class: &'static str,
    /// The folder it lives in.
    pub family: &'static str,
    /// Its documentation: a summary line, then formula and source.
    pub doc: &'static str,
    /// Its parameters in order.
    pub params: &'static [ParamSpec],
    /// What others call it, for "did you mean".
    pub aliases: &'static [&'static str],
    /// Whether it looks at what is attached to the picture.
    pub sees_attached: bool,
    /// Writes the nodes of concrete values, as many as parameters.
    pub lower: fn(&[Value], &mut Builder),
    /// Says what is wrong where concrete values do not fit each other.
    pub check: fn(&[Value]) -> Result<(), String>,
}

impl OpSpec {
    /// The position of a parameter.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.params.iter().position(|p| p.name == name)
    }

    /// Whether it takes part of another sample, so that it needs a data set.
    pub fn mixes(&self) -> bool {
        self.params.iter().any(|p| p.partner)
    }

    /// Whether it sees a volume or clip as a whole, so that a single picture is not enough.
    pub fn needs_stack(&self) -> bool {
        STACKED.contains(&self.family)
    }

    /// The one-line summary.
    pub fn summary(&self) -> &'static str {
        self.doc.trim().lines().next().unwrap_or("").trim()
    }
}

/// Distributions for the parameters of an operation: what a user builds in Rust.
#[derive(Clone, Debug)]
pub struct Config<T> {
    /// The operation.
    pub spec: &'static OpSpec,
    /// What was given, by position.
    pub given: Vec<(usize, Dist)>,
    /// The chance that it is applied at all.
    pub chance: Dist,
    /// The first name given that no parameter has.
    unknown: Option<String>,
    marker: PhantomData<T>,
}

impl<T> Config<T> {
    /// Everything at its default.
    pub fn new(spec: &'static OpSpec) -> Self {
        Self { spec, given: Vec::new(), chance: Dist::from(1.0), unknown: None, marker: PhantomData }
    }

    /// The chance that it is applied at all, 0 to 1.
    pub fn p(mut self, chance: impl Into<Dist>) -> Self {
        self.chance = chance.into();
        self
    }

    /// Sets a parameter by name. Where there is none of that name, the pipeline is refused when it is built.
    pub fn with(mut self, name: &str, value: impl Into<Dist>) -> Self {
        match self.spec.position(name) {
            Some(position) => self.set(position, value.into()),
            None => {
                self.unknown.get_or_insert_with(|| name.to_string());
                self
            }
        }
    }

    /// Refuses a name that no parameter has.
    pub(crate) fn check_names(&self) -> variegate_picture::Result<()> {
        let Some(name) = &self.unknown else { return Ok(()) };
        let names = || self.spec.params.iter().filter(|p| !p.is_hidden()).map(|p| p.name);
        let mend = match nearest(name, names()) {
            Some(near) => format!("did you mean {near:?}?"),
            None => format!("it has {}", names().collect::<Vec<_>>().join(", ")),
        };
        Err(Error::parameter(format!("{}: there is no parameter {name:?}; {mend}", self.spec.name)))
    }

    /// Sets a parameter by position.
    pub fn set(mut self, position: usize, dist: Dist) -> Self {
        self.given.push((position, dist));
        self
    }
}

/// Declares an operation in a crate of your own.
///
/// Makes the struct of concrete values, its [`OpSpec`] as `SPEC`, and `config()`, whose parameters are set by
/// [`with`](Config::with). Doc lines are required, of the operation and of each parameter: they are what users read.
///
/// ```
/// use variegate_ops::{Pipeline, prelude::*};
///
/// operation! {
///     /// Multiplies every value.
///     pub struct Dim("dim", "colour", aliases: []) {
///         /// What values are multiplied by.
///         factor: f64 = real(0.0, 1.0).usual(0.5, 1.0).neutral(1.0);
///     }
/// }
///
/// impl Op for Dim {
///     fn lower(&self, plan: &mut Builder) {
///         plan.scale(self.factor, 0.0);
///     }
/// }
///
/// assert!(Pipeline::builder().then(Dim::config().with("factor", 0.6..=0.9)).build().is_ok());
/// assert!(Pipeline::builder().then(Dim::config().with("faktor", 0.5)).build().is_err());
/// ```
#[macro_export]
macro_rules! operation {
    (
        $(#[doc = $doc:literal])*
        pub struct $op:ident($name:literal, $family:literal, aliases: $aliases:expr) {
            $( $(#[doc = $pdoc:literal])* $field:ident: $ty:ty = $spec:expr; )*
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug)]
        pub struct $op {
            $( $(#[doc = $pdoc])* pub $field: $ty, )*
        }

        impl $op {
            /// The declaration everything for users is derived from.
            pub const SPEC: &'static $crate::OpSpec = &$crate::OpSpec {
                name: $name,
                class: stringify!($op),
                family: $family,
                doc: concat!($($doc, "\n",)*),
                params: &[
                    $( $crate::param::ParamSpec {
                        name: stringify!($field),
                        doc: concat!($($pdoc, "\n",)*),
                        ..$spec
                    }, )*
                ],
                aliases: &$aliases,
                sees_attached: <$op as $crate::Op>::SEES_ATTACHED,
                lower: |values, plan| $crate::Op::lower(&$op::from_values(values), plan),
                check: |values| $crate::Op::check(&$op::from_values(values)),
            };

            fn from_values(values: &[$crate::value::Value]) -> Self {
                let mut values = values.iter();
                let mut next = || values.next().unwrap_or(&$crate::value::Value::None);
                let _ = &mut next;
                $op { $( $field: $crate::value::FromValue::from_value(next()), )* }
            }

            /// Distributions in front of the parameters, each at its default until it is set.
            pub fn config() -> $crate::Config<$op> {
                $crate::Config::new(Self::SPEC)
            }
        }
    };
}

/// Declares a built-in operation: what [`operation!`] makes, and a method of its [`Config`] for each parameter.
///
/// For this crate alone: methods can be added to a type only where the type is at home.
#[macro_export]
#[doc(hidden)]
macro_rules! params {
    (
        $(#[doc = $doc:literal])*
        pub struct $op:ident($name:literal, $family:literal, aliases: $aliases:expr) {
            $( $(#[doc = $pdoc:literal])* $field:ident: $ty:ty = $spec:expr; )*
        }
    ) => {
        $crate::operation! {
            $(#[doc = $doc])*
            pub struct $op($name, $family, aliases: $aliases) {
                $( $(#[doc = $pdoc])* $field: $ty = $spec; )*
            }
        }

        $crate::params!(@setters $op, 0usize, $( $(#[doc = $pdoc])* $field, )*);
    };
    (@setters $op:ident, $k:expr, ) => {};
    (@setters $op:ident, $k:expr, $(#[doc = $pdoc:literal])* $field:ident, $($rest:tt)*) => {
        impl $crate::Config<$op> {
            $(#[doc = $pdoc])*
            pub fn $field(self, value: impl Into<$crate::Dist>) -> Self {
                self.set($k, value.into())
            }
        }
        $crate::params!(@setters $op, $k + 1usize, $($rest)*);
    };
}
