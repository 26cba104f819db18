//! Solarize: inverts what is bright.

use crate::prelude::*;

params! {
    /// Inverts values from a threshold on.
    ///
    /// v below the threshold stays, 1 − v from it on; on 8-bit pictures exactly `PIL.ImageOps.solarize`.
    pub struct Solarize("solarize", "colour", aliases: ["RandomSolarize", "Solarization"]) {
        /// From this value on, 0 black to 1 white.
        threshold: f64 = real(0.0, 2.0).usual(0.5, 1.0).neutral(2.0);
    }
}

impl Op for Solarize {
    fn lower(&self, plan: &mut Builder) {
        plan.tone(Tone::Solarize { threshold: self.threshold });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::nodes;

    #[test]
    fn it_is_one_table() {
        let list = nodes(Solarize::config().threshold(0.5), (4, 4));
        assert!(matches!(list.as_slice(), [Node::Lut(_)]));
    }
}
