//! Gravel: little stones thrown over the picture.

use crate::prelude::*;

params! {
    /// Strews little stones over the picture, in heaps.
    ///
    /// Each of `heaps` lies at a random place in the lower part of the picture, from `y` down, and has 12 to 36 stones around it:
    /// ellipses of half to one and a half `fraction`, in a grey between 0.25 and 0.75 with a darker rim below. Stones are opaque. Masks,
    /// boxes and points stay.
    pub struct Gravel("gravel", "weather", aliases: ["RandomGravel"]) {
        /// How many heaps.
        heaps: i64 = integer(0, 200).usual(2.0, 8.0).neutral(0.0);
        /// Middle diameter of a stone, as a fraction of the shorter side.
        fraction: f64 = real(0.0, 0.5).usual(0.01, 0.025).neutral(0.0).unit("of the shorter side");
        /// Where the ground begins, 0 top to 1 bottom.
        y: f64 = real(0.0, 1.0).value(0.4).unit("fraction");
        /// The stones.
        stones: FieldKey = key();
    }
}

impl Op for Gravel {
    fn lower(&self, plan: &mut Builder) {
        let size = plan.size();
        let (width, height) = (size.width as f64, size.height as f64);
        let diameter = self.fraction * size.shorter() as f64;
        if diameter <= 0.0 || self.heaps == 0 {
            return;
        }
        let mut numbers = Numbers::new(self.stones);
        let mut shapes = Vec::new();
        for _ in 0..self.heaps {
            let (x, y) = (numbers.unit() * width, (self.y + (1.0 - self.y) * numbers.unit()) * height);
            let reach = diameter * numbers.between(2.0, 6.0);
            for _ in 0..12 + numbers.below(25) {
                // Denser in the middle; heaps are seen from the side.
                let far = |numbers: &mut Numbers| numbers.between(-1.0, 1.0) * numbers.unit();
                let centre = Point::new(x + 1.8 * reach * far(&mut numbers), y + 0.8 * reach * far(&mut numbers));
                let along = 0.5 * diameter * numbers.between(0.5, 1.5);
                let radii = (along, along * numbers.between(0.55, 0.95));
                let degrees = numbers.between(-40.0, 40.0);
                let grey = numbers.between(0.25, 0.75);
                let rim = Point::new(centre.x, centre.y + 0.35 * radii.1);
                for (centre, grey) in [(rim, 0.45 * grey), (centre, grey)] {
                    let fill = Fill::Colour(Channels::All(grey));
                    shapes.push((Outline::Ellipse { centre, radii, degrees }, fill));
                }
            }
        }
        plan.region(Region { shapes });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::nodes;

    #[test]
    fn stones_lie_about_the_ground_and_have_their_size() {
        let list = nodes(Gravel::config().heaps(5).fraction(0.02).y(0.5), (100, 200));
        let [Node::Region(region)] = list.as_slice() else { panic!("{list:?}") };
        assert!((5 * 24..=5 * 72).contains(&region.shapes.len()));
        for (outline, _) in &region.shapes {
            let Outline::Ellipse { centre, radii, .. } = outline else { panic!("{outline:?}") };
            // A heap reaches 0.8 · 12 pixels above its own middle.
            assert!(centre.y > 50.0 - 9.7 && (0.5..=1.5).contains(&radii.0) && radii.1 < radii.0);
        }
    }
}
