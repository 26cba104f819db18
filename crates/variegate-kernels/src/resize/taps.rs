//! Which source pixels make an output pixel of one axis, and with what weights.
//!
//! Made by the engine once for a geometry, read by [`super::horizontal`] and [`super::Resizer`]. Weights are computed
//! in f64 and stored as f32; nothing here sees a pixel.

use variegate_picture::{Border, Filter};

/// The widest half kernel in source pixels: a larger one could only average a picture that is not there, and would
/// let a scale of a million ask for gigabytes.
const WIDEST: f64 = 65_536.0;

/// The taps of every output index of one axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Taps {
    outputs: Vec<Output>,
    weights: Vec<f32>,
    indices: Vec<usize>,
    most: usize,
    span: (usize, usize),
    even: Option<Even>,
}

/// Contiguous runs padded with weights of zero to the same count, so that the loop over taps can be unrolled: that
/// halves the time of an antialiased resize. A tap of weight zero adds nothing unless its pixel is not finite.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Even {
    /// Taps of every output.
    pub count: usize,
    /// First source index of each output.
    pub first: Vec<usize>,
    /// Weights, `count` of each output.
    pub weights: Vec<f32>,
    /// Weight of the fill of each output.
    pub fill: Vec<f32>,
}

/// The counts to which runs are padded: those [`super::horizontal`] has an unrolled loop for.
const EVEN: [usize; 11] = [1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 24];

#[derive(Clone, Copy, Debug, PartialEq)]
struct Output {
    first: usize,
    at: usize,
    count: usize,
    listed: Option<usize>,
    fill: f32,
}

/// The taps of one output index.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Run<'a> {
    /// The first source index.
    pub first: usize,
    /// The weights, by increasing source index.
    pub weights: &'a [f32],
    /// The source index of each weight, where they do not simply follow `first`.
    pub listed: Option<&'a [usize]>,
    /// The weight of the fill.
    pub fill: f32,
}

impl Run<'_> {
    /// The source index of tap `j`.
    pub fn index(&self, j: usize) -> usize {
        self.listed.map_or(self.first + j, |listed| listed[j])
    }
}

impl Taps {
    /// Taps of `n_out` outputs; output edges at `o` lie at `scale · o + shift` of the source. A negative scale flips.
    ///
    /// `lo..hi` are the source indices that may be seen; they must be indices of the source, at least one. The
    /// kernel widens by the scale where `antialias`. `covered` says that the whole output lies inside the window:
    /// taps outside are then dropped and the others share their weight (Pillow's rule); otherwise taps outside go
    /// through the border. `Nearest`, and `Box` without antialiasing, have the one tap that contains the centre.
    pub fn new(
        n_out: usize,
        scale: f64,
        shift: f64,
        lo: i64,
        hi: i64,
        filter: Filter,
        antialias: bool,
        border: Border,
        covered: bool,
    ) -> Taps {
        debug_assert!(0 <= lo && lo < hi);
        let single = filter == Filter::Nearest || (filter == Filter::Box && !antialias);
        let widened = if antialias { scale.abs().max(1.0) } else { 1.0 };
        let reach = (filter.support() * widened).min(WIDEST);
        let mut taps = Taps {
            outputs: Vec::with_capacity(n_out),
            weights: Vec::new(),
            indices: Vec::new(),
            most: 0,
            span: (0, 0),
            even: None,
        };
        let mut raw: Vec<(i64, f64)> = Vec::new();
        for o in 0..n_out {
            let centre = scale * (o as f64 + 0.5) + shift;
            let centre = if centre.is_finite() { centre.clamp(-1e12, 1e12) } else { lo as f64 + 0.5 };
            let nearest = libm::floor(centre) as i64;
            raw.clear();
            if single {
                raw.push((nearest, 1.0));
            } else {
                let first = libm::floor(centre - reach - 0.5) as i64;
                let last = libm::ceil(centre + reach + 0.5) as i64;
                let (first, last) = if covered { (first.max(lo), last.min(hi - 1)) } else { (first, last) };
                for i in first..=last {
                    let distance = i as f64 + 0.5 - centre;
                    if distance.abs() < reach {
                        raw.push((i, filter.weight(distance / widened)));
                    }
                }
            }
            if covered {
                raw.retain(|(i, _)| (lo..hi).contains(i));
            }
            let sum: f64 = raw.iter().map(|(_, w)| w).sum();
            if raw.is_empty() || sum.abs() < 1e-12 {
                raw.clear();
                raw.push((if covered { nearest.clamp(lo, hi - 1) } else { nearest }, 1.0));
            } else {
                raw.iter_mut().for_each(|(_, w)| *w /= sum);
            }
            taps.push(&mut raw, lo, hi, border);
        }
        taps.even = taps.evened();
        taps
    }

