//! CLAHE: local contrast, limited.

use crate::lab;
use crate::prelude::*;

params! {
    /// Flattens the histogram of each part of the picture, so far as contrast may grow.
    ///
    /// Contrast-limited adaptive histogram equalisation (Zuiderveld 1994) as OpenCV's `createCLAHE` does it: a histogram of 256
    /// values for each of `tiles` × `tiles` tiles, cut at `clip_limit` times its mean height, what is cut off spread over all
    /// values; between the centres of tiles their tables are interpolated. Of colours the lightness L* of CIE Lab is changed
    /// and a* and b* stay; pictures without colour are changed channel by channel.
    pub struct Clahe("clahe", "colour", aliases: [
        "CLAHE", "RandomClahe", "AllChannelsCLAHE", "ContrastLimitedAdaptiveHistogramEqualization"
    ]) {
        /// How many times the mean height a histogram may be high; 0 is no limit.
        clip_limit: f64 = real(0.0, 256.0).usual(1.0, 4.0);
        /// Tiles across and down.
        tiles: i64 = integer(1, 64).value(8.0);
    }
}

impl Op for Clahe {
    fn lower(&self, plan: &mut Builder) {
        paint(plan, Local { clip_limit: self.clip_limit, tiles: self.tiles.max(1) as usize });
    }
}

#[derive(Debug)]
struct Local {
    clip_limit: f64,
    tiles: usize,
}

impl Effect for Local {
    fn name(&self) -> &'static str {
        "clahe"
    }

    fn paint(&self, canvas: &mut Canvas) {
        if !canvas.has_colour() {
            for c in 0..canvas.channels {
                let flattened = self.flattened(&canvas.plane(c), canvas.size);
                canvas.set_plane(c, &flattened);
            }
            return;
        }
        let channels = canvas.channels;
        lab::to_roots(&mut canvas.values, channels);
        let before: Vec<f32> = canvas.values.chunks_exact(channels).map(|pixel| lab::lightness(pixel[1])).collect();
        let after = self.flattened(&before, canvas.size);
        for ((pixel, before), after) in canvas.values.chunks_exact_mut(channels).zip(&before).zip(&after) {
            let added = lab::added(after - before);
            pixel[..3].iter_mut().for_each(|root| *root += added);
        }
        lab::from_roots(&mut canvas.values, channels);
    }
}

/// Counts of values, or what they become, for 256 values.
const VALUES: usize = 256;

/// The tiles on either side of a pixel on one axis, and how far it is from the first.
struct Beside {
    first: usize,
    second: usize,
    share: f32,
}

impl Local {
    /// The plane after equalisation.
    fn flattened(&self, plane: &[f32], size: Size) -> Vec<f32> {
        let (tile, tables) = self.tables(plane, size);
        let (across, down) = (self.beside(size.width, tile.width), self.beside(size.height, tile.height));
        let mut out = Vec::with_capacity(plane.len());
        for (row, y) in plane.chunks_exact(size.width).zip(&down) {
            let (above, below) = (&tables[y.first * self.tiles..], &tables[y.second * self.tiles..]);
            for (v, x) in row.iter().zip(&across) {
                // Between two of the 256 values, as between tiles, linear.
                let g = v.clamp(0.0, 1.0) * (VALUES - 1) as f32;
                let k = (g as i32).min(VALUES as i32 - 2);
                let (k, fine) = (k as usize, g - k as f32);
                let at = |table: &[f32; VALUES]| table[k] + (table[k + 1] - table[k]) * fine;
                let mix = |row: &[[f32; VALUES]]| {
                    let (a, b) = (at(&row[x.first]), at(&row[x.second]));
                    a + (b - a) * x.share
                };
                let (a, b) = (mix(above), mix(below));
                out.push(a + (b - a) * y.share);
            }
        }
        out
    }

    /// A table for each tile, row by row, and the size of tiles. Where a side is no multiple of the tiles, OpenCV enlarges
    /// *both* by a mirrored rim, up to the next multiple.
    fn tables(&self, plane: &[f32], size: Size) -> (Size, Vec<[f32; VALUES]>) {
        let more = usize::from(!(size.height.is_multiple_of(self.tiles) && size.width.is_multiple_of(self.tiles)));
        let tile = Size::new(size.height / self.tiles + more, size.width / self.tiles + more);
        let columns: Vec<usize> = (0..self.tiles * tile.width).map(|x| mirrored(x, size.width)).collect();
        let tables = (0..self.tiles * self.tiles).map(|k| {
            let (top, left) = (k / self.tiles * tile.height, k % self.tiles * tile.width);
            let mut counts = [0u32; VALUES];
            for y in top..top + tile.height {
                let row = &plane[mirrored(y, size.height) * size.width..][..size.width];
                for x in &columns[left..left + tile.width] {
                    counts[((row[*x].clamp(0.0, 1.0) * (VALUES - 1) as f32 + 0.5) as i32 as usize).min(VALUES - 1)] +=
                        1;
                }
            }
            self.cut(&mut counts, tile.pixels());
            table(&counts, tile.pixels())
        });
        (tile, tables.collect())
    }

