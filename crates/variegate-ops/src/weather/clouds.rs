//! Clouds: white patches that hide what lies below.

use crate::prelude::*;

params! {
    /// Draws clouds over the picture, as seen from a satellite.
    ///
    /// A fractal noise field, cut at a threshold so that about `cover` of the picture has clouds, is the opacity of white. Masks,
    /// boxes and points stay.
    pub struct Clouds("clouds", "weather", aliases: ["weather.clouds", "CloudLayer"]) {
        /// Share of the picture under clouds.
        cover: f64 = real(0.0, 1.0).usual(0.2, 0.6).neutral(0.0).unit("fraction");
        /// How much the thickest cloud hides.
        opacity: f64 = real(0.0, 1.0).usual(0.7, 1.0).neutral(0.0).unit("fraction");
        /// Clouds along the shorter side.
        cells: f64 = real(0.5, 50.0).by_ratio().usual(2.0, 6.0);
        /// The field.
        field: FieldKey = key();
    }
}

impl Op for Clouds {
    fn lower(&self, plan: &mut Builder) {
        if self.cover > 0.0 && self.opacity > 0.0 {
            let Self { cover, opacity, cells, field } = *self;
            paint(plan, Sky { cover: cover as f32, opacity: opacity as f32, cells, field });
        }
    }
}

#[derive(Debug)]
struct Sky {
    cover: f32,
    opacity: f32,
    cells: f64,
    field: FieldKey,
}

impl Effect for Sky {
    fn name(&self) -> &'static str {
        "clouds"
    }

    fn paint(&self, canvas: &mut Canvas) {
        let thickness = field::perlin(self.field, canvas.size, self.cells, 5, 0.55);
        // The share of the picture above the threshold is the cover; soft over a fifth of the range.
        let mut sorted = thickness.clone();
        let place = ((1.0 - self.cover) * (sorted.len() - 1) as f32) as usize;
        let (_, threshold, _) = sorted.select_nth_unstable_by(place, f32::total_cmp);
        let threshold = *threshold;
        let width = canvas.size.width;
        canvas.each_pixel(|x, y, colours| {
            let t = ((thickness[y * width + x] - threshold) * 5.0).clamp(0.0, 1.0);
            let opaque = self.opacity * t * (2.0 - t);
            colours.iter_mut().for_each(|v| *v += (1.0 - *v) * opaque);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cover_is_a_share() {
        let mut canvas = Canvas::black(Size::new(100, 100), 1);
        Sky { cover: 0.4, opacity: 1.0, cells: 4.0, field: FieldKey(1, 2) }.paint(&mut canvas);
        let under = canvas.values.iter().filter(|v| **v > 0.0).count();
        assert!((3900..=4000).contains(&under), "{under}");
    }
}
