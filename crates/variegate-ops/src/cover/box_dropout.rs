//! Box dropout: objects are painted over, whole or in part.

use crate::prelude::*;

params! {
    /// Paints over the insides of some boxes, whole or in part.
    ///
    /// Of all boxes `fraction`, rounded, are chosen. In each of them a rectangle with `side` of its sides is filled, at a random
    /// place inside; with a `side` of 1 that is the whole box. Pictures without boxes stay. Masks, boxes and points stay as they
    /// are: masks cannot be seen here, so an object goes with its box rather than along its outline.
    pub struct BoxDropout("box_dropout", "cover", aliases: ["ConstrainedCoarseDropout", "ObjectDropout"]) {
        /// Share of the boxes that are chosen.
        fraction: f64 = real(0.0, 1.0).usual(0.2, 0.7).neutral(0.0).unit("fraction");
        /// Sides of the rectangle, as a share of the box's.
        side: f64 = real(0.0, 1.0).usual(0.3, 1.0).neutral(0.0).unit("of the box");
        /// Colour, 0 black to 1 white; noise where it is none.
        fill: Option<Channels> = colour(0.0).optional().default(Default::Number(0.0));
        /// Which boxes, and where in them.
        holes: FieldKey = key();
        /// The noise.
        noise: FieldKey = key();
    }
}

impl Op for BoxDropout {
    const SEES_ATTACHED: bool = true;

    fn lower(&self, plan: &mut Builder) {
        let boxes = plan.boxes();
        let fill = colour_or_noise(&self.fill, self.noise);
        let mut numbers = Numbers::new(self.holes);
        let count = (self.fraction * boxes.len() as f64).round() as usize;
        let shapes: Vec<_> = numbers
            .choose(count, boxes.len())
            .into_iter()
            .map(|k| boxes[k])
            .filter_map(|r| {
                let (width, height) = (self.side * (r.x1 - r.x0), self.side * (r.y1 - r.y0));
                let x = r.x0 + numbers.unit() * (r.x1 - r.x0 - width);
                let y = r.y0 + numbers.unit() * (r.y1 - r.y0 - height);
                let hole = Rect::new(x, y, x + width, y + height);
                (hole.area() > 0.0).then(|| (Outline::Rect(hole), fill.clone()))
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

    fn holes(fraction: f64, side: f64, boxes: &[Rect]) -> Vec<Rect> {
        let mut plan = Builder::new(Frame::new(40, 60, 3));
        plan.attach(&Attached { boxes: boxes.to_vec(), marked: None });
        let drop = BoxDropout { fraction, side, fill: None, holes: FieldKey(1, 2), noise: FieldKey(3, 4) };
        drop.lower(&mut plan);
        let nodes = plan.into_plan(variegate_plan::Meaning::Exact).written;
        let [Node::Region(region)] = nodes.as_slice() else { return Vec::new() };
        let rect = |outline: &Outline| if let Outline::Rect(r) = outline { *r } else { panic!("{outline:?}") };
        region.shapes.iter().map(|(outline, _)| rect(outline)).collect()
    }

    const BOXES: [Rect; 2] =
        [Rect { x0: 3.0, y0: 4.0, x1: 12.0, y1: 9.0 }, Rect { x0: 40.0, y0: 22.0, x1: 59.0, y1: 37.0 }];

    #[test]
    fn half_of_two_boxes_is_one_of_them_whole() {
        let list = holes(0.5, 1.0, &BOXES);
        assert!(list.len() == 1 && BOXES.contains(&list[0]), "{list:?}");
        assert!(holes(1.0, 1.0, &[]).is_empty() && holes(0.0, 1.0, &BOXES).is_empty());
    }

    #[test]
    fn a_part_lies_inside_its_box() {
        let list = holes(1.0, 0.5, &BOXES);
        assert!(list.len() == 2 && list.iter().all(|hole| BOXES.iter().any(|b| hole.within(*b, 1e-9))), "{list:?}");
        assert!((list.iter().map(|hole| hole.area()).sum::<f64>() - (45.0 + 285.0) / 4.0).abs() < 1e-9);
    }
}
