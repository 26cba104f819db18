//! The user's pictures, by number: decoded once, turned upright and kept small.
//!
//! Drawing asks for them. Requests name pictures by their number in the list alone, so no path comes from outside. It
//! must never read a file that lies outside the folder, be it through a link, and never keep more than its room.

use std::collections::{HashMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use variegate::io::{Folder, FolderOptions, header, read_file};
use variegate::loader::{MaskFile, Source};
use variegate::ops::resolution::ResizeLongest;
use variegate::{Error, Frame, Picture, Pipeline, Reading, Result, Scratch, decode_and_apply};

use crate::attached::Attached;
use crate::data_set::{self, DataSet};

/// The longer side of a small copy: twice the tile of a usual grid, so that a crop still has pixels to show.
pub const SIDE: usize = 448;

/// Bytes of small copies that are kept: a hundred of the largest.
const ROOM: usize = 64 << 20;

/// A picture, and what is attached to it where its data set knows anything.
#[derive(Debug)]
pub struct Shown {
    pub picture: Picture,
    pub attached: Option<Attached>,
}

/// The pictures below one folder.
pub struct Gallery {
    root: PathBuf,
    files: Vec<PathBuf>,
    /// Names of the classes, by label: of boxes, or of the folders.
    pub classes: Vec<String>,
    known: Option<Annotations>,
    small: Mutex<Kept>,
    /// The picture looked at large, as it is in its file.
    large: Mutex<Option<(usize, Arc<Shown>)>>,
}

/// What a data set knows of the pictures.
struct Annotations {
    of: DataSet,
    /// The id of each picture there.
    ids: Vec<u64>,
    /// The folder of masks, where they lie in one of their own.
    masks: Option<PathBuf>,
}

/// Small copies, the oldest first.
#[derive(Default)]
struct Kept {
    copies: HashMap<usize, Arc<Shown>>,
    order: VecDeque<usize>,
    bytes: usize,
}

impl Kept {
    fn keep(&mut self, number: usize, copy: Arc<Shown>) {
        if self.copies.contains_key(&number) {
            return;
        }
        self.bytes += bytes(&copy);
        self.copies.insert(number, copy);
        self.order.push_back(number);
        while self.bytes > ROOM
            && let Some(oldest) = self.order.pop_front()
        {
            self.bytes -= self.copies.remove(&oldest).map_or(0, |copy| bytes(&copy));
        }
    }
}

fn bytes(shown: &Shown) -> usize {
    let Shown { picture, attached } = shown;
    picture.size().pixels() * picture.channels() * picture.dtype().bytes()
        + attached.as_ref().map_or(0, Attached::bytes)
}

impl Gallery {
    /// Lists the pictures of a folder or data set; what a link leads out of it to is left aside.
    ///
    /// # Errors
    ///
    /// When the folder cannot be read, and when no picture lies in it.
    pub fn open(source: &Path, images: Option<&Path>, masks: Option<&Path>) -> Result<Self> {
        let found = data_set::read(source, images, masks)?;
        let at = found.as_ref().map_or(source, |found| &found.root);
        let root = at.canonicalize().map_err(|error| {
            Error::io(format!("the folder cannot be opened ({error}); name an existing folder of pictures")).at(at)
        })?;
        let inside = |path: &PathBuf| root.join(path).canonicalize().is_ok_and(|path| path.starts_with(&root));
        let (files, classes, known) = match found {
            Some(of) => {
                let below = |id: &u64| {
                    let path = of.source.name(*id);
                    path.strip_prefix(&of.root).or_else(|_| path.strip_prefix(&root)).ok().map(Path::to_path_buf)
                };
                let named = (0..of.source.len()).filter_map(|id| below(&id).filter(inside).map(|path| (path, id)));
                let (files, ids): (Vec<PathBuf>, Vec<u64>) = named.unzip();
                let masks = masks.map(Path::canonicalize).transpose().map_err(|error| Error::io(error.to_string()))?;
                (files, of.classes().to_vec(), Some(Annotations { of, ids, masks }))
            }
            None => {
                let folder = Folder::read(&root, &FolderOptions::default())?;
                let files = folder.files.into_iter().map(|entry| entry.path).filter(inside).collect();
                (files, folder.classes, None)
            }
        };
        if files.is_empty() {
            let message = "all pictures are links that lead out of the folder; name the folder they lie in";
            return Err(Error::input(message).at(source));
        }
        Ok(Self { root, files, classes, known, small: Mutex::default(), large: Mutex::default() })
    }

    /// How many pictures there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// The path of a picture below the folder, as the page shows it.
    pub fn name(&self, number: usize) -> Option<String> {
        self.files.get(number).map(|path| path.to_string_lossy().replace('\\', "/"))
    }

    /// Whether a folder lies inside.
    pub fn holds(&self, folder: &Path) -> bool {
        folder.canonicalize().is_ok_and(|folder| folder.starts_with(&self.root))
    }

    /// The small upright copy of a picture.
    pub fn small(&self, number: usize, scratch: &mut Scratch) -> Result<Arc<Shown>> {
        let kept = || self.small.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(copy) = kept().copies.get(&number) {
            return Ok(copy.clone());
        }
        let copy = Arc::new(self.decoded(number, Some(SIDE), scratch)?);
        kept().keep(number, copy.clone());
        Ok(copy)
    }

    /// The upright picture in its own size; the last one asked for is kept.
    pub fn large(&self, number: usize, scratch: &mut Scratch) -> Result<Arc<Shown>> {
        let mut kept = self.large.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, picture)) = kept.as_ref().filter(|(n, _)| *n == number) {
            return Ok(picture.clone());
        }
        let picture = Arc::new(self.decoded(number, None, scratch)?);
        *kept = Some((number, picture.clone()));
        Ok(picture)
    }

    fn decoded(&self, number: usize, side: Option<usize>, scratch: &mut Scratch) -> Result<Shown> {
        let path = self.files.get(number).ok_or_else(|| {
            Error::parameter(format!("there is no picture {number}; they are numbered from 0 to {}", self.len() - 1))
        })?;
        // A link may have been put there since the folder was listed.
        let full = self.root.join(path).canonicalize().map_err(|error| Error::io(error.to_string()).at(path))?;
        if !full.starts_with(&self.root) {
            return Err(Error::input("a link leads out of the folder; the picture is not shown").at(path));
        }
        // The page shows the path below the folder; where the folder lies is nobody's business.
        self.upright(&full, number, side, scratch).map_err(|error| Error::new(error.kind(), error.message()).at(path))
    }

    fn upright(&self, path: &Path, number: usize, side: Option<usize>, scratch: &mut Scratch) -> Result<Shown> {
        let reading = Reading::default();
        let bytes = read_file(path, &reading.limits)?;
        let header = header(&bytes, &reading.limits)?;
        let size = header.upright();
        let mut pipeline = Pipeline::builder();
        if let Some(side) = side.filter(|side| size.height.max(size.width) > *side) {
            pipeline = pipeline.then(ResizeLongest::config().length_px(side as i64));
        }
        let pipeline = pipeline.build()?;
        let picture = decode_and_apply(&pipeline, &bytes, &reading, 0, 0, scratch)?;
        let Some(known) = &self.known else { return Ok(Shown { picture, attached: None }) };
        let annotations = known.of.source.annotations(known.ids[number])?;
        if let Some(MaskFile::Path(mask)) = &annotations.mask {
            let inside = |mask: PathBuf| {
                mask.starts_with(&self.root) || known.masks.as_ref().is_some_and(|masks| mask.starts_with(masks))
            };
            if !mask.canonicalize().is_ok_and(inside) {
                return Err(Error::input("a link leads its mask out of the folder; the picture is not shown"));
            }
        }
        let attached = Attached::of(known.of.asked.known(&annotations, &header, &reading)?);
        let recipe = pipeline.draw(Frame { size, ..picture.frame() }, 0, 0);
        Ok(Shown { attached: Some(attached.moved(&pipeline, &recipe, scratch)?), picture })
    }
}

#[cfg(test)]
#[path = "gallery_tests.rs"]
mod tests;
