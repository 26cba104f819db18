use super::*;
use crate::builder::Builder;
use crate::node::ColorMatrix;
use crate::plan::Meaning;
use variegate_picture::{Channels, Point};

fn plan(warp: Warp) -> Plan {
    let mut b = Builder::new(Frame { size: warp.from, channels: 3 });
    b.warp(warp);
    b.into_plan(Meaning::Continuous)
}

/// A crop of the given rectangle, brought to 100 × 100.
fn crop(from: Size, r: Rect) -> Warp {
    let scale = Homography::scale((r.x1 - r.x0) / 100.0, (r.y1 - r.y0) / 100.0);
    Warp::new(Homography::translate(r.x0, r.y0).then_inside(scale), from, Size::new(100, 100)).hiding()
}

fn turned(from: Size, degrees: f64, zoom: f64, to: Size) -> Warp {
    let middle = Homography::translate(from.width as f64 / 2.0, from.height as f64 / 2.0);
    let back = Homography::translate(to.width as f64 / -2.0, to.height as f64 / -2.0);
    let map = middle.then_inside(Homography::rotate(degrees)).then_inside(Homography::scale(zoom, zoom));
    Warp::new(map.then_inside(back), from, to)
}

#[test]
fn a_crop_wishes_for_its_part() {
    let plan = plan(crop(Size::new(400, 600), Rect::new(100.0, 50.0, 300.0, 250.0)));
    assert_eq!(plan.wish(), Wish { region: (97, 47, 303, 253), scale: 1 });
    let small = plan.on_part(Part { origin: (96, 47), scale: 1, size: Size::new(206, 210) });
    let Node::Warp(warp) = &small.nodes[0] else { unreachable!() };
    assert_eq!(warp.map.source(Point::new(0.0, 0.0)), Point::new(4.0, 3.0));
    assert!(warp.covers());
}

#[test]
fn a_strong_shrink_is_shared_with_the_decoder() {
    let of = |width: f64| plan(crop(Size::new(2400, 3200), Rect::new(512.0, 256.0, 512.0 + width, 256.0 + width)));
    let scales = [299.0, 300.0, 599.0, 600.0, 1199.0, 1200.0].map(|width| of(width).wish().scale);
    assert_eq!(scales, [1, 2, 2, 4, 4, 8]);
    let plan = of(800.0);
    // The kernel reaches 8 pixels beyond the crop, and a shrunk pixel of 4 further for rounding.
    assert_eq!(plan.wish().region, (500, 244, 1324, 1068));
    let small = plan.on_part(Part { origin: (125, 61), scale: 4, size: Size::new(206, 206) });
    let Node::Warp(warp) = &small.nodes[0] else { unreachable!() };
    // (512, 256) is (128, 64) in pixels of four, and the crop is 200 of them wide.
    assert_eq!(warp.map.source(Point::new(0.0, 0.0)), Point::new(3.0, 3.0));
    assert_eq!(warp.map.source(Point::new(100.0, 100.0)), Point::new(203.0, 203.0));
    assert!(warp.covers());
}

#[test]
fn a_padded_last_column_is_never_read() {
    // 1601 = 8 · 200 + 1: the last column of eight holds one pixel and seven of padding.
    let whole = plan(crop(Size::new(1600, 1601), Rect::new(0.0, 0.0, 1601.0, 1600.0)));
    assert_eq!(whole.wish().scale, 1);
    let even = plan(crop(Size::new(1600, 1604), Rect::new(0.0, 0.0, 1604.0, 1600.0)));
    assert_eq!(even.wish().scale, 4);
    let inner = plan(crop(Size::new(1700, 1701), Rect::new(0.0, 0.0, 1600.0, 1600.0)));
    assert_eq!(inner.wish(), Wish { region: (0, 0, 1624, 1624), scale: 8 });
    // Another view of the same picture wanted everything.
    let part = inner.on_part(Part { origin: (0, 0), scale: 8, size: Size::new(213, 213) });
    let Node::Warp(warp) = &part.nodes[0] else { unreachable!() };
    assert_eq!((warp.window.x1, warp.window.y1), (212.0, 212.0));
}

