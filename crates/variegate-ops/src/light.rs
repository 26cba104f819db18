//! Between stored values and linear light: the transfer functions of sRGB (IEC 61966-2-1).
//!
//! Operations that speak of light (exposure, Lab) use them. Both functions go on beyond black and white.

/// The light of a stored value.
pub fn decode(v: f64) -> f64 {
    if v <= 0.04045 { v / 12.92 } else { libm::pow((v + 0.055) / 1.055, 2.4) }
}

/// The stored value of a light.
pub fn encode(light: f64) -> f64 {
    if light <= 0.003_130_8 { 12.92 * light } else { 1.055 * libm::pow(light, 1.0 / 2.4) - 0.055 }
}

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
