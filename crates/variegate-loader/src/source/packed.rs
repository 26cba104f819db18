//! Pictures within larger files: archives and files of records, read in place.
//!
//! An index says where each picture lies; a sample is one read at an offset, on whatever thread. What an archive calls
//! its members is shown and never opened.

use std::path::PathBuf;
use std::sync::OnceLock;

use variegate_io::{Blob, Extent, FileBuffer, Limits, Shard, Storage, check_record, is_remote};
use variegate_picture::key::name;
use variegate_picture::{Error, Result};

use super::labels::{Labels, NONE};
use super::{FORESIGHT, Names, Source};

/// How many files are kept open; of a source of more, each is opened for each read.
const KEPT_OPEN: usize = 256;

/// Where a picture lies.
#[derive(Clone, Copy, Debug)]
struct Span {
    offset: u64,
    length: u64,
    start: u64,
    size: u64,
}

#[derive(Debug)]
struct Pack {
    path: PathBuf,
    blob: OnceLock<Blob>,
    /// The first id behind it.
    end: u64,
}

/// Pictures of archives or files of records.
#[derive(Debug)]
pub struct Packed {
    packs: Vec<Pack>,
    spans: Vec<Span>,
    names: Names,
    labels: Vec<u32>,
    classes: Vec<String>,
    /// Whether pieces end with a checksum.
    checked: bool,
    /// Whether the names of all pictures are those of raw ones.
    raw: bool,
    storage: Storage,
    /// Whether some lie in a store.
    distant: bool,
}

/// Endings of pictures that are rows of bytes behind a header.
const RAW: [&str; 4] = [".ppm", ".pgm", ".pam", ".pnm"];

impl Packed {
    /// The members of indexed files, in the order of the files; labels among `classes` where they are given. Pieces of
    /// `checked` files are records with a checksum.
    pub fn new(
        files: impl IntoIterator<Item = (PathBuf, Shard)>,
        classes: Option<Vec<String>>,
        checked: bool,
    ) -> Result<Self> {
        let (mut packs, mut spans, mut names) = (Vec::new(), Vec::new(), Names::default());
        let mut labels = Labels::new(classes)?;
        let mut raw = !checked;
        for (path, shard) in files {
            for member in shard.members {
                labels.push(member.label.as_deref()).map_err(|error| error.at(path.join(&member.name)))?;
                names.push(&member.name);
                raw = raw && RAW.iter().any(|ending| member.name.ends_with(ending));
                let (offset, length) = (member.offset, member.length);
                spans.push(Span { offset, length, start: member.start, size: member.size });
            }
            packs.push(Pack { path, blob: OnceLock::new(), end: spans.len() as u64 });
        }
        if spans.is_empty() {
            return Err(Error::input("no file was named, or none holds a picture"));
        }
        names.shrink_to_fit();
        spans.shrink_to_fit();
        let (labels, classes) = labels.finish()?;
        let distant = packs.iter().any(|pack: &Pack| is_remote(&pack.path));
        let storage = Storage::default();
        Ok(Self { packs, spans, names, labels, classes, checked, raw, storage, distant })
    }

    /// The same, opened through these stores.
    pub fn within(mut self, storage: Storage) -> Self {
        self.storage = storage;
        self
    }

    /// The same with names for the classes, by label; as it was where classes have names, or a label would have none.
    pub fn named(mut self, names: Vec<String>) -> Self {
        let mut labels = self.labels.iter().filter(|label| **label != NONE).peekable();
        if self.classes.is_empty() && labels.peek().is_some() && labels.all(|label| (*label as usize) < names.len()) {
            self.classes = names;
        }
        self
    }

    fn pack(&self, id: u64) -> Option<&Pack> {
        self.packs.get(self.packs.partition_point(|pack| pack.end <= id))
    }

    fn found(&self, id: u64) -> Result<(&Pack, &Span)> {
        self.pack(id)
            .zip(self.spans.get(id as usize))
            .ok_or_else(|| Error::parameter(format!("there is no sample {id}; the source has {}", self.len())))
    }
}

