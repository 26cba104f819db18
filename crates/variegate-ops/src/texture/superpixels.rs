//! Superpixels: patches of like colour in their mean.

use crate::prelude::*;

params! {
    /// Replaces patches of like colour by their mean.
    ///
    /// Patches are found by SLIC (Achanta et al., "SLIC Superpixels Compared to State-of-the-Art Superpixel Methods", PAMI 2012):
    /// k-means of colour and place, begun on a grid, each pixel looking at the nine nearest centres of the grid, with squared
    /// distances of colour and of place / (cell · compactness). Three rounds look at every fourth pixel; colours are RGB, and
    /// patches are not forced to be connected. Each patch is replaced with the chance `fraction`. Masks, boxes and points stay.
    pub struct Superpixels("superpixels", "texture", aliases: ["SLIC", "RandomSuperpixels"]) {
        /// Share of the patches that are replaced.
        fraction: f64 = real(0.0, 1.0).usual(0.3, 1.0).neutral(0.0).unit("fraction");
        /// Patches along the shorter side.
        cells: f64 = real(1.0, 200.0).by_ratio().usual(8.0, 20.0);
        /// How much place counts against colour: patches from ragged to square.
        compactness: f64 = real(0.01, 10.0).value(0.2);
        /// Which patches are replaced.
        chosen: FieldKey = key();
    }
}

impl Op for Superpixels {
    fn lower(&self, plan: &mut Builder) {
        if self.fraction > 0.0 {
            let cell = (plan.size().shorter() as f64 / self.cells).max(1.0);
            let Self { fraction, compactness, chosen, .. } = *self;
            paint(plan, Patches { fraction, cell, compactness, chosen });
        }
    }
}

#[derive(Debug)]
struct Patches {
    fraction: f64,
    /// In pixels.
    cell: f64,
    compactness: f64,
    chosen: FieldKey,
}

/// Three colours and a scaled place.
type Centre = [f32; 5];

/// The grid of centres over a picture.
struct Grid {
    columns: usize,
    rows: usize,
    centres: Vec<Centre>,
}

impl Grid {
    /// The centres around a place of the grid, as ranges of columns and of rows.
    fn around(&self, row: usize, column: usize) -> impl Iterator<Item = usize> + use<> {
        let (columns, rows) = (self.columns, self.rows);
        let across = column.saturating_sub(1)..(column + 2).min(columns);
        (row.saturating_sub(1)..(row + 2).min(rows)).flat_map(move |j| across.clone().map(move |i| j * columns + i))
    }

    /// The nearest of some centres.
    fn nearest(&self, near: &[usize], v: &Centre) -> usize {
        let (mut least, mut best) = (f32::INFINITY, near[0]);
        for k in near {
            let c = &self.centres[*k];
            let d: [f32; 5] = std::array::from_fn(|i| (c[i] - v[i]) * (c[i] - v[i]));
            let far = d[0] + d[1] + d[2] + (d[3] + d[4]);
            if far < least {
                (least, best) = (far, *k);
            }
        }
        best
    }
}

