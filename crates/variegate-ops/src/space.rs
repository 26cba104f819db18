//! Maps of space for the operations on volumes and clips: affine maps, picked slices, and smooth bends.
//!
//! All of them lead from output to input and speak of (z, y, x): slices or frames, rows, columns.

use variegate_picture::{Border, Channels, FieldKey, Homography};
use variegate_plan::{Builder, Extent, Flow, Gather};

/// An affine map of space; rows for z, y and x, the fourth column is added.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Affine3(pub [[f64; 4]; 3]);

impl Affine3 {
    /// The map that moves nothing.
    pub const IDENTITY: Self = Self::scale([1.0; 3]);

    /// Stretches the axes.
    pub const fn scale([z, y, x]: [f64; 3]) -> Self {
        Self([[z, 0.0, 0.0, 0.0], [0.0, y, 0.0, 0.0], [0.0, 0.0, x, 0.0]])
    }

    /// Moves along the axes.
    pub const fn shift([z, y, x]: [f64; 3]) -> Self {
        Self([[1.0, 0.0, 0.0, z], [0.0, 1.0, 0.0, y], [0.0, 0.0, 1.0, x]])
    }

    /// Turns by `degrees` about z, y and x, seen with the map from output to input: content turns about x first, then
    /// about y, then about z, each time counter-clockwise in the plane of (x, y), (x, z) or (y, z) with the second
    /// axis pointing down. Multiples of 90° are exact.
    pub fn turn([z, y, x]: [f64; 3]) -> Self {
        let plane = |right: usize, down: usize, degrees: f64| {
            let turn = Homography::rotate(degrees).0;
            let mut map = Self::IDENTITY;
            for (row, from) in [(right, 0), (down, 1)] {
                map.0[row][right] = turn[from][0];
                map.0[row][down] = turn[from][1];
            }
            map
        };
        plane(1, 0, x).then_inside(plane(2, 0, y)).then_inside(plane(2, 1, z))
    }

    /// The product self · inner: apply `inner` first, then `self`.
    pub fn then_inside(self, inner: Self) -> Self {
        let (a, b) = (self.0, inner.0);
        Self(std::array::from_fn(|r| {
            std::array::from_fn(|c| {
                let sum = a[r][0] * b[0][c] + a[r][1] * b[1][c] + a[r][2] * b[2][c];
                if c == 3 { sum + a[r][3] } else { sum }
            })
        }))
    }

    /// The same about the centres of both extents.
    pub fn centred(self, from: Extent, to: Extent) -> Self {
        let middle = |e: Extent| e.sides().map(|side| side as f64 / 2.0);
        Self::shift(middle(from)).then_inside(self).then_inside(Self::shift(middle(to).map(|v| -v)))
    }
}

impl Flow for Affine3 {
    fn row(&self, z: usize, y: usize, places: &mut [[f64; 3]]) {
        let (z, y) = (z as f64 + 0.5, y as f64 + 0.5);
        let start = self.0.map(|m| m[0] * z + m[1] * y + m[3]);
        for (x, place) in places.iter_mut().enumerate() {
            *place = std::array::from_fn(|axis| start[axis] + self.0[axis][2] * (x as f64 + 0.5));
        }
    }
}

/// Slices or frames picked one by one, each as it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Picked(pub Vec<usize>);

impl Flow for Picked {
    fn row(&self, z: usize, y: usize, places: &mut [[f64; 3]]) {
        let from = self.0.get(z).copied().unwrap_or(z) as f64 + 0.5;
        for (x, place) in places.iter_mut().enumerate() {
            *place = [from, y as f64 + 0.5, x as f64 + 0.5];
        }
    }
}

/// Writes a gather that keeps every value as it is: the nearest voxel is read, and the border has no colour.
pub fn take(plan: &mut Builder, name: &'static str, flow: impl Flow + 'static, to: Extent, border: Border) {
    take_filled(plan, name, flow, to, border, Channels::All(0.0));
}

/// The same with the colour of a constant border.
pub fn take_filled(
    plan: &mut Builder,
    name: &'static str,
    flow: impl Flow + 'static,
    to: Extent,
    border: Border,
    fill: Channels,
) {
    plan.stack(Gather { name, flow: Box::new(flow), linear: false, border, fill }, to);
}

/// Writes a gather that interpolates between voxels along each axis and keeps the extent.
pub fn bend(plan: &mut Builder, name: &'static str, flow: impl Flow + 'static, border: Border, fill: Channels) {
    let to = plan.extent();
    plan.stack(Gather { name, flow: Box::new(flow), linear: true, border, fill }, to);
}

/// Number `k` of list `plane` of a key, in [0, 1).
pub fn unit(key: FieldKey, k: usize, plane: u32) -> f64 {
    f64::from(key.words((k / 4) as u32, plane)[k % 4]) / 4_294_967_296.0
}

/// The same in [−1, 1).
pub fn signed(key: FieldKey, k: usize, plane: u32) -> f64 {
    2.0 * unit(key, k, plane) - 1.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(map: Affine3, [z, y, x]: [f64; 3]) -> [f64; 3] {
        map.0.map(|m| m[0] * z + m[1] * y + m[2] * x + m[3])
    }

    #[test]
    fn a_quarter_turn_exchanges_two_axes_exactly() {
        // What is seen above the centre after a turn about z was right of it before.
        assert_eq!(at(Affine3::turn([90.0, 0.0, 0.0]), [0.0, -1.0, 0.0]), [0.0, 0.0, 1.0]);
        assert_eq!(at(Affine3::turn([0.0, 90.0, 0.0]), [-1.0, 0.0, 0.0]), [0.0, 0.0, 1.0]);
        assert_eq!(at(Affine3::turn([0.0, 0.0, 90.0]), [-1.0, 0.0, 0.0]), [0.0, 1.0, 0.0]);
    }

    #[test]
    fn content_turns_about_x_before_z() {
        // y → −z about x; z is not touched by the turn about z. Undone, −z comes from y.
        assert_eq!(at(Affine3::turn([90.0, 0.0, 90.0]), [-1.0, 0.0, 0.0]), [0.0, 1.0, 0.0]);
    }

    #[test]
    fn the_centre_of_the_result_is_the_centre_of_the_input() {
        let map = Affine3::scale([2.0; 3]).centred(Extent::new(8, 6, 4), Extent::new(3, 5, 7));
        assert_eq!(at(map, [1.5, 2.5, 3.5]), [4.0, 3.0, 2.0]);
        assert_eq!(at(map, [2.5, 2.5, 3.5]), [6.0, 3.0, 2.0]);
    }
}
