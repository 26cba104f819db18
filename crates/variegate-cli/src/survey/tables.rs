//! Findings as tables for a terminal.
//!
//! `inspect` prints them. Long lists are cut and say so; the JSON and the page have more.

use super::findings::{Case, Counts, Findings, Spread};
use crate::terminal::{count, paint};

/// Lines of a list.
const SHOWN: usize = 12;

/// Bars of classes are so wide.
const BAR: u64 = 28;

/// All of it.
pub fn tables(found: &Findings) -> String {
    let mut text = format!("{} ({})\n", found.source, found.layout);
    let mib = found.bytes as f64 / f64::from(1 << 20);
    text.push_str(&format!("  {}, {mib:.1} MiB; {} decode\n", count(found.files, "file"), found.good));
    if found.skipped > 0 {
        text.push_str(&format!(
            "  {} without the extension of a picture left aside\n",
            count(found.skipped as u64, "file")
        ));
    }
    if found.good > 0 {
        heading(&mut text, "Pictures", None);
        for (name, spread) in [("height", found.heights), ("width", found.widths), ("bytes", found.lengths)] {
            let Spread { least, median, most } = spread;
            text.push_str(&format!("  {name:<12} from {least} to {most}, median {median}\n"));
        }
        let lists = [
            ("formats", &found.formats),
            ("channels", &found.channels),
            ("depth", &found.depths),
            ("orientation", &found.orientations),
            ("longer side", &found.sides),
            ("width/height", &found.shapes),
        ];
        for (name, counts) in lists {
            text.push_str(&format!("  {name:<12} {}\n", in_line(counts)));
        }
    }
    classes(&mut text, found);
    list(&mut text, "Missing", &found.missing);
    list(&mut text, "Broken", &found.broken);
    list(&mut text, "Odd", &found.odd);
    groups(&mut text, "Duplicates (the same bytes)", found.equal.iter().map(|g| names(g)).collect());
    groups(&mut text, "Near duplicates (they look alike)", found.near.iter().map(|g| names(g)).collect());
    groups(&mut text, "Alike, but of different classes", found.conflicts.iter().map(|g| g.join("  ")).collect());
    if !found.troubles.is_empty() {
        heading(&mut text, "Labels", Some(found.troubles.len()));
        for (kind, n) in found.trouble_counts() {
            text.push_str(&format!("  {:<30} {n}\n", kind.name()));
        }
        let lines = found.troubles.iter().map(|(_, path, message)| format!("{path}: {message}"));
        cut(&mut text, lines.collect());
    }
    if found.is_clean() {
        text.push_str(&format!("\n{}\n", paint("Nothing is broken, missing or wrongly labelled.", "32")));
    }
    text
}

fn heading(text: &mut String, title: &str, n: Option<usize>) {
    let n = n.map_or_else(String::new, |n| format!(": {n}"));
    text.push_str(&format!("\n{}\n", paint(&format!("{title}{n}"), "1")));
}

fn in_line(counts: &Counts) -> String {
    counts.iter().map(|(name, n)| format!("{name}: {n}")).collect::<Vec<_>>().join(", ")
}

fn classes(text: &mut String, found: &Findings) {
    let Some(most) = found.classes.iter().map(|(_, n)| *n).max() else { return };
    let least = found.classes.iter().map(|(_, n)| *n).min().unwrap_or(0);
    heading(text, &format!("Classes, by {}", found.counted), Some(found.classes.len()));
    let widest = found.classes.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0).min(32);
    for (name, n) in found.classes.iter().take(4 * SHOWN) {
        let bar = "█".repeat((n * BAR).div_ceil(most.max(1)) as usize);
        text.push_str(format!("  {name:<widest$} {n:>8}  {bar}").trim_end());
        text.push('\n');
    }
    if found.classes.len() > 4 * SHOWN {
        text.push_str(&format!("  and {} more\n", found.classes.len() - 4 * SHOWN));
    }
    match least {
        0 => text.push_str("  a class has none at all\n"),
        least => text.push_str(&format!("  the largest is {:.1} times the smallest\n", most as f64 / least as f64)),
    }
}

fn list(text: &mut String, title: &str, cases: &[Case]) {
    if !cases.is_empty() {
        heading(text, title, Some(cases.len()));
        cut(text, cases.iter().map(|case| format!("{}: {}", case.path, case.reason)).collect());
    }
}

fn names(group: &[(u64, String)]) -> String {
    group.iter().map(|(_, path)| path.as_str()).collect::<Vec<_>>().join("  ")
}

fn groups(text: &mut String, title: &str, groups: Vec<String>) {
    if !groups.is_empty() {
        heading(text, title, Some(groups.len()));
        cut(text, groups);
    }
}

fn cut(text: &mut String, lines: Vec<String>) {
    for line in lines.iter().take(SHOWN) {
        text.push_str(&format!("  {line}\n"));
    }
    if lines.len() > SHOWN {
        text.push_str(&format!("  and {} more; --json lists all\n", lines.len() - SHOWN));
    }
}
