//! The user's pictures, by number: decoded once, turned upright and kept small.
//!
//! Drawing asks for them. Requests name pictures by their number in the list alone, so no path comes from outside. It
//! must never read a file that lies outside the folder, be it through a link, and never keep more than its room.

use std::collections::{HashMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use variegate::io::{Folder, FolderOptions, header, read_file};
use variegate::ops::resolution::ResizeLongest;
use variegate::{Error, Picture, Pipeline, Reading, Result, Scratch, decode_and_apply};

/// The longer side of a small copy: twice the tile of a usual grid, so that a crop still has pixels to show.
pub const SIDE: usize = 448;

/// Bytes of small copies that are kept: a hundred of the largest.
const ROOM: usize = 64 << 20;

/// The pictures below one folder.
pub struct Gallery {
    root: PathBuf,
    files: Vec<PathBuf>,
    small: Mutex<Kept>,
    /// The picture looked at large, as it is in its file.
    large: Mutex<Option<(usize, Arc<Picture>)>>,
}

/// Small copies, the oldest first.
#[derive(Default)]
struct Kept {
    copies: HashMap<usize, Arc<Picture>>,
    order: VecDeque<usize>,
    bytes: usize,
}

impl Kept {
    fn keep(&mut self, number: usize, copy: Arc<Picture>) {
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

fn bytes(picture: &Picture) -> usize {
    picture.size().pixels() * picture.channels() * picture.dtype().bytes()
}

impl Gallery {
    /// Lists the pictures of a folder; what a link leads out of it to is left aside.
    ///
    /// # Errors
    ///
    /// When the folder cannot be read, and when no picture lies in it.
    pub fn open(source: &Path) -> Result<Self> {
        let root = source.canonicalize().map_err(|error| {
            Error::io(format!("the folder cannot be opened ({error}); name an existing folder of pictures")).at(source)
        })?;
        let folder = Folder::read(&root, &FolderOptions::default())?;
        let inside = |path: &PathBuf| root.join(path).canonicalize().is_ok_and(|path| path.starts_with(&root));
        let files: Vec<PathBuf> = folder.files.into_iter().map(|entry| entry.path).filter(inside).collect();
        if files.is_empty() {
            let message = "all pictures are links that lead out of the folder; name the folder they lie in";
            return Err(Error::input(message).at(source));
        }
        Ok(Self { root, files, small: Mutex::default(), large: Mutex::default() })
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
    pub fn small(&self, number: usize, scratch: &mut Scratch) -> Result<Arc<Picture>> {
        let kept = || self.small.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(copy) = kept().copies.get(&number) {
            return Ok(copy.clone());
        }
        let copy = Arc::new(self.decoded(number, Some(SIDE), scratch)?);
        kept().keep(number, copy.clone());
        Ok(copy)
    }

    /// The upright picture in its own size; the last one asked for is kept.
    pub fn large(&self, number: usize, scratch: &mut Scratch) -> Result<Arc<Picture>> {
        let mut kept = self.large.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, picture)) = kept.as_ref().filter(|(n, _)| *n == number) {
            return Ok(picture.clone());
        }
        let picture = Arc::new(self.decoded(number, None, scratch)?);
        *kept = Some((number, picture.clone()));
        Ok(picture)
    }

    fn decoded(&self, number: usize, side: Option<usize>, scratch: &mut Scratch) -> Result<Picture> {
        let path = self.files.get(number).ok_or_else(|| {
            Error::parameter(format!("there is no picture {number}; they are numbered from 0 to {}", self.len() - 1))
        })?;
        // A link may have been put there since the folder was listed.
        let full = self.root.join(path).canonicalize().map_err(|error| Error::io(error.to_string()).at(path))?;
        if !full.starts_with(&self.root) {
            return Err(Error::input("a link leads out of the folder; the picture is not shown").at(path));
        }
        // The page shows the path below the folder; where the folder lies is nobody's business.
        upright(&full, side, scratch).map_err(|error| Error::new(error.kind(), error.message()).at(path))
    }
}

fn upright(path: &Path, side: Option<usize>, scratch: &mut Scratch) -> Result<Picture> {
    let reading = Reading::default();
    let bytes = read_file(path, &reading.limits)?;
    let size = header(&bytes, &reading.limits)?.size;
    let mut pipeline = Pipeline::builder();
    if let Some(side) = side.filter(|side| size.height.max(size.width) > *side) {
        pipeline = pipeline.then(ResizeLongest::config().length_px(side as i64));
    }
    decode_and_apply(&pipeline.build()?, &bytes, &reading, 0, 0, scratch)
}

#[cfg(test)]
#[path = "gallery_tests.rs"]
mod tests;
