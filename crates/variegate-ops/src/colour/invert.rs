//! Invert: the negative.

use crate::prelude::*;

params! {
    /// Makes the negative of the picture.
    ///
    /// out = 1 − v; alpha stays. On 8-bit pictures exactly `PIL.ImageOps.invert`.
    pub struct Invert("invert", "colour", aliases: ["RandomInvert", "InvertImg", "negative"]) {}
}

impl Op for Invert {
    fn lower(&self, plan: &mut Builder) {
        plan.tone(Tone::Invert);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{colour, nodes};

    #[test]
    fn black_becomes_white() {
        assert_eq!(colour(&nodes(Invert::config(), (4, 4)), [0.0, 0.25, 1.0]), [1.0, 0.75, 0.0]);
    }
}
