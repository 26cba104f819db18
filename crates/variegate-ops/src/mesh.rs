//! Meshes of control points over a picture, and the displacements they ask for.
//!
//! Called by the operations of `shape` that bend a picture by a grid. It makes fields and draws nothing but the normal
//! numbers of a key.

use std::sync::Arc;

use variegate_picture::key::normal_of;
use variegate_picture::{Border, Channels, FieldKey, Filter, Homography, Point, Size};
use variegate_plan::node::Warp;
use variegate_plan::{Analytic, Builder, Field, Map, Piece};

/// The most nodes on a side: beyond, a node has fewer than two pixels on most pictures.
pub const MOST: usize = 256;

/// Writes a curved map that keeps the size.
pub fn bend(plan: &mut Builder, piece: Piece, filter: Filter, border: Border, fill: Channels) {
    let size = plan.size();
    let map = Map::Chain(Arc::new([piece]));
    plan.warp(Warp { map, ..Warp::new(Homography::IDENTITY, size, size).filter(filter).border(border, fill) });
}

/// A formula as a link of a chain.
pub fn formula(map: impl Analytic + 'static) -> Piece {
    Piece::Analytic(Arc::new(map))
}

/// The displacements of `grid` nodes, corner to corner of the canvas, from a function of a node's column, row and
/// position.
pub fn displaced(canvas: Size, grid: Size, mut shift: impl FnMut(usize, usize, Point) -> (f64, f64)) -> Piece {
    let step = |k: usize, n: usize, length: usize| k as f64 / (n - 1) as f64 * length as f64;
    let mut shifts = Vec::with_capacity(grid.pixels());
    for i in 0..grid.height {
        for j in 0..grid.width {
            let p = Point::new(step(j, grid.width, canvas.width), step(i, grid.height, canvas.height));
            shifts.push(shift(j, i, p));
        }
    }
    Piece::Field(Arc::new(Field { canvas, grid, shifts }))
}

/// As many standard normal numbers as asked for, from plane `plane` of a field.
pub fn normals(key: FieldKey, plane: u32, count: usize) -> Vec<f64> {
    let blocks = (0..count.div_ceil(4) as u32).flat_map(|block| key.words(block, plane));
    blocks.take(count).map(|word| f64::from(normal_of(word))).collect()
}

/// As many numbers between −1 and 1 as asked for, evenly spread, from plane `plane` of a field.
pub fn uniforms(key: FieldKey, plane: u32, count: usize) -> Vec<f64> {
    let blocks = (0..count.div_ceil(4) as u32).flat_map(|block| key.words(block, plane));
    blocks.take(count).map(|word| (f64::from(word) + 0.5) / f64::from(1u32 << 31) - 1.0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_reach_from_corner_to_corner() {
        let mut places = Vec::new();
        displaced(Size::new(10, 30), Size::new(2, 3), |_, _, p| {
            places.push((p.x, p.y));
            (0.0, 0.0)
        });
        assert_eq!(places, [(0.0, 0.0), (15.0, 0.0), (30.0, 0.0), (0.0, 10.0), (15.0, 10.0), (30.0, 10.0)]);
    }

    #[test]
    fn numbers_keep_their_law() {
        let key = FieldKey(3, 4);
        let even = uniforms(key, 0, 4001);
        assert!(even.iter().all(|v| v.abs() < 1.0) && (even.iter().sum::<f64>() / 4001.0).abs() < 0.03);
        let bell = normals(key, 1, 4001);
        assert!((bell.iter().map(|v| v * v).sum::<f64>() / 4001.0 - 1.0).abs() < 0.1);
        assert_eq!(normals(key, 1, 7)[..], bell[..7]);
    }
}
