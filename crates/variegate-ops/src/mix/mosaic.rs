//! Mosaic: four samples around a centre.

use crate::prelude::*;

params! {
    /// Puts this picture and three others of the data set together around a centre, and mixes their labels by area.
    ///
    /// This one is at the top left. `crop` keeps the size of what is shown: each picture touches the centre with a corner,
    /// and what reaches beyond the frame is cut off (four pictures tiled 2 × 2, of which a frame is cut out). `stretch`
    /// brings each whole picture to the size of its part. A label weighs the share of the pixels of its part. The partners
    /// are chosen by key and augmented as they stand before the mixing; pictures must have one size there. Needs a `Loader`
    /// or `Pipeline.batch`. Source: Bochkovskiy et al., "YOLOv4", arXiv 2004.10934.
    pub struct Mosaic("mosaic", "mix", aliases: ["RandomMosaic"]) {
        /// Where the centre lies, 0 left to 1 right.
        x: f64 = real(0.0, 1.0).usual(0.25, 0.75).neutral(1.0).unit("fraction");
        /// Where the centre lies, 0 top to 1 bottom.
        y: f64 = real(0.0, 1.0).usual(0.25, 0.75).neutral(1.0).unit("fraction");
        /// How pictures meet their parts.
        fit: &'static str = word(&["crop", "stretch"], "crop");
        /// The sample at the top right.
        right: u64 = partner();
        /// The sample at the bottom left.
        below: u64 = partner();
        /// The sample at the bottom right.
        across: u64 = partner();
    }
}

impl Mosaic {
    /// How a picture is brought to its part of the frame.
    fn brought(&self, size: Size, part: Rect) -> Warp {
        if self.fit == "stretch" {
            return stretched(size, part);
        }
        // The inner corner of a part is the centre: a picture at the left or top ends there, another begins there.
        let shift = |lo: f64, hi: f64, length: usize| if lo == 0.0 { length as f64 - hi } else { -lo };
        let map = Homography::translate(shift(part.x0, part.x1, size.width), shift(part.y0, part.y1, size.height));
        Warp::new(map, size, size)
    }
}

impl Op for Mosaic {
    fn lower(&self, plan: &mut Builder) {
        let size = plan.size();
        let (width, height) = (size.width as f64, size.height as f64);
        let (x, y) = ((self.x * width).round(), (self.y * height).round());
        let own = Rect::new(0.0, 0.0, x, y);
        if own == Rect::of(size) {
            return;
        }
        if own.area() > 0.0 {
            plan.warp(self.brought(size, own));
        }
        let others = [
            (self.right, Rect::new(x, 0.0, width, y)),
            (self.below, Rect::new(0.0, y, x, height)),
            (self.across, Rect::new(x, y, width, height)),
        ];
        let mut covered = own.area();
        for (partner, part) in others.into_iter().filter(|(_, part)| part.area() > 0.0) {
            covered += part.area();
            // Of what is covered so far: a later part takes its share of all earlier ones alike.
            let share = part.area() / covered;
            let mix = Mix::within(partner, part, size).laid(self.brought(size, part));
            plan.push(Node::Mix(Mix { share, ..mix }));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{moved, nodes, plan_of};

    #[test]
    fn labels_are_areas() {
        let mixed = plan_of(Mosaic::config().x(0.25).y(0.5), Frame::new(40, 80, 3)).mixed();
        let shares: Vec<f64> = mixed.iter().map(|(_, share)| *share).collect();
        // Own and below 20 × 20 of 40 × 80, the others 60 × 20.
        assert!(shares.iter().zip([0.375, 0.125, 0.375]).all(|(a, b)| (a - b).abs() < 1e-12), "{shares:?}");
        assert!(mixed[0].0 != mixed[1].0 && mixed[1].0 != mixed[2].0);
    }

    #[test]
    fn corners_meet_at_the_centre() {
        assert_eq!(moved(Mosaic::config().x(0.25).y(0.5), (40, 80), (80.0, 40.0)), (20.0, 20.0));
        assert_eq!(moved(Mosaic::config().x(0.25).y(0.5).fit("stretch"), (40, 80), (80.0, 40.0)), (20.0, 20.0));
        assert_eq!(moved(Mosaic::config().x(0.25).y(0.5).fit("stretch"), (40, 80), (0.0, 0.0)), (0.0, 0.0));
        let list = nodes(Mosaic::config().x(0.25).y(0.5), (40, 80));
        let starts = list.iter().filter_map(|node| match node {
            Node::Mix(mix) => mix.laid.as_ref().map(|warp| warp.map.source(Point::new(20.0, 20.0))),
            _ => None,
        });
        // Each partner's corner lies there: bottom left, top right, top left.
        let corners = [Point::new(0.0, 40.0), Point::new(80.0, 0.0), Point::new(0.0, 0.0)];
        assert_eq!(starts.collect::<Vec<_>>(), corners);
    }

    #[test]
    fn with_its_centre_in_the_corner_it_is_the_picture() {
        assert!(nodes(Mosaic::config().x(1.0).y(1.0), (40, 80)).is_empty());
        assert_eq!(plan_of(Mosaic::config().x(0.0).y(0.0), Frame::new(4, 8, 3)).mixed().len(), 1);
    }
}
