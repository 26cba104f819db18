//! The command line `variegate`: one verb, one file in `commands/`.
//!
//! People and scripts call it. Here are the arguments every verb shares, the exit codes, and the one line an error
//! becomes. It holds no image code of its own and knows the façade alone; it must never end in a backtrace.
#![forbid(unsafe_code)]

mod apart;
mod commands;
mod document;
mod job;
mod layout;
mod ledger;
mod original;
mod overlay;
mod progress;
mod sheet;
mod strength;
mod subject;
mod survey;
mod terminal;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use variegate::{Error, Kind, Result};

const AFTER: &str = "\
Examples:
  variegate ops                                      what there is
  variegate ops rotate                               one operation, its parameters and their units
  variegate inspect photos                           what is in a data set, and what is wrong with it
  variegate preview photos --pipeline p.yaml         see it before you use it: sheet.png
  variegate studio photos                            the same by eye, in the browser
  variegate explain --pipeline p.yaml                what happens to one picture, in how many passes
  variegate augment photos out --pipeline p.yaml --copies 4
  variegate pack photos shards --short-side 256      a data set rewritten once, to be read fast
  variegate migrate augment.json --out p.yaml        a pipeline of Albumentations, torchvision or Keras as ours

A pipeline file:
  variegate: 1
  seed: 7
  pipeline:
    - resized_crop: {size: 224, area: [0.3, 1.0]}
    - flip: {p: 0.5}
    - rotate: {degrees: [-15, 15], border: reflect}

Exit codes: 0 done, 1 failed, 2 wrong arguments or a wrong pipeline file.";

/// Random transformations of pictures for training: offline, as a preview, and explained.
#[derive(Parser)]
#[command(name = "variegate", version, after_help = AFTER, arg_required_else_help = true)]
pub struct Arguments {
    #[command(subcommand)]
    verb: Verb,
    /// When results are coloured; auto is on a terminal where NO_COLOR is not set.
    #[arg(long, global = true, value_enum, default_value_t = terminal::Color::Auto, value_name = "WHEN")]
    color: terminal::Color,
}

#[derive(Subcommand)]
enum Verb {
    Augment(commands::augment::Augment),
    Inspect(commands::inspect::Inspect),
    Preview(commands::preview::Preview),
    Studio(commands::studio::Studio),
    Explain(commands::explain::Explain),
    Ops(commands::ops::Ops),
    Migrate(commands::migrate::Migrate),
    Pack(commands::pack::Pack),
    Doctor(commands::doctor::Doctor),
    Bench(commands::bench::Bench),
    Completions(commands::completions::Completions),
    Man(commands::man::Man),
}

/// Worker threads: as many as were asked for, or as there are processors.
pub fn threads(asked: Option<usize>) -> usize {
    asked.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get))
}

/// How a verb ended that did not end in an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Everything was done.
    Done,
    /// Something asked for was not done; it has been said.
    Failed,
}

fn main() -> ExitCode {
    let Arguments { verb, color } = Arguments::parse();
    terminal::choose(color);
    // A panic is reported below, or as a bad file; the default hook would print a backtrace in the middle of the progress.
    std::panic::set_hook(Box::new(terminal::remember_panic));
    let ended = catch_unwind(AssertUnwindSafe(|| run(&verb)));
    match ended.unwrap_or_else(|_| Err(Error::internal(terminal::last_panic()))) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Failed) => ExitCode::FAILURE,
        Err(error) => {
            terminal::complain(&format!("error: {error}"));
            if error.kind() == Kind::Parameter { ExitCode::from(2) } else { ExitCode::FAILURE }
        }
    }
}

fn run(verb: &Verb) -> Result<Outcome> {
    match verb {
        Verb::Augment(arguments) => commands::augment::run(arguments),
        Verb::Inspect(arguments) => commands::inspect::run(arguments),
        Verb::Preview(arguments) => commands::preview::run(arguments),
        Verb::Studio(arguments) => commands::studio::run(arguments),
        Verb::Explain(arguments) => commands::explain::run(arguments),
        Verb::Ops(arguments) => commands::ops::run(arguments),
        Verb::Migrate(arguments) => commands::migrate::run(arguments),
        Verb::Pack(arguments) => commands::pack::run(arguments),
        Verb::Doctor(arguments) => commands::doctor::run(arguments),
        Verb::Bench(arguments) => commands::bench::run(arguments),
        Verb::Completions(arguments) => commands::completions::run(arguments),
        Verb::Man(arguments) => commands::man::run(arguments),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_do_not_contradict_each_other() {
        use clap::CommandFactory;
        Arguments::command().debug_assert();
    }
}
