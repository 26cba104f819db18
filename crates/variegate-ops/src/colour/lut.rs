//! Lut: a table of the user's own.

use crate::prelude::*;

params! {
    /// Takes values through a table.
    ///
    /// The numbers are what equally spaced values from black to white become, linear between two: [0, 1] changes nothing,
    /// [1, 0] is the negative, and 256 numbers say what each 8-bit value becomes (divide them by 255). All channels have the
    /// same table.
    pub struct Lut("lut", "colour", aliases: ["lookup_table", "LookUpTable", "point_operation"]) {
        /// What equally spaced values become, 0 black to 1 white; 65,536 numbers at most.
        values: Vec<f64> = numbers(0).between(0.0, 1.0).default(Default::Numbers(&[0.0, 1.0]));
    }
}

/// Entries of the longest table: one for each 16-bit value.
const MOST: usize = 65_536;

impl Op for Lut {
    fn check(&self) -> Result<(), String> {
        let n = self.values.len();
        if n <= MOST { Ok(()) } else { Err(format!("values: expected {MOST} numbers at most, found {n}")) }
    }

    fn lower(&self, plan: &mut Builder) {
        if !self.values.is_empty() {
            plan.tone(Tone::Curve(self.values.as_slice().into()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{colour, nodes};

    #[test]
    fn three_numbers_are_black_middle_and_white() {
        let list = nodes(Lut::config().values(vec![0.5, 1.0, 0.0]), (4, 4));
        assert_eq!(colour(&list, [0.0, 0.5, 1.0]), [0.5, 1.0, 0.0]);
        assert_eq!(colour(&list, [0.25, 0.75, 0.75]), [0.75, 0.5, 0.5]);
    }

    #[test]
    fn one_number_is_one_shade() {
        assert_eq!(colour(&nodes(Lut::config().values(vec![0.25]), (4, 4)), [0.0, 0.5, 1.0]), [0.25; 3]);
    }
}
