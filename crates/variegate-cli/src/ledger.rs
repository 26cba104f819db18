//! What OUT says of itself: `variegate-report.json` (what made it, how far it came, what failed) and `manifest.csv`.
//!
//! `augment` calls it. The report is written first, so that an interrupted run can only be resumed by the same job: a
//! folder never mixes the outputs of two pipelines. It never decides what to write.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value as Json, json};
use variegate::io::{Folder, Limits, Writer, read_file};
use variegate::loader::{Files, Source};
use variegate::picture::key::VALUE_VERSION;
use variegate::{Error, Pipeline, Result};

use crate::layout::{Layout, Wanted};

/// The report's name.
pub const REPORT: &str = "variegate-report.json";

/// The manifest's name.
pub const MANIFEST: &str = "manifest.csv";

/// What decides the bytes of every output. Equal stamps, equal bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp(Vec<(&'static str, String, &'static str)>);

impl Stamp {
    /// The stamp of a job.
    pub fn new(pipeline: &Pipeline, folder: &Folder, wanted: Wanted, quality: u8) -> Self {
        let text = |n: u64| format!("{n:016x}");
        Self(vec![
            ("pipeline", text(pipeline.fingerprint()), "the pipeline or its seed is another"),
            ("source", text(Files::of(folder).fingerprint()), "the list of source files is another"),
            ("format", wanted.name().to_string(), "--format is another"),
            ("quality", quality.to_string(), "--quality is another"),
            ("values", VALUE_VERSION.to_string(), "this variegate draws other values"),
            ("variegate", env!("CARGO_PKG_VERSION").to_string(), "it is another version of variegate"),
        ])
    }

    fn to_json(&self) -> Json {
        Json::Object(self.0.iter().map(|(key, value, _)| ((*key).to_string(), json!(value))).collect())
    }

    /// What differs from the stamp of an earlier report, in words.
    fn difference(&self, earlier: &Json) -> Option<&'static str> {
        let differs = |(key, value, _): &&(&str, String, &str)| earlier.get(key).and_then(Json::as_str) != Some(value);
        self.0.iter().find(differs).map(|(_, _, words)| *words)
    }
}

/// The report of an earlier run in the same folder.
pub struct Earlier {
    report: Map<String, Json>,
}

impl Earlier {
    /// Reads it; none where there is none.
    pub fn read(out: &Path) -> Result<Option<Self>> {
        let path = out.join(REPORT);
        if !path.exists() {
            return Ok(None);
        }
        let bytes = read_file(&path, &Limits::default())?;
        let report = serde_json::from_slice(&bytes).map_err(|error| {
            Error::input(format!("not a report of variegate ({error}); give --overwrite, or another folder")).at(&path)
        })?;
        Ok(Some(Self { report }))
    }

    /// Copies of each source that the folder may hold.
    pub fn copies(&self) -> u64 {
        self.report.get("copies").and_then(Json::as_u64).unwrap_or(0)
    }

    /// The format it was written in.
    pub fn wanted(&self) -> Option<Wanted> {
        self.report.get("stamp")?.get("format")?.as_str().and_then(Wanted::from_name)
    }

    /// Refuses to go on with another job.
    pub fn check(&self, stamp: &Stamp, out: &Path) -> Result<()> {
        match stamp.difference(self.report.get("stamp").unwrap_or(&Json::Null)) {
            None => Ok(()),
            Some(difference) => Err(Error::parameter(format!(
                "the folder holds the outputs of another job: {difference}; give --overwrite to make them anew, or \
                 another folder"
            ))
            .at(out)),
        }
    }
}

/// A source without its outputs.
pub struct Bad {
    /// Its place in the sorted list.
    pub sample: usize,
    /// Why.
    pub error: Error,
}

/// What a run did, for the report.
pub struct Summary<'a> {
    /// The source.
    pub folder: &'a Folder,
    /// What decides the bytes.
    pub stamp: &'a Stamp,
    /// The pipeline as text.
    pub pipeline: String,
    /// Copies of each source that the folder may hold.
    pub copies: u64,
    /// Outputs written by this run.
    pub written: u64,
    /// Outputs found finished.
    pub skipped: u64,
    /// Sources that failed.
    pub bad: &'a [Bad],
    /// Seconds of this run; none while it runs.
    pub seconds: Option<f64>,
}

impl Summary<'_> {
    /// Writes the report.
    pub fn write(&self, writer: &Writer) -> Result<()> {
        let bad: Vec<Json> = self
            .bad
            .iter()
            .map(|bad| {
                let path = slashed(&self.folder.files[bad.sample].path);
                json!({ "path": path, "kind": bad.error.kind().name(), "reason": bad.error.message() })
            })
            .collect();
        let problems: Vec<String> = self.folder.problems.iter().map(Error::to_string).collect();
        let report = json!({
            "finished": self.seconds.is_some(),
            "source": self.folder.root.to_string_lossy(),
            "pictures": self.folder.files.len(),
            "classes": self.folder.classes,
            "copies": self.copies,
            "written": self.written,
            "skipped": self.skipped,
            "failed": self.bad.len(),
            "bad": bad,
            "problems": problems,
            "seconds": self.seconds,
            "pipeline": self.pipeline,
            "stamp": self.stamp.to_json(),
        });
        writer.write(Path::new(REPORT), format!("{report:#}\n").as_bytes())
    }
}

/// Writes the list of all outputs there are.
pub fn write_manifest(folder: &Folder, layout: &Layout, copies: u64, writer: &Writer) -> Result<()> {
    let mut text = String::from("output,source,class,copy,sample\n");
    for (sample, entry) in folder.files.iter().enumerate() {
        let class = entry.class.and_then(|class| folder.classes.get(class as usize)).map_or("", String::as_str);
        for copy in 0..copies {
            let path = layout.path(sample, copy);
            if writer.has(&path) {
                let cells = [slashed(&path), slashed(&entry.path), class.to_string()].map(|cell| quoted(&cell));
                text.push_str(&format!("{},{copy},{sample}\n", cells.join(",")));
            }
        }
    }
    writer.write(&PathBuf::from(MANIFEST), text.as_bytes())
}

/// A relative path with `/` on every system.
pub fn slashed(path: &Path) -> String {
    path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// A cell of a CSV file (RFC 4180).
fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        assert_eq!(quoted("a/b.jpg"), "a/b.jpg");
        assert_eq!(quoted("a, \"b\".jpg"), "\"a, \"\"b\"\".jpg\"");
    }
}
