//! Cut-blur: a rectangle at a lower resolution.

use crate::prelude::*;

params! {
    /// Shows a rectangle at a lower resolution than the rest.
    ///
    /// Inside, the picture is averaged over cells of `factor` pixels a side and read linearly between their centres. For
    /// restoration networks, which so learn where to sharpen and where not to. Source: Yoo et al., "Rethinking data
    /// augmentation for image super-resolution", CVPR 2020.
    pub struct CutBlur("cut_blur", "mix", aliases: ["Cutblur"]) {
        /// Pixels along a side of a cell.
        factor: f64 = real(1.0, 100.0).by_ratio().usual(2.0, 8.0).neutral(1.0);
        /// Share of the picture.
        area: f64 = real(0.0, 1.0).usual(0.1, 0.5).neutral(0.0).unit("fraction");
        /// Where it lies in the free width, 0 left to 1 right.
        x: f64 = real(0.0, 1.0).default(Default::Range(0.0, 1.0)).unit("fraction");
        /// Where it lies in the free height, 0 top to 1 bottom.
        y: f64 = real(0.0, 1.0).default(Default::Range(0.0, 1.0)).unit("fraction");
    }
}

impl Op for CutBlur {
    fn lower(&self, plan: &mut Builder) {
        let size = plan.size();
        let cells = |n: usize| ((n as f64 / self.factor).round() as usize).clamp(1, n);
        let cells = Size::new(cells(size.height), cells(size.width));
        if let Some(rect) = part(size, self.area.sqrt(), self.x, self.y).filter(|_| cells != size) {
            paint(plan, Coarse { rect, cells });
        }
    }
}

#[derive(Debug)]
struct Coarse {
    rect: Rect,
    cells: Size,
}

/// The two cells a pixel lies between, and how far it is on the way from the first to the second.
fn between(k: usize, length: usize, cells: usize) -> (usize, usize, f32) {
    let at = ((k as f64 + 0.5) * cells as f64 / length as f64 - 0.5).clamp(0.0, (cells - 1) as f64);
    let first = at as usize;
    (first, (first + 1).min(cells - 1), (at - first as f64) as f32)
}

impl Effect for Coarse {
    fn name(&self) -> &'static str {
        "cut_blur"
    }

    fn paint(&self, canvas: &mut Canvas) {
        let (size, channels, colours, cells) = (canvas.size, canvas.channels, canvas.colours(), self.cells);
        // Pixel k of n belongs to cell ⌊k · cells / n⌋.
        let mut means = vec![0.0f64; cells.pixels() * channels];
        let mut counts = vec![0u32; cells.pixels()];
        for y in 0..size.height {
            let above = y * cells.height / size.height * cells.width;
            for (x, pixel) in canvas.row(y).chunks_exact(channels).enumerate() {
                let cell = above + x * cells.width / size.width;
                counts[cell] += 1;
                for (sum, v) in means[cell * channels..].iter_mut().zip(pixel) {
                    *sum += f64::from(*v);
                }
            }
        }
        for (sums, count) in means.chunks_exact_mut(channels).zip(&counts) {
            sums.iter_mut().for_each(|sum| *sum /= f64::from((*count).max(1)));
        }
        let means: Vec<f32> = means.into_iter().map(|mean| mean as f32).collect();
        let (left, right) = (self.rect.x0 as usize, self.rect.x1 as usize);
        let columns: Vec<_> = (left..right).map(|x| between(x, size.width, cells.width)).collect();
        for y in self.rect.y0 as usize..self.rect.y1 as usize {
            let (top, bottom, down) = between(y, size.height, cells.height);
            let row_of = |cell: usize| &means[cell * cells.width * channels..][..cells.width * channels];
            let (top, bottom) = (row_of(top), row_of(bottom));
            let row = &mut canvas.row_mut(y)[left * channels..right * channels];
            for (pixel, (first, second, across)) in row.chunks_exact_mut(channels).zip(&columns) {
                for (c, v) in pixel[..colours].iter_mut().enumerate() {
                    let along = |row: &[f32]| {
                        let (a, b) = (row[first * channels + c], row[second * channels + c]);
                        a + (b - a) * across
                    };
                    let (a, b) = (along(top), along(bottom));
                    *v = a + (b - a) * down;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::nodes;

    #[test]
    fn one_cell_is_the_mean_and_the_rest_stays() {
        let mut canvas = Canvas { size: Size::new(1, 4), channels: 1, values: vec![0.0, 1.0, 0.0, 1.0] };
        Coarse { rect: Rect::new(1.0, 0.0, 3.0, 1.0), cells: Size::new(1, 1) }.paint(&mut canvas);
        assert_eq!(canvas.values, [0.0, 0.5, 0.5, 1.0]);
    }

    #[test]
    fn between_the_centres_of_cells_it_is_a_line() {
        let mut canvas = Canvas { size: Size::new(1, 4), channels: 1, values: vec![0.0, 0.0, 1.0, 1.0] };
        Coarse { rect: Rect::new(0.0, 0.0, 4.0, 1.0), cells: Size::new(1, 2) }.paint(&mut canvas);
        // Centres at 1 and 3: a quarter of the way at 1.5.
        assert_eq!(canvas.values, [0.0, 0.25, 0.75, 1.0]);
    }

    #[test]
    fn alpha_stays() {
        let mut canvas =
            Canvas { size: Size::new(1, 2), channels: 4, values: vec![0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0] };
        Coarse { rect: Rect::new(0.0, 0.0, 2.0, 1.0), cells: Size::new(1, 1) }.paint(&mut canvas);
        assert_eq!(canvas.values, [0.5, 0.5, 0.5, 0.0, 0.5, 0.5, 0.5, 1.0]);
    }

    #[test]
    fn cells_of_a_pixel_are_the_picture() {
        assert!(nodes(CutBlur::config().factor(1.0).area(1.0), (40, 60)).is_empty());
        assert!(nodes(CutBlur::config().factor(4.0).area(0.0), (40, 60)).is_empty());
    }
}
