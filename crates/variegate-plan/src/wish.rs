//! What a plan wishes of the decoder, and the plan for what the decoder gave.
//!
//! Plans are made from the header, before pixels; the loader and the façade ask [`Plan::wish`], decode, and run
//! [`Plan::on_part`]. A wish looks at the first warp alone: at what lies under its canvas within the reach of its
//! kernel, and at how much it shrinks. It never asks for less than the plan reads, and a plan on a part differs from
//! the plan on the whole only where the decoder shrank: by its own average instead of the warp's.

use variegate_picture::{Border, Filter, Frame, Homography, Rect, Size};

use crate::map::Map;
use crate::node::{Node, Shrink, Warp};
use crate::plan::Plan;

/// A rectangle of whole pixels: left, top, right, bottom.
pub type Region = (usize, usize, usize, usize);

/// What the warp itself still shrinks, at the least, after the decoder has shrunk. Below it the decoder's average,
/// which is a box and knows nothing of where output pixels lie, shows; at 2 the difference is hardly smaller.
/// `docs/meaning.md` has the measurement.
const LEFT: f64 = 1.5;

/// What a plan wishes of the decoder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wish {
    /// The part of the stored picture that is read.
    pub region: Region,
    /// By how much each side may be shrunk: 1, 2, 4 or 8.
    pub scale: usize,
}

impl Wish {
    /// All of a picture, as it is.
    pub fn whole(size: Size) -> Self {
        Self { region: (0, 0, size.width, size.height), scale: 1 }
    }

    /// One wish that serves two plans.
    pub fn and(self, other: Self) -> Self {
        let (a, b) = (self.region, other.region);
        let region = (a.0.min(b.0), a.1.min(b.1), a.2.max(b.2), a.3.max(b.3));
        Self { region, scale: self.scale.min(other.scale) }
    }

    /// The same without shrinking.
    pub fn unscaled(self) -> Self {
        Self { scale: 1, ..self }
    }
}

/// What a decoder gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// (x, y) of its top-left corner, in pixels of the shrunk picture.
    pub origin: (usize, usize),
    /// By how much each side was shrunk.
    pub scale: usize,
    /// Its height and width.
    pub size: Size,
}

impl Plan {
    /// The part of the input the plan reads, and by how much it may be shrunk before.
    pub fn wish(&self) -> Wish {
        let Some((k, warp)) = self.first_warp() else { return Wish::whole(self.input.size) };
        // What changes values before the warp would see averages instead of pixels.
        let shrinks = if k == 0 { shrinks(warp) } else { 1.0 };
        let scales = [8, 4, 2].into_iter().filter(|scale| shrinks >= LEFT * *scale as f64);
        let scaled = scales.filter_map(|scale| at_scale(warp, scale)).next();
        scaled.unwrap_or_else(|| Wish { region: outward(read(warp, 1), 1, warp.from), scale: 1 })
    }

    /// The part the plan reads of a picture shrunk by `scale`, whatever that does to its values; none where it would
    /// move an edge.
    pub fn wish_at(&self, scale: usize) -> Option<Wish> {
        at_scale(self.first_warp()?.1, scale)
    }

    /// The same plan for a picture of which only a part was decoded; it must hold what [`Plan::wish`] named, and be
    /// shrunk no more. Masks, boxes and points follow the plan as it was before.
    pub fn on_part(mut self, part: Part) -> Plan {
        if part == (Part { origin: (0, 0), scale: 1, size: self.input.size }) {
            return self;
        }
        if let Some((k, warp)) = self.first_warp() {
            self.nodes[k] = Node::Warp(on_part(warp, part));
        }
        self.input = Frame { size: part.size, ..self.input };
        self
    }

    /// The first warp and its place, where what stands before it treats every pixel by itself and alike.
    fn first_warp(&self) -> Option<(usize, &Warp)> {
        for (k, node) in self.nodes.iter().enumerate() {
            match node {
                Node::Warp(warp) => return Some((k, warp)),
                Node::Lut(_) | Node::ColorMatrix(_) | Node::Hsv(_) if !node.is_measured() => {}
                _ => return None,
            }
        }
        None
    }
}

/// By how much a warp shrinks with an average over all it shrinks.
fn shrinks(warp: &Warp) -> f64 {
    match (warp.shrink, warp.map.homography()) {
        (Some(Shrink { size, over }), _) => {
            ((over.x1 - over.x0) / size.width as f64).min((over.y1 - over.y0) / size.height as f64)
        }
        (None, Some(h)) if h.is_axis_aligned() && warp.antialias && warp.filter != Filter::Nearest => {
            h.0[0][0].abs().min(h.0[1][1].abs())
        }
        _ => 1.0,
    }
}

/// The wish at a scale, where the picture can be read at it.
///
/// A shrunk pixel (i) stands for [i·s, (i + 1)·s). The last one of a side that s does not divide also stands for what
/// the encoder padded it with, so it must not be read. And where a border shows, it must begin on a shrunk pixel;
/// within a shrink on the way it need not, since the cells of that keep their own edges.
fn at_scale(warp: &Warp, scale: usize) -> Option<Wish> {
    let (read, s) = (read(warp, scale), scale as f64);
    let whole = |n: usize| (n / scale * scale) as f64;
    let padded = read.x1 > whole(warp.from.width) || read.y1 > whole(warp.from.height);
    let w = warp.window;
    let exact = |read: f64, edge: f64| read != edge || edge % s == 0.0;
    let begins = exact(read.x0, w.x0) && exact(read.y0, w.y0) && exact(read.x1, w.x1) && exact(read.y1, w.y1);
    let fits = begins || warp.shrink.is_some() || warp.covers();
    (fits && !padded).then(|| Wish { region: outward(read, scale, warp.from), scale })
}

