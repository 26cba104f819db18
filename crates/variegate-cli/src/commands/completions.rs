//! `variegate completions`: what a shell needs to complete verbs and options.
//!
//! People run it once, into the file their shell reads. Everything comes from the arguments themselves.

use clap::{Args, CommandFactory};
use clap_complete::{Shell, generate};
use variegate::Result;

use crate::terminal::say;
use crate::{Arguments, Outcome};

const AFTER: &str = "\
Examples:
  variegate completions bash > ~/.local/share/bash-completion/completions/variegate
  variegate completions zsh > ~/.zfunc/_variegate
  variegate completions fish > ~/.config/fish/completions/variegate.fish";

/// Print the completions of a shell.
#[derive(Args)]
#[command(after_help = AFTER)]
pub struct Completions {
    /// The shell.
    #[arg(value_enum)]
    shell: Shell,
}

/// Runs the verb.
pub fn run(arguments: &Completions) -> Result<Outcome> {
    let mut text = Vec::new();
    generate(arguments.shell, &mut Arguments::command(), "variegate", &mut text);
    say(&String::from_utf8_lossy(&text))?;
    Ok(Outcome::Done)
}
