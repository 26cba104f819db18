//! Posterize: fewer shades.

use crate::prelude::*;

params! {
    /// Keeps the upper bits of every value.
    ///
    /// The lower 8 − bits become 0; 8 changes nothing. On 8-bit pictures exactly `PIL.ImageOps.posterize`; deeper pictures
    /// keep as many upper bits, floats those of the 8-bit grid.
    pub struct Posterize("posterize", "colour", aliases: [
        "RandomPosterize", "RandomPosterization", "Posterization", "UniformColorQuantizationToNBits"
    ]) {
        /// How many bits stay.
        bits: i64 = integer(1, 8).usual(4.0, 8.0).neutral(8.0).unit("bits");
    }
}

impl Op for Posterize {
    fn lower(&self, plan: &mut Builder) {
        if self.bits < 8 {
            plan.tone(Tone::Posterize { bits: self.bits as u32 });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{colour, nodes};

    #[test]
    fn one_bit_leaves_two_shades() {
        let list = nodes(Posterize::config().bits(1), (4, 4));
        let level = |v: f64| v / 255.0;
        assert_eq!(colour(&list, [127.0, 128.0, 255.0].map(level)), [0.0, 128.0, 128.0].map(level));
    }

    #[test]
    fn eight_bits_are_all() {
        assert!(nodes(Posterize::config().bits(8), (4, 4)).is_empty());
    }
}
