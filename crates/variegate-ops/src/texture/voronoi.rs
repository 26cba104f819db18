//! Voronoi: cells of one colour.

use crate::prelude::*;

params! {
    /// Paints random cells in their mean colour.
    ///
    /// Every pixel belongs to the nearest of random points, one in each cell of a grid; a cell is painted with the chance
    /// `fraction`: imgaug's Voronoi. Masks, boxes and points stay.
    pub struct Voronoi("voronoi", "texture", aliases: ["UniformVoronoi", "RegularGridVoronoi", "RelativeRegularGridVoronoi"]) {
        /// Cells along the shorter side.
        cells: f64 = real(1.0, 200.0).by_ratio().usual(12.0, 40.0);
        /// Chance of a cell to be painted.
        fraction: f64 = real(0.0, 1.0).usual(0.5, 1.0).neutral(0.0).unit("fraction");
        /// The points.
        field: FieldKey = key();
    }
}

impl Op for Voronoi {
    fn lower(&self, plan: &mut Builder) {
        if self.fraction > 0.0 {
            paint(plan, Tiles { cells: self.cells, fraction: self.fraction as f32, field: self.field });
        }
    }
}

#[derive(Debug)]
struct Tiles {
    cells: f64,
    fraction: f32,
    field: FieldKey,
}

impl Effect for Tiles {
    fn name(&self) -> &'static str {
        "voronoi"
    }

    fn paint(&self, canvas: &mut Canvas) {
        let (owners, count) = field::cells(self.field, canvas.size, self.cells);
        let (channels, colours) = (canvas.channels, canvas.colours());
        let mut sums = vec![0.0f64; count * (colours + 1)];
        for (pixel, owner) in canvas.values.chunks_exact(channels).zip(&owners) {
            let sum = &mut sums[*owner as usize * (colours + 1)..][..colours + 1];
            sum.iter_mut().zip(pixel).take(colours).for_each(|(sum, v)| *sum += f64::from(*v));
            sum[colours] += 1.0;
        }
        // The colour of each cell, where it is painted.
        let painted = |(owner, sum): (usize, &[f64])| {
            let painted = field::unit(self.field.words(owner as u32, 1)[0]) < self.fraction;
            let colour = sum[..colours].iter().map(|total| (total / sum[colours]) as f32);
            painted.then(|| colour.collect())
        };
        let tiles: Vec<Option<Vec<f32>>> = sums.chunks_exact(colours + 1).enumerate().map(painted).collect();
        for (pixel, owner) in canvas.values.chunks_exact_mut(channels).zip(&owners) {
            if let Some(colour) = &tiles[*owner as usize] {
                pixel[..colours].copy_from_slice(colour);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_colours_are_left_and_their_mean_stays() {
        let mut canvas = Canvas::black(Size::new(60, 60), 1);
        canvas.values.iter_mut().enumerate().for_each(|(k, v)| *v = (k % 97) as f32 / 97.0);
        let before: f32 = canvas.values.iter().sum();
        Tiles { cells: 4.0, fraction: 1.0, field: FieldKey(1, 9) }.paint(&mut canvas);
        assert!((canvas.values.iter().sum::<f32>() / before - 1.0).abs() < 1e-4);
        let mut found = canvas.values.clone();
        found.sort_by(f32::total_cmp);
        found.dedup();
        assert!(found.len() > 8 && found.len() < 40, "{}", found.len());
    }
}
