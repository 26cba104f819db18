//! The laws that every operation obeys, as tests: for the operations of Variegate and for those of its users.
//!
//! `crates/variegate/tests/laws.rs` runs all of them on every built-in operation; whoever writes an operation of their
//! own adds this crate to the development dependencies, [registers](variegate::ops::registry::register) it and calls
//! [`check`]. An operation enters by its declaration: nothing here names one, but for the sizes some must be given.
//!
//! ```
//! use variegate::ops::geometry::Flip;
//!
//! let broken = variegate_laws::check(Flip::SPEC);
//! assert!(broken.is_empty(), "{broken:?}");
//! ```
#![forbid(unsafe_code)]

mod attached;
mod cases;
mod declared;
mod pixels;
mod stacks;

use std::fmt;

use variegate::OpSpec;

/// What a law found wrong: the case, and what was there in place of what was expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed(String);

impl From<String> for Failed {
    fn from(message: String) -> Self {
        Self(message)
    }
}

impl From<&str> for Failed {
    fn from(message: &str) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Failed {}

/// A law: its sentence, and the check for one operation.
#[derive(Clone, Copy, Debug)]
pub struct Law {
    /// The sentence, joined by underscores: the name of its test.
    pub name: &'static str,
    holds: fn(&'static OpSpec) -> Result<(), Failed>,
}

impl Law {
    /// Checks an operation.
    ///
    /// # Errors
    ///
    /// When the law is broken; the message says in which case.
    pub fn check(&self, spec: &'static OpSpec) -> Result<(), Failed> {
        (self.holds)(spec)
    }
}

/// Names each law by its function.
macro_rules! laws {
    ($($module:ident::$name:ident),* $(,)?) => {
        &[$(Law { name: stringify!($name), holds: $module::$name }),*]
    };
}

/// Laws of what is attached to a picture. An operation that mixes is excused: nothing attached is mixed, and what is asked
/// of it instead is to say so (`mixing_is_refused_alone`).
const ATTACHED: &[Law] = laws![
    attached::boxes_move_with_the_picture,
    attached::points_move_with_the_picture,
    attached::masks_move_with_the_picture,
    attached::undo_brings_points_back,
];

const LAWS: &[Law] = laws![
    pixels::neutral_values_change_nothing,
    pixels::every_instruction_set_gives_the_same_bytes,
    pixels::the_same_key_gives_the_same_bytes,
    pixels::the_engine_is_the_reference_within_its_debt,
    pixels::every_size_works,
    pixels::values_stay_between_black_and_white,
    pixels::after_a_flip_it_fuses_to_the_same_picture,
    declared::defaults_agree_in_rust_and_yaml,
    declared::a_recipe_replays_to_the_same_bytes,
    declared::mixing_is_refused_alone,
    declared::everything_is_documented,
    declared::bounds_are_kept,
];

/// The laws of operations that see a volume or clip as a whole.
const STACK_LAWS: &[Law] = laws![
    stacks::neutral_values_change_nothing,
    stacks::every_instruction_set_gives_the_same_bytes,
    stacks::the_same_key_gives_the_same_bytes,
    stacks::every_size_works,
    stacks::values_stay_between_black_and_white,
    stacks::masks_move_with_the_volume,
    stacks::a_picture_by_itself_is_refused,
    stacks::a_recipe_replays_to_the_same_bytes,
    declared::defaults_agree_in_rust_and_yaml,
    declared::everything_is_documented,
    declared::bounds_are_kept,
];

/// The laws that an operation has to obey; which ones depends on what it acts on.
pub fn laws_of(spec: &OpSpec) -> impl Iterator<Item = &'static Law> + use<> {
    let attached: &'static [Law] = if spec.mixes() || spec.needs_stack() { &[] } else { ATTACHED };
    if spec.needs_stack() { STACK_LAWS } else { LAWS }.iter().chain(attached)
}

/// Checks an operation against all its laws; the names of those it breaks, and how. It takes about a second.
pub fn check(spec: &'static OpSpec) -> Vec<(&'static str, Failed)> {
    laws_of(spec).filter_map(|law| Some((law.name, law.check(spec).err()?))).collect()
}
