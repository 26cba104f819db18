//! Sweeps whose rows are 8-bit codes from the picture to the slot: they are worked on where they will lie.
//!
//! The last pass asks first whether it can go this way. A band of rows is copied or moved into the slot, and the steps run
//! over the band; no row buffer stands between. What the slot gets is what the sweep by rows would write.

use variegate_kernels::region::fill_span;
use variegate_picture::{Dtype, Layout, PixelsView, Slot, View};

use crate::program::Ground;
use crate::source::Prepared;
use crate::step::{Paint, Step};

/// Bytes of a band: small enough for the innermost cache, large enough that a step's start does not show.
const BAND: usize = 8192;

/// Runs a pass into the slot, if all of it is codes; says whether it did. The slot must take them as they are.
pub fn run(
    view: &View<'_>,
    prepared: &Prepared<'_>,
    steps: &[Step<'_>],
    ground: Ground,
    slot: &mut Slot<'_>,
    found: &mut Vec<(usize, usize)>,
) -> bool {
    let PixelsView::U8(pixels) = view.pixels() else { return false };
    let moved = matches!(prepared, Prepared::Straight | Prepared::Permuted(..));
    let plain = slot.dtype == Dtype::U8 && (slot.layout == Layout::Hwc || ground.channels == 1);
    if !moved || !plain || !steps.iter().all(keeps_codes) {
        return false;
    }
    let len = ground.size.width * ground.channels;
    let high = (BAND / len.max(1)).max(1);
    for (k, band) in slot.bytes.chunks_mut(high * len).enumerate() {
        for (j, row) in band.chunks_exact_mut(len).enumerate() {
            let y = k * high + j;
            match prepared {
                Prepared::Permuted(moved) => moved.bytes(pixels, view, y, row),
                _ => row.copy_from_slice(&pixels[y * view.stride()..][..len]),
            }
        }
        for step in steps {
            apply(step, k * high, band, ground, found);
        }
    }
    true
}

fn keeps_codes(step: &Step<'_>) -> bool {
    matches!(step, Step::Bytes(_) | Step::Codes(_)) || step.is_painted()
}

fn apply(step: &Step<'_>, y: usize, band: &mut [u8], ground: Ground, found: &mut Vec<(usize, usize)>) {
    let (width, channels) = (ground.size.width, ground.channels);
    match step {
        Step::Bytes(tables) => tables.apply(band, channels),
        Step::Codes(step) => step.apply(band),
        Step::Region(shapes) => {
            for (k, row) in band.chunks_exact_mut(width * channels).enumerate() {
                shapes.each_span(y + k, width, found, |paint, span| {
                    if let Paint::Colour(colour) = paint {
                        fill_span(row, channels, span, &colour.bytes);
                    }
                });
            }
        }
        _ => {}
    }
}
