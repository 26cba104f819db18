//! One pixel or a block of them taken from the source into a row.
//!
//! Called by [`super::nearest`], which says from where. It knows no positions.

use super::Source;
use super::locate::BLOCK;
use crate::channel;
use crate::four::Four;
use variegate_picture::Sample;

/// What becomes of an element on its way. A trait and not a closure: closures are shared by the compiled copies of a
/// kernel and then stay at the baseline.
pub(super) trait Way<T, O> {
    /// One element.
    fn one(v: T) -> O;

    /// Four that follow each other.
    fn four(v: &[T; 4]) -> [O; 4];

    /// The fill of channel `c`.
    fn fill(fill: &[O], c: usize) -> O;
}

/// Elements as they are; the fill has one for each channel.
pub(super) struct AsTheyAre;

impl<T: Copy> Way<T, T> for AsTheyAre {
    #[inline(always)]
    fn one(v: T) -> T {
        v
    }

    #[inline(always)]
    fn four(v: &[T; 4]) -> [T; 4] {
        *v
    }

    #[inline(always)]
    fn fill(fill: &[T], c: usize) -> T {
        fill[c]
    }
}

/// Elements as reals; the last of the fill serves the channels beyond it.
pub(super) struct AsReals;

impl<T: Sample> Way<T, f32> for AsReals {
    #[inline(always)]
    fn one(v: T) -> f32 {
        v.load()
    }

    #[inline(always)]
    fn four(v: &[T; 4]) -> [f32; 4] {
        Four::load(v).get()
    }

    #[inline(always)]
    fn fill(fill: &[f32], c: usize) -> f32 {
        channel(fill, c)
    }
}

/// A row to be filled from left to right, of `C` channels; 0 stands for any count.
pub(super) struct Pixels<'a, W, T, O, const C: usize> {
    source: Source<'a, T>,
    fill: &'a [O],
    row: &'a mut [O],
    way: std::marker::PhantomData<W>,
}

/// What there is to know of a row and its source.
pub(super) struct Shape {
    /// Source elements between rows, between pixels, and all of them.
    pub stride: usize,
    pub channels: usize,
    pub len: usize,
    /// Columns of the row.
    pub width: usize,
}

impl<'a, W: Way<T, O>, T: Copy, O: Copy, const C: usize> Pixels<'a, W, T, O, C> {
    #[inline(always)]
    pub(super) fn new(source: Source<'a, T>, fill: &'a [O], row: &'a mut [O]) -> Self {
        Self { source, fill, row, way: std::marker::PhantomData }
    }

    #[inline(always)]
    fn channels(&self) -> usize {
        if C == 0 { self.source.channels } else { C }
    }

    #[inline(always)]
    pub(super) fn shape(&self) -> Shape {
        let (channels, len) = (self.channels(), self.source.pixels.len());
        Shape { stride: self.source.stride, channels, len, width: self.row.len() / channels }
    }

    /// Fills column `k` from the pixel at an offset. What follows the column may be overwritten.
    #[inline(always)]
    pub(super) fn take(&mut self, k: usize, from: usize) {
        let n = self.channels();
        let (pixel, out) = (&self.source.pixels[from..], &mut self.row[k * n..]);
        match (pixel.first_chunk::<4>(), out.first_chunk_mut::<4>()) {
            // The fourth of three channels is overwritten by the next pixel.
            (Some(pixel), Some(out)) if C == 3 || C == 4 => *out = W::four(pixel),
            _ => {
                for (out, value) in out[..n].iter_mut().zip(&pixel[..n]) {
                    *out = W::one(*value);
                }
            }
        }
    }

    /// Fills a block of columns from `k` on.
    #[inline(always)]
    #[allow(unsafe_code)]
    pub(super) fn take_all(&mut self, k: usize, at: &[u32; BLOCK]) {
        let (source, row) = (self.source.pixels, self.row.get_mut(k * C..).unwrap_or_default());
        // Elements read at an offset, and written at a column.
        let wide = if C == 3 { 4 } else { C };
        let mut largest = 0;
        for at in at {
            largest = largest.max(*at);
        }
        if C == 0 || largest as usize + wide > source.len() || (BLOCK - 1) * C + wide > row.len() {
            for (j, at) in at.iter().enumerate() {
                self.take(k + j, *at as usize);
            }
            return;
        }
        for (j, at) in at.iter().enumerate() {
            // SAFETY: `wide` elements follow every offset and the start of every column, as was just seen; a pointer to
            // elements is aligned for an array of them. Checks here took as long as all the rest.
            unsafe {
                let (from, to) = (source.as_ptr().add(*at as usize), row.as_mut_ptr().add(j * C));
                match C {
                    1 => *to = W::one(*from),
                    // The fourth of three channels is overwritten by the next pixel.
                    _ => *to.cast::<[O; 4]>() = W::four(&*from.cast::<[T; 4]>()),
                }
            }
        }
    }

    /// Shows the fill at column `k`.
    #[inline(always)]
    pub(super) fn fill(&mut self, k: usize) {
        let n = self.channels();
        for c in 0..n {
            self.row[k * n + c] = W::fill(self.fill, c);
        }
    }
}
