//! What becomes of a level on its way out, laid out for kernels that write final numbers.
//!
//! The engine makes one for a picture; gathers and resizes apply it in the step that stores, so that no row of levels
//! stands between the picture and the batch. The numbers are those of the steps one after another: a scale
//! ([`crate::matrix::scale_rows`]) where there is one, then the final write ([`crate::convert::store_row`]).

use crate::channel;

/// Elements that hold a whole number of periods of one, three and four channels, and a vector beyond.
const LENGTH: usize = 12 + 16;

/// Gain and offset of each channel of a pixel; those that are missing mean nothing.
pub(crate) type Scale = [[f32; 4]; 2];

/// What becomes of a level on its way out.
#[derive(Clone, Copy, Debug)]
pub struct Levels {
    /// A scale of levels that stay levels, and the interval they are kept in.
    pub(crate) first: Option<(Scale, [f32; 2])>,
    /// From levels to final numbers.
    pub(crate) last: Scale,
    row: [[f32; LENGTH]; 2],
    channels: usize,
}

/// Levels as they are.
pub(crate) static PLAIN: Levels =
    Levels { first: None, last: [[1.0; 4], [0.0; 4]], row: [[1.0; LENGTH], [0.0; LENGTH]], channels: 1 };

impl Levels {
    /// Gains and offsets for the channels of a row, at most four (the last one serves the rest).
    pub fn new(channels: usize, gain: &[f32], offset: &[f32]) -> Self {
        let row = |list: &[f32]| {
            let pixel: [f32; 4] = std::array::from_fn(|c| channel(list, c));
            let mut row = [0.0; LENGTH];
            for (e, v) in row.iter_mut().enumerate() {
                *v = pixel[if channels == 3 { e % 3 } else { e % 4 }];
            }
            (pixel, row)
        };
        let ((gain, gains), (offset, offsets)) = (row(gain), row(offset));
        Self { first: None, last: [gain, offset], row: [gains, offsets], channels }
    }

    /// The same with a scale before it, after which levels are kept in an interval.
    pub fn after_scale(self, gain: &[f32], offset: &[f32], kept: (f32, f32)) -> Self {
        let both = [gain, offset].map(|list| std::array::from_fn(|c| channel(list, c)));
        Self { first: Some((both, [kept.0, kept.1])), ..self }
    }

    /// Gains and offsets of the sixteen elements from element `at` of a row on.
    #[inline(always)]
    pub(crate) fn sixteen(&self, at: usize) -> [&[f32; 16]; 2] {
        let phase = if self.channels == 3 { at % 3 } else { at % 4 };
        let [gain, offset] = &self.row;
        match (gain[phase..].first_chunk(), offset[phase..].first_chunk()) {
            (Some(gain), Some(offset)) => [gain, offset],
            _ => unreachable!("a phase is less than four"),
        }
    }

    /// The final number of a level of channel `c`.
    #[inline(always)]
    pub(crate) fn of(&self, c: usize, v: f32) -> f32 {
        let v = match &self.first {
            None => v,
            Some(([gain, offset], [low, high])) => crate::clamp(v * gain[c] + offset[c], (*low, *high)),
        };
        v * self.last[0][c] + self.last[1][c]
    }

    /// The gains and offsets for sums that are so many times a level.
    #[inline(always)]
    pub(crate) fn over(scale: &Scale, factor: f32) -> Scale {
        // The factor is a power of two, so that nothing is rounded here that would not be rounded there.
        [scale[0].map(|gain| gain * factor), scale[1]]
    }
}
