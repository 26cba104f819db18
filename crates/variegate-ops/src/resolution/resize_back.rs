//! Resize back: the size the picture came with.

use crate::prelude::*;

params! {
    /// Brings the picture back to the size it came with.
    ///
    /// That is the size at the start of the pipeline. After a crop or a padding it makes of them a zoom of the picture; nothing is
    /// done where the size is the same. Neighbouring resamplings become one.
    pub struct ResizeBack("resize_back", "resolution", aliases: ["KeepSizeByResize"]) {
        /// How to read between pixels.
        filter: Filter = filter("bilinear");
        /// Whether shrinking averages all pixels under the footprint.
        antialias: bool = flag(true);
    }
}

impl Op for ResizeBack {
    fn lower(&self, plan: &mut Builder) {
        let to = plan.input().size;
        if plan.size() != to {
            resize(plan, to, self.filter, self.antialias);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crop::Crop;
    use crate::testing::nodes;
    use variegate_plan::Meaning;

    #[test]
    fn a_crop_becomes_a_zoom() {
        let crop = Crop::config().size(Size::new(10, 20));
        let pipeline = crate::Pipeline::builder().then(crop).then(ResizeBack::config()).build().expect("a pipeline");
        let plan = pipeline.lower(&pipeline.draw(Frame::new(40, 60, 3), 0, 0), Meaning::Continuous);
        assert_eq!(plan.output.size, Size::new(40, 60));
        assert!(nodes(ResizeBack::config(), (40, 60)).is_empty());
    }
}
