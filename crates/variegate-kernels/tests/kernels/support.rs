//! Pictures, levels and the naive reading of a pixel.

use variegate_kernels::{Level, with_level};
use variegate_picture::{Border, Dtype, Picture, Pixels, Size};

/// A small generator, so that every run tests the same numbers.
pub struct Numbers(u64);

impl Numbers {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }
    pub fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }
    pub fn unit(&mut self) -> f64 {
        self.word() as f64 / (1u64 << 31) as f64
    }
    pub fn reals(&mut self, n: usize, white: f32) -> Vec<f32> {
        (0..n).map(|_| self.unit() as f32 * white).collect()
    }
}

pub const BORDERS: [Border; 5] = [Border::Constant, Border::Edge, Border::Reflect, Border::Mirror, Border::Wrap];

pub fn picture(height: usize, width: usize, channels: usize, dtype: Dtype, seed: u64) -> Picture {
    let mut numbers = Numbers::new(seed);
    let n = height * width * channels;
    let pixels = match dtype {
        Dtype::U8 => Pixels::U8((0..n).map(|_| numbers.word() as u8).collect()),
        Dtype::U16 => Pixels::U16((0..n).map(|_| numbers.word() as u16).collect()),
        _ => Pixels::F32(numbers.reals(n, 1.0)),
    };
    Picture::new(Size::new(height, width), channels, pixels).expect("as many values as pixels")
}

/// White of a picture, the scale of tolerances.
pub fn white(dtype: Dtype) -> f64 {
    match dtype {
        Dtype::U8 => 255.0,
        Dtype::U16 => 65535.0,
        _ => 1.0,
    }
}

pub fn value(picture: &Picture, x: usize, y: usize, c: usize) -> f64 {
    let at = (y * picture.size().width + x) * picture.channels() + c;
    match picture.pixels() {
        Pixels::U8(p) => f64::from(p[at]),
        Pixels::U16(p) => f64::from(p[at]),
        Pixels::F32(p) => f64::from(p[at]),
    }
}

/// Runs at every level of the processor, checks that the bytes agree, and returns them.
pub fn levels<T: bytemuck::Pod>(run: impl Fn() -> Vec<T>) -> Vec<T> {
    let scalar = with_level(Level::Scalar, &run);
    for level in Level::ALL {
        let wide = with_level(level, &run);
        assert_eq!(bytemuck::cast_slice::<T, u8>(&scalar), bytemuck::cast_slice::<T, u8>(&wide), "{}", level.name());
    }
    scalar
}

pub fn close(got: &[f32], expected: &[f64], tolerance: f64, what: &str) {
    assert_eq!(got.len(), expected.len());
    for (k, (g, e)) in got.iter().zip(expected).enumerate() {
        assert!((f64::from(*g) - e).abs() <= tolerance, "{what}: element {k} is {g}, expected {e}");
    }
}