#[test]
fn a_small_turn_within_a_large_photo_wishes_for_what_lies_under_it() {
    let size = Size::new(2000, 3000);
    let plan = plan(turned(size, 45.0, 1.0, Size::new(200, 200)));
    let (x0, y0, x1, y1) = plan.wish().region;
    // The diagonal of the canvas is 283 pixels, and bilinear reading needs one more on each side, and one for rounding.
    assert_eq!((x0, x1, y0, y1), (1356, 1644, 856, 1144));
}

#[test]
fn beyond_the_edge_only_the_edge_is_wished_for() {
    let size = Size::new(400, 600);
    let shifted = |border| {
        let map = Homography::translate(-1000.0, 100.0);
        plan(Warp::new(map, size, Size::new(50, 50)).filter(Filter::Bicubic).border(border, Channels::All(0.0)))
    };
    assert_eq!(shifted(Border::Edge).wish().region, (0, 97, 1, 153));
    assert_eq!(shifted(Border::Constant).wish().region, (0, 97, 1, 153));
    assert_eq!(shifted(Border::Reflect).wish().region, (0, 0, 600, 400));
    assert_eq!(shifted(Border::Wrap).wish().region, (0, 0, 600, 400));
}

#[test]
fn a_warp_that_shows_its_border_wants_everything_under_it() {
    let whole = plan(turned(Size::new(40, 60), 10.0, 1.0, Size::new(40, 60)));
    assert_eq!(whole.wish(), Wish::whole(Size::new(40, 60)));
}

#[test]
fn the_cells_of_a_shrink_on_the_way_stay_where_they_are() {
    let size = Size::new(1600, 2400);
    let plan = plan(turned(size, 30.0, 5.0, Size::new(100, 100)));
    let Node::Warp(warp) = plan.nodes[0].clone() else { unreachable!() };
    let shrink = warp.shrink.expect("a footprint of five shrinks first");
    let wish = plan.wish();
    assert_eq!(wish.scale, 2);
    let (x0, y0, x1, y1) = wish.region;
    assert!(x1 - x0 < 1000 && y1 - y0 < 1000, "{wish:?}");
    let part = Part { origin: (x0 / 2, y0 / 2), scale: 2, size: Size::new((y1 - y0) / 2, (x1 - x0) / 2) };
    let Node::Warp(on_part) = plan.on_part(part).nodes[0].clone() else { unreachable!() };
    let kept = on_part.shrink.expect("still a shrink");
    let (before, after) = (cell(shrink.size, shrink.over), cell(kept.size, kept.over));
    assert!((before.0 / 2.0 - after.0).abs() < 1e-9 && (before.1 / 2.0 - after.1).abs() < 1e-9);
    // Whole cells were left out.
    let skipped = (kept.over.x0 * 2.0 + x0 as f64) / before.0;
    assert!((skipped - skipped.round()).abs() < 1e-9, "{skipped}");
    let (first, _) = on_part.split().expect("a split");
    assert!(first.covers(), "the cells that are read lie in the part");
}

#[test]
fn what_treats_pixels_alike_may_stand_before_the_warp() {
    let size = Size::new(1000, 1000);
    let mut b = Builder::new(Frame { size, channels: 3 });
    b.scale(1.5, 0.1);
    b.warp(crop(size, Rect::new(100.0, 100.0, 900.0, 900.0)));
    let plan = b.into_plan(Meaning::Continuous);
    assert_eq!(plan.wish(), Wish { region: (91, 91, 909, 909), scale: 1 });
    let mut b = Builder::new(Frame { size, channels: 3 });
    let Node::ColorMatrix(matrix) = &plan.nodes[0] else { unreachable!() };
    b.matrix(ColorMatrix { mean: Some((crate::node::Measured::Luma, 0.5)), ..matrix.clone() });
    b.warp(crop(size, Rect::new(100.0, 100.0, 900.0, 900.0)));
    assert_eq!(b.into_plan(Meaning::Continuous).wish(), Wish::whole(size));
}
