//! Points attached to a picture: positions, with optional angle and scale, that keep their number and order.

use crate::{Error, Result};

/// Rows of (x, y), (x, y, angle°) or (x, y, angle°, scale).
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Points {
    /// The rows, padded to four: angle 0 and scale 1 where they are not given.
    pub rows: Vec<[f64; 4]>,
    /// How many of the four a row was given: 2, 3 or 4.
    pub given: usize,
    /// How well each is seen, 0 for not at all, where that is known: 1 hidden and 2 seen, say. Empty where it is not.
    pub visible: Vec<u8>,
}

impl Points {
    /// From flat rows of `given` numbers.
    pub fn from_rows(values: &[f64], given: usize) -> Result<Self> {
        if !(2..=4).contains(&given) || !values.len().is_multiple_of(given) {
            return Err(Error::parameter(format!(
                "points have {given} columns; expected (x, y), (x, y, angle) or (x, y, angle, scale)"
            )));
        }
        let rows = values
            .chunks_exact(given)
            .map(|row| {
                let mut full = [0.0, 0.0, 0.0, 1.0];
                full[..given].copy_from_slice(row);
                full
            })
            .collect();
        Ok(Self { rows, given, visible: Vec::new() })
    }

    /// Flat rows of as many numbers as were given.
    pub fn to_rows(&self) -> Vec<f64> {
        self.rows.iter().flat_map(|row| row[..self.given].to_vec()).collect()
    }
}