/// Whole shrunk pixels around a rectangle.
fn outward(r: Rect, scale: usize, size: Size) -> Region {
    let s = scale as f64;
    let low = |v: f64| (v / s).floor() as usize * scale;
    let high = |v: f64, most: usize| ((v / s).ceil() as usize * scale).min(most);
    (low(r.x0), low(r.y0), high(r.x1, size.width), high(r.y1, size.height))
}

/// The part of its window a warp reads from a picture that is shrunk by `scale`, in pixels of the unshrunk one.
fn read(warp: &Warp, scale: usize) -> Rect {
    let s = scale as f64;
    // One more for rounding.
    let reach = |shrink: f64| warp.filter.support() * shrink.max(s) + s;
    match (warp.shrink, cells(warp)) {
        (Some(Shrink { size, over }), Some(cells)) => {
            let (sx, sy) = cell(size, over);
            let seen = laid(cells, size, over);
            let wide = widened(seen, (reach(sx), reach(sy)));
            kept_within(wide, warp.window)
        }
        (Some(_), None) => warp.window,
        (None, _) => {
            let (x, y) = if warp.antialias { steepest(warp) } else { (1.0, 1.0) };
            under(warp, (reach(x), reach(y)))
        }
    }
}

/// The part of its window that a warp reads with a kernel of the given reach.
fn under(warp: &Warp, reach: (f64, f64)) -> Rect {
    let Some(seen) = warp.seen() else { return warp.window };
    let wide = widened(seen, reach);
    // Borders that fold the plane bring far pixels near; just over an edge, the two that mirror bring near ones.
    let folds = match warp.border {
        Border::Wrap => true,
        Border::Reflect | Border::Mirror => !warp.covers(),
        Border::Constant | Border::Edge => false,
    };
    if folds && !wide.within(warp.window, 0.0) { warp.window } else { kept_within(wide, warp.window) }
}

/// The cells of the shrink on the way that the gather after it reads, in cells.
fn cells(warp: &Warp) -> Option<Rect> {
    let (_, gather) = warp.split()?;
    let reach = warp.filter.support() + 1.0;
    let read = under(&gather, (reach, reach));
    Some(Rect::new(read.x0.floor(), read.y0.floor(), read.x1.ceil(), read.y1.ceil()))
}

/// Columns and rows of one cell of a shrink.
fn cell(size: Size, over: Rect) -> (f64, f64) {
    ((over.x1 - over.x0) / size.width as f64, (over.y1 - over.y0) / size.height as f64)
}

/// Where cells lie in the input.
fn laid(cells: Rect, size: Size, over: Rect) -> Rect {
    let (sx, sy) = cell(size, over);
    Rect::new(over.x0 + cells.x0 * sx, over.y0 + cells.y0 * sy, over.x0 + cells.x1 * sx, over.y0 + cells.y1 * sy)
}

fn widened(r: Rect, reach: (f64, f64)) -> Rect {
    Rect::new(r.x0 - reach.0, r.y0 - reach.1, r.x1 + reach.0, r.y1 + reach.1)
}

/// The part of a rectangle inside a window, and where there is none, the pixels of the window next to it.
fn kept_within(r: Rect, w: Rect) -> Rect {
    let side = |lo: f64, hi: f64, from: f64, to: f64| {
        let lo = lo.clamp(from, (to - 1.0).max(from));
        (lo, hi.clamp((lo + 1.0).min(to), to))
    };
    let ((x0, x1), (y0, y1)) = (side(r.x0, r.x1, w.x0, w.x1), side(r.y0, r.y1, w.y0, w.y1));
    Rect::new(x0, y0, x1, y1)
}

/// Source pixels from one output pixel to the next, at the most, across and down.
fn steepest(warp: &Warp) -> (f64, f64) {
    let Some(h) = warp.map.homography() else { return (1.0, 1.0) };
    let along = |k: usize| {
        let steps = Rect::of(warp.to).corners().map(|p| {
            let j = h.jacobian(p);
            j[k][0].abs() + j[k][1].abs()
        });
        steps.into_iter().fold(1.0, f64::max)
    };
    (along(0), along(1))
}

/// The same warp for a part of its input.
fn on_part(warp: &Warp, part: Part) -> Warp {
    let s = part.scale as f64;
    let (x, y) = (part.origin.0 as f64, part.origin.1 as f64);
    let moved = |r: Rect| Rect::new(r.x0 / s - x, r.y0 / s - y, r.x1 / s - x, r.y1 / s - y);
    // The last shrunk pixel of a side that the scale does not divide is never seen.
    let whole = Rect::new(0.0, 0.0, (warp.from.width / part.scale) as f64, (warp.from.height / part.scale) as f64);
    let inside = Rect::new(whole.x0 - x, whole.y0 - y, whole.x1 - x, whole.y1 - y).intersect(Rect::of(part.size));
    let w = moved(warp.window);
    let window = Rect::new(w.x0.floor(), w.y0.floor(), w.x1.ceil(), w.y1.ceil()).intersect(inside);
    let shrink = warp.shrink.zip(cells(warp)).map(|(shrink, cells)| Shrink {
        size: Size::new((cells.y1 - cells.y0) as usize, (cells.x1 - cells.x0) as usize),
        over: moved(laid(cells, shrink.size, shrink.over)),
    });
    let to_part = Map::Homography(Homography::affine(1.0 / s, 0.0, -x, 0.0, 1.0 / s, -y));
    Warp { map: to_part.after(&warp.map), from: part.size, window, shrink, ..warp.clone() }
}

#[cfg(test)]
#[path = "wish_tests.rs"]
mod tests;
