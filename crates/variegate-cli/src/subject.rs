//! What SRC is: a folder of pictures, or the annotations of a data set.
//!
//! `inspect`, `preview` and `bench` open it. The layout is told from names alone unless the user names it. It reads
//! names and annotations, never a picture.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Arc;

use clap::ValueEnum;
use variegate::io::{Blob, Fields, Folder, FolderOptions, Limits, Storage, read_table};
use variegate::loader::annotated::{coco, masks, voc, yolo};
use variegate::loader::source::listed::Listed;
use variegate::loader::{Annotated, Files, Source};
use variegate::{Error, Result};

use crate::ledger::slashed;

/// How a data set lies on the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Arrangement {
    /// Told from the names of files and folders.
    Auto,
    /// Class folders, or a flat folder.
    Folder,
    /// A JSON file of COCO; pictures lie beside it, or in --images.
    Coco,
    /// A folder of Pascal VOC: an XML file for each picture.
    Voc,
    /// A `data.yaml` of YOLO, or its folder.
    Yolo,
    /// A folder that holds `images` and `masks`.
    Masks,
    /// A CSV or TSV table with columns for the picture and its label.
    Csv,
}

/// The words that say how SRC is read, shared by verbs.
#[derive(clap::Args, Clone, Debug)]
pub struct Reading {
    /// How SRC lies on the disk.
    #[arg(long = "as", value_enum, default_value_t = Arrangement::Auto, value_name = "LAYOUT")]
    pub arrangement: Arrangement,
    /// Where the pictures of a COCO file or a table lie; beside it unless given.
    #[arg(long, value_name = "DIR")]
    pub images: Option<std::path::PathBuf>,
}

/// An opened data set.
pub struct Subject {
    /// Its layout, never `Auto`.
    pub arrangement: Arrangement,
    /// Its samples.
    pub source: Arc<dyn Source>,
    /// What its reader changed or left aside.
    pub problems: Vec<Error>,
    /// Files left aside because their extension is not a picture's.
    pub skipped: usize,
}

impl Subject {
    /// Opens SRC; `outlines` says whether those of COCO are drawn as masks.
    pub fn open(src: &Path, reading: &Reading, outlines: bool) -> Result<Self> {
        let arrangement = match reading.arrangement {
            Arrangement::Auto => told(src),
            named => named,
        };
        let limits = Limits::default();
        let of = |annotated: Annotated| {
            let problems = annotated.problems.clone();
            Self { arrangement, source: Arc::new(annotated), problems, skipped: 0 }
        };
        Ok(match arrangement {
            Arrangement::Auto | Arrangement::Folder => {
                let folder = Folder::read(src, &FolderOptions::default())?;
                let source = Arc::new(Files::of(&folder));
                Self { arrangement, source, problems: folder.problems, skipped: folder.skipped }
            }
            Arrangement::Coco => {
                let read = |images| documented(src, images, outlines, &limits);
                let beside_it = read(reading.images.as_deref())?;
                // Pictures often lie in a folder of their own beside the file.
                let beside = src.with_file_name("images");
                let elsewhere = reading.images.is_none()
                    && !beside_it.name(0).exists()
                    && beside_it.name(0).file_name().is_some_and(|name| beside.join(name).is_file());
                of(if elsewhere { read(Some(&beside))? } else { beside_it })
            }
            Arrangement::Voc => of(voc::read(src, &voc::Voc::default(), &limits)?),
            Arrangement::Yolo => of(yolo::read(src, None, &limits)?),
            Arrangement::Masks => of(masks::read(&src.join("images"), &src.join("masks"), "", Vec::new())?),
            Arrangement::Csv => {
                let root = reading.images.as_deref().or(src.parent()).unwrap_or(Path::new(""));
                Self { arrangement, source: Arc::new(table(src, root)?), problems: Vec::new(), skipped: 0 }
            }
        })
    }
}

