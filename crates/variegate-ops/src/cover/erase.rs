//! Erase: a rectangle painted over.

use crate::prelude::*;

params! {
    /// Paints a rectangle over a random part.
    ///
    /// The rectangle covers `area` of the picture with width : height = `aspect`, and lies wholly inside. Masks, boxes
    /// and points stay. Source: Zhong et al., "Random Erasing Data Augmentation", AAAI 2020.
    pub struct Erase("erase", "cover", aliases: ["RandomErasing", "Cutout", "RandomCutout"]) {
        /// Share of the picture.
        area: f64 = real(0.0, 1.0).usual(0.02, 0.33).neutral(0.0).unit("fraction");
        /// Width over height; a pair is drawn by ratio.
        aspect: f64 = real(0.01, 100.0).by_ratio().usual(0.3, 3.3);
        /// Where it lies in the free width, 0 left to 1 right.
        x: f64 = real(0.0, 1.0).default(Default::Range(0.0, 1.0)).unit("fraction");
        /// Where it lies in the free height, 0 top to 1 bottom.
        y: f64 = real(0.0, 1.0).default(Default::Range(0.0, 1.0)).unit("fraction");
        /// Colour, 0 black to 1 white; left out, it is filled with noise.
        fill: Option<Channels> = colour(0.0).optional();
        /// The noise.
        noise: FieldKey = key();
    }
}

impl Op for Erase {
    fn lower(&self, plan: &mut Builder) {
        let size = plan.size();
        let pixels = self.area * size.pixels() as f64;
        let side = |length: f64, most: usize| (length.round() as usize).min(most);
        let width = side((pixels * self.aspect).sqrt(), size.width);
        let height = side((pixels / self.aspect).sqrt(), size.height);
        if width == 0 || height == 0 {
            return;
        }
        let (left, top) = (placed(self.x, size.width, width), placed(self.y, size.height, height));
        let rect = Rect::new(left, top, left + width as f64, top + height as f64);
        plan.region(Region { shapes: vec![(Outline::Rect(rect), colour_or_noise(&self.fill, self.noise))] });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::nodes;

    #[test]
    fn it_covers_its_share() {
        let list = nodes(Erase::config().area(0.25).aspect(1.0).x(0.0).y(1.0), (40, 60));
        let [Node::Region(region)] = list.as_slice() else { panic!("{list:?}") };
        let Outline::Rect(rect) = region.shapes[0].0 else { panic!() };
        assert!((rect.area() - 600.0).abs() < 30.0);
        assert_eq!((rect.x0, rect.y1), (0.0, 40.0));
    }
}