    /// Cuts a histogram off at the limit and spreads what is cut over all values, the rest over equally spaced ones.
    fn cut(&self, counts: &mut [u32; VALUES], pixels: usize) {
        if self.clip_limit <= 0.0 {
            return;
        }
        let limit = ((self.clip_limit * pixels as f64 / VALUES as f64) as u32).max(1);
        let mut excess = 0;
        for count in counts.iter_mut() {
            excess += count.saturating_sub(limit);
            *count = (*count).min(limit);
        }
        let (each, rest) = (excess / VALUES as u32, excess as usize % VALUES);
        counts.iter_mut().for_each(|count| *count += each);
        if let Some(step) = VALUES.checked_div(rest) {
            counts.iter_mut().step_by(step).take(rest).for_each(|count| *count += 1);
        }
    }

    /// Where the pixels of an axis lie between the centres of tiles.
    fn beside(&self, n: usize, tile: usize) -> Vec<Beside> {
        let of = |k: usize| {
            let at = k as f32 / tile as f32 - 0.5;
            let first = at.floor();
            let place = |tile: f32| (tile.max(0.0) as usize).min(self.tiles - 1);
            Beside { first: place(first), second: place(first + 1.0), share: at - first }
        };
        (0..n).map(of).collect()
    }
}

/// What each value becomes: its share of the pixels up to it, rounded to a value as OpenCV does.
fn table(counts: &[u32; VALUES], pixels: usize) -> [f32; VALUES] {
    let last = (VALUES - 1) as f32;
    let scale = last / pixels as f32;
    let mut seen = 0;
    counts.map(|count| {
        seen += count;
        libm::rintf(seen as f32 * scale).min(last) / last
    })
}

/// A pixel beyond the end of an axis, mirrored at the last pixel's centre.
fn mirrored(k: usize, n: usize) -> usize {
    if n == 1 {
        return 0;
    }
    let k = k % (2 * n - 2);
    if k < n { k } else { 2 * n - 2 - k }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flattened(clip_limit: f64, tiles: usize, size: Size, values: &[f32]) -> Vec<f32> {
        Local { clip_limit, tiles }.flattened(values, size)
    }

    #[test]
    fn one_tile_without_limit_is_the_cumulative_histogram() {
        let values = [10.0, 10.0, 20.0, 30.0].map(|v| v / 255.0);
        let out = flattened(0.0, 1, Size::new(2, 2), &values);
        for (v, expected) in out.iter().zip([128.0, 128.0, 191.0, 255.0]) {
            assert!((v * 255.0 - expected).abs() < 1e-3, "{out:?}");
        }
    }

    #[test]
    fn a_limit_keeps_an_even_area_nearly_as_it_is() {
        // Of 4096 pixels of one value 16 may stay in its bin, and 4080 are spread over all: nearly the identity.
        let out = flattened(1.0, 1, Size::new(64, 64), &[0.4; 4096]);
        assert!(out.iter().all(|v| (v - 0.4).abs() < 3.0 / 255.0), "{}", out[0]);
        let most = flattened(0.0, 1, Size::new(64, 64), &[0.4; 4096]);
        assert!(most.iter().all(|v| *v > 0.99));
    }

    #[test]
    fn colours_keep_their_hue() {
        let mut canvas = Canvas::black(Size::new(16, 16), 3);
        canvas.each_pixel(|x, _, colours| colours.copy_from_slice(&[0.3 + x as f32 / 80.0; 3]));
        Local { clip_limit: 0.0, tiles: 2 }.paint(&mut canvas);
        let (least, most) = canvas.values.iter().fold((1.0f32, 0.0f32), |(a, b), v| (a.min(*v), b.max(*v)));
        assert!(least < 0.2 && most > 0.9, "{least} {most}");
        for pixel in canvas.values.chunks_exact(3) {
            assert!(
                (pixel[0] - pixel[1]).abs() < 1e-3 && (pixel[1] - pixel[2]).abs() < 1e-3,
                "greys stay grey: {pixel:?}"
            );
        }
    }
}
