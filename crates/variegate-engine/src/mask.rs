//! Masks: opaque elements that follow the geometry and nothing else.

use variegate_kernels::warp::{Window, gather_elements};
use variegate_picture::{Mask, MaskView, Point};
use variegate_plan::{Map, Route, Warp};

use crate::source::{line, spot};

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
    let r = warp.window;
    let window = Window { x0: r.x0 as i64, y0: r.y0 as i64, x1: r.x1 as i64, y1: r.y1 as i64 };
    let width = warp.to.width;
    for (y, row) in out.bytes_mut().chunks_exact_mut(width * element).enumerate() {
        match &warp.map {
            Map::Homography(h) => {
                gather_elements(mask.bytes(), mask.size(), element, &line(h, y), window, warp.border, fill, row);
            }
            Map::Chain(_) => {
                for (k, pixel) in row.chunks_exact_mut(element).enumerate() {
                    let p = warp.map.source(Point::new(k as f64 + 0.5, y as f64 + 0.5));
                    gather_elements(mask.bytes(), mask.size(), element, &spot(p), window, warp.border, fill, pixel);
                }
            }
        }
    }
    out
}
