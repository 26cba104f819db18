//! Moved: the annotations of a sample in one of its views, after everything its plan does.
//!
//! The maker makes it beside the pixels, under the same plan, and writes the mask into its slot; the batch collects it.

use variegate_engine::move_mask;
use variegate_ops::Pipeline;
use variegate_picture::boxes::Shape;
use variegate_picture::{Error, Points, Rect, Result};
use variegate_plan::{Node, Plan, Route};

use crate::carried::Carried;
use crate::known::Known;
use crate::partners::Partners;
use crate::reading::Reading;
use crate::targets::renumber;

/// What is attached to a sample in one view.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Moved {
    /// The boxes that stay, in pixels.
    pub boxes: Vec<Rect>,
    /// The class of each.
    pub labels: Vec<i32>,
    /// The points; where they belong to boxes, those of the boxes that stay.
    pub points: Points,
    /// How well each point is seen, 0 for not at all.
    pub seen: Vec<u8>,
}

/// Moves what is known of a sample by the plan of a view. `fill` is an element of the mask where nothing is seen, and
/// `place` takes the mask; both are empty where none is delivered.
pub fn moved(
    known: &Known,
    view: &Pipeline,
    reading: &Reading,
    plan: &Plan,
    partners: &Partners,
    fill: &[u8],
    place: &mut [u8],
) -> Result<Moved> {
    let (from, nodes) = reading.after_turn(plan);
    if nodes.iter().any(|node| matches!(node, Node::Mix(_))) {
        let joined = Carried::of(known).through(nodes, from, fill, |number| partners.carried(number))?;
        let (boxes, labels, kept) = joined.boxes(&view.options.boxes);
        write(joined.into_mask().as_ref().map(|mask| mask.bytes()), fill, place)?;
        if known.mask_of_boxes {
            follow(&kept, fill, place);
        }
        return Ok(Moved { boxes, labels, ..Moved::default() });
    }
    let route = Route::of(nodes, from, plan.output.size);
    let (boxes, kept) = route.boxes(&known.boxes, &view.options.boxes);
    let (points, seen) = points(known, view, &route, &kept);
    let mask = known.mask.as_ref().map(|mask| move_mask(&route, mask.view(), fill));
    write(mask.as_ref().map(|mask| mask.bytes()), fill, place)?;
    if known.mask_of_boxes {
        follow(&kept, fill, place);
    }
    Ok(Moved {
        boxes: boxes.shapes.iter().map(Shape::around).collect(),
        labels: kept.iter().filter_map(|k| known.labels.get(*k).copied()).collect(),
        points,
        seen,
    })
}

/// Points by groups: those of each box that stays, or all of the picture's. Pairs that a mirroring exchanges count
/// within a group.
fn points(known: &Known, view: &Pipeline, route: &Route, kept: &[usize]) -> (Points, Vec<u8>) {
    let Known { points, points_of_box, .. } = known;
    let mut all = Points { rows: Vec::new(), given: points.given, visible: Vec::new() };
    let mut seen = Vec::new();
    let groups: Vec<std::ops::Range<usize>> = match points_of_box {
        0 => std::iter::once(0..points.rows.len()).collect(),
        n => kept.iter().map(|k| k * n..(k + 1) * n).filter(|group| group.end <= points.rows.len()).collect(),
    };
    for group in groups {
        let rows = points.rows[group.clone()].to_vec();
        let visible = points.visible.get(group).map_or_else(Vec::new, <[u8]>::to_vec);
        let (moved, flags) = route.points(&Points { rows, given: points.given, visible }, &view.options.swap);
        if moved.visible.is_empty() {
            seen.extend(flags.into_iter().map(u8::from));
        } else {
            seen.extend_from_slice(&moved.visible);
        }
        all.rows.extend(moved.rows);
    }
    (all, seen)
}

/// Numbers the instances of a mask as the boxes that stay are numbered, from 1; those of others become 0.
fn follow(kept: &[usize], fill: &[u8], place: &mut [u8]) {
    let mut numbers = vec![0; kept.iter().max().map_or(1, |most| most + 2)];
    kept.iter().zip(1..).for_each(|(k, number)| numbers[k + 1] = number);
    renumber(place, fill.len(), |instance| numbers.get(instance as usize).copied().unwrap_or(0));
}

/// Writes a mask into its place; the fill, where a sample has none.
fn write(mask: Option<&[u8]>, fill: &[u8], place: &mut [u8]) -> Result<()> {
    match mask {
        _ if place.is_empty() => {}
        Some(bytes) if bytes.len() == place.len() => place.copy_from_slice(bytes),
        Some(_) => return Err(Error::internal("a moved mask is not of its picture's size")),
        None => place.chunks_exact_mut(fill.len().max(1)).for_each(|pixel| pixel.copy_from_slice(fill)),
    }
    Ok(())
}
