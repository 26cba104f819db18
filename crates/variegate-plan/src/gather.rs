//! Gathers in space: every voxel of the output is read somewhere in the input, values and mask ids alike.
//!
//! A [`Flow`] says where; it is asked row by row, so that what is constant along one is worked out once. Positions are
//! (z, y, x), and voxel (k, i, j) has its centre at (k + 0.5, i + 0.5, j + 0.5).

use std::fmt;

use variegate_picture::{Border, Channels};

use crate::stack::{Block, Extent, Solid};

/// A map of space from output to input.
pub trait Flow: fmt::Debug + Send + Sync {
    /// Where the voxels of row `y` of slice `z` are read.
    fn row(&self, z: usize, y: usize, places: &mut [[f64; 3]]);
}

/// A resampling of space.
#[derive(Debug)]
pub struct Gather {
    /// Its name in explanations and errors.
    pub name: &'static str,
    /// From output positions to input positions.
    pub flow: Box<dyn Flow>,
    /// Whether values between voxels are interpolated (along each axis); otherwise the nearest voxel is taken.
    pub linear: bool,
    /// What lies beyond the stack.
    pub border: Border,
    /// The colour of a constant border, in units of white.
    pub fill: Channels,
}

impl Gather {
    /// The ids of a mask, elements of `fill.len()` bytes: always of the nearest voxel, `fill` where nothing is seen.
    pub fn ids(&self, bytes: &[u8], from: Extent, fill: &[u8], to: Extent) -> Vec<u8> {
        let element = fill.len();
        let mut out = vec![0; to.voxels() * element];
        self.each(to, &mut out, element, |place, voxel| match self.nearest(place, from) {
            Some(k) => voxel.copy_from_slice(&bytes[k * element..(k + 1) * element]),
            None => voxel.copy_from_slice(fill),
        });
        out
    }

    /// Calls `read` with the place of each voxel of the output.
    fn each<T>(&self, to: Extent, out: &mut [T], element: usize, mut read: impl FnMut(&[f64; 3], &mut [T])) {
        let mut places = vec![[0.0; 3]; to.width];
        for (k, row) in out.chunks_exact_mut((to.width * element).max(1)).enumerate() {
            self.flow.row(k / to.height, k % to.height, &mut places);
            for (place, voxel) in places.iter().zip(row.chunks_exact_mut(element)) {
                read(place, voxel);
            }
        }
    }

    /// The voxel that holds a place; none where the fill shows.
    fn nearest(&self, place: &[f64; 3], from: Extent) -> Option<usize> {
        let tap = |axis: usize| self.tap(floored(place[axis]), from.sides()[axis]);
        Some((tap(0)? * from.height + tap(1)?) * from.width + tap(2)?)
    }

    fn tap(&self, index: i64, side: usize) -> Option<usize> {
        self.border.fold(index, side as i64).map(|k| k as usize)
    }

    /// The eight voxels around a place, as indices, and how near it is to the later one of each axis.
    fn around(&self, place: &[f64; 3], from: Extent) -> ([Option<usize>; 8], [f32; 3]) {
        let (sides, (row, slice)) = (from.sides(), (from.width, from.height * from.width));
        let low = place.map(|p| floored(p - 0.5));
        let share = std::array::from_fn(|axis| (place[axis] - 0.5 - low[axis] as f64) as f32);
        if (0..3).all(|axis| low[axis] >= 0 && low[axis] < sides[axis] as i64 - 1) {
            // Nearly every voxel: all eight are there, and no border is asked.
            let first = low[0] as usize * slice + low[1] as usize * row + low[2] as usize;
            let steps = [0, 1, row, row + 1, slice, slice + 1, slice + row, slice + row + 1];
            return (steps.map(|step| Some(first + step)), share);
        }
        let taps: [[Option<usize>; 2]; 3] = std::array::from_fn(|axis| {
            [self.tap(low[axis], sides[axis]), self.tap(low[axis].saturating_add(1), sides[axis])]
        });
        let corner = |k: usize| {
            let (z, y, x) = (taps[0][k >> 2]?, taps[1][(k >> 1) & 1]?, taps[2][k & 1]?);
            Some((z * from.height + y) * from.width + x)
        };
        (std::array::from_fn(corner), share)
    }
}

impl Solid for Gather {
    fn name(&self) -> &'static str {
        self.name
    }

    fn values(&self, block: Block, to: Extent) -> Block {
        let (from, channels) = (block.extent, block.channels);
        let fill: Vec<f32> = (0..channels).map(|c| self.fill.get(c) as f32).collect();
        let mut out = Block::black(to, channels);
        let read = |k: Option<usize>, c: usize| k.map_or(fill[c], |k| block.values[k * channels + c]);
        if self.linear {
            self.each(to, &mut out.values, channels, |place, voxel| {
                let (corners, [sz, sy, sx]) = self.around(place, from);
                for (c, v) in voxel.iter_mut().enumerate() {
                    let along = |k: usize| mixed(read(corners[k], c), read(corners[k + 1], c), sx);
                    *v = mixed(mixed(along(0), along(2), sy), mixed(along(4), along(6), sy), sz);
                }
            });
        } else {
            self.each(to, &mut out.values, channels, |place, voxel| {
                let k = self.nearest(place, from);
                voxel.iter_mut().enumerate().for_each(|(c, v)| *v = read(k, c));
            });
        }
        out
    }

    fn gather(&self) -> Option<&Gather> {
        Some(self)
    }
}

/// The whole number at or below, without the call that `floor` is where a machine is not known to have an instruction for it.
#[inline]
fn floored(p: f64) -> i64 {
    let whole = p as i64;
    whole.saturating_sub(i64::from(p < whole as f64))
}

/// From `a` to `b`; equal ends stay what they are.
#[inline]
fn mixed(a: f32, b: f32, share: f32) -> f32 {
    a + (b - a) * share
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads half a voxel further along every axis.
    #[derive(Debug)]
    struct Half;

    impl Flow for Half {
        fn row(&self, z: usize, y: usize, places: &mut [[f64; 3]]) {
            for (x, place) in places.iter_mut().enumerate() {
                *place = [z as f64 + 1.0, y as f64 + 1.0, x as f64 + 1.0];
            }
        }
    }

    fn half(border: Border) -> Gather {
        Gather { name: "half", flow: Box::new(Half), linear: true, border, fill: Channels::All(0.0) }
    }

    #[test]
    fn between_eight_voxels_lies_their_mean() {
        let extent = Extent::new(2, 2, 2);
        let block = Block { extent, channels: 1, values: (0..8).map(|k| k as f32).collect() };
        let made = half(Border::Constant).values(block.clone(), extent);
        assert_eq!(made.values[0], 3.5);
        // At the far corner seven of eight are the fill.
        assert_eq!(made.values[7], 7.0 / 8.0);
        assert_eq!(half(Border::Edge).values(block, extent).values[7], 7.0);
    }

    #[test]
    fn ids_are_moved_and_never_mixed() {
        let extent = Extent::new(1, 1, 3);
        let ids = half(Border::Constant).ids(&[1, 2, 3, 4, 5, 6], extent, &[9, 9], extent);
        // The nearest of two equally near is the later one; below and behind there is nothing.
        assert_eq!(ids, vec![9; 6]);
        let edge = half(Border::Edge).ids(&[1, 2, 3, 4, 5, 6], extent, &[9, 9], extent);
        assert_eq!(edge, vec![3, 4, 5, 6, 5, 6]);
    }
}
