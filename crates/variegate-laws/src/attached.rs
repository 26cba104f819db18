//! Laws of what is attached: drawn into pixels, moved as pixels, and compared with where it says it is.

use variegate::augment;
use variegate::picture::boxes::Shape;
use variegate::picture::geometry::Point;
use variegate::picture::{Mask, Pixels, Rect};
use variegate::plan::{Node, Route};
use variegate::{BoxFormat, Boxes, Dtype, Frame, OpSpec, Picture, Pipeline, Points, Recipe, Sample, Scratch, Size};

use crate::Failed;
use crate::cases::{broken, expect, pipeline, unit};

/// Large enough for shapes of many pixels, and not square.
const SIZE: Size = Size::new(160, 230);

fn apply(pipeline: &Pipeline, recipe: &Recipe, sample: &Sample<'_>) -> Result<variegate::Augmented, Failed> {
    expect(augment::apply(pipeline, recipe, sample, &mut Scratch::default()))
}

/// A mask that is 1 where a shape is.
fn drawn(inside: impl Fn(Point) -> bool) -> Mask {
    let mut mask = Mask::filled(SIZE, &[0]);
    for (k, v) in mask.bytes_mut().iter_mut().enumerate() {
        let p = Point::new((k % SIZE.width) as f64 + 0.5, (k / SIZE.width) as f64 + 0.5);
        *v = u8::from(inside(p));
    }
    mask
}

/// The pixels of a mask that are set, by their centres.
fn set(mask: &Mask) -> Vec<Point> {
    let width = mask.size().width;
    mask.bytes()
        .iter()
        .enumerate()
        .filter(|(_, v)| **v != 0)
        .map(|(k, _)| Point::new((k % width) as f64 + 0.5, (k / width) as f64 + 0.5))
        .collect()
}

/// A grey picture that is white where a mask is set.
fn lit(mask: &Mask) -> Picture {
    let values: Vec<f64> = mask.bytes().iter().map(|v| f64::from(*v)).collect();
    crate::cases::stored(mask.size(), 1, Dtype::F32, &values)
}

/// The centroid of brightness near a point.
fn bright(picture: &Picture, near: Point, reach: f64) -> Point {
    let Pixels::F32(values) = picture.pixels() else { return Point::new(f64::NAN, f64::NAN) };
    let width = picture.size().width;
    let (mut x, mut y, mut sum) = (0.0, 0.0, 0.0);
    for (k, v) in values.iter().enumerate() {
        let p = Point::new((k % width) as f64 + 0.5, (k / width) as f64 + 0.5);
        if far(p, near) < reach {
            (x, y, sum) = (x + p.x * f64::from(*v), y + p.y * f64::from(*v), sum + f64::from(*v));
        }
    }
    Point::new(x / sum, y / sum)
}

/// The larger of the distances along the axes.
fn far(p: Point, q: Point) -> f64 {
    (p.x - q.x).abs().max((p.y - q.y).abs())
}

/// How many output pixels an input pixel becomes on a side, at the most of some places: a drawn shape is no finer than
/// that.
fn coarseness(route: &Route, places: &[Point]) -> f64 {
    let step = 0.01;
    places.iter().fold(1.0, |most, p| {
        let at = |dx: f64, dy: f64| route.point(Point::new(p.x + dx, p.y + dy)).map_or(*p, |(q, _)| q);
        let (a, b, c) = (at(0.0, 0.0), at(step, 0.0), at(0.0, step));
        let across = ((b.x - a.x).powi(2) + (b.y - a.y).powi(2)).sqrt() / step;
        let down = ((c.x - a.x).powi(2) + (c.y - a.y).powi(2)).sqrt() / step;
        f64::max(most, across.max(down).min(20.0))
    })
}

/// Whether some map on the way is no homography: what is round does not stay round then, however small the turn.
fn is_curved(route: &Route) -> bool {
    route.warps().iter().any(|w| w.map.homography().is_none())
}

/// The middle of what pixels become, by where each of their parts goes and how large it is there: under a curved map that
/// is not where their middle goes.
fn carried(route: &Route, pixels: &[Point]) -> Point {
    let (parts, step) = (4, 0.01);
    let (mut x, mut y, mut sum) = (0.0, 0.0, 0.0);
    for k in 0..parts * parts * pixels.len() {
        let part = |i: usize| ((i % parts) as f64 + 0.5) / parts as f64 - 0.5;
        let p = pixels[k / (parts * parts)];
        let p = Point::new(p.x + part(k), p.y + part(k / parts));
        let at = |dx: f64, dy: f64| route.point(Point::new(p.x + dx, p.y + dy)).map(|(q, _)| q);
        let (Some(q), Some(a), Some(b)) = (at(0.0, 0.0), at(step, 0.0), at(0.0, step)) else { continue };
        let area = ((a.x - q.x) * (b.y - q.y) - (a.y - q.y) * (b.x - q.x)).abs();
        (x, y, sum) = (x + area * q.x, y + area * q.y, sum + area);
    }
    Point::new(x / sum, y / sum)
}

