//! Masks: opaque elements that follow the geometry and nothing else.

use variegate_kernels::warp::gather_elements;
use variegate_picture::{Mask, MaskView};
use variegate_plan::{Route, Warp};

use crate::gathered::{Positions, window};

/// Moves a mask along a route; `fill` is one element, shown where nothing is seen.
///
/// Borders other than a constant one continue the mask as they continue the picture.
pub fn move_mask(route: &Route, mask: MaskView<'_>, fill: &[u8]) -> Mask {
    let warps = route.mask_warps();
    let Some((first, rest)) = warps.split_first() else {
        return owned(mask);
    };
    let mut moved = step(first, mask, fill);
    for warp in rest {
        moved = step(warp, moved.view(), fill);
    }
    moved
}

fn owned(mask: MaskView<'_>) -> Mask {
    let mut copy = Mask::filled(mask.size(), &vec![0; mask.element()]);
    copy.bytes_mut().copy_from_slice(mask.bytes());
    copy
}

fn step(warp: &Warp, mask: MaskView<'_>, fill: &[u8]) -> Mask {
    let element = mask.element();
    let mut out = Mask::filled(warp.to, &vec![0; element]);
    let mut positions = Positions::default();
    let width = warp.to.width;
    for (y, row) in out.bytes_mut().chunks_exact_mut(width * element).enumerate() {
        let course = positions.course(&warp.map, y, width);
        gather_elements(mask.bytes(), mask.size(), element, course, window(warp), warp.border, fill, row);
    }
    out
}
