//! Log-polar: a turn and a zoom become shifts.

use super::shape_polar::Rolled;
use crate::mesh::{bend, formula};
use crate::prelude::*;

params! {
    /// Unrolls the picture into angle and the logarithm of the distance, or rolls it up.
    ///
    /// As `polar`, but down by ratio: v of the way down stands for the distance R^v pixels, R being `radius` in pixels. A turn
    /// of the input is then a shift across, a zoom a shift down (Reddy and Chatterji 1996), and the middle is seen best, as by
    /// an eye.
    pub struct LogPolar("log_polar", "shape", aliases: ["LogPolarWarp", "warp_log_polar"]) {
        /// To angle and distance, or from them.
        direction: &'static str = word(&["to", "from"], "to");
        /// The distance that the bottom edge stands for.
        radius: f64 = real(0.01, 10.0).value(0.5).unit("of the shorter side");
        /// Where the centre lies across, 0 left to 1 right.
        x: f64 = real(0.0, 1.0).value(0.5).unit("of the width");
        /// Where the centre lies down, 0 top to 1 bottom.
        y: f64 = real(0.0, 1.0).value(0.5).unit("of the height");
        /// How to read between pixels.
        filter: Filter = filter("bilinear");
        /// What lies beyond the edge.
        border: Border = border("constant");
        /// Colour of a constant border, 0 black to 1 white.
        fill: Channels = colour(0.0);
    }
}

impl Op for LogPolar {
    fn lower(&self, plan: &mut Builder) {
        let rolled = Rolled::new(plan.size(), self.direction, self.radius, (self.x, self.y), true);
        bend(plan, formula(rolled), self.filter, self.border, self.fill.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::moved;

    #[test]
    fn the_square_root_of_the_radius_lies_half_way_down() {
        // Radius 64: a distance of 8 is its square root.
        let p = moved(LogPolar::config(), (128, 128), (64.0, 72.0));
        assert!((p.0 - 32.0).abs() < 1e-6 && (p.1 - 64.0).abs() < 1e-6, "{p:?}");
    }

    #[test]
    fn twice_as_far_is_a_shift_whatever_the_distance() {
        let down = |r: f64| moved(LogPolar::config(), (128, 128), (64.0 + r, 64.0)).1;
        assert!((down(20.0) - down(10.0) - (down(50.0) - down(25.0))).abs() < 1e-6);
    }
}
