//! Which source pixels make an output pixel of one axis, and with what weights.
//!
//! Made by the engine once for a geometry, read by [`super::horizontal`] and [`super::Resizer`]. Weights are computed
//! in f64 and stored as f32; nothing here sees a pixel.

use super::curve::Curve;
use std::sync::OnceLock;
use variegate_picture::{Border, Filter};

/// The widest half kernel in source pixels: a larger one could only average a picture that is not there, and would
/// let a scale of a million ask for gigabytes.
const WIDEST: f64 = 65_536.0;

/// A sum of weights that counts as nothing.
const TINY: f64 = 1e-12;

/// The taps of every output index of one axis.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Taps {
    outputs: Vec<Output>,
    weights: Vec<f32>,
    indices: Vec<usize>,
    most: usize,
    span: (usize, usize),
    /// The largest weight, and the largest sum of an output's weights without their signs.
    largest: (f32, f32),
    /// Whether some weight is below zero.
    negative: bool,
    /// Whether some output takes of the fill.
    filled: bool,
    even: OnceLock<Option<Even>>,
    /// Room for the weights of one output on the way.
    inside: Vec<f64>,
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
        let mut taps = Taps::default();
        taps.set(n_out, scale, shift, lo, hi, filter, antialias, border, covered);
        taps
    }

    /// [`Taps::new`] in the memory of other taps.
    pub fn set(
        &mut self,
        n_out: usize,
        scale: f64,
        shift: f64,
        lo: i64,
        hi: i64,
        filter: Filter,
        antialias: bool,
        border: Border,
        covered: bool,
    ) {
        debug_assert!(0 <= lo && lo < hi);
        self.clear(n_out);
        let single = filter == Filter::Nearest || (filter == Filter::Box && !antialias);
        let widened = if antialias { scale.abs().max(1.0) } else { 1.0 };
        let reach = (filter.support() * widened).min(WIDEST);
        let curve = Curve::of(filter);
        let narrowed = 1.0 / widened;
        let mut raw: Vec<(i64, f64)> = Vec::new();
        let mut inside = std::mem::take(&mut self.inside);
        for o in 0..n_out {
            let centre = scale * (o as f64 + 0.5) + shift;
            let centre = if centre.is_finite() { centre.clamp(-1e12, 1e12) } else { lo as f64 + 0.5 };
            let nearest = floor(centre);
            // Positions are pixel centres: the first one within reach, and the last.
            let (mut first, mut last) = (nearest, nearest);
            if !single {
                let near = |i: i64| (i as f64 + 0.5 - centre).abs() < reach;
                first = floor(centre - reach - 0.5);
                last = floor(centre + reach - 0.5) + 1;
                // The rounding of these sums may be one pixel off either way; what counts is the distance itself.
                first += (0..2).take_while(|d| !near(first + d)).count() as i64;
                last -= (0..2).take_while(|d| !near(last - d)).count() as i64;
            }
            if covered {
                (first, last) = (first.max(lo), last.min(hi - 1));
            }
            if first > last {
                (first, last) =
                    if covered { (nearest.clamp(lo, hi - 1), nearest.clamp(lo, hi - 1)) } else { (nearest, nearest) };
            }
            if lo <= first && last < hi {
                inside.clear();
                inside.extend(
                    (first..=last).map(|i| if single { 1.0 } else { curve.at((i as f64 + 0.5 - centre) * narrowed) }),
                );
                let at = self.weights.len();
                self.push_weights(first as usize, at, &inside);
                continue;
            }
            raw.clear();
            raw.extend(
                (first..=last).map(|i| (i, if single { 1.0 } else { curve.at((i as f64 + 0.5 - centre) * narrowed) })),
            );
            let sum: f64 = raw.iter().map(|(_, w)| w).sum();
            if sum.abs() < TINY {
                raw.clear();
                raw.push((nearest, 1.0));
            } else {
                raw.iter_mut().for_each(|(_, w)| *w /= sum);
            }
            self.push_folded(&mut raw, lo, hi, border);
        }
        self.inside = inside;
    }

    fn clear(&mut self, n_out: usize) {
        let Taps { mut outputs, mut weights, mut indices, inside, .. } = std::mem::take(self);
        outputs.clear();
        weights.clear();
        indices.clear();
        outputs.reserve(n_out);
        *self = Taps { outputs, weights, indices, inside, ..Taps::default() };
    }

    /// Appends the taps from `first` on, all of them inside, with weights that are not normalised yet.
    fn push_weights(&mut self, mut first: usize, at: usize, mut raw: &[f64]) {
        // A tap of weight zero at either end costs a read for nothing.
        while let [0.0, rest @ ..] = raw
            && !rest.is_empty()
        {
            (raw, first) = (rest, first + 1);
        }
        while let [rest @ .., 0.0] = raw
            && !rest.is_empty()
        {
            raw = rest;
        }
        let sum: f64 = raw.iter().sum();
        if sum.abs() < TINY {
            // Only a kernel that sits between two pixels sees nothing; the one in the middle stands for both.
            self.weights.push(1.0);
            return self.finish(Output { first: first + raw.len() / 2, at, count: 1, listed: None, fill: 0.0 });
        }
        let factor = 1.0 / sum;
        self.weights.extend(raw.iter().map(|w| (w * factor) as f32));
        self.finish(Output { first, at, count: raw.len(), listed: None, fill: 0.0 });
    }

    /// Appends an output whose weights are there, and keeps account.
    fn finish(&mut self, output: Output) {
        let (mut sum, mut largest, mut least) = (0.0f32, self.largest.0, 0.0f32);
        for w in &self.weights[output.at..] {
            sum += w.abs();
            largest = if w.abs() > largest { w.abs() } else { largest };
            least = if *w < least { *w } else { least };
        }
        self.largest = (largest, self.largest.1.max(sum));
        self.negative |= least < 0.0;
        self.filled |= output.fill != 0.0;
        self.most = self.most.max(output.count);
        if output.count > 0 {
            let listed = output.listed.map(|at| &self.indices[at..]);
            let end = listed.and_then(|l| l.last().copied()).unwrap_or(output.first + output.count - 1) + 1;
            let (a, b) = if self.span == (0, 0) { (output.first, end) } else { self.span };
            self.span = (a.min(output.first), b.max(end));
        }
        self.outputs.push(output);
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
        self.even.get_or_init(|| self.evened()).as_ref()
    }

    /// Folds normalised taps through the border and appends them, merged and by increasing source index.
    fn push_folded(&mut self, raw: &mut Vec<(i64, f64)>, lo: i64, hi: i64, border: Border) {
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
        let at = self.weights.len();
        self.weights.extend(raw.iter().map(|(_, w)| *w as f32));
        self.finish(Output { first: first as usize, at, count: raw.len(), listed, fill: fill as f32 });
    }

    /// Whether every output reads neighbours in their order, and no fill.
    pub(super) fn is_plain(&self) -> bool {
        self.indices.is_empty() && !self.filled
    }

    /// The largest weight, and the largest sum of weights of an output without their signs.
    pub(super) fn largest(&self) -> (f32, f32) {
        self.largest
    }

    /// Whether no weight is below zero.
    pub(super) fn is_positive(&self) -> bool {
        !self.negative
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

/// The floor of a position, which is at most 10¹² away.
#[inline(always)]
fn floor(v: f64) -> i64 {
    let whole = v as i64;
    whole - i64::from(whole as f64 > v)
}
