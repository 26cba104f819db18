//! `variegate man`: the manual pages, one for each verb.
//!
//! Packagers run it. Everything comes from the arguments themselves.

use std::path::PathBuf;

use clap::{Args, CommandFactory};
use variegate::{Error, Result};

use crate::terminal::{count, say};
use crate::{Arguments, Outcome};

const AFTER: &str = "\
Examples:
  variegate man man1
  man ./man1/variegate-augment.1";

/// Write the manual pages.
#[derive(Args)]
#[command(after_help = AFTER)]
pub struct Man {
    /// Where they go; made if it is missing.
    dir: PathBuf,
}

/// Runs the verb.
pub fn run(arguments: &Man) -> Result<Outcome> {
    let dir = &arguments.dir;
    let refused = |error: std::io::Error| Error::io(format!("the manual cannot be written: {error}")).at(dir);
    std::fs::create_dir_all(dir).map_err(refused)?;
    let mut command = Arguments::command();
    command.build();
    let pages = 1 + command.get_subcommands().filter(|verb| !verb.is_hide_set()).count();
    clap_mangen::generate_to(command, dir).map_err(refused)?;
    say(&format!("{}: {}\n", dir.display(), count(pages as u64, "manual page")))?;
    Ok(Outcome::Done)
}
