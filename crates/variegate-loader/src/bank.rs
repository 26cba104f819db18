//! Local: folders of pictures that operations look at beside the sample.
//!
//! `Local` serves them wherever a plan runs, in the loader and in memory. A folder is listed once, as a data set without
//! classes is; a picture is turned upright, brought to the size that is wanted and kept, within `KEPT` bytes, for all threads.
//! What is kept changes no pixel, only how soon it is there.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use variegate_engine::{Scratch, run_to_picture};
use variegate_io::{Colour, DecodeOptions, DecodeWish, Depth, Folder, FolderOptions, Limits, open, read_file};
use variegate_picture::key::below;
use variegate_picture::{Border, Channels, Error, Frame, Homography, Picture, Pixels, Rect, Result, Size};
use variegate_plan::{Builder, Meaning, NoServices, Second, Services, Warp};

/// Bytes of pictures that are kept: some four hundred of 400 × 400.
const KEPT: usize = 256 << 20;

/// The picture of a bank that a step asks for.
pub fn banked(second: &Second) -> Result<Picture> {
    let Some(bank) = &second.bank else { return NoServices.banked(second) };
    let folder = folder(bank)?;
    let index = below(second.number, folder.files.len() as u64) as usize;
    let wanted = Wanted { bank: bank.clone(), index, size: second.size, whole: second.whole };
    if let Some(kept) = shelf().find(&wanted) {
        return Ok(kept.as_ref().clone());
    }
    let path = folder.path(index).ok_or_else(|| Error::internal("a bank lost a picture"))?;
    let made = fitted(&path, second).map_err(|error| error.at(&path))?;
    shelf().keep(wanted, Arc::new(made.clone()));
    Ok(made)
}

#[derive(Clone, Debug, PartialEq)]
struct Wanted {
    bank: Arc<str>,
    index: usize,
    size: Size,
    whole: bool,
}

/// What was listed and made; the oldest picture goes first.
#[derive(Default)]
struct Shelf {
    folders: Vec<(Arc<str>, Arc<Folder>)>,
    pictures: VecDeque<(Wanted, Arc<Picture>)>,
    bytes: usize,
}

static SHELF: LazyLock<Mutex<Shelf>> = LazyLock::new(Mutex::default);

/// A thread that panicked here left a shelf that is still whole.
fn shelf() -> MutexGuard<'static, Shelf> {
    SHELF.lock().unwrap_or_else(PoisonError::into_inner)
}

fn bytes(picture: &Picture) -> usize {
    picture.size().pixels() * picture.channels()
}

impl Shelf {
    fn find(&self, wanted: &Wanted) -> Option<Arc<Picture>> {
        self.pictures.iter().find(|(kept, _)| kept == wanted).map(|(_, picture)| picture.clone())
    }

    fn keep(&mut self, wanted: Wanted, picture: Arc<Picture>) {
        if self.find(&wanted).is_some() || bytes(&picture) > KEPT {
            return;
        }
        self.bytes += bytes(&picture);
        self.pictures.push_back((wanted, picture));
        while self.bytes > KEPT
            && let Some((_, oldest)) = self.pictures.pop_front()
        {
            self.bytes -= bytes(&oldest);
        }
    }
}

fn folder(bank: &Arc<str>) -> Result<Arc<Folder>> {
    if let Some((_, folder)) = shelf().folders.iter().find(|(name, _)| name == bank) {
        return Ok(folder.clone());
    }
    let options = FolderOptions { labelled: Some(false), ..FolderOptions::default() };
    let folder = Arc::new(Folder::read(Path::new(&**bank), &options)?);
    shelf().folders.push((bank.clone(), folder.clone()));
    Ok(folder)
}

/// A picture of a file in the size that is wanted: its middle in that shape, or all of it in the middle of nothing.
fn fitted(path: &Path, second: &Second) -> Result<Picture> {
    let limits = Limits::default();
    let file = read_file(path, &limits)?;
    let opened = open(&file, &limits)?;
    let (stored, orientation) = (opened.header().size, opened.header().orientation);
    let options = DecodeOptions { colour: Colour::Rgba, depth: Depth::Eight, limits };
    let picture = opened.decode(&options, &DecodeWish::default(), Vec::new())?.picture;
    let mut plan = Builder::new(Frame { size: stored, channels: 4 });
    let (map, upright) = orientation.homography(stored);
    plan.permute(map, upright);
    let ratio = |side: usize, most: usize| most as f64 / side as f64;
    let (across, down) = (ratio(upright.width, second.size.width), ratio(upright.height, second.size.height));
    let to = if second.whole {
        let scale = across.min(down);
        let side = |side: usize, most: usize| ((side as f64 * scale).round() as usize).clamp(1, most);
        Size::new(side(upright.height, second.size.height), side(upright.width, second.size.width))
    } else {
        let scale = across.max(down);
        let (width, height) = (second.size.width as f64 / scale, second.size.height as f64 / scale);
        let (left, top) = ((upright.width as f64 - width) / 2.0, (upright.height as f64 - height) / 2.0);
        // Whole pixels, at least one.
        let edge = |from: f64, length: f64| (from.round().max(0.0), (from + length).round().max(from.round() + 1.0));
        let ((x0, x1), (y0, y1)) = (edge(left, width), edge(top, height));
        let part = Rect::new(x0, y0, x1, y1).intersect(Rect::of(upright));
        let cut = Size::new((part.y1 - part.y0) as usize, (part.x1 - part.x0) as usize);
        plan.warp(Warp::new(Homography::translate(part.x0, part.y0), upright, cut).hiding());
        second.size
    };
    let from = plan.size();
    let scale = Homography::scale(ratio(to.width, from.width), ratio(to.height, from.height));
    plan.warp(Warp::new(scale, from, to).border(Border::Edge, Channels::All(0.0)));
    let plan = plan.into_plan(Meaning::Continuous);
    let made = run_to_picture(&plan, picture.view(), 255.0, &mut Scratch::default(), &NoServices)?;
    if to == second.size { Ok(made) } else { framed(&made, second.size) }
}

/// A picture in the middle of a larger one that shows nothing.
fn framed(picture: &Picture, size: Size) -> Result<Picture> {
    let mut out = Picture::zeros(size, 4, picture.dtype())?;
    let inner = picture.size();
    let (top, left) = ((size.height - inner.height) / 2, (size.width - inner.width) / 2);
    if let (Pixels::U8(to), Pixels::U8(from)) = (out.pixels_mut(), picture.pixels()) {
        let rows = to.chunks_exact_mut(size.width * 4).skip(top).zip(from.chunks_exact(inner.width * 4));
        rows.for_each(|(to, from)| to[left * 4..(left + inner.width) * 4].copy_from_slice(from));
    }
    Ok(out)
}