impl Patches {
    /// The patch of each pixel, and how many there are.
    fn found(&self, canvas: &Canvas) -> (Vec<u32>, usize) {
        let Size { height, width } = canvas.size;
        let count = |length: usize| ((length as f64 / self.cell).round() as usize).clamp(1, length);
        let (columns, rows) = (count(width), count(height));
        let scale = (1.0 / (self.cell * self.compactness.max(1e-6))) as f32;
        // Grey and many channels: the first three serve as colours.
        let at = |x: usize, y: usize| -> Centre {
            let pixel = &canvas.row(y)[x * canvas.channels..][..canvas.channels];
            let colour = |c: usize| pixel[c.min(canvas.colours() - 1)];
            [colour(0), colour(1), colour(2), x as f32 * scale * 0.25, y as f32 * scale * 0.25]
        };
        let middle = |k: usize, n: usize, length: usize| (2 * k + 1) * length / (2 * n);
        let start = |k: usize| at(middle(k % columns, columns, width), middle(k / columns, rows, height));
        let mut grid = Grid { columns, rows, centres: (0..columns * rows).map(start).collect() };
        let mut owners = vec![0; width * height];
        let mut near = Vec::with_capacity(9);
        for round in 0..4 {
            let step = if round < 3 { 2 } else { 1 };
            let mut sums = vec![([0.0f32; 5], 0.0f32); columns * rows];
            for y in (0..height).step_by(step) {
                let row = y * rows / height;
                let mut column = usize::MAX;
                for x in (0..width).step_by(step) {
                    if x * columns / width != column {
                        column = x * columns / width;
                        near.clear();
                        near.extend(grid.around(row, column));
                    }
                    let v = at(x, y);
                    let k = grid.nearest(&near, &v);
                    owners[y * width + x] = k as u32;
                    if step > 1 {
                        let (sum, n) = &mut sums[k];
                        sum.iter_mut().zip(v).for_each(|(sum, v)| *sum += v);
                        *n += 1.0;
                    }
                }
            }
            for (centre, (sum, n)) in grid.centres.iter_mut().zip(sums).filter(|(_, (_, n))| *n > 0.0) {
                *centre = sum.map(|v| v / n);
            }
        }
        (owners, columns * rows)
    }
}

impl Effect for Patches {
    fn name(&self) -> &'static str {
        "superpixels"
    }

    fn paint(&self, canvas: &mut Canvas) {
        let (owners, count) = self.found(canvas);
        let (channels, colours) = (canvas.channels, canvas.colours());
        let mut means = vec![0.0f64; count * colours];
        let mut sizes = vec![0.0f64; count];
        for (pixel, owner) in canvas.values.chunks_exact(channels).zip(&owners) {
            let owner = *owner as usize;
            sizes[owner] += 1.0;
            let sums = &mut means[owner * colours..][..colours];
            sums.iter_mut().zip(pixel).for_each(|(sum, v)| *sum += f64::from(*v));
        }
        let threshold = (self.fraction * 4_294_967_296.0) as u64;
        let chosen: Vec<bool> =
            (0..count).map(|k| u64::from(self.chosen.words((k / 4) as u32, 0)[k % 4]) < threshold).collect();
        for (pixel, owner) in canvas.values.chunks_exact_mut(channels).zip(&owners) {
            let owner = *owner as usize;
            if chosen[owner] {
                let sums = &means[owner * colours..][..colours];
                pixel.iter_mut().zip(sums).for_each(|(v, sum)| *v = (sum / sizes[owner]) as f32);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edge_is_followed_and_each_side_becomes_even() {
        // The edge at column 14 lies off the grid of 10 pixels.
        let mut canvas = Canvas::black(Size::new(30, 40), 3);
        canvas.each_pixel(|x, y, v| v.fill(if x < 14 { 0.2 } else { 0.8 } + 0.02 * ((x + y) % 2) as f32));
        Patches { fraction: 1.0, cell: 10.0, compactness: 2.0, chosen: FieldKey(1, 2) }.paint(&mut canvas);
        canvas.each_pixel(|x, _, v| assert!((v[0] - if x < 14 { 0.21 } else { 0.81 }).abs() < 0.01, "{x}: {v:?}"));
    }

    #[test]
    fn patches_of_one_pixel_and_pictures_of_one_pixel_work() {
        for (height, width) in [(1, 1), (1, 7), (5, 3)] {
            let mut canvas = Canvas { size: Size::new(height, width), channels: 1, values: vec![0.5; height * width] };
            Patches { fraction: 1.0, cell: 1.0, compactness: 0.2, chosen: FieldKey(1, 2) }.paint(&mut canvas);
            assert!(canvas.values.iter().all(|v| *v == 0.5));
        }
    }
}
