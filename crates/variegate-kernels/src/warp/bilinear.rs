//! Two by two taps.
//!
//! Called by [`super::gather`]. Pixels of three channels are computed in four lanes: the fourth lane reads and
//! writes what belongs to the neighbour on the right, which is overwritten in its turn; where no neighbour is left
//! the three lanes go alone. It never reads outside the window.

use super::locate::{BLOCK, Block, Bounds, split};
use super::{Course, Edge, Source};
use crate::channel;
use crate::four::Four;
use variegate_picture::Sample;

levels! {
    /// Fills a real row; the window lies inside the source and is not empty.
    pub(super) fn row<T: Sample>(source: Source<'_, T>, course: &Course<'_>, edge: &Edge<'_>, row: &mut [f32]) {
        match source.channels {
            1 => run::<T, 1>(source, course, edge, row),
            3 => run::<T, 3>(source, course, edge, row),
            4 => run::<T, 4>(source, course, edge, row),
            _ => run::<T, 0>(source, course, edge, row),
        }
    }
}

/// `C` channels; 0 stands for any count.
#[inline(always)]
fn run<T: Sample, const C: usize>(source: Source<'_, T>, course: &Course<'_>, edge: &Edge<'_>, row: &mut [f32]) {
    let channels = if C == 0 { source.channels } else { C };
    let bounds = Bounds::new(edge.window, 1);
    let width = row.len() / channels;
    let mut block = Block::new();
    for k0 in (0..width).step_by(BLOCK) {
        block.place(course, k0, &bounds);
        for j in 0..BLOCK.min(width - k0) {
            let at = (k0 + j) * channels;
            if block.inside[j] == 0 {
                outer(source, course, edge, k0 + j, &mut row[at..at + channels]);
                continue;
            }
            let top = block.y[j] as usize * source.stride + block.x[j] as usize * channels;
            let bottom = top + source.stride;
            let fraction = (block.fx[j], block.fy[j]);
            if C == 3 || C == 4 {
                let (tops, bottoms) = (source.pixels.get(top..top + C + 4), source.pixels.get(bottom..bottom + C + 4));
                if let (Some(tops), Some(bottoms), Some(out)) = (tops, bottoms, row.get_mut(at..at + 4)) {
                    out.copy_from_slice(&mix::<T, C>(tops, bottoms, fraction));
                    continue;
                }
            }
            let (tops, bottoms) =
                (&source.pixels[top..top + 2 * channels], &source.pixels[bottom..bottom + 2 * channels]);
            for (l, out) in row[at..at + channels].iter_mut().enumerate() {
                let (a, b) = (tops[l].load(), tops[l + channels].load());
                let (c, d) = (bottoms[l].load(), bottoms[l + channels].load());
                *out = lerp(a, b, c, d, fraction);
            }
        }
    }
}

/// Four lanes from two rows of taps, the right ones `C` elements further; zeros where a row is too short.
#[inline(always)]
fn mix<T: Sample, const C: usize>(top: &[T], bottom: &[T], (fx, fy): (f32, f32)) -> [f32; 4] {
    fn pair<T, const C: usize>(row: &[T]) -> Option<(&[T; 4], &[T; 4])> {
        Some((row.first_chunk()?, row.get(C..)?.first_chunk()?))
    }
    let (Some((a, b)), Some((c, d))) = (pair::<T, C>(top), pair::<T, C>(bottom)) else { return [0.0; 4] };
    let (fx, fy) = (Four::splat(fx), Four::splat(fy));
    let (a, b, c, d) = (Four::load(a), Four::load(b), Four::load(c), Four::load(d));
    let top = a.plus(b.minus(a).times(fx));
    let bottom = c.plus(d.minus(c).times(fx));
    top.plus(bottom.minus(top).times(fy)).get()
}

#[inline(always)]
fn lerp(a: f32, b: f32, c: f32, d: f32, (fx, fy): (f32, f32)) -> f32 {
    let top = a + (b - a) * fx;
    let bottom = c + (d - c) * fx;
    top + (bottom - top) * fy
}

/// One pixel with taps beyond the window. Out of line: it is rare, and the loop around it short.
#[inline(never)]
fn outer<T: Sample>(source: Source<'_, T>, course: &Course<'_>, edge: &Edge<'_>, k: usize, out: &mut [f32]) {
    let window = edge.window;
    let (x, y) = match course.at(k) {
        Some(position) => position,
        None if edge.border == variegate_picture::Border::Constant => (-1e9, -1e9),
        None => (window.x0 as f64 + 0.5, window.y0 as f64 + 0.5),
    };
    let ((x, fx), (y, fy)) = (split(x - 0.5), split(y - 0.5));
    let tap = |dx, dy| {
        let (x, y) = window.fold(edge.border, x + dx, y + dy)?;
        source.pixels.get(y * source.stride + x * source.channels..)
    };
    let taps = [tap(0, 0), tap(1, 0), tap(0, 1), tap(1, 1)];
    for (l, out) in out.iter_mut().enumerate() {
        let value = |tap: Option<&[T]>| tap.map_or_else(|| channel(edge.fill, l), |pixel| pixel[l].load());
        *out = lerp(value(taps[0]), value(taps[1]), value(taps[2]), value(taps[3]), (fx, fy));
    }
}
