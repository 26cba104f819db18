//! Frost: ice on the lens.

use crate::prelude::*;

params! {
    /// Lets ice crystals grow from the edges of the picture.
    ///
    /// Crystals are the borders between random cells of two sizes; they grow densest away from the middle. The picture becomes
    /// v · (1 − 0.4 m) + 0.9 m · ice, m the mask by strength. ImageNet-C lays photographs of frost over the picture; this is
    /// procedural. Masks, boxes and points stay.
    pub struct Frost("frost", "weather", aliases: ["weather.frost"]) {
        /// How far and how thick it has grown.
        strength: f64 = real(0.0, 1.0).usual(0.3, 0.8).neutral(0.0);
        /// Crystals along the shorter side.
        cells: f64 = real(1.0, 60.0).by_ratio().usual(5.0, 14.0);
        /// The crystals.
        field: FieldKey = key();
    }
}

impl Op for Frost {
    fn lower(&self, plan: &mut Builder) {
        if self.strength > 0.0 {
            paint(plan, Ice { strength: self.strength as f32, cells: self.cells, field: self.field });
        }
    }
}

/// Ice from the edges inwards.
#[derive(Debug)]
pub struct Ice {
    /// How far and how thick it has grown.
    pub strength: f32,
    /// Crystals along the shorter side.
    pub cells: f64,
    /// The crystals.
    pub field: FieldKey,
}

impl Effect for Ice {
    fn name(&self) -> &'static str {
        "frost"
    }

    fn paint(&self, canvas: &mut Canvas) {
        let size = canvas.size;
        let FieldKey(a, b) = self.field;
        let coarse = field::worley(self.field, size, self.cells);
        let fine = field::worley(FieldKey(a, b ^ 1), size, 3.0 * self.cells);
        let growth = field::perlin(FieldKey(a, b ^ 2), size, 3.0, 3, 0.5);
        let (width, height) = (size.width as f32, size.height as f32);
        canvas.each_pixel(|x, y, colours| {
            let k = y * size.width + x;
            // Needles: bright where two cells meet.
            let needle = |(first, second): (f32, f32), sharp: f32| (1.0 - sharp * (second - first)).clamp(0.0, 1.0);
            let ice = (0.35 + 0.65 * needle(coarse[k], 5.0)).max(0.8 * needle(fine[k], 3.0));
            let (dx, dy) = (2.0 * (x as f32 + 0.5) / width - 1.0, 2.0 * (y as f32 + 0.5) / height - 1.0);
            let from_middle = ((dx * dx + dy * dy) * 0.5).sqrt();
            let reach = from_middle + 0.9 * (growth[k] - 0.5) - (1.0 - self.strength) * 0.9 + 0.15;
            let mask = (2.5 * reach).clamp(0.0, 1.0) * (0.5 + 0.5 * self.strength);
            for (c, v) in colours.iter_mut().enumerate() {
                // Ice is a little blue.
                let tint = if c == 0 { 0.93 } else { 1.0 };
                *v = *v * (1.0 - 0.4 * mask) + 0.9 * mask * ice * tint * (1.0 - 0.4 * *v);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_grows_from_the_edges() {
        let mut canvas = Canvas::black(Size::new(120, 120), 1);
        Ice { strength: 0.5, cells: 8.0, field: FieldKey(1, 9) }.paint(&mut canvas);
        let mean = |rows: std::ops::Range<usize>| {
            let n = rows.len() as f32 * 20.0;
            rows.flat_map(|y| canvas.row(y)[50..70].to_vec()).sum::<f32>() / n
        };
        assert!(mean(0..20) > mean(50..70) + 0.1, "{} {}", mean(0..20), mean(50..70));
    }
}
