//! What a loader is told of boxes, points and masks.
//!
//! [`crate::options`] holds it; the maker and the batch go by it.

use variegate_ops::Pipeline;
use variegate_picture::{BoxFormat, Error, Result};

use crate::annotations::Kinds;
use crate::carried;

/// The element type of masks in a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MaskDtype {
    /// Unsigned bytes.
    U8,
    /// Unsigned, 16 bits.
    U16,
    /// Signed, 32 bits.
    I32,
}

impl MaskDtype {
    const ALL: [Self; 3] = [Self::U8, Self::U16, Self::I32];

    /// Bytes of one element.
    pub fn bytes(self) -> usize {
        match self {
            Self::U8 => 1,
            Self::U16 => 2,
            Self::I32 => 4,
        }
    }

    /// NumPy's name of the type.
    pub fn name(self) -> &'static str {
        match self {
            Self::U8 => "uint8",
            Self::U16 => "uint16",
            Self::I32 => "int32",
        }
    }

    /// The type of a NumPy name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dtype| dtype.name() == name)
    }

    /// The greatest value it holds.
    pub fn most(self) -> u32 {
        match self {
            Self::U8 => u8::MAX.into(),
            Self::U16 => u16::MAX.into(),
            Self::I32 => i32::MAX as u32,
        }
    }

    /// The bytes of a value, as the machine has them. Cut off where it is too large: ask [`MaskDtype::most`] before.
    pub fn push(self, value: u32, bytes: &mut Vec<u8>) {
        match self {
            Self::U8 => bytes.push(value as u8),
            Self::U16 => bytes.extend_from_slice(&(value as u16).to_ne_bytes()),
            Self::I32 => bytes.extend_from_slice(&value.to_ne_bytes()),
        }
    }

    /// One element of a fill, which must be one of its values.
    pub fn fill(self, value: f64) -> Result<Vec<u8>> {
        let least = if self == Self::I32 { f64::from(i32::MIN) } else { 0.0 };
        if value.fract() != 0.0 || value < least || value > f64::from(self.most()) {
            return Err(Error::parameter(format!(
                "mask_fill {value} of the pipeline is no value of {} masks; choose another fill, or another mask_dtype",
                self.name()
            )));
        }
        let mut bytes = Vec::with_capacity(self.bytes());
        self.push(value as i64 as u32, &mut bytes);
        Ok(bytes)
    }
}

/// The value of one element of a mask, of 1, 2 or 4 bytes.
pub fn value_of(pixel: &[u8]) -> u32 {
    match *pixel {
        [a] => a.into(),
        [a, b] => u16::from_ne_bytes([a, b]).into(),
        [a, b, c, d] => u32::from_ne_bytes([a, b, c, d]),
        _ => 0,
    }
}

/// Changes the values of a mask with elements of 1, 2 or 4 bytes.
pub fn renumber(bytes: &mut [u8], element: usize, change: impl Fn(u32) -> u32) {
    for pixel in bytes.chunks_exact_mut(element.max(1)) {
        let value = change(value_of(pixel));
        match pixel.len() {
            1 => pixel[0] = value.min(u8::MAX.into()) as u8,
            2 => pixel.copy_from_slice(&(value.min(u16::MAX.into()) as u16).to_ne_bytes()),
            4 => pixel.copy_from_slice(&value.to_ne_bytes()),
            _ => {}
        }
    }
}

/// What a loader is told of boxes, points and masks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TargetOptions {
    /// Which kinds are delivered, of those that the source knows.
    pub kinds: Kinds,
    /// The format boxes are delivered in.
    pub box_format: BoxFormat,
    /// The rows of boxes of every batch: boxes beyond are left out, the last ones of a sample first. As many as the
    /// sample of a batch with most boxes has, where it is none.
    pub max_boxes: Option<usize>,
    /// Boxes of fewer pixels are dropped; the pipeline's own rule, where it is none.
    pub min_area: Option<f64>,
    /// Boxes of which less than this share is still seen are dropped; the pipeline's own rule, where it is none.
    pub min_visibility: Option<f64>,
    /// The element type of masks; that of the first mask, where it is none.
    pub mask_dtype: Option<MaskDtype>,
}

impl Default for TargetOptions {
    fn default() -> Self {
        Self {
            kinds: Kinds::ALL,
            box_format: BoxFormat::XYXY,
            max_boxes: None,
            min_area: None,
            min_visibility: None,
            mask_dtype: None,
        }
    }
}

impl TargetOptions {
    /// Checks what can be checked without a source.
    pub fn check(&self) -> Result<()> {
        let fail = |message: String| Err(Error::parameter(message));
        if self.box_format.is_oriented() {
            return fail(
                "box_format \"oriented\": the boxes of a source are upright; expected \"xyxy\", \"coco\", …".into(),
            );
        }
        if self.max_boxes == Some(0) {
            return fail("max_boxes: expected 1 or more, or none for as many as there are".into());
        }
        if let Some(area) = self.min_area.filter(|area| !(area.is_finite() && *area >= 0.0)) {
            return fail(format!("min_area: expected a number from 0, found {area}"));
        }
        if let Some(share) = self.min_visibility.filter(|share| !(0.0..=1.0).contains(share)) {
            return fail(format!("min_visibility: expected a number from 0 to 1, found {share}"));
        }
        Ok(())
    }

    /// A view that follows these rules for boxes where they are given; refuses one that cannot carry `kinds`.
    pub fn applied(&self, mut view: Pipeline, kinds: Kinds) -> Result<Pipeline> {
        carried::check(&view, kinds)?;
        let rules = &mut view.options.boxes;
        rules.min_area = self.min_area.unwrap_or(rules.min_area);
        rules.min_visibility = self.min_visibility.unwrap_or(rules.min_visibility);
        Ok(view)
    }
}
