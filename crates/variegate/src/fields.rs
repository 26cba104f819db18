//! Values that were measured on the picture and lie between its pixels: heat maps, optical flow, surface normals.
//!
//! They follow the geometry and no colour. What they mean follows too: a flow is a step across the picture, so that it is
//! turned, mirrored and stretched with it; a normal is a direction in space, so that it is turned and mirrored alone.

use variegate_engine::{Scratch, run_to_picture};
use variegate_loader::Local;
use variegate_picture::{Border, Channels, Dtype, Error, Filter, Picture, Pixels, Point, Result, View};
use variegate_plan::{Builder, Meaning, Route, Turning, Warp};

/// What the channels of a field mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// A value that stays what it is wherever it goes: a heat map, a probability, a distance.
    Scalar,
    /// A step (right, down) in pixels.
    Flow,
    /// A direction (right, down, towards the viewer or away) of length 1.
    Normals,
}

impl FieldKind {
    /// How many channels there must be; any number where there is none.
    pub fn channels(self) -> Option<usize> {
        match self {
            Self::Scalar => None,
            Self::Flow => Some(2),
            Self::Normals => Some(3),
        }
    }
}

/// A field of reals, of the picture's size.
#[derive(Clone, Copy, Debug)]
pub struct Field<'a> {
    /// The values.
    pub values: View<'a>,
    /// What they mean.
    pub kind: FieldKind,
}

/// The field after a route. A scalar continues beyond the picture as the picture does, and is 0 beyond a constant border;
/// flow and normals are 0 wherever nothing was measured.
pub fn move_field(route: &Route, field: &Field<'_>, scratch: &mut Scratch) -> Result<Picture> {
    let view = field.values;
    if view.dtype() != Dtype::F32 || field.kind.channels().is_some_and(|n| n != view.channels()) {
        return Err(Error::parameter(format!(
            "{:?}: expected float32 values{}, found {} channels of {:?}",
            field.kind,
            field.kind.channels().map_or_else(String::new, |n| format!(" in {n} channels")),
            view.channels(),
            view.dtype()
        )));
    }
    let mut plan = Builder::new(view.frame());
    for warp in route.warps() {
        let border = if field.kind == FieldKind::Scalar { warp.border } else { Border::Constant };
        let filter = if warp.filter == Filter::Nearest { Filter::Nearest } else { Filter::Bilinear };
        plan.warp(Warp { border, filter, fill: Channels::All(0.0), ..warp.clone() });
    }
    let moved = run_to_picture(&plan.into_plan(Meaning::Exact), view, 1.0, scratch, &Local)?;
    if field.kind == FieldKind::Scalar || route.is_empty() {
        return Ok(moved);
    }
    turned(route, field.kind, moved)
}

/// Turns each vector as the picture was turned where it lies.
fn turned(route: &Route, kind: FieldKind, moved: Picture) -> Result<Picture> {
    let (size, channels) = (moved.size(), moved.channels());
    let Pixels::F32(mut values) = moved.into_pixels() else {
        return Err(Error::internal("a field of reals came out as something else"));
    };
    let everywhere = route.affine_turning();
    for (k, vector) in values.chunks_exact_mut(channels).enumerate() {
        if vector.iter().all(|v| *v == 0.0) {
            continue;
        }
        let at = Point::new((k % size.width) as f64 + 0.5, (k / size.width) as f64 + 0.5);
        match everywhere.or_else(|| route.turning(at)) {
            Some(turning) => turn(kind, turning, vector),
            None => vector.fill(0.0),
        }
    }
    Picture::new(size, channels, Pixels::F32(values))
}

fn turn(kind: FieldKind, turning: Turning, vector: &mut [f32]) {
    let turning = if kind == FieldKind::Normals { turning.rigid() } else { turning };
    let (x, y) = turning.apply(f64::from(vector[0]), f64::from(vector[1]));
    (vector[0], vector[1]) = (x as f32, y as f32);
    if kind == FieldKind::Normals {
        let length = vector.iter().map(|v| v * v).sum::<f32>().sqrt();
        if length > 0.0 {
            vector.iter_mut().for_each(|v| *v /= length);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use variegate_picture::{Homography, Size};
    use variegate_plan::Node;

    fn through(kind: FieldKind, map: Homography, values: &[f32], channels: usize) -> Vec<f32> {
        let size = Size::new(1, values.len() / channels);
        let picture = Picture::new(size, channels, Pixels::F32(values.to_vec())).expect("a field");
        let route = Route::of(&[Node::Warp(Warp::new(map, size, size))], size, size);
        let moved = move_field(&route, &Field { values: picture.view(), kind }, &mut Scratch::default());
        let Pixels::F32(values) = moved.expect("moves").into_pixels() else { panic!("reals") };
        values
    }

    fn mirror(width: f64) -> Homography {
        Homography::affine(-1.0, 0.0, width, 0.0, 1.0, 0.0)
    }

    #[test]
    fn a_mirror_moves_a_flow_and_turns_it() {
        assert_eq!(through(FieldKind::Flow, mirror(2.0), &[3.0, 1.0, -50.0, 2.0], 2), [50.0, 2.0, -3.0, 1.0]);
    }

    #[test]
    fn a_scalar_stays_what_it_is_also_beyond_white() {
        assert_eq!(through(FieldKind::Scalar, mirror(3.0), &[-7.0, 0.5, 300.0], 1), [300.0, 0.5, -7.0]);
    }

    #[test]
    fn a_stretched_surface_keeps_its_normals_and_a_stretched_flow_grows() {
        let wide = Homography::affine(0.5, 0.0, 0.0, 0.0, 1.0, 0.0);
        let normals = through(FieldKind::Normals, wide, &[0.6, 0.0, 0.8, 0.6, 0.0, 0.8], 3);
        assert!(normals.iter().zip([0.6, 0.0, 0.8].iter().cycle()).all(|(a, b)| (a - b).abs() < 1e-6), "{normals:?}");
        assert_eq!(through(FieldKind::Flow, wide, &[1.0, 1.0, 1.0, 1.0], 2), [2.0, 1.0, 2.0, 1.0]);
    }

    #[test]
    fn a_flow_of_three_channels_is_refused() {
        let picture = Picture::new(Size::new(1, 1), 3, Pixels::F32(vec![0.0; 3])).expect("a field");
        let route = Route::of(&[], Size::new(1, 1), Size::new(1, 1));
        let field = Field { values: picture.view(), kind: FieldKind::Flow };
        let error = move_field(&route, &field, &mut Scratch::default()).expect_err("refused");
        assert!(error.to_string().contains("in 2 channels"), "{error}");
    }
}
