//! Between codes and reals, and the final write into a batch.
//!
//! The engine loads rows with it, rounds them back to codes where the plan asks for exact steps, and stores every
//! finished row with it. Rounding is half to even and saturates, and happens nowhere else.

mod planes;
mod round;
mod store;
mod target;

use variegate_picture::{PixelsView, Sample, View};

pub use store::{store_codes, store_row};

/// Reads row `y` of a view as reals in stored units; `row` has width × channels elements.
pub fn load_row(view: &View<'_>, y: usize, row: &mut [f32]) {
    let from = y * view.stride();
    match view.pixels() {
        PixelsView::U8(pixels) => load(&pixels[from..from + row.len()], row),
        PixelsView::U16(pixels) => load(&pixels[from..from + row.len()], row),
        PixelsView::F32(pixels) => row.copy_from_slice(&pixels[from..from + row.len()]),
    }
}

levels! {
    /// Reads codes as reals in stored units; both rows have the same length.
    pub fn load<T: Sample>(codes: &[T], row: &mut [f32]) {
        for (real, code) in row.iter_mut().zip(codes) {
            *real = code.load();
        }
    }

    /// Keeps reals between black and white.
    pub fn clamp_row(row: &mut [f32], white: f32) {
        for v in row {
            *v = crate::clamp(*v, (0.0, white));
        }
    }
}

/// Stores reals as codes: integers round half to even and saturate, floats are kept. Both rows have the same length.
pub fn round_row<T: Sample>(row: &[f32], out: &mut [T]) {
    let done = round::to_bytes(row, out);
    round_rest(&row[done..], &mut out[done..]);
}

levels! {
    fn round_rest<T: Sample>(row: &[f32], out: &mut [T]) {
        for (code, real) in out.iter_mut().zip(row) {
            *code = T::store(*real);
        }
    }
}
