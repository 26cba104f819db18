//! Every law × every operation, each a test with its own name: `cargo nextest run -p variegate --test laws`.
//!
//! An operation enters by being in the registry; nothing here names one, but for the sizes some must be given.

use libtest_mimic::{Arguments, Failed, Trial};
use variegate::OpSpec;

mod attached;
mod cases;
mod declared;
mod pixels;
mod stacks;

/// A law: its sentence, and the check for one operation.
type Law = (&'static str, fn(&'static OpSpec) -> Result<(), Failed>);

/// Laws of what is attached to a picture. An operation that mixes is excused: nothing attached is mixed, and what is asked
/// of it instead is to say so (`mixing_is_refused_alone`).
const ATTACHED: &[Law] = &[
    ("boxes_move_with_the_picture", attached::boxes_move_with_the_picture),
    ("points_move_with_the_picture", attached::points_move_with_the_picture),
    ("masks_move_with_the_picture", attached::masks_move_with_the_picture),
    ("undo_brings_points_back", attached::undo_brings_points_back),
];

const LAWS: &[Law] = &[
    ("neutral_values_change_nothing", pixels::neutral_values_change_nothing),
    ("every_instruction_set_gives_the_same_bytes", pixels::every_instruction_set_gives_the_same_bytes),
    ("the_same_key_gives_the_same_bytes", pixels::the_same_key_gives_the_same_bytes),
    ("the_engine_is_the_reference_within_its_debt", pixels::the_engine_is_the_reference_within_its_debt),
    ("every_size_works", pixels::every_size_works),
    ("values_stay_between_black_and_white", pixels::values_stay_between_black_and_white),
    ("after_a_flip_it_fuses_to_the_same_picture", pixels::after_a_flip_it_fuses_to_the_same_picture),
    ("defaults_agree_in_rust_and_yaml", declared::defaults_agree_in_rust_and_yaml),
    ("a_recipe_replays_to_the_same_bytes", declared::a_recipe_replays_to_the_same_bytes),
    ("mixing_is_refused_alone", declared::mixing_is_refused_alone),
    ("everything_is_documented", declared::everything_is_documented),
    ("bounds_are_kept", declared::bounds_are_kept),
];

/// The laws of operations that see a volume or clip as a whole.
const STACK_LAWS: &[Law] = &[
    ("neutral_values_change_nothing", stacks::neutral_values_change_nothing),
    ("every_instruction_set_gives_the_same_bytes", stacks::every_instruction_set_gives_the_same_bytes),
    ("the_same_key_gives_the_same_bytes", stacks::the_same_key_gives_the_same_bytes),
    ("every_size_works", stacks::every_size_works),
    ("values_stay_between_black_and_white", stacks::values_stay_between_black_and_white),
    ("masks_move_with_the_volume", stacks::masks_move_with_the_volume),
    ("a_picture_by_itself_is_refused", stacks::a_picture_by_itself_is_refused),
    ("a_recipe_replays_to_the_same_bytes", stacks::a_recipe_replays_to_the_same_bytes),
    ("defaults_agree_in_rust_and_yaml", declared::defaults_agree_in_rust_and_yaml),
    ("everything_is_documented", declared::everything_is_documented),
    ("bounds_are_kept", declared::bounds_are_kept),
];

fn main() {
    let arguments = Arguments::from_args();
    let trials = variegate::ops::registry::all()
        .iter()
        .flat_map(|spec| {
            let attached: &'static [Law] = if spec.mixes() || spec.needs_stack() { &[] } else { ATTACHED };
            let laws = if spec.needs_stack() { STACK_LAWS } else { LAWS }.iter().chain(attached);
            laws.map(move |(name, law)| Trial::test(format!("{name}::{}", spec.name), move || law(spec)))
        })
        .collect();
    libtest_mimic::run(&arguments, trials).exit();
}
