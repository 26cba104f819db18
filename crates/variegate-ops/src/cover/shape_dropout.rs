//! Shape dropout: a disc, an ellipse, a ring or a polygon painted over.

use crate::figure::Figure;
use crate::prelude::*;

params! {
    /// Paints one shape over a random part, with a sharp or a soft edge.
    ///
    /// The shape covers `area` of the picture where all of it lies inside, and is turned at random. `ellipse` and
    /// `superellipse` (|x/a|⁴ + |y/b|⁴ ≤ 1) have an aspect between 1/2 and 2, `ring` is hollow to 0.6 of its radius,
    /// `polygon` is convex with 3 to 8 corners, `cube` is the silhouette of a cube seen from anywhere. With `feather` the
    /// edge fades, 1 − smoothstep of the distance from the centre as a share of the edge's, and alpha stays; a sharp shape
    /// covers alpha too. Masks, boxes and points stay.
    pub struct ShapeDropout("shape_dropout", "cover", aliases: [
        "CircleDropout", "EllipseDropout", "PolygonDropout", "RingDropout"
    ]) {
        /// Which shape.
        shape: &'static str = word(&["circle", "ellipse", "superellipse", "polygon", "ring", "cube"], "ellipse");
        /// Share of the picture.
        area: f64 = real(0.0, 1.0).usual(0.02, 0.25).neutral(0.0).unit("fraction");
        /// Where its centre lies, 0 left to 1 right.
        x: f64 = real(0.0, 1.0).default(Default::Range(0.0, 1.0)).unit("fraction");
        /// Where its centre lies, 0 top to 1 bottom.
        y: f64 = real(0.0, 1.0).default(Default::Range(0.0, 1.0)).unit("fraction");
        /// Over how much of its radius the edge fades, 0 sharp.
        feather: f64 = real(0.0, 1.0).value(0.0).unit("fraction");
        /// Colour, 0 black to 1 white.
        fill: Channels = colour(0.0);
        /// Turn, aspect and corners.
        form: Vec<f64> = spread(12);
    }
}

impl Op for ShapeDropout {
    fn lower(&self, plan: &mut Builder) {
        let size = plan.size();
        if self.area <= 0.0 {
            return;
        }
        let centre = Point::new(self.x * size.width as f64, self.y * size.height as f64);
        let figure = Figure::new(self.shape, self.area * size.pixels() as f64, centre, &self.form);
        if self.feather > 0.0 {
            paint(plan, Soft { figure, feather: self.feather, fill: self.fill.clone() });
        } else {
            plan.region(Region { shapes: vec![(figure.outline(), Fill::Colour(self.fill.clone()))] });
        }
    }
}

/// A figure with a soft edge.
#[derive(Debug)]
struct Soft {
    figure: Figure,
    feather: f64,
    fill: Channels,
}

impl Effect for Soft {
    fn name(&self) -> &'static str {
        "shape dropout"
    }

    fn paint(&self, canvas: &mut Canvas) {
        let (Size { height, width }, channels, colours) = (canvas.size, canvas.channels, canvas.colours());
        let fill: Vec<f32> = (0..colours).map(|c| self.fill.get(c) as f32).collect();
        let reach = self.figure.reach();
        let side = |v: f64, most: usize| (v.max(0.0) as usize).min(most);
        let (first, end) = (side(reach.x0.floor(), width), side(reach.x1.ceil(), width));
        for y in side(reach.y0.floor(), height)..side(reach.y1.ceil(), height) {
            let row = &mut canvas.row_mut(y)[first * channels..end * channels];
            for (k, pixel) in row.chunks_exact_mut(channels).enumerate() {
                let edge = self.figure.distance(Point::new((first + k) as f64 + 0.5, y as f64 + 0.5));
                let t = ((1.0 - edge) / self.feather).clamp(0.0, 1.0);
                let share = (t * t * (3.0 - 2.0 * t)) as f32;
                if share > 0.0 {
                    pixel.iter_mut().zip(&fill).for_each(|(v, fill)| *v += share * (fill - *v));
                }
            }
        }
    }

    /// A weighted mean with a constant.
    fn spread(&self) -> f64 {
        1.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::plan_of;
    use variegate_picture::{Picture, Pixels};
    use variegate_plan::{NoServices, reference};

    /// What is left of a white picture.
    fn left(shape: &'static str, feather: f64) -> Vec<f64> {
        let size = Size::new(120, 160);
        let config = ShapeDropout::config().shape(shape).area(0.1).x(0.5).y(0.5).feather(feather);
        let plan = plan_of(config, Frame::new(size.height, size.width, 1));
        let picture = Picture::new(size, 1, Pixels::F32(vec![1.0; size.pixels()])).expect("white");
        reference::run(&plan, picture.view(), 1.0, &NoServices).expect("a shape").values
    }

    #[test]
    fn every_shape_covers_its_share_and_a_hair_of_feather_covers_the_same() {
        for shape in ["circle", "ellipse", "superellipse", "polygon", "ring", "cube"] {
            let (sharp, soft) = (left(shape, 0.0), left(shape, 1e-9));
            let gone = 1.0 - sharp.iter().sum::<f64>() / sharp.len() as f64;
            assert!((gone - 0.1).abs() < 0.003, "{shape}: {gone}");
            let differ = sharp.iter().zip(&soft).filter(|(a, b)| a != b).count();
            assert!(differ < 20, "{shape}: {differ} pixels differ");
        }
    }

    #[test]
    fn a_soft_edge_fades() {
        let values = left("circle", 1.0);
        assert!(values[60 * 160 + 80] < 0.01 && values[0] == 1.0);
        // At half of the radius the share is a half.
        let radius = libm::sqrt(0.1 * 120.0 * 160.0 / std::f64::consts::PI);
        let middle = values[60 * 160 + 80 + (radius / 2.0) as usize];
        assert!((middle - 0.5).abs() < 0.05, "{middle}");
    }
}
