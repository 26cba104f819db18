//! `variegate ops`: the operations there are, and what one of them takes.
//!
//! People look things up with it, scripts read `--json`. Everything is printed from the registry; nothing about an
//! operation is said here.

use clap::Args;
use serde_json::Value as Json;
use variegate::ops::functions::IDENTITY;
use variegate::ops::op::OpSpec;
use variegate::ops::param::{Kind, ParamSpec};
use variegate::ops::{config, emit, registry};
use variegate::{Dist, Result};

use crate::Outcome;
use crate::terminal::say;

const AFTER: &str = "\
Examples:
  variegate ops
  variegate ops color_jitter
  variegate ops --json";

/// List the operations, or show one: what it does, its parameters, units, bounds and defaults.
#[derive(Args)]
#[command(after_help = AFTER)]
pub struct Ops {
    /// The operation to show.
    name: Option<String>,
    /// As JSON, for programs: a list, or one object with NAME.
    #[arg(long)]
    json: bool,
}

/// Runs the verb.
pub fn run(arguments: &Ops) -> Result<Outcome> {
    let one = arguments.name.as_deref().map(registry::find).transpose()?;
    say(&match (one, arguments.json) {
        (Some(spec), true) => format!("{:#}\n", registry::described(spec)),
        (Some(spec), false) => page(spec),
        (None, true) => {
            format!("{:#}\n", Json::Array(registry::all().iter().map(|spec| registry::described(spec)).collect()))
        }
        (None, false) => table(),
    })?;
    Ok(Outcome::Done)
}

/// Every operation in a line, by family.
fn table() -> String {
    let widest = registry::all().iter().map(|spec| spec.name.len()).max().unwrap_or(0);
    let mut text = String::new();
    let mut family = "";
    for spec in registry::all() {
        if spec.family != family {
            let gap = if family.is_empty() { "" } else { "\n" };
            text.push_str(&format!("{gap}{}\n", spec.family));
            family = spec.family;
        }
        text.push_str(&format!("  {:widest$}  {}\n", spec.name, spec.summary()));
    }
    text.push_str("\n`variegate ops NAME` shows one of them.\n");
    text
}

/// One operation in full.
fn page(spec: &OpSpec) -> String {
    let mut text = format!("{} ({}), in Python and Rust {}\n\n", spec.name, spec.family, spec.class);
    for line in spec.doc.trim().lines() {
        text.push_str(&format!("{}\n", line.trim()));
    }
    text.push_str("\nParameters\n");
    let shown: Vec<&ParamSpec> = spec.params.iter().filter(|p| !p.is_hidden()).collect();
    let widest = shown.iter().map(|p| p.name.len()).max().unwrap_or(1);
    let mut row = |name: &str, doc: &str, detail: &str| {
        text.push_str(&format!("  {name:widest$}  {doc}\n  {:widest$}  {detail}\n", ""));
    };
    for p in shown {
        row(p.name, p.doc.trim(), &detail(p));
    }
    row("p", "The chance that it is applied at all.", "a number from 0 to 1; default 1");
    text.push_str(&format!("\nIn a pipeline file\n  - {}: {{{}}}\n", spec.name, example(spec)));
    if !spec.aliases.is_empty() {
        text.push_str(&format!("\nElsewhere called\n  {}\n", spec.aliases.join(", ")));
    }
    text
}

/// What a parameter takes, its default, its usual range and the value that changes nothing.
fn detail(p: &ParamSpec) -> String {
    let expected = config::expected(p);
    let plain = expected.strip_suffix(p.unit).filter(|_| !p.unit.is_empty()).map(str::trim_end);
    let mut parts = vec![plain.map_or(expected.clone(), |plain| format!("{plain} ({})", p.unit))];
    parts.push(match p.default_dist() {
        None => "must be given".to_string(),
        Some(dist) => format!("default {}", words(&dist)),
    });
    let usual = p.usual.map(|(lo, hi)| if p.by_ratio { Dist::LogUniform(lo, hi) } else { Dist::Uniform(lo, hi) });
    if let Some(usual) = usual.filter(|usual| p.default_dist().as_ref() != Some(usual)) {
        parts.push(format!("usually {}", words(&usual)));
    }
    if let Some(neutral) = p.neutral {
        parts.push(format!("{neutral} changes nothing"));
    }
    parts.join("; ")
}

/// A distribution in words.
fn words(dist: &Dist) -> String {
    match dist {
        Dist::Uniform(lo, hi) => format!("any from {} to {}", short(*lo), short(*hi)),
        Dist::LogUniform(lo, hi) => format!("any from {} to {}, by ratio", short(*lo), short(*hi)),
        other => match emit::dist(other) {
            Json::Null => "left out".to_string(),
            Json::String(word) => word,
            json => json.to_string(),
        },
    }
}

/// A number of four decimals at the most.
fn short(v: f64) -> f64 {
    (v * 1e4).round() / 1e4
}

/// What must be given and the first range, as it is written in a file.
fn example(spec: &OpSpec) -> String {
    let mut parts = Vec::new();
    for p in spec.params {
        match (p.kind, p.default_dist(), p.usual) {
            (Kind::Size, None, _) => parts.push(format!("{}: 224", p.name)),
            (Kind::Function, None, _) => parts.push(format!("{}: {IDENTITY}", p.name)),
            (_, _, Some((lo, hi))) if parts.len() < 2 => {
                parts.push(format!("{}: [{}, {}]", p.name, short(lo), short(hi)))
            }
            _ => {}
        }
    }
    if spec.family != "finish" {
        parts.push("p: 0.5".to_string());
    }
    parts.join(", ")
}
