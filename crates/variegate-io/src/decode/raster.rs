//! Pixels that lie in a file as they are, row after row: those of a window.
//!
//! The formats without compression call it. Rows outside the window are never touched.

use variegate_picture::{Dtype, Error, Pixels, Result, Size};

use super::Window;
use super::samples::Model;

/// How the pixels of a raster lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Raster {
    pub size: Size,
    pub channels: usize,
    pub dtype: Dtype,
    /// Whether the high byte of an element comes first.
    pub big_endian: bool,
    /// The value of white where it is not the greatest of its type.
    pub white: Option<u32>,
}

impl Raster {
    /// Bytes of all pixels.
    pub fn bytes(&self) -> u64 {
        self.size.pixels() as u64 * (self.channels * self.dtype.bytes()) as u64
    }

    /// Those of a window of `data`, which is long enough for all.
    pub fn read(&self, data: &[u8], window: Window) -> Result<Pixels> {
        let pixel = self.channels * self.dtype.bytes();
        let (stride, (from, to)) = (self.size.width * pixel, (window.x0 * pixel, window.x1 * pixel));
        let rows = (window.y0..window.y1).map(|y| &data[y * stride + from..y * stride + to]);
        let count = window.size().pixels() * self.channels;
        match self.dtype {
            Dtype::U8 => {
                let mut out = Vec::with_capacity(count);
                match self.white {
                    None => rows.for_each(|row| out.extend_from_slice(row)),
                    Some(white) => {
                        rows.for_each(|row| out.extend(row.iter().map(|v| stretch(u32::from(*v), white, 255) as u8)))
                    }
                }
                Ok(Pixels::U8(out))
            }
            Dtype::U16 => {
                let mut out = Vec::with_capacity(count);
                let number = |pair: &[u8]| {
                    let pair = [pair[0], pair[1]];
                    let value = if self.big_endian { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) };
                    self.white.map_or(value, |white| stretch(u32::from(value), white, 65535) as u16)
                };
                rows.for_each(|row| out.extend(row.chunks_exact(2).map(number)));
                Ok(Pixels::U16(out))
            }
            Dtype::F32 => {
                let mut out = Vec::with_capacity(count);
                let number = |four: &[u8]| f32::from_le_bytes([four[0], four[1], four[2], four[3]]);
                rows.for_each(|row| out.extend(row.chunks_exact(4).map(number)));
                Ok(Pixels::F32(out))
            }
            other => Err(Error::internal(format!("no raster holds {other:?}"))),
        }
    }
}

/// A value of 0 to `white` brought to 0 to `full`, rounded; what is beyond white is white.
pub(super) fn stretch(value: u32, white: u32, full: u32) -> u32 {
    (value.min(white) * full + white / 2) / white.max(1)
}

/// What a number of channels means.
pub(super) fn model(channels: usize) -> Model {
    match channels {
        1 => Model::Grey,
        2 => Model::GreyAlpha,
        3 => Model::Rgb,
        4 => Model::Rgba,
        n => Model::Bands(n),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_cut_and_bytes_are_put_in_order() {
        let raster = |dtype, big_endian, white| Raster { size: Size::new(3, 2), channels: 1, dtype, big_endian, white };
        let window = Window { x0: 1, y0: 1, x1: 2, y1: 3 };
        let bytes: Vec<u8> = (0..24).collect();
        let read = |raster: Raster| raster.read(&bytes[..raster.bytes() as usize], window).expect("reads");
        assert_eq!(read(raster(Dtype::U8, false, None)), Pixels::U8(vec![3, 5]));
        assert_eq!(read(raster(Dtype::U16, true, None)), Pixels::U16(vec![0x0607, 0x0A0B]));
        assert_eq!(read(raster(Dtype::U16, false, None)), Pixels::U16(vec![0x0706, 0x0B0A]));
        assert_eq!(read(raster(Dtype::U8, false, Some(5))), Pixels::U8(vec![153, 255]));
        let floats: Vec<u8> = [0.0f32, 1.0, 2.0, 3.0, 4.0, 5.0].iter().flat_map(|v| v.to_le_bytes()).collect();
        assert_eq!(raster(Dtype::F32, false, None).read(&floats, window).expect("reads"), Pixels::F32(vec![3.0, 5.0]));
    }

    #[test]
    fn white_is_stretched_to_white() {
        assert_eq!([0, 1, 2, 3, 9].map(|v| stretch(v, 3, 255)), [0, 85, 170, 255, 255]);
        assert_eq!([0, 1, 1023].map(|v| stretch(v, 1023, 65535)), [0, 64, 65535]);
    }
}
