//! Where a pass gets its rows: as they lie, from a warp, or from a stencil.

use variegate_kernels::Levels;
use variegate_kernels::resize::{ResizeScratch, Resizer, Taps};
use variegate_kernels::stencil::{Rank, Separable, StencilScratch, gaussian_weights, kernel2d_row};
use variegate_picture::{Filter, View};
use variegate_plan::{Map, Stencil, StencilKind, Warp};

use crate::gathered::{Gather, window};
use crate::moved::Moved;
use crate::row::{Row, State};
use crate::shrunk::Shrunk;
use crate::spare::Spare;

/// Buffers of the kernels that keep rows.
#[derive(Debug, Default)]
pub struct KeptRows {
    pub resize: ResizeScratch,
    pub stencil: StencilScratch,
}

/// What a warp or stencil needs prepared once for a picture; one lives on the stack of each pass.
#[allow(clippy::large_enum_variant)]
pub enum Prepared<'p> {
    /// Rows as they lie.
    Straight,
    /// Whole pixels moved.
    Permuted(Moved<'p>),
    /// Upright scaling.
    Resized { x: Taps, y: Taps, fill: Vec<f32> },
    /// Anything else.
    Gathered { warp: &'p Warp, fill: Vec<f32> },
    /// Anything else, with a shrink on the way.
    Shrunk { x: Taps, y: Taps, gather: Warp, fill: Vec<f32> },
    /// A kernel that is a product of a row and a column: a Gaussian or a box.
    Separable { stencil: &'p Stencil, x: Vec<f32>, y: Vec<f32> },
    /// A small kernel.
    Kernel { stencil: &'p Stencil, weights: Vec<f32>, width: usize, height: usize },
    /// A rank filter.
    Rank { stencil: &'p Stencil, rank: Rank },
}

impl Prepared<'_> {
    /// Whether rows of an integer picture arrive as codes.
    pub fn gives_codes(&self) -> bool {
        match self {
            Prepared::Straight | Prepared::Permuted(..) => true,
            Prepared::Gathered { warp, .. } => warp.filter == Filter::Nearest,
            _ => false,
        }
    }
}

impl Prepared<'_> {
    /// Gives back the memory.
    pub fn give_back(self, spare: &mut Spare) {
        match self {
            Prepared::Resized { x, y, fill } | Prepared::Shrunk { x, y, fill, .. } => {
                spare.give_taps(x);
                spare.give_taps(y);
                spare.give_reals(fill);
            }
            Prepared::Gathered { fill, .. } => spare.give_reals(fill),
            _ => {}
        }
    }
}

/// Prepares a warp for a picture whose white is stored as `white`.
pub fn prepare_warp<'p>(warp: &'p Warp, channels: usize, white: f32, spare: &mut Spare) -> Prepared<'p> {
    let mut fill = spare.reals();
    fill.extend((0..channels).map(|c| warp.fill.get(c) as f32 * white));
    if let Some((shrink, gather)) = warp.split()
        && let Some((x, y)) = taps(&shrink, spare)
    {
        return Prepared::Shrunk { x, y, gather, fill };
    }
    match &warp.map {
        Map::Homography(h) if h.is_permutation() => Prepared::Permuted(Moved::new(warp, h, channels, white)),
        _ => match taps(warp, spare) {
            Some((x, y)) => Prepared::Resized { x, y, fill },
            None => Prepared::Gathered { warp, fill },
        },
    }
}

/// The taps of both axes, where a warp is an upright resampling.
fn taps(warp: &Warp, spare: &mut Spare) -> Option<(Taps, Taps)> {
    let h = warp.map.homography().filter(|h| h.is_axis_aligned() && warp.filter != Filter::Nearest)?;
    let (seen, covered) = (window(warp), warp.covers());
    let mut axis = |n, scale, shift, lo, hi| {
        let mut taps = spare.taps();
        taps.set(n, scale, shift, lo, hi, warp.filter, warp.antialias, warp.border, covered);
        taps
    };
    let x = axis(warp.to.width, h.0[0][0], h.0[0][2], seen.x0, seen.x1);
    let y = axis(warp.to.height, h.0[1][1], h.0[1][2], seen.y0, seen.y1);
    Some((x, y))
}

