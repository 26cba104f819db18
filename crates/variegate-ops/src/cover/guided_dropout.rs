//! Guided dropout: rectangles in a part of the picture, clear of some boxes.

use crate::prelude::*;

params! {
    /// Paints rectangles over a part of the picture and spares some boxes.
    ///
    /// Squares with a side of `fraction` lie wholly inside the part; each is tried at 20 places until one touches none of the
    /// boxes that are spared, and is left out if there is none. Which boxes are spared is random, `spared` of them, rounded.
    /// Masks, boxes and points stay.
    pub struct GuidedDropout("guided_dropout", "cover", aliases: ["GuidedCoarseDropout"]) {
        /// How many rectangles.
        count: i64 = integer(0, 1000).usual(1.0, 6.0).neutral(0.0);
        /// Side of a rectangle, as a fraction of the shorter side of the picture.
        fraction: f64 = real(0.0, 1.0).usual(0.05, 0.25).neutral(0.0).unit("of the shorter side");
        /// Left, top, right and bottom of the part, 0 to 1.
        part: Vec<f64> = numbers(4).between(0.0, 1.0).default(Default::Numbers(&[0.0, 0.0, 1.0, 1.0]));
        /// Share of the boxes that are spared.
        spared: f64 = real(0.0, 1.0).value(1.0).unit("fraction");
        /// Colour, 0 black to 1 white; noise where it is none.
        fill: Option<Channels> = colour(0.0).optional().default(Default::Number(0.0));
        /// Where they lie, and which boxes are spared.
        holes: FieldKey = key();
        /// The noise.
        noise: FieldKey = key();
    }
}

/// Places that are tried for a rectangle.
const TRIES: usize = 20;

impl Op for GuidedDropout {
    const SEES_ATTACHED: bool = true;

    fn check(&self) -> Result<(), String> {
        match self.part.as_slice() {
            [left, top, right, bottom] if left < right && top < bottom => Ok(()),
            found => Err(format!("part: expected left < right and top < bottom, found {found:?}")),
        }
    }

    fn lower(&self, plan: &mut Builder) {
        let [left, top, right, bottom] = self.part[..] else { return };
        let (picture, boxes) = (plan.size(), plan.boxes());
        let (width, height) = (picture.width as f64, picture.height as f64);
        let part = Rect::new(left * width, top * height, right * width, bottom * height);
        let side = self.fraction * picture.shorter() as f64;
        let (across, down) = (side.min(part.x1 - part.x0), side.min(part.y1 - part.y0));
        if across <= 0.0 || down <= 0.0 {
            return;
        }
        let mut numbers = Numbers::new(self.holes);
        let count = (self.spared * boxes.len() as f64).round() as usize;
        let spared = numbers.choose(count, boxes.len());
        let fill = colour_or_noise(&self.fill, self.noise);
        let mut hole = || {
            let x = numbers.between(part.x0, part.x1 - across);
            let y = numbers.between(part.y0, part.y1 - down);
            Rect::new(x, y, x + across, y + down)
        };
        let touches = |hole: Rect, r: Rect| hole.x0 < r.x1 && r.x0 < hole.x1 && hole.y0 < r.y1 && r.y0 < hole.y1;
        let free = |hole: &Rect| !spared.iter().any(|k| touches(*hole, boxes[*k]));
        let shapes: Vec<_> = (0..self.count)
            .filter_map(|_| (0..TRIES).map(|_| hole()).find(&free))
            .map(|hole| (Outline::Rect(hole), fill.clone()))
            .collect();
        if !shapes.is_empty() {
            plan.region(Region { shapes });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rectangles_stay_in_the_part_and_off_the_box() {
        let spared = Rect::new(35.0, 5.0, 50.0, 15.0);
        let mut plan = Builder::new(Frame::new(40, 60, 3));
        plan.attach(&Attached { boxes: vec![spared], marked: None });
        let (part, key) = (vec![0.5, 0.0, 1.0, 0.5], FieldKey(1, 2));
        let drop = GuidedDropout { count: 30, fraction: 0.1, part, spared: 1.0, fill: None, holes: key, noise: key };
        drop.lower(&mut plan);
        let nodes = plan.into_plan(variegate_plan::Meaning::Exact).written;
        let [Node::Region(region)] = nodes.as_slice() else { panic!("{nodes:?}") };
        assert!(region.shapes.len() > 20);
        for (outline, _) in &region.shapes {
            let Outline::Rect(hole) = outline else { panic!("{outline:?}") };
            assert!(hole.within(Rect::new(30.0, 0.0, 60.0, 20.0), 1e-9));
            assert_eq!(hole.intersect(spared).area().max(0.0), 0.0, "{hole:?}");
        }
    }

    #[test]
    fn a_part_turned_inside_out_is_refused() {
        let config = GuidedDropout::config().part(vec![0.5, 0.0, 0.2, 1.0]);
        let built = crate::Pipeline::builder().then(config).build();
        assert!(built.is_err_and(|e| e.to_string().contains("left < right")));
    }
}