/// How many pixels one pixel of a sealed shrink stands for: what enlarges it again brings no detail back.
fn lost(pipeline: &Pipeline, recipe: &Recipe) -> f64 {
    let route = augment::plan(pipeline, recipe, 3).route();
    let sealed = route.warps().iter().filter(|warp| warp.sealed).map(|warp| warp.footprint());
    sealed.fold(1.0, |most, (x, y)| most.max(x).max(y))
}

pub fn boxes_move_with_the_picture(spec: &'static OpSpec) -> Result<(), Failed> {
    let pipeline = pipeline(spec)?;
    for sample in 0..12 {
        let recipe = pipeline.draw(Frame { size: SIZE, channels: 3 }, 0, sample);
        let (x, y) = (30.0 + (unit(sample) * 100.0).round(), 20.0 + (unit(sample + 50) * 70.0).round());
        let rect = Rect::new(x, y, x + 67.0, y + 43.0);
        let mask = drawn(|p| rect.contains(p));
        let rows = [rect.x0, rect.y0, rect.x1, rect.y1];
        let boxes = expect(Boxes::from_rows(&rows, BoxFormat::XYXY, SIZE))?;
        // Borders other than a constant one repeat the drawing; boxes do not repeat.
        let input = Sample { masks: vec![mask.view()], boxes: Some(boxes), ..Sample::default() };
        let recipe = augment::seeing(&recipe, &input);
        let out = apply(&pipeline, &recipe, &input)?;
        let pixels = set(&out.masks[0]);
        let (moved, _) = out.boxes.ok_or_else(|| Failed::from("boxes were lost"))?;
        let middle = Point::new((rect.x0 + rect.x1) / 2.0, (rect.y0 + rect.y1) / 2.0);
        let [a, b, c, d] = rect.corners();
        let route = augment::plan(&pipeline, &recipe, 3).route();
        let slack = 0.5 * coarseness(&route, &[middle, a, b, c, d]) + 0.51;
        match (moved.shapes.first(), Rect::around(pixels)) {
            (Some(Shape::Upright(b)), Some(seen)) => {
                // Pixel centres lie half a pixel inside the edges.
                let seen = Rect::new(seen.x0 - 0.5, seen.y0 - 0.5, seen.x1 + 0.5, seen.y1 + 0.5);
                if !(b.within(seen, slack) && seen.within(*b, slack)) {
                    return broken(format!("box {b:?}, drawn {seen:?} ± {slack}; {:?}", recipe.steps));
                }
            }
            (None, None) => {}
            (Some(Shape::Upright(b)), None) if b.area() < 2.0 * slack * slack + 2.0 * slack * 70.0 => {}
            (None, Some(seen)) if seen.area() <= slack => {}
            (b, seen) => return broken(format!("box {b:?}, drawn {seen:?}; {:?}", recipe.steps)),
        }
    }
    Ok(())
}