/// Prepares a stencil.
pub fn prepare_stencil(stencil: &Stencil) -> Prepared<'_> {
    match &stencil.kind {
        StencilKind::Gaussian { x, y } => {
            let weights = |sigma: f64| {
                if sigma <= 0.0 { vec![1.0] } else { gaussian_weights(sigma, (3.0 * sigma).ceil().max(1.0) as usize) }
            };
            Prepared::Separable { stencil, x: weights(*x), y: weights(*y) }
        }
        StencilKind::Box { side } => {
            let weights = vec![1.0 / *side as f32; *side];
            Prepared::Separable { stencil, x: weights.clone(), y: weights }
        }
        StencilKind::Kernel { width, height, weights } => Prepared::Kernel {
            stencil,
            weights: weights.iter().map(|w| *w as f32).collect(),
            width: *width,
            height: *height,
        },
        StencilKind::Rank { size, rank } => {
            let rank = ((size * size - 1) as f64 * rank).round() as usize;
            Prepared::Rank { stencil, rank: Rank::new(*size, rank) }
        }
    }
}

/// Hands out rows of one picture; one lives on the stack of each pass.
#[allow(clippy::large_enum_variant)]
pub enum Rows<'a> {
    Straight(View<'a>),
    Permuted(View<'a>, &'a Moved<'a>),
    Resized(Resizer<'a>),
    Gathered(View<'a>, Gather<'a>),
    Shrunk(Shrunk<'a>),
    Separable(Separable<'a>),
    Kernel(View<'a>, &'a Prepared<'a>),
}

impl<'a> Rows<'a> {
    /// Joins a picture with what was prepared for it.
    pub fn new(
        view: View<'a>,
        prepared: &'a Prepared<'a>,
        white: f32,
        kept: &'a mut KeptRows,
        spare: &mut Spare,
    ) -> Self {
        const BLACK: &[f32] = &[0.0];
        match prepared {
            Prepared::Straight => Rows::Straight(view),
            Prepared::Permuted(moved) => Rows::Permuted(view, moved),
            Prepared::Resized { x, y, fill } => Rows::Resized(Resizer::new(view, x, y, fill, &mut kept.resize)),
            Prepared::Gathered { warp, fill } => Rows::Gathered(view, Gather::new(warp, fill, spare)),
            Prepared::Shrunk { x, y, gather, fill } => Rows::Shrunk(Shrunk::new(
                Resizer::new(view, x, y, fill, &mut kept.resize),
                gather,
                fill,
                view,
                white,
                spare,
            )),
            Prepared::Separable { stencil, x, y } => {
                Rows::Separable(Separable::new(view, x, y, stencil.border, BLACK, &mut kept.stencil))
            }
            Prepared::Kernel { .. } | Prepared::Rank { .. } => Rows::Kernel(view, prepared),
        }
    }

    /// Fills `row` with output row `y`.
    pub fn fill(&mut self, y: usize, row: &mut Row) {
        match self {
            Rows::Straight(view) => row.read(view, y),
            Rows::Permuted(view, moved) => moved.fill(view, y, row),
            Rows::Resized(resizer) => {
                resizer.row(y, &mut row.reals);
                row.state = State::Reals;
            }
            Rows::Gathered(view, gather) => {
                gather.ask(view, y);
                gather.fill(view, y, row);
            }
            Rows::Shrunk(shrunk) => shrunk.fill(y, row),
            Rows::Separable(separable) => {
                row.state = State::Bytes;
                if !(row.rounded && separable.codes(y, &mut row.bytes)) {
                    separable.row(y, &mut row.reals);
                    row.state = State::Reals;
                }
            }
            Rows::Kernel(view, Prepared::Rank { stencil, rank }) => {
                row.state = State::Bytes;
                if !rank.codes(view, stencil.border, y, &mut row.bytes) {
                    rank.row(view, stencil.border, y, &mut row.reals);
                    row.state = State::Reals;
                }
            }
            Rows::Kernel(view, prepared) => {
                if let Prepared::Kernel { stencil, weights, width, height } = prepared {
                    kernel2d_row(view, weights, *width, *height, stencil.border, &[0.0], y, &mut row.reals);
                }
                row.state = State::Reals;
            }
        }
    }
}

impl Rows<'_> {
    /// Gives back the memory.
    pub fn give_back(self, spare: &mut Spare) {
        match self {
            Rows::Shrunk(shrunk) => shrunk.give_back(spare),
            Rows::Gathered(_, gather) => gather.give_back(spare),
            _ => {}
        }
    }

    /// Writes output row `y` in final numbers, where one step does both; says whether it did.
    pub fn levelled(&mut self, y: usize, levels: &Levels, out: &mut [f32]) -> bool {
        match self {
            Rows::Resized(resizer) if resizer.levels(levels) => {
                resizer.levelled(y, levels, out);
                true
            }
            Rows::Gathered(view, gather) => {
                gather.ask(view, y);
                gather.levelled(view, y, levels, out)
            }
            Rows::Shrunk(shrunk) => shrunk.levelled(y, levels, out),
            _ => false,
        }
    }
}
