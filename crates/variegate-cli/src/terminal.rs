//! What people read: results on standard output, everything else on standard error.
//!
//! Every verb calls it. It never fails because a reader went away (`variegate ops | head`), and an error is always
//! one line.

use std::io::{IsTerminal, Write};
use std::panic::PanicHookInfo;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use clap::ValueEnum;

use variegate::{Error, Result};

/// When results are coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless NO_COLOR is set.
    Auto,
    /// Always, whatever the environment says.
    Always,
    /// Never.
    Never,
}

static COLOURED: AtomicBool = AtomicBool::new(false);

/// Settles whether results are coloured.
pub fn choose(color: Color) {
    // https://no-color.org: set and not empty.
    let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let coloured = match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => !refused && std::io::stdout().is_terminal(),
    };
    COLOURED.store(coloured, Ordering::Relaxed);
}

/// Text in a style of ECMA-48 (`1` is bold, `31` red), where results are coloured.
pub fn paint(text: &str, style: &str) -> String {
    if COLOURED.load(Ordering::Relaxed) { format!("\u{1b}[{style}m{text}\u{1b}[0m") } else { text.to_string() }
}

static PANIC: Mutex<String> = Mutex::new(String::new());

/// Writes a result to standard output.
pub fn say(text: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Error::io(format!("standard output cannot be written: {error}")))
        }
        _ => Ok(()),
    }
}

/// Writes one line to standard error; line breaks inside become spaces, an indent stays.
pub fn complain(line: &str) {
    let mut parts = line.lines().map(str::trim_end).filter(|part| !part.is_empty());
    let first = parts.next().unwrap_or("");
    let line = parts.fold(first.to_string(), |line, part| format!("{line} {}", part.trim_start()));
    // There is nobody left to tell when standard error is gone.
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Keeps what a panic said, for the one line at the end.
pub fn remember_panic(info: &PanicHookInfo<'_>) {
    let place = info.location().map_or_else(String::new, |l| format!(" at {}:{}", l.file(), l.line()));
    let payload = info.payload();
    let text = payload.downcast_ref::<&str>().copied();
    let said = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message");
    *PANIC.lock().unwrap_or_else(PoisonError::into_inner) =
        format!("a step panicked{place} ({said}); please report it");
}

/// What the last panic said.
pub fn last_panic() -> String {
    PANIC.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// A count and its noun: `1 picture`, `2 pictures`.
pub fn count(n: u64, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}