pub fn points_move_with_the_picture(spec: &'static OpSpec) -> Result<(), Failed> {
    let pipeline = pipeline(spec)?;
    for sample in 0..12 {
        let recipe = pipeline.draw(Frame { size: SIZE, channels: 3 }, 0, sample);
        let at = Point::new(60.0 + 100.0 * unit(sample), 40.0 + 80.0 * unit(sample + 50));
        let disc = |radius: f64| drawn(move |p| (p.x - at.x).powi(2) + (p.y - at.y).powi(2) < radius * radius);
        let route = augment::plan(&pipeline, &recipe, 3).route();
        let radius = if is_curved(&route) { 5.0 } else { 9.0 };
        let mask = disc(radius);
        // The point is the centre of the disc as it was drawn, not as it was meant.
        let drawn_pixels = set(&mask);
        let n = drawn_pixels.len() as f64;
        let (x, y) = drawn_pixels.iter().fold((0.0, 0.0), |(x, y), p| (x + p.x, y + p.y));
        let at = Point::new(x / n, y / n);
        let points = expect(Points::from_rows(&[at.x, at.y], 2))?;
        let input = Sample { masks: vec![mask.view()], points: Some(points), ..Sample::default() };
        // What operations may look at is kept, so that the picture below moves as the mask does.
        let recipe = augment::seeing(&recipe, &input);
        let route = augment::plan(&pipeline, &recipe, 3).route();
        let out = apply(&pipeline, &recipe, &input)?;
        let (moved, _) = out.points.ok_or_else(|| Failed::from("points were lost"))?;
        let p = Point::new(moved.rows[0][0], moved.rows[0][1]);
        let pixels = set(&out.masks[0]);
        // The whole disc must be seen for its centroid to be the point.
        let scale = coarseness(&route, &[at]);
        let near = Rect::of(out.size);
        let lost = lost(&pipeline, &recipe);
        let reach = (radius + 5.0) * scale + lost - 1.0;
        // Nor may a tear go through it.
        let rim = (0..16).map(|k| f64::from(k) / 16.0 * std::f64::consts::TAU);
        let torn = rim
            .map(|a| Point::new(at.x + (radius + 1.0) * a.cos(), at.y + (radius + 1.0) * a.sin()))
            .any(|q| route.point(q).is_none_or(|(q, _)| far(q, p) > reach));
        let inside = p.x > reach && p.y > reach && p.x < near.x1 - reach && p.y < near.y1 - reach;
        let whole = inside && !torn;
        let p = if is_curved(&route) { carried(&route, &drawn_pixels) } else { p };
        if !whole || pixels.len() < 20 {
            continue;
        }
        let close = pixels.iter().filter(|q| (q.x - p.x).abs() < reach && (q.y - p.y).abs() < reach);
        let (sum, n) = close.fold(((0.0, 0.0), 0.0), |((x, y), n), q| ((x + q.x, y + q.y), n + 1.0));
        let centroid = Point::new(sum.0 / n, sum.1 / n);
        // A nearest pixel is up to half a pixel off in each axis, at every pixel alike under a shift.
        if n < 10.0 || far(centroid, p) > 0.501 * scale {
            return broken(format!("point {p:?}, mask drawn at {centroid:?}; {:?}", recipe.steps));
        }
        // The picture itself is interpolated, so its centroid tells a tenth of a pixel; under a perspective the
        // centre of a disc is not quite the disc's centre.
        let image = lit(&mask);
        let input = Sample { images: vec![image.view()], ..Sample::default() };
        let out = apply(&pipeline, &recipe, &input)?;
        let centroid = bright(&out.images[0], p, reach);
        // Where tones change too (a policy may turn and sharpen), brightness has another centre.
        let plan = augment::plan(&pipeline, &recipe, 1);
        let moved_alone = plan.written.iter().all(|node| matches!(node, Node::Warp(_))) && !plan.route().is_empty();
        if moved_alone && far(centroid, p) > 0.15 * scale * lost {
            return broken(format!("point {p:?}, picture drawn at {centroid:?}; {:?}", recipe.steps));
        }
    }
    Ok(())
}

/// A mask of ids holds no id it did not hold before, and a mask of any element size moves alike.
pub fn masks_move_with_the_picture(spec: &'static OpSpec) -> Result<(), Failed> {
    let pipeline = pipeline(spec)?;
    for sample in 0..4 {
        let recipe = pipeline.draw(Frame { size: SIZE, channels: 3 }, 0, sample);
        let ids: Vec<u32> =
            (0..SIZE.pixels()).map(|k| 1000 * (1 + (k % SIZE.width / 20 + 7 * (k / SIZE.width / 20)) as u32)).collect();
        let wide = expect(Mask::new(SIZE, 4, ids.iter().flat_map(|id| id.to_le_bytes()).collect()))?;
        let narrow = expect(Mask::new(SIZE, 1, ids.iter().map(|id| (id / 1000) as u8).collect()))?;
        let input = Sample { masks: vec![wide.view(), narrow.view()], ..Sample::default() };
        let out = apply(&pipeline, &recipe, &input)?;
        let (wide, narrow) = (&out.masks[0], &out.masks[1]);
        for (id, small) in wide.bytes().chunks_exact(4).zip(narrow.bytes()) {
            let id = u32::from_le_bytes([id[0], id[1], id[2], id[3]]);
            if id != 1000 * u32::from(*small) {
                return broken(format!("id {id} beside {small}: masks of two element sizes moved apart"));
            }
        }
    }
    Ok(())
}

pub fn undo_brings_points_back(spec: &'static OpSpec) -> Result<(), Failed> {
    let pipeline = pipeline(spec)?;
    for sample in 0..6 {
        let recipe = pipeline.draw(Frame { size: SIZE, channels: 3 }, 0, sample);
        let rows = [40.0, 30.0, 120.5, 77.25];
        let points = expect(Points::from_rows(&rows, 2))?;
        let there = apply(&pipeline, &recipe, &Sample { points: Some(points), ..Sample::default() })?;
        let (moved, _) = there.points.ok_or_else(|| Failed::from("points were lost"))?;
        // What a map shows nowhere, behind a camera or outside a lens, has no place to come back from.
        let lost: Vec<bool> = moved.rows.iter().map(|row| row[0].is_nan()).collect();
        let input = Sample { points: Some(moved), ..Sample::default() };
        let back = expect(augment::undo(&pipeline, &recipe, &input, &mut Scratch::default()))?;
        let (points, _) = back.points.ok_or_else(|| Failed::from("points were lost on the way back"))?;
        let found = points.to_rows();
        let near = |k: usize| lost[k / 2] || (rows[k] - found[k]).abs() <= 1e-3;
        if found.len() != rows.len() || !(0..rows.len()).all(near) {
            return broken(format!("{rows:?} came back as {found:?}; {:?}", recipe.steps));
        }
    }
    Ok(())
}
