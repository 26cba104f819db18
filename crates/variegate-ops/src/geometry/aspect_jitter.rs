//! Aspect jitter: wider or taller.

use crate::prelude::*;

params! {
    /// Stretches the picture about its centre to another ratio of width to height, on the same canvas.
    ///
    /// A position (u, v) relative to the centre goes to (u · √aspect, v / √aspect), so that areas stay what they are.
    pub struct AspectJitter("aspect_jitter", "geometry", aliases: ["RandomAspectRatio", "ChangeAspectRatio"]) {
        /// How much wider for its height everything becomes; a pair is drawn by ratio.
        aspect: f64 = real(0.01, 100.0).by_ratio().usual(0.75, 1.333).neutral(1.0);
        /// How to read between pixels.
        filter: Filter = filter("bilinear");
        /// What lies beyond the edge.
        border: Border = border("constant");
        /// Colour of a constant border, 0 black to 1 white.
        fill: Channels = colour(0.0);
    }
}

impl Op for AspectJitter {
    fn lower(&self, plan: &mut Builder) {
        let size = plan.size();
        let stretch = self.aspect.sqrt();
        let map = centred(Homography::scale(1.0 / stretch, stretch), size, size);
        plan.warp(Warp::new(map, size, size).filter(self.filter).border(self.border, self.fill.clone()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{moved, nodes};

    #[test]
    fn four_times_the_aspect_is_twice_as_wide_and_half_as_high() {
        assert_eq!(moved(AspectJitter::config().aspect(4.0), (40, 60), (35.0, 30.0)), (40.0, 25.0));
    }

    #[test]
    fn one_is_no_movement() {
        let list = nodes(AspectJitter::config().aspect(1.0), (7, 10));
        let [Node::Warp(warp)] = list.as_slice() else { panic!("{list:?}") };
        assert!(warp.is_identity());
    }
}
