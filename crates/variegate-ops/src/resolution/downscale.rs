//! Downscale: detail lost, size kept.

use super::resolution_scale_jitter::scaled;
use crate::prelude::*;

params! {
    /// Shrinks the picture and enlarges it again, so that detail is lost.
    ///
    /// The picture passes through a size of factor · its own, rounded to whole pixels. Masks, boxes and points stay as they
    /// are. Albumentations' Downscale reads the nearest pixel both ways unless told otherwise.
    pub struct Downscale("downscale", "resolution", aliases: ["RandomDownscale", "LowResolution"]) {
        /// The size it passes through, as a multiple of its own.
        factor: f64 = real(0.001, 1.0).usual(0.25, 0.75).neutral(1.0);
        /// How it is enlarged again.
        filter: Filter = filter("bilinear");
        /// How it is shrunk: all pixels under the footprint count, except with "nearest".
        shrink_filter: Filter = filter("bilinear");
    }
}

impl Op for Downscale {
    fn lower(&self, plan: &mut Builder) {
        let small = scaled(plan.size(), self.factor);
        pass_through(plan, small, self.shrink_filter, self.filter);
    }
}

/// Brings the picture to a smaller size and back. The first resampling is sealed: it must not become one with the second.
pub fn pass_through(plan: &mut Builder, small: Size, shrink: Filter, enlarge: Filter) {
    let size = plan.size();
    if small == size {
        return;
    }
    let (sx, sy) = (size.width as f64 / small.width as f64, size.height as f64 / small.height as f64);
    plan.warp(Warp { sealed: true, ..Warp::new(Homography::scale(sx, sy), size, small).filter(shrink) });
    // A pixel whose centre lies on the edge of two blocks takes the later one, however its place is rounded.
    let hair = if enlarge == Filter::Nearest { 3e-8 } else { 0.0 };
    let map = Homography::affine(1.0 / sx, 0.0, hair, 0.0, 1.0 / sy, hair);
    plan.warp(Warp::new(map, small, size).filter(enlarge));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{moved, nodes, plan_of};

    #[test]
    fn it_passes_through_a_smaller_size_and_stays_two_steps() {
        let config = || Downscale::config().factor(0.25);
        let list = nodes(config(), (40, 60));
        let [Node::Warp(down), Node::Warp(up)] = list.as_slice() else { panic!("{list:?}") };
        assert_eq!((down.to, up.to), (Size::new(10, 15), Size::new(40, 60)));
        assert!(down.sealed);
        let p = moved(config(), (40, 60), (13.0, 7.0));
        assert!((p.0 - 13.0).abs() < 1e-9 && (p.1 - 7.0).abs() < 1e-9);
    }

    #[test]
    fn masks_lose_nothing() {
        let warps = plan_of(Downscale::config().factor(0.3), Frame::new(40, 60, 3)).route().mask_warps();
        let [one] = warps.as_slice() else { panic!("{warps:?}") };
        for p in [(0.5, 0.5), (17.5, 33.5), (59.5, 39.5)] {
            let q = one.map.source(Point::new(p.0, p.1));
            assert!((q.x - p.0).abs() < 1e-9 && (q.y - p.1).abs() < 1e-9);
        }
    }
}