    fn evened(&self) -> Option<Even> {
        let (lo, hi) = self.span;
        let count = EVEN.into_iter().find(|count| self.most <= *count)?;
        if hi - lo < count || !self.indices.is_empty() {
            return None;
        }
        let mut even = Even {
            count,
            first: Vec::with_capacity(self.len()),
            fill: Vec::with_capacity(self.len()),
            weights: vec![0.0; self.len() * count],
        };
        for (o, weights) in even.weights.chunks_exact_mut(count).enumerate() {
            let run = self.of(o);
            let first = run.first.clamp(lo, hi - count);
            // A run that begins further right than its padded place is one at the end of the span.
            let at = run.first.saturating_sub(first).min(count - run.weights.len());
            weights[at..at + run.weights.len()].copy_from_slice(run.weights);
            even.first.push(first);
            even.fill.push(run.fill);
        }
        Some(even)
    }

    /// The evened runs, where there are such.
    pub(super) fn even(&self) -> Option<&Even> {
        self.even.as_ref()
    }

    /// Folds normalised taps through the border and appends them, merged and by increasing source index.
    fn push(&mut self, raw: &mut Vec<(i64, f64)>, lo: i64, hi: i64, border: Border) {
        let mut fill = 0.0;
        raw.retain_mut(|(i, w)| match border.fold(*i - lo, hi - lo) {
            Some(folded) => {
                *i = folded + lo;
                true
            }
            None => {
                fill += *w;
                false
            }
        });
        raw.sort_by_key(|(i, _)| *i);
        raw.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 += next.1;
            }
            same
        });
        // A tap of weight zero at either end costs a read for nothing.
        while raw.len() > 1 && raw.last().is_some_and(|(_, w)| *w == 0.0) {
            raw.pop();
        }
        if raw.len() > 1 && raw[0].1 == 0.0 {
            raw.remove(0);
        }
        let first = raw.first().map_or(lo, |(i, _)| *i);
        let contiguous = raw.iter().enumerate().all(|(j, (i, _))| *i == first + j as i64);
        let listed = (!contiguous).then_some(self.indices.len());
        if listed.is_some() {
            self.indices.extend(raw.iter().map(|(i, _)| *i as usize));
        }
        let output =
            Output { first: first as usize, at: self.weights.len(), count: raw.len(), listed, fill: fill as f32 };
        self.weights.extend(raw.iter().map(|(_, w)| *w as f32));
        self.outputs.push(output);
        self.most = self.most.max(raw.len());
        if let Some((last, _)) = raw.last() {
            let (first, end) = (first as usize, *last as usize + 1);
            let (a, b) = if self.span == (0, 0) { (first, end) } else { self.span };
            self.span = (a.min(first), b.max(end));
        }
    }

    /// How many outputs there are.
    pub fn len(&self) -> usize {
        self.outputs.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.outputs.is_empty()
    }

    /// The largest number of taps of an output.
    pub fn most(&self) -> usize {
        self.most
    }

    /// The taps of output `o`.
    #[inline(always)]
    pub fn of(&self, o: usize) -> Run<'_> {
        let output = &self.outputs[o];
        Run {
            first: output.first,
            weights: &self.weights[output.at..output.at + output.count],
            listed: output.listed.map(|at| &self.indices[at..at + output.count]),
            fill: output.fill,
        }
    }

    /// The source indices any output reads, half-open; nothing is read outside.
    pub fn span(&self) -> (usize, usize) {
        self.span
    }
}
