//! Between stored values and linear light: the transfer functions of sRGB (IEC 61966-2-1).
//!
//! Operations that speak of light (exposure, Lab) use them. Both functions go on beyond black and white.

use std::sync::LazyLock;

/// The light of a stored value.
pub fn decode(v: f64) -> f64 {
    if v <= 0.04045 { v / 12.92 } else { libm::pow((v + 0.055) / 1.055, 2.4) }
}

/// The stored value of a light.
pub fn encode(light: f64) -> f64 {
    if light <= 0.003_130_8 { 12.92 * light } else { 1.055 * libm::pow(light, 1.0 / 2.4) - 0.055 }
}

/// A function of 0…1 as a table of 4096 steps, linear in between.
pub struct Table(Vec<f32>);

impl Table {
    const STEPS: usize = 4096;

    /// The table of a function.
    pub fn of(f: impl Fn(f64) -> f64) -> Self {
        // White is a point too, and has one after it.
        Self((0..=Self::STEPS + 1).map(|k| f(k as f64 / Self::STEPS as f64) as f32).collect())
    }

    /// Its value; what lies beyond is cut.
    #[inline(always)]
    pub fn at(&self, v: f32) -> f32 {
        let place = v.clamp(0.0, 1.0) * Self::STEPS as f32;
        let k = place as i32;
        let pair = &self.0[k as usize..k as usize + 2];
        pair[0] + (pair[1] - pair[0]) * (place - k as f32)
    }
}

/// [`decode`] from a table.
pub static DECODE: LazyLock<Table> = LazyLock::new(|| Table::of(decode));

/// [`encode`] from a table.
pub static ENCODE: LazyLock<Table> = LazyLock::new(|| Table::of(encode));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        for k in 0..=20 {
            let v = f64::from(k) / 20.0;
            assert!((encode(decode(v)) - v).abs() < 1e-6, "{v}");
        }
        assert!((decode(0.5) - 0.214_04).abs() < 1e-5);
    }
}
