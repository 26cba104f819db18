//! Total dropout: nothing is left.

use crate::prelude::*;

params! {
    /// Paints the whole picture over.
    ///
    /// Use it with a small `p`, so that a model meets a missing picture now and then. Masks, boxes and points stay.
    pub struct TotalDropout("total_dropout", "cover", aliases: ["DropImage"]) {
        /// Colour, 0 black to 1 white; noise where it is none.
        fill: Option<Channels> = colour(0.0).optional().default(Default::Number(0.0));
        /// The noise.
        noise: FieldKey = key();
    }
}

impl Op for TotalDropout {
    fn lower(&self, plan: &mut Builder) {
        let all = Outline::Rect(Rect::of(plan.size()));
        plan.region(Region { shapes: vec![(all, colour_or_noise(&self.fill, self.noise))] });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::nodes;

    #[test]
    fn the_shape_is_the_picture() {
        let list = nodes(TotalDropout::config().fill(0.25), (4, 6));
        let [Node::Region(region)] = list.as_slice() else { panic!("{list:?}") };
        let all = Outline::Rect(Rect::new(0.0, 0.0, 6.0, 4.0));
        assert_eq!(region.shapes, [(all, Fill::Colour(Channels::All(0.25)))]);
    }
}
