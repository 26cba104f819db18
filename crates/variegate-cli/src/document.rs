//! Pipeline files, and the preset that stands in where none is given.
//!
//! Every verb that needs a pipeline calls it. It never runs anything a file says; reading is data alone.

use std::path::Path;

use variegate::io::{Limits, read_file};
use variegate::{Error, Pipeline, Result};

/// What `preview` shows without a pipeline file: the usual start for photos.
pub const STANDARD: &str = "\
variegate: 1
pipeline:
  - resized_crop: {size: 224, area: [0.35, 1.0]}
  - flip: {p: 0.5}
  - rotate: {degrees: [-10, 10], border: reflect}
  - color_jitter: {brightness: 0.2, contrast: 0.2, saturation: 0.2, hue: 0.02}
";

/// Reads a pipeline file; a seed given on the command line replaces the file's.
pub fn read(path: &Path, seed: Option<u64>) -> Result<Pipeline> {
    let bytes = read_file(path, &Limits { max_bytes: 16 << 20, ..Limits::default() })?;
    let text = String::from_utf8(bytes)
        .map_err(|_| Error::parameter("this is not text (UTF-8); expected a pipeline in YAML").at(path))?;
    seeded(Pipeline::from_yaml(&text, Some(&path.to_string_lossy()))?, seed)
}

/// The standard preset.
pub fn standard(seed: Option<u64>) -> Result<Pipeline> {
    seeded(Pipeline::from_yaml(STANDARD, None)?, seed)
}

fn seeded(mut pipeline: Pipeline, seed: Option<u64>) -> Result<Pipeline> {
    if let Some(seed) = seed {
        pipeline.options.seed = seed;
    }
    Ok(pipeline)
}
