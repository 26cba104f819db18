//! Memory that a pass gives back when it is done, for the next pass or the next sample.
//!
//! A worker's [`crate::Scratch`] owns it. After the first samples of a size nothing here asks the system for memory.

use variegate_kernels::resize::Taps;
use variegate_picture::{Dtype, Picture, Pixels, Result, Size};

/// How many buffers of a kind are kept.
const KEPT: usize = 8;

/// Buffers that nobody uses at the moment.
#[derive(Debug, Default)]
pub struct Spare {
    taps: Vec<Taps>,
    reals: Vec<Vec<f32>>,
    positions: Vec<Vec<f64>>,
    flags: Vec<Vec<bool>>,
    pixels: Vec<Pixels>,
}

impl Spare {
    /// Taps to be set.
    pub fn taps(&mut self) -> Taps {
        self.taps.pop().unwrap_or_default()
    }

    /// An empty list.
    pub fn reals(&mut self) -> Vec<f32> {
        let mut list = self.reals.pop().unwrap_or_default();
        list.clear();
        list
    }

    /// A list of any positions, as long as it was.
    pub fn positions(&mut self) -> Vec<f64> {
        self.positions.pop().unwrap_or_default()
    }

    /// As many flags as asked for, none of them set.
    pub fn flags(&mut self, count: usize) -> Vec<bool> {
        let mut list = self.flags.pop().unwrap_or_default();
        list.clear();
        list.resize(count, false);
        list
    }

    /// A picture whose pixels hold anything.
    pub fn picture(&mut self, size: Size, channels: usize, dtype: Dtype) -> Result<Picture> {
        let len = size.pixels() * channels;
        // Not one much larger: who keeps the picture would keep that memory too.
        let fits = |pixels: &Pixels| pixels.dtype() == dtype && (len..=2 * len).contains(&capacity(pixels));
        let Some(at) = self.pixels.iter().rposition(fits) else {
            return Picture::zeros(size, channels, dtype);
        };
        let mut pixels = self.pixels.swap_remove(at);
        match &mut pixels {
            Pixels::U8(p) => p.resize(len, 0),
            Pixels::U16(p) => p.resize(len, 0),
            Pixels::F32(p) => p.resize(len, 0.0),
        }
        Picture::new(size, channels, pixels)
    }

    pub fn give_taps(&mut self, taps: Taps) {
        keep(&mut self.taps, taps);
    }

    pub fn give_reals(&mut self, list: Vec<f32>) {
        keep(&mut self.reals, list);
    }

    pub fn give_positions(&mut self, list: Vec<f64>) {
        keep(&mut self.positions, list);
    }

    pub fn give_flags(&mut self, list: Vec<bool>) {
        keep(&mut self.flags, list);
    }

    pub fn give_picture(&mut self, picture: Picture) {
        self.give_pixels(picture.into_pixels());
    }

    /// The oldest go first, so that a new size is soon at home.
    pub fn give_pixels(&mut self, pixels: Pixels) {
        if self.pixels.len() == KEPT {
            self.pixels.remove(0);
        }
        self.pixels.push(pixels);
    }
}

fn capacity(pixels: &Pixels) -> usize {
    match pixels {
        Pixels::U8(p) => p.capacity(),
        Pixels::U16(p) => p.capacity(),
        Pixels::F32(p) => p.capacity(),
    }
}

fn keep<T>(kept: &mut Vec<T>, given: T) {
    if kept.len() < KEPT {
        kept.push(given);
    }
}
