//! Grid mask: turned squares at equal distances.

use crate::prelude::*;

/// Squares along the longer side at most, so that no picture asks for millions of them.
const MOST: f64 = 256.0;

params! {
    /// Paints squares over the picture that stand on a turned grid.
    ///
    /// A grid of squares of `period` is turned about the centre of the picture and shifted at random; in each of them a
    /// square of fraction · period is painted over. A period is at least one pixel and 1/256 of the longer side. Masks,
    /// boxes and points stay. Source: Chen et al., "GridMask Data Augmentation", arXiv 2001.04086, whose r is
    /// 1 − fraction along each axis.
    pub struct GridMask("grid_mask", "cover", aliases: ["RandomGridMask"]) {
        /// Distance from one square to the next, as a fraction of the shorter side.
        period: f64 = real(0.01, 2.0).usual(0.15, 0.5).unit("of the shorter side");
        /// Side of a square, as a share of the period.
        fraction: f64 = real(0.0, 1.0).usual(0.3, 0.6).neutral(0.0).unit("of the period");
        /// Turn of the grid, counter-clockwise as seen.
        degrees: f64 = real(-3600.0, 3600.0).usual(-45.0, 45.0).unit("degrees");
        /// Colour of the squares, 0 black to 1 white.
        fill: Channels = colour(0.0);
        /// Where the grid begins.
        shift: Vec<f64> = spread(2);
    }
}

impl Op for GridMask {
    fn lower(&self, plan: &mut Builder) {
        let picture = plan.size();
        let (width, height) = (picture.width as f64, picture.height as f64);
        let period = (self.period * picture.shorter() as f64).max(1.0).max(width.max(height) / MOST);
        let side = self.fraction * period;
        if side <= 0.0 {
            return;
        }
        let centre = Homography::translate(width / 2.0, height / 2.0);
        let turn = centre.then_inside(Homography::rotate(-self.degrees));
        let shift = |k: usize| self.shift.get(k).copied().unwrap_or(0.0) * period / 2.0;
        // The grid reaches as far as the corners of the picture, whatever its turn.
        let reach = (libm::hypot(width, height) / 2.0 / period).ceil() as i64 + 1;
        let mut shapes = Vec::new();
        for row in -reach..reach {
            for column in -reach..reach {
                let (x, y) = (column as f64 * period + shift(0), row as f64 * period + shift(1));
                let corners = Rect::new(x, y, x + side, y + side).corners().map(|p| turn.apply(p));
                let seen = Rect::around(corners).is_some_and(|r| r.intersect(Rect::of(picture)).area() > 0.0);
                if seen {
                    shapes.push((Outline::Polygon(corners.to_vec()), Fill::Colour(self.fill.clone())));
                }
            }
        }
        if !shapes.is_empty() {
            plan.region(Region { shapes });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::nodes;
    use variegate_picture::geometry::{area, clip};

    #[test]
    fn squares_cover_the_square_of_their_share() {
        for degrees in [0.0, 30.0, 90.0] {
            let list = nodes(GridMask::config().period(0.1).fraction(0.5).degrees(degrees), (400, 400));
            let [Node::Region(region)] = list.as_slice() else { panic!("{list:?}") };
            let covered: f64 = region
                .shapes
                .iter()
                .map(|(outline, _)| match outline {
                    Outline::Polygon(corners) => area(&clip(corners, Rect::new(0.0, 0.0, 400.0, 400.0))),
                    other => panic!("{other:?}"),
                })
                .sum();
            // A quarter, within what the rim of 10 × 10 periods may hold more or less.
            assert!((covered / 160_000.0 - 0.25).abs() < 0.03, "{degrees}: {covered}");
        }
    }

    #[test]
    fn a_thin_strip_asks_for_few_squares() {
        let list = nodes(GridMask::config().period(0.01).fraction(0.5), (1, 16_000));
        let [Node::Region(region)] = list.as_slice() else { panic!("{list:?}") };
        assert!(region.shapes.len() < 1000, "{}", region.shapes.len());
    }
}
