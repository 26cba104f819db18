//! The row being worked on: stored codes for as long as nothing mixes them, reals after that.

use variegate_kernels::convert::{load, round_row};
use variegate_picture::{Dtype, PixelsView, View};

/// One output row and the buffers it lives in.
#[derive(Debug, Default)]
pub struct Row {
    /// 8-bit codes.
    pub bytes: Vec<u8>,
    /// 16-bit codes.
    pub words: Vec<u16>,
    /// Reals in stored units.
    pub reals: Vec<f32>,
    /// Which of the three holds the row.
    pub state: State,
    /// Whether what a source fills in is rounded to bytes before anything mixes it, so that it may as well be bytes.
    pub rounded: bool,
}

/// Where a row's values are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    /// In `bytes`.
    Bytes,
    /// In `words`.
    Words,
    /// In `reals`.
    #[default]
    Reals,
}

impl Row {
    /// Makes room for a row of `len` elements.
    pub fn resize(&mut self, len: usize, dtype: Dtype) {
        self.reals.resize(len, 0.0);
        match dtype {
            Dtype::U8 => self.bytes.resize(len, 0),
            Dtype::U16 => self.words.resize(len, 0),
            _ => {}
        }
    }

    /// Reads row `y` as it is stored.
    pub fn read(&mut self, view: &View<'_>, y: usize) {
        let range = y * view.stride()..y * view.stride() + view.size().width * view.channels();
        match view.pixels() {
            PixelsView::U8(p) => {
                self.bytes.copy_from_slice(&p[range]);
                self.state = State::Bytes;
            }
            PixelsView::U16(p) => {
                self.words.copy_from_slice(&p[range]);
                self.state = State::Words;
            }
            PixelsView::F32(p) => {
                self.reals.copy_from_slice(&p[range]);
                self.state = State::Reals;
            }
        }
    }

    /// Turns codes into reals.
    pub fn make_real(&mut self) {
        match self.state {
            State::Bytes => load(&self.bytes, &mut self.reals),
            State::Words => load(&self.words, &mut self.reals),
            State::Reals => {}
        }
        self.state = State::Reals;
    }

    /// Rounds reals to the codes of an integer dtype; float rows stay as they are.
    pub fn make_codes(&mut self, dtype: Dtype) {
        match (self.state, dtype) {
            (State::Reals, Dtype::U8) => {
                round_row(&self.reals, &mut self.bytes);
                self.state = State::Bytes;
            }
            (State::Reals, Dtype::U16) => {
                round_row(&self.reals, &mut self.words);
                self.state = State::Words;
            }
            _ => {}
        }
    }
}
