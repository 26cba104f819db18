//! What is derived from the compiled registry: Python's classes, the pages of `docs/ops` and `docs/migration`, and the
//! schema of files.
//!
//! An operation's declaration is all they see. They must say the same as the engine does: the tests of the Python
//! package build every class with its defaults and compare.

mod coverage;
pub mod gallery;
mod migration;
mod pages;
mod python;
mod schema;

use std::path::{Path, PathBuf};

use variegate::ops::op::OpSpec;
use variegate::ops::param::{Jitter, Kind, PROCEDURAL, ParamSpec};
use variegate::ops::registry;

/// The generated files and what they say.
pub fn files(root: &Path) -> Vec<(PathBuf, String)> {
    let operations = registry::all();
    let mut files = vec![
        (root.join("python/variegate/ops.py"), python::text(operations)),
        (root.join("docs/schema/pipeline.schema.json"), schema::text(operations)),
        (root.join("docs/ops/README.md"), pages::index(operations)),
        (root.join("docs/ops/index.md"), pages::gallery(operations)),
        (root.join("docs/coverage.md"), coverage::page(operations)),
    ];
    files.extend(migration::pages().map(|(word, text)| (root.join(format!("docs/migration/{word}.md")), text)));
    files.extend(operations.iter().map(|spec| (root.join(format!("docs/ops/{}.md", spec.name)), pages::page(spec))));
    files
}

/// The parameters that a user gives.
fn visible(spec: &OpSpec) -> impl Iterator<Item = &'static ParamSpec> {
    spec.params.iter().filter(|p| !p.is_hidden())
}

/// A documentation text without the space that each of its lines starts with.
fn doc_lines(doc: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = doc.lines().map(|line| line.strip_prefix(' ').unwrap_or(line).trim_end()).collect();
    while lines.last().is_some_and(|line| line.is_empty()) {
        lines.pop();
    }
    lines
}

/// A documentation text on one line.
fn one_line(doc: &str) -> String {
    doc.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What values a parameter takes, in a sentence.
fn values(spec: &ParamSpec) -> String {
    // A share from 0 to 1 needs no unit.
    let unit = if matches!(spec.unit, "" | "fraction") { String::new() } else { format!(" {}", spec.unit) };
    let mut text = match spec.kind {
        Kind::Real { lo, hi } => format!("{} to {}{unit}", number(lo), number(hi)),
        Kind::Integer { lo, hi } => format!("a whole number, {lo} to {hi}{unit}"),
        Kind::Flag => "true or false".into(),
        Kind::Word(words) => words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", "),
        Kind::Size => "pixels: one whole number, or height and width".into(),
        Kind::Colour => "one number, or one for each channel, 0 to 1".into(),
        Kind::Numbers { n, lo, hi } => {
            let count = if n == 0 { "one number or several".to_string() } else { format!("{n} numbers") };
            let bounds = match (lo.is_finite(), hi.is_finite()) {
                (true, true) => format!(", {} to {}", number(lo), number(hi)),
                (true, false) => format!(", {} or more", number(lo)),
                _ => String::new(),
            };
            format!("{count}{unit}{bounds}")
        }
        Kind::Spread { n } => format!("{n} numbers, -1 to 1"),
        Kind::Folder => format!("a folder of pictures, or \"{PROCEDURAL}\" for some that are drawn"),
        Kind::Function => "a name".into(),
        Kind::Key => "a key".into(),
    };
    if matches!(spec.kind, Kind::Real { .. } | Kind::Integer { .. }) && !spec.doc.contains("by ratio") {
        text.push_str(if spec.by_ratio { "; a pair is drawn by ratio" } else { "; a pair is a range" });
    }
    match spec.jitter {
        _ if spec.doc.contains("one number f") => {}
        Some(Jitter::AroundOne) => text.push_str("; one number f means (1 - f, 1 + f)"),
        Some(Jitter::AroundZero) => text.push_str("; one number f means (-f, f)"),
        None => {}
    }
    if spec.optional && !spec.doc.contains("left out") {
        text.push_str("; may be left out");
    }
    text
}

/// A number as people write it.
fn number(v: f64) -> String {
    if v.fract() == 0.0 && v.abs() < 1e15 { format!("{}", v as i64) } else { format!("{v:?}") }
}
