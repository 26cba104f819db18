//! `docs/ops/pictures/<name>.jpg`: what each operation makes of a photo, at its defaults.
//!
//! `cargo xtask gallery` calls it; the command line's `preview` does the work. The photo in `source/` is NASA's portrait
//! of Eileen Collins, in the public domain.

mod stack;

use std::path::{Path, PathBuf};
use std::process::Command;

use variegate::ops::op::OpSpec;
use variegate::ops::param::{Default, Kind, PROCEDURAL, ParamSpec};
use variegate::ops::{Pipeline, registry};

/// The original and two draws of each operation.
const LOOK: [&str; 4] = ["--columns", "3", "--tile", "176"];

/// Parameters of pictures where the defaults leave things as they are, or show too little at that size.
const GIVEN: [(&str, &str); 7] = [
    ("jpeg_quality", "quality: [4, 14]"),
    ("webp_quality", "quality: [1, 5]"),
    ("crop3d", "size: 60, depth_px: 60"),
    ("pad3d", "depth_px: 20, height_px: 10, width_px: 30"),
    ("resize3d", "size: 24, depth_px: 24"),
    ("temporal_crop", "frames: 5"),
    ("temporal_subsample", "frames: 5"),
];

/// Where an operation's picture lies, from the repository's root; none for operations that show nothing by themselves.
pub fn path(spec: &OpSpec) -> Option<PathBuf> {
    let shows = !matches!(spec.family, "compose" | "finish" | "mix");
    shows.then(|| Path::new("docs/ops/pictures").join(format!("{}.jpg", spec.name)))
}

/// Draws the pictures of all operations, or of those named.
pub fn draw(root: &Path, names: &[String]) -> bool {
    let pipeline = std::env::temp_dir().join(format!("variegate-gallery-{}.yaml", std::process::id()));
    let chosen = registry::all().iter().filter(|spec| names.is_empty() || names.iter().any(|name| name == spec.name));
    let mut done = true;
    for (spec, out) in chosen.filter_map(|spec| path(spec).map(|out| (spec, out))) {
        if spec.needs_stack() {
            let drawn = Pipeline::from_yaml(&document(spec), None).and_then(|own| stack::draw(spec, &own, root, &out));
            if let Err(error) = drawn {
                eprintln!("{}: its picture could not be drawn: {error}", spec.name);
                done = false;
            }
            continue;
        }
        let written = std::fs::write(&pipeline, document(spec)).is_ok();
        let status = Command::new(env!("CARGO"))
            .current_dir(root)
            .args(["run", "-q", "--release", "-p", "variegate-cli", "--", "preview", "docs/ops/pictures/source"])
            .args(LOOK)
            .arg("--pipeline")
            .arg(&pipeline)
            .arg("--out")
            .arg(&out)
            .stdout(std::process::Stdio::null())
            .status();
        if !(written && status.is_ok_and(|status| status.success())) {
            eprintln!("{}: its picture could not be drawn", spec.name);
            done = false;
        }
    }
    // Nobody misses it.
    let _ = std::fs::remove_file(&pipeline);
    done
}

/// A pipeline of the operation alone, with a size where one must be given and drawn pictures where it needs others.
fn document(spec: &OpSpec) -> String {
    if let Some((_, given)) = GIVEN.iter().find(|(name, _)| *name == spec.name) {
        return format!("variegate: 1\nseed: 3\npipeline:\n  - {}: {{{given}}}\n", spec.name);
    }
    let bank = |p: &&ParamSpec| p.kind == Kind::Folder && spec.mixes();
    let required = spec.params.iter().filter(|p| p.default == Default::Required || bank(p));
    let given: Vec<String> = required
        .map(|p| match p.kind {
            Kind::Size => format!("{}: 256", p.name),
            Kind::Folder => format!("{}: {PROCEDURAL}", p.name),
            _ => format!("{}: {}", p.name, p.bounds().0),
        })
        .collect();
    format!("variegate: 1\nseed: 3\npipeline:\n  - {}: {{{}}}\n", spec.name, given.join(", "))
}