impl Arrangement {
    /// The word users type.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Folder => "folder",
            Self::Coco => "coco",
            Self::Voc => "voc",
            Self::Yolo => "yolo",
            Self::Masks => "masks",
            Self::Csv => "csv",
        }
    }
}

/// A path below SRC, or as it is where it lies elsewhere.
pub fn below(src: &Path, path: &Path) -> String {
    let root = if src.is_dir() { src } else { src.parent().unwrap_or(Path::new("")) };
    path.strip_prefix(root).map_or_else(|_| path.display().to_string(), slashed)
}

/// The layout that names tell.
fn told(src: &Path) -> Arrangement {
    let below = |name: &str| src.join(name).is_dir();
    let extension = src.extension().and_then(|extension| extension.to_str()).unwrap_or("").to_ascii_lowercase();
    match extension.as_str() {
        "json" if src.is_file() => Arrangement::Coco,
        "yaml" | "yml" if src.is_file() => Arrangement::Yolo,
        "csv" | "tsv" if src.is_file() => Arrangement::Csv,
        _ if src.join("data.yaml").is_file() || (below("images") && below("labels")) => Arrangement::Yolo,
        _ if below("images") && below("masks") => Arrangement::Masks,
        _ if holds_xml(&src.join("Annotations")) || holds_xml(&src.join("annotations")) => Arrangement::Voc,
        _ => Arrangement::Folder,
    }
}

fn holds_xml(folder: &Path) -> bool {
    let is_xml = |entry: std::fs::DirEntry| entry.path().extension().is_some_and(|extension| extension == "xml");
    std::fs::read_dir(folder).is_ok_and(|mut entries| entries.any(|entry| entry.is_ok_and(is_xml)))
}

/// A COCO file, with masks of its outlines where they are wanted and can be drawn: a file that tells no sizes has boxes
/// all the same.
fn documented(src: &Path, images: Option<&Path>, outlines: bool, limits: &Limits) -> Result<Annotated> {
    let coco = coco::Coco { images, crowd: true, masks: None };
    if outlines && let Ok(read) = coco::read(src, &coco::Coco { masks: Some(coco::Drawn::Classes), ..coco }, limits) {
        return Ok(read);
    }
    coco::read(src, &coco, limits)
}

/// Names of columns that hold pictures, and labels, by what is usual.
const IMAGES: [&str; 7] = ["image", "file", "filename", "file_name", "path", "filepath", "image_path"];
const LABELS: [&str; 6] = ["label", "class", "class_name", "category", "target", "y"];

/// The files of a table.
fn table(path: &Path, root: &Path) -> Result<Files> {
    let delimiter = if path.extension().is_some_and(|extension| extension == "tsv") { b'\t' } else { b',' };
    let file = File::open(path).map_err(|error| Error::io(format!("the table cannot be opened: {error}")).at(path))?;
    let mut first = String::new();
    // A table whose first line has no end within this has no header.
    BufReader::new(file.take(1 << 20))
        .read_line(&mut first)
        .map_err(|error| Error::io(format!("the table's first line cannot be read: {error}")).at(path))?;
    let columns: Vec<&str> = first
        .trim_start_matches('\u{feff}')
        .trim_end()
        .split(char::from(delimiter))
        .map(|c| c.trim_matches('"'))
        .collect();
    let known = |names: &[&str]| names.iter().find(|name| columns.contains(name)).map(|name| (*name).to_string());
    let image = known(&IMAGES).ok_or_else(|| {
        Error::input(format!(
            "the first line names the columns {}; expected one of {} for the picture",
            columns.join(", "),
            IMAGES.join(", ")
        ))
        .at(path)
    })?;
    let mut listed = Listed::new(root, None)?;
    let table = Blob::open(path, &Storage::default())?;
    read_table(&table, &Fields { image, label: known(&LABELS) }, delimiter, &mut |row| listed.push(row))?;
    listed.finish().map_err(|error| error.at(path))
}
