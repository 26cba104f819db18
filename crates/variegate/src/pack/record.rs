//! One record: a sample read, turned upright, shrunk and encoded, with what is known of it as JSON.
//!
//! The packer's threads make them. Grey pictures stay grey and everything else becomes RGB, in 8 bits. It never enlarges,
//! and writes nothing.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value as Json, json};
use variegate_engine::Scratch;
use variegate_io::{Colour, EncodeFormat, FileBuffer, Header, Limits, encode, header};
use variegate_loader::{PartialDecode, Reading, Source, Views};
use variegate_ops::Pipeline;
use variegate_ops::resolution::ResizeShortest;
use variegate_picture::{Error, Result, Size};

use super::boxes::packed_boxes;
use super::{PackFormat, PackOptions};
use crate::decode_and_apply_views;

/// What a thread keeps from record to record.
#[derive(Default)]
pub struct Kit {
    file: FileBuffer,
    scratch: Scratch,
}

/// A sample as it is packed.
pub struct Record {
    /// The ending of its picture.
    pub ending: &'static str,
    /// Its picture's file.
    pub picture: Vec<u8>,
    /// Its label.
    pub label: Option<u32>,
    /// What is known of it.
    pub about: Json,
}

/// What all records are made with.
pub struct Maker<'s> {
    source: &'s dyn Source,
    root: PathBuf,
    as_it_is: Views,
    shrunk: Views,
    shortest: Option<usize>,
    format: PackFormat,
    quality: u8,
    limits: Limits,
}

impl<'s> Maker<'s> {
    /// A maker of the records of a source.
    pub fn new(source: &'s dyn Source, options: &PackOptions) -> Result<Self> {
        let shortest = options.short_side.map(|side| side as usize);
        let length = i64::from(options.short_side.unwrap_or(1));
        let shrink = ResizeShortest::config().length_px(length);
        Ok(Self {
            source,
            root: root(source),
            as_it_is: Pipeline::builder().build()?.into(),
            shrunk: Pipeline::builder().then(shrink).build()?.into(),
            shortest,
            format: options.format,
            quality: options.quality(),
            limits: options.limits,
        })
    }

    /// What a sample is called in lists: its path below the folder that all samples share, with `/` on every system.
    pub fn file(&self, id: u64) -> String {
        let name = self.source.name(id);
        let below = name.strip_prefix(&self.root).unwrap_or(&name);
        below.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
    }

    /// The record of a sample. A panic on the way is an error like others.
    pub fn make(&self, id: u64, kit: &mut Kit) -> Result<Record> {
        let made = catch_unwind(AssertUnwindSafe(|| self.steps(id, kit)));
        made.unwrap_or_else(|_| {
            *kit = Kit::default();
            Err(Error::internal("a step panicked on this file; please report it with the file"))
        })
        .map_err(|error| error.at(self.source.name(id)))
    }

    fn steps(&self, id: u64, kit: &mut Kit) -> Result<Record> {
        let bytes = self.source.read_into(id, &self.limits, &mut kit.file)?;
        let header = header(bytes, &self.limits)?;
        let grey = header.channels <= 2 && !header.indexed;
        let reading = Reading {
            colour: if grey { Colour::Grey } else { Colour::Rgb },
            upright: true,
            // Packed pictures are looked at many times: they are shrunk from all their pixels.
            partial_decode: PartialDecode::Region,
            limits: self.limits,
        };
        let shrinks = self.shortest.is_some_and(|side| header.upright().shorter() > side);
        let views = if shrinks { &self.shrunk } else { &self.as_it_is };
        let made = decode_and_apply_views(views, bytes, &reading, 0, id, &mut kit.scratch)?;
        let picture = made.into_iter().next().ok_or_else(|| Error::internal("a picture went in and none came out"))?;
        let (ending, format) = match self.format {
            PackFormat::Raw => (if picture.channels() == 1 { "pgm" } else { "ppm" }, EncodeFormat::Pnm),
            PackFormat::Png => ("png", EncodeFormat::Png),
            PackFormat::Webp => ("webp", EncodeFormat::WebpLossless),
            PackFormat::Jpeg => ("jpg", EncodeFormat::Jpeg { quality: self.quality }),
        };
        let about = self.about(id, &header, picture.size())?;
        Ok(Record { ending, picture: encode(&picture, &format)?, label: self.source.label(id), about })
    }

    /// What is known of a sample that is packed at the size `to`.
    fn about(&self, id: u64, header: &Header, to: Size) -> Result<Json> {
        let classes = self.source.class_names();
        let class = |label: Option<usize>| label.and_then(|label| classes.get(label)).map(|name| json!(name));
        let mut about = Map::new();
        about.insert("sample".into(), json!(id));
        about.insert("file".into(), json!(self.file(id)));
        about.insert("size".into(), json!([to.height, to.width]));
        if let Some(label) = self.source.label(id) {
            about.insert("label".into(), json!(label));
            about.extend(class(Some(label as usize)).map(|name| ("class".to_string(), name)));
        }
        if let Some(boxes) = packed_boxes(&*self.source.annotations(id)?, header, to)? {
            let written = boxes.into_iter().map(|(edges, label)| {
                let mut one = Map::new();
                one.insert("box".into(), json!([edges.x0, edges.y0, edges.x1, edges.y1]));
                one.insert("label".into(), json!(label));
                one.extend(class(usize::try_from(label).ok()).map(|name| ("class".to_string(), name)));
                Json::Object(one)
            });
            about.insert("boxes".into(), written.collect());
        }
        Ok(Json::Object(about))
    }
}

/// The deepest folder that all samples share: bytes must not depend on where a data set lies.
fn root(source: &dyn Source) -> PathBuf {
    let folder = |id| source.name(id).parent().map_or_else(PathBuf::new, Path::to_path_buf);
    let shared = |root: PathBuf, id| {
        let folder = folder(id);
        root.ancestors().find(|above| folder.starts_with(above)).map_or_else(PathBuf::new, Path::to_path_buf)
    };
    (1..source.len()).fold(folder(0), shared)
}
