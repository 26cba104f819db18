//! CIE Lab of sRGB colours, by way of the three roots it is made of.
//!
//! With f the cube root that CIE 15 makes linear near black, L* = 116 f(Y) − 16, a* = 500 (f(X) − f(Y)) and
//! b* = 200 (f(Y) − f(Z)), X, Y and Z relative to the white of D65. So adding one number to the three roots changes the
//! lightness and leaves a* and b* alone, which is what operations on lightness ask for. Powers and roots come from tables,
//! within 2e-5 of the exact ones.

use std::sync::LazyLock;

use crate::light::{DECODE, ENCODE, Table};

/// Linear red, green and blue to X, Y and Z relative to white.
const TO_XYZ: [[f32; 3]; 3] =
    [[0.433_953, 0.376_219, 0.189_828], [0.212_672_9, 0.715_152_2, 0.072_175], [0.017_756_6, 0.109_468, 0.872_775_5]];

/// Its inverse.
const FROM_XYZ: [[f32; 3]; 3] = [
    [3.079_955, -1.537_138_5, -0.542_815_9],
    [-0.921_258_2, 1.876_010_8, 0.045_247_4],
    [0.052_887_4, -0.204_025_9, 1.151_138_4],
];

/// Where the cube root gives way to a line (CIE 15), and that line's slope and value at 0.
const KNEE: f64 = 216.0 / 24_389.0;
const SLOPE: f64 = 24_389.0 / 27.0 / 116.0;
const FOOT: f64 = 16.0 / 116.0;

static ROOT: LazyLock<Table> = LazyLock::new(|| Table::of(|v| if v > KNEE { libm::cbrt(v) } else { SLOPE * v + FOOT }));

#[inline(always)]
fn mixed(rows: &[[f32; 3]; 3], v: [f32; 3]) -> [f32; 3] {
    std::array::from_fn(|r| rows[r][0] * v[0] + rows[r][1] * v[1] + rows[r][2] * v[2])
}

/// Replaces red, green and blue at the start of each pixel by the roots of X, Y and Z.
pub fn to_roots(pixels: &mut [f32], channels: usize) {
    let (decode, root) = (&*DECODE, &*ROOT);
    for pixel in pixels.chunks_exact_mut(channels) {
        let light = [pixel[0], pixel[1], pixel[2]].map(|v| decode.at(v));
        pixel[..3].copy_from_slice(&mixed(&TO_XYZ, light).map(|v| root.at(v)));
    }
}

/// Puts red, green and blue back, each kept between black and white.
pub fn from_roots(pixels: &mut [f32], channels: usize) {
    let encode = &*ENCODE;
    let power = |f: f32| if f > 6.0 / 29.0 { f * f * f } else { (f - FOOT as f32) * (1.0 / SLOPE) as f32 };
    for pixel in pixels.chunks_exact_mut(channels) {
        let light = mixed(&FROM_XYZ, [pixel[0], pixel[1], pixel[2]].map(power));
        pixel[..3].copy_from_slice(&light.map(|v| encode.at(v)));
    }
}

/// The lightness, 0 black to 1 white, of the root of Y.
#[inline(always)]
pub fn lightness(root: f32) -> f32 {
    1.16 * root - 0.16
}

/// What a change of lightness adds to each of the three roots.
#[inline(always)]
pub fn added(change: f32) -> f32 {
    change / 1.16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_is_light_and_middle_grey_is_in_the_middle() {
        // L* of sRGB 119 of 255 is 50.03, of pure red 53.24.
        for (rgb, l) in [([1.0; 3], 1.0), ([0.0; 3], 0.0), ([119.0 / 255.0; 3], 0.5003), ([1.0, 0.0, 0.0], 0.5324)] {
            let mut pixel = rgb;
            to_roots(&mut pixel, 3);
            assert!((lightness(pixel[1]) - l).abs() < 2e-4, "{rgb:?}: {}", lightness(pixel[1]));
        }
    }

    #[test]
    fn there_and_back_is_a_tenth_of_a_level_at_most() {
        for k in 0..512u32 {
            let rgb = [k % 8, k / 8 % 8, k / 64].map(|v| v as f32 / 7.0);
            let mut pixel = rgb;
            to_roots(&mut pixel, 3);
            from_roots(&mut pixel, 3);
            for (a, b) in pixel.iter().zip(rgb) {
                assert!((a - b).abs() < 0.1 / 255.0, "{rgb:?} came back as {pixel:?}");
            }
        }
    }
}
