//! Coarse dropout: several rectangles painted over.

use crate::prelude::*;

params! {
    /// Paints rectangles over random parts.
    ///
    /// Each side of each rectangle is fraction · shorter side · u, u uniform between 1 − vary and 1 + vary, rounded to whole
    /// pixels and cut to the picture's side; each lies wholly inside, anywhere, also over another one. Masks, boxes and
    /// points stay. Source: DeVries and Taylor, "Improved Regularization of Convolutional Neural Networks with Cutout",
    /// arXiv 1708.04552, with one square.
    pub struct CoarseDropout("coarse_dropout", "cover", aliases: ["RectangularDropout"]) {
        /// How many rectangles.
        count: i64 = integer(0, 10_000).usual(1.0, 8.0).neutral(0.0);
        /// Middle length of a side, as a fraction of the shorter side of the picture.
        fraction: f64 = real(0.0, 1.0).usual(0.05, 0.25).neutral(0.0).unit("of the shorter side");
        /// How much sides differ from the middle length, as a share of it.
        vary: f64 = real(0.0, 1.0).value(0.5).unit("fraction");
        /// Colour, 0 black to 1 white; noise where it is none.
        fill: Option<Channels> = colour(0.0).optional().default(Default::Number(0.0));
        /// Where they lie, and their sides.
        holes: FieldKey = key();
        /// The noise.
        noise: FieldKey = key();
    }
}

impl Op for CoarseDropout {
    fn lower(&self, plan: &mut Builder) {
        let picture = plan.size();
        let length = self.fraction * picture.shorter() as f64;
        let fill = colour_or_noise(&self.fill, self.noise);
        let mut numbers = Numbers::new(self.holes);
        let shapes: Vec<_> = (0..self.count)
            .filter_map(|_| {
                let mut side = |most: usize| {
                    let side = length * numbers.between(1.0 - self.vary, 1.0 + self.vary);
                    (side.round() as usize).min(most)
                };
                let size = Size::new(side(picture.height), side(picture.width));
                let (x, y) = (numbers.unit(), numbers.unit());
                let hole = Window::at(picture, size, x, y).rect();
                (size.pixels() > 0).then(|| (Outline::Rect(hole), fill.clone()))
            })
            .collect();
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
    fn as_many_holes_as_asked_all_inside_and_of_their_size() {
        let list = nodes(CoarseDropout::config().count(50).fraction(0.2).vary(0.5), (40, 60));
        let [Node::Region(region)] = list.as_slice() else { panic!("{list:?}") };
        assert_eq!(region.shapes.len(), 50);
        for (outline, fill) in &region.shapes {
            let Outline::Rect(r) = outline else { panic!("{outline:?}") };
            assert!(r.within(Rect::new(0.0, 0.0, 60.0, 40.0), 0.0), "{r:?}");
            // A fifth of 40 is 8, and half more or less.
            assert!((4.0..=12.0).contains(&(r.x1 - r.x0)) && (4.0..=12.0).contains(&(r.y1 - r.y0)), "{r:?}");
            assert_eq!(*fill, Fill::Colour(Channels::All(0.0)));
        }
    }

    #[test]
    fn more_holes_leave_the_first_where_they_were() {
        let shapes = |count: i64| {
            let list = nodes(CoarseDropout::config().count(count).fraction(0.2), (40, 60));
            let [Node::Region(region)] = list.as_slice() else { panic!("{list:?}") };
            region.shapes.clone()
        };
        assert_eq!(shapes(3), shapes(9)[..3]);
    }
}
