//! `cargo xtask sync` writes everything that is derived from the operations; `cargo xtask check` fails where that is
//! stale. The index is made from the files alone; the rest asks the compiled registry. `cargo xtask gallery [NAME …]`
//! draws the pictures of the operations' pages.
#![forbid(unsafe_code)]

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

#[cfg(feature = "derive")]
mod derive;
mod index;

/// A generated file: where it goes and what it says.
type Written = (PathBuf, String);

fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let verb = std::env::args().nth(1).unwrap_or_default();
    let done = match verb.as_str() {
        "sync" | "check" => {
            let index = [(root.join("crates/variegate-ops/src/index.rs"), index::text(&root))];
            settle(&index, verb == "check") && derived(&root, &verb)
        }
        "gallery" => derived(&root, "gallery"),
        #[cfg(feature = "derive")]
        "derive-gallery" => derive::gallery::draw(&root, &std::env::args().skip(2).collect::<Vec<_>>()),
        #[cfg(feature = "derive")]
        "derive-sync" | "derive-check" => settle(&derive::files(&root), verb == "derive-check"),
        _ => {
            eprintln!("usage: cargo xtask sync | check | gallery [NAME …]");
            false
        }
    };
    if done { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Runs the second half, which is compiled against the index just written. A binary that holds it already checks with
/// it: an index found fresh is the one it was compiled against, or cargo would have built another.
fn derived(root: &Path, verb: &str) -> bool {
    #[cfg(feature = "derive")]
    if verb == "check" {
        return settle(&derive::files(root), true);
    }
    let binary = std::env::current_exe().unwrap_or_default();
    // With all of the workspace in the selection its dependencies have the features that the tests build them with.
    let built = Command::new(env!("CARGO"))
        .current_dir(root)
        .args(["build", "-q", "--workspace", "--bin", "xtask", "--features", "xtask/derive"])
        .status();
    built.is_ok_and(|status| status.success())
        && Command::new(binary)
            .arg(format!("derive-{verb}"))
            .args(std::env::args().skip(2))
            .status()
            .is_ok_and(|status| status.success())
}

/// Writes files, or says which differ.
fn settle(files: &[Written], check: bool) -> bool {
    let mut fresh = true;
    for (path, text) in files {
        let old = std::fs::read_to_string(path).unwrap_or_default();
        if old == *text {
            continue;
        }
        if check {
            eprintln!("{} is stale: run `cargo xtask sync`", path.display());
            fresh = false;
        } else if let Err(e) =
            path.parent().map_or(Ok(()), std::fs::create_dir_all).and_then(|()| std::fs::write(path, text))
        {
            eprintln!("{}: {e}", path.display());
            fresh = false;
        }
    }
    fresh
}