impl Pack {
    /// The file, which stays open from now on.
    fn kept(&self, storage: &Storage) -> Result<&Blob> {
        match self.blob.get() {
            Some(blob) => Ok(blob),
            None => {
                let blob = Blob::open(&self.path, storage)?;
                Ok(self.blob.get_or_init(|| blob))
            }
        }
    }
}

impl Source for Packed {
    fn len(&self) -> u64 {
        self.spans.len() as u64
    }

    fn read(&self, id: u64, limits: &Limits) -> Result<Vec<u8>> {
        let mut buffer = FileBuffer::default();
        self.read_into(id, limits, &mut buffer).map(<[u8]>::to_vec)
    }

    fn read_into<'b>(&self, id: u64, limits: &Limits, buffer: &'b mut FileBuffer) -> Result<&'b [u8]> {
        let (pack, span) = self.found(id)?;
        let opened;
        let blob = if self.distant || self.packs.len() <= KEPT_OPEN {
            pack.kept(&self.storage)?
        } else {
            opened = Blob::open(&pack.path, &self.storage)?;
            &opened
        };
        let piece = buffer.read_part(blob, span.offset, span.length, limits)?;
        if self.checked {
            check_record(piece)?;
        }
        let from = span.start as usize;
        piece.get(from..from + span.size as usize).ok_or_else(|| Error::internal("a picture leaves its piece"))
    }

    fn extent(&self, id: u64) -> Result<Option<Extent<'_>>> {
        if !self.raw || self.packs.len() > KEPT_OPEN {
            return Ok(None);
        }
        let (pack, span) = self.found(id)?;
        let offset = span.offset.saturating_add(span.start);
        let file = pack.kept(&self.storage)?.file();
        Ok(file.map(|file| Extent { file, offset, size: span.size }))
    }

    fn foresight(&self) -> usize {
        if self.distant { FORESIGHT } else { 0 }
    }

    fn expect(&self, id: u64, limits: &Limits) {
        // Only where it is open: to find an object is to wait.
        if let Ok((pack, span)) = self.found(id)
            && let (Some(blob), Ok(())) = (pack.blob.get(), limits.check_bytes(span.length))
        {
            blob.expect(span.offset, span.length);
        }
    }

    fn label(&self, id: u64) -> Option<u32> {
        self.labels.get(id as usize).copied().filter(|label| *label != NONE)
    }

    fn class_names(&self) -> &[String] {
        &self.classes
    }

    fn name(&self, id: u64) -> PathBuf {
        self.pack(id).map_or_else(PathBuf::new, |pack| pack.path.join(self.names.path(id as usize)))
    }

    fn mark(&self, id: u64) -> u64 {
        let file = self.pack(id).and_then(|pack| pack.path.file_name()).unwrap_or_default();
        name(&file.to_string_lossy()).rotate_left(1) ^ name(&self.names.path(id as usize).to_string_lossy())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use variegate_io::Member;

    struct Folder(PathBuf);

    impl Folder {
        fn new(test: &str) -> Self {
            let path = std::env::temp_dir().join(format!("variegate-pack-{test}-{}", std::process::id()));
            let _ = std::fs::remove_dir_all(&path);
            std::fs::create_dir_all(&path).expect("a folder");
            Self(path)
        }

        /// `count` files of ten bytes: k, k + 1, …
        fn files(&self, count: usize) -> Vec<(PathBuf, Shard)> {
            let file = |k: usize| {
                let path = self.0.join(format!("{k}.tar"));
                std::fs::write(&path, (k..k + 10).map(|v| v as u8).collect::<Vec<_>>()).expect("writes");
                let member = |name: &str, offset, label: &str| Member {
                    name: name.into(),
                    offset,
                    length: 5,
                    start: 1,
                    size: 3,
                    label: Some(label.into()),
                };
                (path, Shard { members: vec![member("a", 0, "ant"), member("b", 5, "bee")], problems: Vec::new() })
            };
            (0..count).map(file).collect()
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn pictures_are_read_where_they_lie() {
        let folder = Folder::new("place");
        for count in [3, KEPT_OPEN + 1] {
            let packed = Packed::new(folder.files(count), None, false).expect("packs");
            assert_eq!((packed.len(), packed.class_names()), (2 * count as u64, &["ant", "bee"].map(String::from)[..]));
            let (mut buffer, limits) = (FileBuffer::default(), Limits::default());
            for id in [0, 1, 2, 3, 2 * count as u64 - 1] {
                let first = (id / 2 + if id % 2 == 0 { 1 } else { 6 }) as u8;
                let bytes = packed.read_into(id, &limits, &mut buffer).expect("reads");
                assert_eq!(bytes, [first, first + 1, first + 2], "{id}");
                assert_eq!(packed.read(id, &limits).expect("reads"), [first, first + 1, first + 2]);
                assert_eq!((packed.label(id), packed.classes()), (Some(id as u32 % 2), 2));
            }
            assert_eq!(packed.name(3), folder.0.join("1.tar").join("b"));
            assert!(packed.read(2 * count as u64, &limits).is_err());
        }
    }

    #[test]
    fn a_data_set_may_move_and_may_not_change() {
        let (here, there) = (Folder::new("here"), Folder::new("there"));
        let of = |folder: &Folder, count| Packed::new(folder.files(count), None, false).expect("packs").fingerprint();
        assert_eq!(of(&here, 2), of(&there, 2));
        assert_ne!(of(&here, 2), of(&here, 1));
    }

    #[test]
    fn names_are_for_numbers_that_all_have_one() {
        let folder = Folder::new("names");
        let names = |count: usize| ["x", "y", "z"][..count].iter().map(|name| (*name).to_string()).collect::<Vec<_>>();
        let packed = |labels: [&str; 2]| {
            let mut files = folder.files(1);
            for (member, label) in files[0].1.members.iter_mut().zip(labels) {
                member.label = Some(label.into());
            }
            Packed::new(files, None, false).expect("packs")
        };
        assert_eq!(packed(["0", "2"]).named(names(3)).class_names(), names(3));
        assert!(packed(["0", "2"]).named(names(2)).class_names().is_empty());
        assert_eq!(packed(["ant", "bee"]).named(names(3)).class_names(), ["ant", "bee"]);
    }

    #[test]
    fn raw_pictures_are_told_by_all_names() {
        let folder = Folder::new("raw");
        let packed = |ending: &str| {
            let mut files = folder.files(2);
            files.iter_mut().flat_map(|(_, shard)| &mut shard.members).for_each(|member| member.name.push_str(".ppm"));
            files[1].1.members[1].name.push_str(ending);
            Packed::new(files, None, false).expect("packs")
        };
        let raw = packed("");
        let extent = raw.extent(3).expect("opens").expect("raw");
        assert_eq!((extent.offset, extent.size), (6, 3));
        assert!(packed(".png").extent(3).expect("no error").is_none());
        assert!(raw.extent(4).is_err());
    }

    #[test]
    fn what_is_wrong_is_told() {
        let folder = Folder::new("wrong");
        assert!(Packed::new([], None, false).is_err());
        let error = Packed::new(folder.files(1), Some(vec!["ant".into()]), false).expect_err("an unknown class");
        assert_eq!(error.path(), Some(folder.0.join("0.tar").join("b").as_path()));
        let packed = Packed::new(folder.files(1), None, true).expect("packs");
        assert!(packed.read(0, &Limits::default()).expect_err("no checksum").message().contains("checksum"));
        let packed = Packed::new(folder.files(1), None, false).expect("packs");
        std::fs::write(folder.0.join("0.tar"), [1; 7]).expect("writes");
        assert!(packed.read(1, &Limits::default()).expect_err("cut short").message().contains("ends before byte 10"));
    }
}
