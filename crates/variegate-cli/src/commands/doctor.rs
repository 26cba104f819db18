//! `variegate doctor`: what this machine offers, what is used of it, and what would make it faster.
//!
//! People run it when a pipeline is slower than they thought, and put its answer into reports of bugs. It reads the
//! machine and changes nothing.

use std::path::Path;

use clap::Args;
use serde_json::{Value as Json, json};
use variegate::Result;
use variegate::io::JPEG_BACKEND;
use variegate::picture::key::VALUE_VERSION;
use variegate::{Level, level_name};

use crate::terminal::{paint, say};
use crate::{Outcome, threads};

const AFTER: &str = "\
The environment variable VARIEGATE_SIMD (scalar, avx2, avx512) lowers the instruction set. Nothing is cached but hidden indexes beside shards.

Examples:
  variegate doctor
  variegate doctor --json";

/// What was locked when this was built; versions of codecs are read from it.
const LOCK: &str = include_str!("../../../../Cargo.lock");

/// Tell what this machine offers, what is used of it, and what would make it faster.
#[derive(Args)]
#[command(after_help = AFTER)]
pub struct Doctor {
    /// As JSON, for programs.
    #[arg(long)]
    json: bool,
}

/// Runs the verb.
pub fn run(arguments: &Doctor) -> Result<Outcome> {
    let found = examine();
    say(&if arguments.json { format!("{found:#}\n") } else { told(&found) })?;
    Ok(Outcome::Done)
}

fn examine() -> Json {
    let (widest, used) = (Level::widest().name(), level_name());
    let threads = threads(None);
    let memory = memory();
    let mut advice: Vec<String> = Vec::new();
    if widest != used {
        advice.push(format!("VARIEGATE_SIMD lowers the instruction set to {used}; unset it for {widest}"));
    } else if widest == "scalar" && cfg!(target_arch = "x86_64") {
        advice.push(
            "the processor has no AVX2; one that has runs most kernels one and a half to seven times as fast".into(),
        );
    }
    if threads == 1 {
        advice.push("one thread is offered; a container's limit of processors may be the reason".into());
    }
    if memory.is_some_and(|(_, free)| free < 2 << 30) {
        advice.push("less than 2 GiB of memory are free; lower the loader's `memory` and `prefetch`".into());
    }
    if cfg!(debug_assertions) {
        advice.push("this is a debug build; build with --release".into());
    }
    advice.push(
        "`variegate bench SRC` shows which stage takes the time; where it is decoding, `variegate pack` helps".into(),
    );
    let rust = |name: &str| json!({ "library": name, "version": locked(name) });
    let (library, version) = JPEG_BACKEND.split_once(' ').unwrap_or((JPEG_BACKEND, ""));
    json!({
        "variegate": env!("CARGO_PKG_VERSION"),
        "values": VALUE_VERSION,
        "build": if cfg!(debug_assertions) { "debug" } else { "release" },
        "system": std::env::consts::OS,
        "processor": std::env::consts::ARCH,
        "simd": { "widest": widest, "used": used },
        "threads": threads,
        "memory": memory.map(|(all, free)| json!({ "bytes": all, "available": free })),
        "codecs": {
            "JPEG": { "library": library, "version": version },
            "PNG": rust("png"),
            "WebP": rust("image-webp"),
            "GIF": rust("gif"),
            "TIFF": rust("tiff"),
            "BMP": rust("image"),
        },
        "cache_folders": [],
        "advice": advice,
    })
}

/// The version of a crate in the lock file.
fn locked(name: &str) -> &'static str {
    let from = LOCK.split("[[package]]").find(|part| part.lines().any(|line| line == format!("name = \"{name}\"")));
    from.and_then(|part| part.lines().find_map(|line| line.strip_prefix("version = \"")?.strip_suffix('"')))
        .unwrap_or("")
}

/// Bytes of memory, and those that are free, where the system tells (Linux).
fn memory() -> Option<(u64, u64)> {
    let text = std::fs::read_to_string(Path::new("/proc/meminfo")).ok()?;
    let of = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
        Some(line.trim().trim_end_matches(" kB").parse::<u64>().ok()? << 10)
    };
    Some((of("MemTotal")?, of("MemAvailable")?))
}

fn told(found: &Json) -> String {
    let word = |value: &Json| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let mut rows = vec![
        (
            "variegate",
            format!("{}, values {}, {} build", word(&found["variegate"]), found["values"], word(&found["build"])),
        ),
        ("machine", format!("{}, {}", word(&found["system"]), word(&found["processor"]))),
        ("SIMD", format!("{} used, {} there", word(&found["simd"]["used"]), word(&found["simd"]["widest"]))),
        ("threads", found["threads"].to_string()),
    ];
    let gib = |bytes: &Json| bytes.as_u64().unwrap_or(0) as f64 / f64::from(1 << 30);
    if let Some(memory) = found["memory"].as_object() {
        rows.push(("memory", format!("{:.1} GiB, {:.1} available", gib(&memory["bytes"]), gib(&memory["available"]))));
    }
    let codecs = found["codecs"].as_object().into_iter().flatten();
    let codecs = codecs.map(|(format, by)| format!("{format} by {} {}", word(&by["library"]), word(&by["version"])));
    rows.push(("codecs", codecs.collect::<Vec<_>>().join(", ")));
    rows.push(("caches", "no folder; only hidden indexes beside shards".into()));
    let mut text = String::new();
    for (name, value) in rows {
        text.push_str(&format!("{}  {value}\n", paint(&format!("{name:<10}"), "1")));
    }
    text.push('\n');
    for line in found["advice"].as_array().into_iter().flatten() {
        text.push_str(&format!("* {}\n", word(line)));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_codecs_are_those_locked() {
        for name in ["png", "image-webp", "gif", "tiff", "image"] {
            assert!(locked(name).split('.').count() == 3, "{name}: {:?}", locked(name));
        }
        assert_eq!(locked("no-such-crate"), "");
    }
}
