//! Resize-mix: another sample, whole but small.

use crate::prelude::*;

params! {
    /// Lays the whole picture of another sample, made smaller, over a part, and mixes their labels by area.
    ///
    /// The partner's picture is shrunk to `fraction` of each side, rounded to whole pixels, and lies wholly inside; its label
    /// weighs the share of the pixels it covers. Unlike a rectangle cut out of it, it always shows what its label names. The
    /// partner is chosen by key and augmented as it stands before the mixing; pictures must have one size there. Needs a
    /// `Loader` or `Pipeline.batch`. Source: Qin et al., "ResizeMix", arXiv 2012.11101.
    pub struct ResizeMix("resize_mix", "mix", aliases: []) {
        /// Sides of the small picture, as a share of those of the large one.
        fraction: f64 = real(0.0, 1.0).usual(0.1, 0.8).neutral(0.0).unit("fraction");
        /// Where it lies in the free width, 0 left to 1 right.
        x: f64 = real(0.0, 1.0).default(Default::Range(0.0, 1.0)).unit("fraction");
        /// Where it lies in the free height, 0 top to 1 bottom.
        y: f64 = real(0.0, 1.0).default(Default::Range(0.0, 1.0)).unit("fraction");
        /// How to read between pixels.
        filter: Filter = filter("bilinear");
        /// The other sample.
        partner: u64 = partner();
    }
}

impl Op for ResizeMix {
    fn lower(&self, plan: &mut Builder) {
        let size = plan.size();
        let Some(rect) = part(size, self.fraction, self.x, self.y) else { return };
        let laid = stretched(size, rect).filter(self.filter);
        plan.push(Node::Mix(Mix::within(self.partner, rect, size).laid(laid)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::nodes;

    #[test]
    fn its_corners_are_the_corners_of_the_whole_partner() {
        let list = nodes(ResizeMix::config().fraction(0.5).x(1.0).y(0.0), (40, 60));
        let [Node::Mix(mix)] = list.as_slice() else { panic!("{list:?}") };
        let (warp, share) = (mix.laid.as_ref().expect("a warp"), mix.share);
        let read = |x, y| warp.map.source(Point::new(x, y));
        assert_eq!((read(30.0, 0.0), read(60.0, 20.0)), (Point::new(0.0, 0.0), Point::new(60.0, 40.0)));
        assert_eq!(share, 0.25);
    }

    #[test]
    fn nothing_of_it_is_nothing() {
        assert!(nodes(ResizeMix::config().fraction(0.0), (40, 60)).is_empty());
        assert!(nodes(ResizeMix::config().fraction(0.2), (1, 1)).is_empty());
    }
}
