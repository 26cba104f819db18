//! Who may know whom: the crates' manifests against the arrows of `docs/how-it-flows.md`, and where `unsafe` may live.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const ARROWS: &[(&str, &[&str])] = &[
    ("variegate-picture", &[]),
    ("variegate-plan", &["variegate-picture"]),
    ("variegate-ops", &["variegate-picture", "variegate-plan"]),
    ("variegate-kernels", &["variegate-picture"]),
    ("variegate-engine", &["variegate-picture", "variegate-plan", "variegate-kernels"]),
    ("variegate-jpeg", &["variegate-picture"]),
    ("variegate-io", &["variegate-picture", "variegate-jpeg"]),
    (
        "variegate-loader",
        &[
            "variegate-picture",
            "variegate-plan",
            "variegate-ops",
            "variegate-kernels",
            "variegate-engine",
            "variegate-io",
        ],
    ),
    (
        "variegate",
        &[
            "variegate-picture",
            "variegate-plan",
            "variegate-ops",
            "variegate-engine",
            "variegate-io",
            "variegate-loader",
        ],
    ),
    ("variegate-laws", &["variegate"]),
    ("variegate-studio", &["variegate"]),
    // The verb `studio` calls the studio, which it adds to the façade.
    ("variegate-cli", &["variegate", "variegate-studio"]),
];

/// Crates that may hold `unsafe`.
const UNSAFE: &[&str] = &["variegate-kernels", "variegate-jpeg"];

fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The workspace's own crates among the dependencies of a manifest (not those of its tests).
fn dependencies(manifest: &Path) -> BTreeSet<String> {
    let text = std::fs::read_to_string(manifest).expect("a manifest");
    let start = text.find("[dependencies]").expect("dependencies");
    let section = &text[start + 1..];
    let section = &section[..section.find("\n[").unwrap_or(section.len())];
    section
        .lines()
        .filter_map(|line| line.split(['.', ' ', '=']).next())
        .filter(|name| *name == "variegate" || name.starts_with("variegate-"))
        .map(str::to_owned)
        .collect()
}

#[test]
fn crates_know_only_whom_they_may() {
    for (name, may) in ARROWS {
        for known in dependencies(&crates().join(name).join("Cargo.toml")) {
            assert!(may.contains(&known.as_str()), "{name} knows {known}; it may know {may:?}");
        }
    }
    let python = dependencies(&crates().join("../python/Cargo.toml"));
    assert_eq!(python.into_iter().collect::<Vec<_>>(), ["variegate"], "Python knows the façade alone");
    let listed: BTreeSet<_> = ARROWS.iter().map(|(name, _)| name.to_string()).collect();
    let found: BTreeSet<_> = std::fs::read_dir(crates())
        .expect("the crates")
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(listed, found, "every crate has its arrows here");
}

#[test]
fn unsafe_lives_where_it_may() {
    for (name, _) in ARROWS.iter().filter(|(name, _)| !UNSAFE.contains(name)) {
        let root = ["lib.rs", "main.rs"].map(|file| crates().join(name).join("src").join(file));
        let file = root.iter().find(|path| path.exists()).expect("a root");
        let text = std::fs::read_to_string(file).expect("readable");
        assert!(text.contains("#![forbid(unsafe_code)]"), "{} must forbid unsafe code", file.display());
    }
}
