//! Pictures under maps that the caller gives: nothing is drawn, and no pipeline is needed.
//!
//! The layers and the generator of the Python package call it for transforms that they were handed, one map for each
//! picture of a batch. It owns no thread and keeps nothing between calls.

use variegate_engine::{Scratch, move_mask, run};
use variegate_loader::Local;
use variegate_picture::{Border, Channels, Dtype, Error, Filter, Homography, Mask, MaskView, Result, Size, Slot, View};
use variegate_plan::{Builder, Finish, Meaning, Plan, Warp};

/// How pictures are read under a map.
#[derive(Clone, Debug)]
pub struct Look {
    /// Between pixels.
    pub filter: Filter,
    /// Beyond the edge.
    pub border: Border,
    /// The colour of a constant border, in units of white.
    pub fill: Channels,
    /// Whether shrinking averages what lies under an output pixel, or reads it like any other place.
    pub antialias: bool,
    /// The value of white in float pictures.
    pub white: f32,
    /// What values are multiplied by in the final write; other than 1 for float slots alone.
    pub scale: f64,
}

/// The map of a 3 × 3 matrix, row by row, from the centres of output pixels to those of input pixels, whole numbers
/// being centres, as array libraries write them down.
///
/// # Errors
/// Where a number is not finite, or the matrix takes the plane to a line.
pub fn of_centres(matrix: [[f64; 3]; 3]) -> Result<Homography> {
    let map =
        Homography::translate(0.5, 0.5).then_inside(Homography(matrix)).then_inside(Homography::translate(-0.5, -0.5));
    if matrix.iter().flatten().all(|v| v.is_finite()) && map.inverse().is_some() {
        return Ok(map);
    }
    Err(Error::parameter(format!("expected a 3 × 3 matrix of finite numbers that can be inverted, found {matrix:?}")))
}

/// Moves one picture, straight into its place in a batch; it keeps its size.
///
/// # Errors
/// Where the slot is of another size.
pub fn apply_into(
    map: Homography,
    look: &Look,
    image: View<'_>,
    slot: &mut Slot<'_>,
    scratch: &mut Scratch,
) -> Result<()> {
    let mut plan = Builder::new(image.frame());
    plan.warp(warp(map, look, image.size()));
    if look.scale != 1.0 {
        let white = match image.dtype() {
            Dtype::U8 => 255.0,
            Dtype::U16 => 65535.0,
            _ => f64::from(look.white),
        };
        let (gain, offset) = (Channels::All(look.scale * white), Channels::All(0.0));
        plan.finish(Finish { gain, offset, order: None });
    }
    run(&plan.into_plan(Meaning::Exact), image, look.white, slot, scratch, &Local)
}

/// Moves one mask by the nearest pixel; `fill` is the element that stands where nothing is seen.
pub fn apply_to_mask(map: Homography, look: &Look, mask: MaskView<'_>, fill: &[u8]) -> Mask {
    let mut plan = Builder::new(variegate_picture::Frame { size: mask.size(), channels: 1 });
    plan.warp(warp(map, look, mask.size()));
    let plan: Plan = plan.into_plan(Meaning::Exact);
    move_mask(&plan.route(), mask, fill)
}

fn warp(map: Homography, look: &Look, size: Size) -> Warp {
    let warp = Warp::new(map, size, size).filter(look.filter).border(look.border, look.fill.clone());
    Warp { antialias: look.antialias, ..warp }
}

#[cfg(test)]
mod tests {
    use super::*;
    use variegate_picture::{Layout, Picture, Pixels};

    fn look(border: Border) -> Look {
        Look { filter: Filter::Bilinear, border, fill: Channels::All(0.0), antialias: false, white: 255.0, scale: 1.0 }
    }

    fn moved(matrix: [[f64; 3]; 3], look: &Look) -> Vec<f32> {
        let picture = Picture::new(Size::new(1, 4), 1, Pixels::U8(vec![10, 20, 40, 80])).expect("a picture");
        let mut bytes = vec![0; 16];
        let mut slot = Slot::new(Size::new(1, 4), 1, Dtype::F32, Layout::Hwc, &mut bytes).expect("a slot");
        let map = of_centres(matrix).expect("a map");
        apply_into(map, look, picture.view(), &mut slot, &mut Scratch::default()).expect("a run");
        bytes.chunks_exact(4).map(|b| f32::from_ne_bytes([b[0], b[1], b[2], b[3]])).collect()
    }

    #[test]
    fn half_a_pixel_to_the_right_is_the_mean_of_neighbours() {
        let half = [[1.0, 0.0, 0.5], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
        assert_eq!(moved(half, &look(Border::Edge)), [15.0, 30.0, 60.0, 80.0]);
    }

    #[test]
    fn shrinking_without_an_average_skips_pixels() {
        let every_second = [[2.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
        assert_eq!(moved(every_second, &look(Border::Reflect)), [10.0, 40.0, 80.0, 20.0]);
    }

    #[test]
    fn values_are_multiplied_as_they_are_written() {
        let still = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
        let made = moved(still, &Look { scale: 0.5, ..look(Border::Edge) });
        assert!(made.iter().zip([5.0, 10.0, 20.0, 40.0]).all(|(a, b)| (a - b).abs() < 1e-4), "{made:?}");
    }

    #[test]
    fn a_matrix_that_flattens_is_refused() {
        assert!(of_centres([[0.0; 3]; 3]).is_err());
        assert!(of_centres([[f64::NAN, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]).is_err());
    }
}
