//! Spatter: drops of water or mud on the lens.

use crate::prelude::*;

params! {
    /// Spatters drops of water or mud on the lens.
    ///
    /// Drops are where a smooth noise field exceeds a threshold that leaves about `cover` of the picture; water lightens and shows
    /// a bright rim, mud hides (after the spatter of ImageNet-C; Hendrycks and Dietterich, ICLR 2019). Masks, boxes and points stay.
    pub struct Spatter("spatter", "weather", aliases: ["RandomSpatter"]) {
        /// Share of the picture under drops.
        cover: f64 = real(0.0, 1.0).usual(0.05, 0.25).neutral(0.0).unit("fraction");
        /// What drops are of.
        of: &'static str = word(&["water", "mud"], "water");
        /// Drops along the shorter side.
        cells: f64 = real(1.0, 100.0).by_ratio().usual(10.0, 25.0);
        /// The drops.
        field: FieldKey = key();
    }
}

impl Op for Spatter {
    fn lower(&self, plan: &mut Builder) {
        if self.cover > 0.0 {
            let Self { cover, of, cells, field } = *self;
            paint(plan, Drops { cover: cover as f32, mud: of == "mud", cells, field });
        }
    }
}

#[derive(Debug)]
struct Drops {
    cover: f32,
    mud: bool,
    cells: f64,
    field: FieldKey,
}

impl Effect for Drops {
    fn name(&self) -> &'static str {
        "spatter"
    }

    fn paint(&self, canvas: &mut Canvas) {
        let thickness = field::perlin(self.field, canvas.size, self.cells, 2, 0.35);
        let mut sorted = thickness.clone();
        let place = ((1.0 - self.cover) * (sorted.len() - 1) as f32) as usize;
        let threshold = *sorted.select_nth_unstable_by(place, f32::total_cmp).1;
        let width = canvas.size.width;
        let colourful = canvas.has_colour();
        canvas.each_pixel(|x, y, colours| {
            let height = (thickness[y * width + x] - threshold) * 14.0;
            if height <= 0.0 {
                return;
            }
            let inside = height.min(1.0);
            for (c, v) in colours.iter_mut().enumerate() {
                *v = if self.mud {
                    let mud = if colourful { [0.247, 0.165, 0.078][c.min(2)] } else { 0.18 };
                    *v + (mud - *v) * inside
                } else {
                    // Brightest at the rim, where the drop is steep.
                    let rim = 1.0 - (2.0 * inside - 1.0).abs();
                    let lit = 0.25 * inside + 0.45 * rim;
                    *v + (0.95 - *v) * lit
                };
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mud_covers_its_share() {
        let mut canvas = Canvas::black(Size::new(100, 100), 3);
        canvas.values.iter_mut().for_each(|v| *v = 1.0);
        Drops { cover: 0.2, mud: true, cells: 12.0, field: FieldKey(1, 9) }.paint(&mut canvas);
        let under = canvas.values.chunks_exact(3).filter(|p| p[0] < 1.0).count();
        assert!((1900..=2000).contains(&under), "{under}");
    }
}
