//! Makes one resampling of two.
//!
//! The meaning of two warps in a row is continuous: the picture is a function on the plane, extended by its border,
//! and both maps move that function. A warp that hides (a crop) cuts the plane at its canvas, and what it cut off
//! must not come back.

use variegate_picture::{Filter, Rect};

use super::Rewrite;
use crate::node::{Node, Warp};

/// Merges two neighbouring warps.
pub fn rewrite(first: &Node, second: &Node) -> Option<Rewrite> {
    let (Node::Warp(a), Node::Warp(b)) = (first, second) else { return None };
    merge(a, b).map(|warp| Rewrite::Merge(Node::Warp(warp)))
}

/// The one warp that does `a`, then `b`.
pub fn merge(a: &Warp, b: &Warp) -> Option<Warp> {
    if a.sealed || b.sealed {
        return None;
    }
    let filter = filter(a, b)?;
    let antialias = antialias(a, b)?;
    let whole = b.window == Rect::of(b.from);
    if !whole {
        return None;
    }
    // Which part of the input is seen, and what lies beyond it.
    let (window, border, fill) = if b.covers() || (!a.hides && !a.covers()) {
        // b never looks beyond a's canvas, or a's canvas was only a frame around an endless picture.
        (a.window, a.border, a.fill.clone())
    } else if a.covers() {
        // b looks beyond a's canvas: there the canvas ends (if a cropped), or the picture itself does.
        let window = if a.hides { seen(a)? } else { a.window };
        (window, b.border, b.fill.clone())
    } else {
        return None;
    };
    Some(Warp {
        map: a.map.after(&b.map),
        from: a.from,
        to: b.to,
        window,
        filter,
        antialias,
        border,
        fill,
        hides: b.hides,
        sealed: false,
        shrink: None,
    })
}

/// The part of the input a cropping warp shows, where that is an upright rectangle: whole pixels that touch it.
fn seen(a: &Warp) -> Option<Rect> {
    let h = a.map.homography()?;
    if !(h.is_axis_aligned() || h.is_permutation()) {
        return None;
    }
    let rect = Rect::around(Rect::of(a.to).corners().map(|p| h.apply(p)))?;
    let slack = 1e-6;
    let outer = Rect::new(
        (rect.x0 + slack).floor(),
        (rect.y0 + slack).floor(),
        (rect.x1 - slack).ceil(),
        (rect.y1 - slack).ceil(),
    );
    Some(outer.intersect(a.window))
}

/// The filter of both: a movement of whole pixels takes its neighbour's; two different resamplings stay two.
fn filter(a: &Warp, b: &Warp) -> Option<Filter> {
    match (a.is_permutation(), b.is_permutation()) {
        _ if a.filter == b.filter => Some(a.filter),
        (true, _) => Some(b.filter),
        (_, true) => Some(a.filter),
        _ => None,
    }
}

/// Antialiasing as the warp that shrinks wants it.
fn antialias(a: &Warp, b: &Warp) -> Option<bool> {
    let shrinks = |w: &Warp| {
        let (x, y) = w.footprint();
        x.max(y) > 1.0 + 1e-9
    };
    match (a.antialias, b.antialias) {
        (x, y) if x == y => Some(x),
        (x, _) if !shrinks(b) => Some(x),
        (_, y) if !shrinks(a) => Some(y),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use variegate_picture::{Border, Channels, Homography, Point, Size};

    fn turn(size: Size, degrees: f64) -> Warp {
        let centre = Point::new(size.width as f64 / 2.0, size.height as f64 / 2.0);
        Warp::new(Homography::rotate(degrees).about(centre), size, size)
    }

    #[test]
    fn there_and_back_is_no_movement() {
        let size = Size::new(30, 50);
        let merged = merge(&turn(size, 20.0), &turn(size, -20.0)).expect("two turns are one");
        let p = merged.map.source(Point::new(3.0, 7.0));
        assert!((p.x - 3.0).abs() < 1e-9 && (p.y - 7.0).abs() < 1e-9);
    }

    #[test]
    fn what_a_crop_cut_off_stays_hidden() {
        let size = Size::new(30, 50);
        let crop = Warp::new(Homography::translate(10.0, 5.0), size, Size::new(20, 20)).hiding();
        let turned = turn(Size::new(20, 20), 45.0).border(Border::Reflect, Channels::All(0.0));
        let merged = merge(&crop, &turned).expect("a crop and a turn are one");
        assert_eq!(merged.window, Rect::new(10.0, 5.0, 30.0, 25.0));
        assert_eq!(merged.border, Border::Reflect);
    }

    #[test]
    fn a_turned_crop_that_is_looked_beyond_stays_a_step() {
        let size = Size::new(40, 40);
        let crop = Warp::new(Homography::translate(10.0, 10.0), size, Size::new(20, 20)).hiding();
        let turned_crop = merge(&turn(size, 30.0), &crop).expect("a turn and a crop are one");
        assert!(merge(&turned_crop, &turn(Size::new(20, 20), 30.0)).is_none());
    }
}
