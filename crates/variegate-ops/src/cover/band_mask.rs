//! Band mask: strips from edge to edge painted over.

use crate::prelude::*;

params! {
    /// Paints horizontal and vertical bands over the picture, from edge to edge.
    ///
    /// Each band is u · fraction of the height (rows) or width (columns) thick, u uniform in 0…1, rounded to whole pixels,
    /// and lies anywhere. On a spectrogram rows mask frequencies and columns times. Masks, boxes and points stay. Source:
    /// Park et al., "SpecAugment", Interspeech 2019.
    pub struct BandMask("band_mask", "cover", aliases: [
        "XYMasking", "TimeMasking", "FrequencyMasking", "SpecAugment"
    ]) {
        /// How many horizontal bands.
        rows: i64 = integer(0, 1000).usual(0.0, 2.0).neutral(0.0);
        /// How many vertical bands.
        columns: i64 = integer(0, 1000).usual(0.0, 2.0).neutral(0.0);
        /// Greatest thickness of a band, as a fraction of the side it runs across.
        fraction: f64 = real(0.0, 1.0).value(0.15).unit("fraction");
        /// Colour, 0 black to 1 white.
        fill: Channels = colour(0.0);
        /// Where the horizontal bands lie.
        across: FieldKey = key();
        /// Where the vertical bands lie.
        down: FieldKey = key();
    }
}

impl Op for BandMask {
    fn lower(&self, plan: &mut Builder) {
        let Size { height, width } = plan.size();
        let bands = |count: i64, length: usize, key: FieldKey| {
            let mut numbers = Numbers::new(key);
            let band = move |_| {
                let thick = (numbers.unit() * self.fraction * length as f64).round();
                let start = placed(numbers.unit(), length, thick as usize);
                (start, start + thick)
            };
            (0..count).map(band).filter(|(start, end)| end > start)
        };
        let rows = bands(self.rows, height, self.across).map(|(y0, y1)| Rect::new(0.0, y0, width as f64, y1));
        let columns = bands(self.columns, width, self.down).map(|(x0, x1)| Rect::new(x0, 0.0, x1, height as f64));
        let shapes: Vec<_> =
            rows.chain(columns).map(|rect| (Outline::Rect(rect), Fill::Colour(self.fill.clone()))).collect();
        if !shapes.is_empty() {
            plan.region(Region { shapes });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::nodes;

    #[test]
    fn bands_go_from_edge_to_edge() {
        let list = nodes(BandMask::config().rows(20).columns(30).fraction(0.25), (40, 60));
        let [Node::Region(region)] = list.as_slice() else { panic!("{list:?}") };
        let (mut rows, mut columns) = (0, 0);
        for (outline, _) in &region.shapes {
            let Outline::Rect(r) = outline else { panic!("{outline:?}") };
            assert!(r.within(Rect::new(0.0, 0.0, 60.0, 40.0), 0.0));
            let (width, height) = (r.x1 - r.x0, r.y1 - r.y0);
            if width == 60.0 {
                assert!(height <= 10.0);
                rows += 1;
            } else {
                assert!(height == 40.0 && width <= 15.0);
                columns += 1;
            }
        }
        // One in twenty rounds to nothing.
        assert!((15..=20).contains(&rows) && (24..=30).contains(&columns), "{rows} {columns}");
    }

    #[test]
    fn no_band_is_no_node() {
        assert!(nodes(BandMask::config().rows(0).columns(0), (40, 60)).is_empty());
    }
}
