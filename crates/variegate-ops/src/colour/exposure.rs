//! Exposure: more light or less.

use crate::curve::curve;
use crate::light::{decode, encode};
use crate::prelude::*;

params! {
    /// Makes the picture as bright as a longer or shorter exposure would.
    ///
    /// A stop more is twice the light: out = encode(2^stops · decode(v)), cut at white, with the transfer functions of sRGB
    /// (IEC 61966-2-1). With `linear=False` the stored values are multiplied instead, out = 2^stops · v.
    pub struct Exposure("exposure", "colour", aliases: ["RandomExposure", "adjust_exposure"]) {
        /// Stops: each one more doubles the light, each one less halves it.
        stops: f64 = real(-5.0, 5.0).usual(-1.0, 1.0).neutral(0.0).unit("stops");
        /// Whether light is multiplied rather than stored values.
        linear: bool = flag(true);
    }
}

impl Op for Exposure {
    fn lower(&self, plan: &mut Builder) {
        let gain = libm::exp2(self.stops);
        if !self.linear {
            plan.scale(gain, 0.0);
        } else if self.stops != 0.0 {
            plan.tone(curve(|v| encode(gain * decode(v))));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{colour, nodes};

    #[test]
    fn a_stop_more_doubles_stored_values() {
        let list = nodes(Exposure::config().stops(1.0).linear(false), (4, 4));
        assert_eq!(colour(&list, [0.0, 0.25, 0.75]), [0.0, 0.5, 1.0]);
    }

    #[test]
    fn a_stop_more_doubles_the_light() {
        let [black, grey, white] = colour(&nodes(Exposure::config().stops(1.0), (4, 4)), [0.0, 0.5, 1.0]);
        assert_eq!((black, white), (0.0, 1.0));
        assert!((decode(grey) - 2.0 * decode(0.5)).abs() < 1e-4);
    }

    #[test]
    fn no_stops_are_no_table() {
        assert!(nodes(Exposure::config().stops(0.0), (4, 4)).is_empty());
    }
}
