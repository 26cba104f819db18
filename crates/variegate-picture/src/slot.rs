//! Where a finished picture goes: a place in a batch, in its final dtype and layout.

use crate::{Dtype, Error, Result, Size};

/// The order of a batch's axes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Layout {
    /// Height, width, channels: Keras's `channels_last`.
    Hwc,
    /// Channels, height, width: Keras's `channels_first`, PyTorch's.
    Chw,
}

impl Layout {
    /// The layout of `NHWC`, `NCHW`, `HWC`, `CHW`, `channels_last` or `channels_first`.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "NHWC" | "HWC" | "channels_last" => Some(Layout::Hwc),
            "NCHW" | "CHW" | "channels_first" => Some(Layout::Chw),
            _ => None,
        }
    }
}

/// A place for one finished picture.
#[derive(Debug)]
pub struct Slot<'a> {
    /// Height and width of the picture to come.
    pub size: Size,
    /// Its channels.
    pub channels: usize,
    /// Its element type.
    pub dtype: Dtype,
    /// Its order of axes.
    pub layout: Layout,
    /// Its bytes; aligned for the element type.
    pub bytes: &'a mut [u8],
}

impl<'a> Slot<'a> {
    /// Wraps bytes; their count must be height × width × channels × element.
    pub fn new(size: Size, channels: usize, dtype: Dtype, layout: Layout, bytes: &'a mut [u8]) -> Result<Self> {
        let needed = size.pixels() * channels * dtype.bytes();
        if bytes.len() != needed || !(bytes.as_ptr() as usize).is_multiple_of(dtype.bytes()) {
            return Err(Error::internal(format!(
                "a slot of {size} × {channels} {} needs {needed} aligned bytes, {} given",
                dtype.name(),
                bytes.len()
            )));
        }
        Ok(Self { size, channels, dtype, layout, bytes })
    }
}

/// Sixty-four bytes on a boundary of sixty-four.
#[derive(Clone, Copy, Debug, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C, align(64))]
struct Line([u8; 64]);

/// Bytes that start on a boundary of 64, as JAX wants them to share a buffer without a copy.
#[derive(Debug, Default)]
pub struct AlignedBytes {
    lines: Vec<Line>,
    len: usize,
}

impl AlignedBytes {
    /// Zeroed bytes.
    pub fn zeroed(len: usize) -> Self {
        Self { lines: vec![Line([0; 64]); len.div_ceil(64)], len }
    }

    /// How many bytes there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The bytes.
    pub fn as_slice(&self) -> &[u8] {
        &bytemuck::cast_slice(&self.lines)[..self.len]
    }

    /// The bytes, to be written.
    pub fn as_mut_slice(&mut self) -> &mut [u8] {
        &mut bytemuck::cast_slice_mut(&mut self.lines)[..self.len]
    }
}
