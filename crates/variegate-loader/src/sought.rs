//! What of a sample is shown in another one: the pixels of chosen instances or classes.
//!
//! [`crate::partners`] asks for the pixels before a plan runs, [`crate::carried`] for the instances when it joins what is
//! attached. Both see the partner as it stands before the mixing. Nothing is moved or painted here.

use std::collections::BTreeSet;
use std::sync::Arc;

use variegate_picture::{Mask, Point, Rect, Size};
use variegate_plan::Sought;

use crate::carried::{Carried, Trace};
use crate::targets::value_of;

impl Carried {
    /// The numbers of the instances or classes that are sought and there.
    pub fn chosen(&self, sought: &Sought) -> Vec<u32> {
        let by_class = matches!(sought, Sought::Classes { .. }) && !self.mask_of_boxes || self.traces.is_empty();
        if !by_class {
            let shown = self.traces.iter().zip(1..).filter(|(trace, _)| !trace.seen.is_empty());
            return sought.chosen(&shown.map(|(_, number)| number).collect::<Vec<u32>>());
        }
        let mut found: BTreeSet<u32> = self.mask.iter().flat_map(values).collect();
        // Where nothing but classes is known, each is an instance, and 0 is the background.
        if matches!(sought, Sought::Instances { .. }) {
            found.remove(&0);
        }
        sought.chosen(&found.into_iter().collect::<Vec<u32>>())
    }

    /// A flag for each pixel of a frame of `size` where what is sought lies.
    pub fn shown(&self, sought: &Sought, size: Size) -> Arc<[bool]> {
        let chosen: BTreeSet<u32> = self.chosen(sought).into_iter().collect();
        let mut flags = vec![false; size.pixels()];
        let mask = self.mask.as_ref().filter(|mask| mask.size() == size);
        let by_box = !self.mask_of_boxes && !self.traces.is_empty() && matches!(sought, Sought::Instances { .. });
        if by_box {
            // Boxes bound what is shown, and a mask of classes tells it from its background.
            for (trace, _) in self.traces.iter().zip(1..).filter(|(_, number)| chosen.contains(number)) {
                trace.each_pixel(size, |k| flags[k] = true);
            }
            for (flag, value) in flags.iter_mut().zip(mask.into_iter().flat_map(values)) {
                *flag &= value != 0;
            }
        } else {
            for (flag, value) in flags.iter_mut().zip(mask.into_iter().flat_map(values)) {
                *flag = chosen.contains(&value);
            }
        }
        flags.into()
    }
}

impl Trace {
    /// Tells every pixel of a frame of `size` whose centre lies in what is seen.
    pub fn each_pixel(&self, size: Size, mut tell: impl FnMut(usize)) {
        for piece in &self.seen {
            let Some(around) = Rect::around(piece.iter().copied()) else { continue };
            let (rows, columns) = places(around, size);
            for y in rows {
                let line = columns.clone().map(|x| (x, Point::new(x as f64 + 0.5, y as f64 + 0.5)));
                line.filter(|(_, centre)| holds(piece, *centre)).for_each(|(x, _)| tell(y * size.width + x));
            }
        }
    }

    /// Tells what is left of the trace where others cover flagged pixels of a frame: the rectangle around it, and the share
    /// of its pixels. `own` says of a pixel whether it shows the trace; without it, those do that lie in what is seen.
    pub fn left(&self, flags: &[bool], size: Size, own: Option<&dyn Fn(usize) -> bool>) -> Option<(Rect, f64)> {
        let (mut before, mut after, mut edges) = (0usize, 0usize, None::<[usize; 4]>);
        let mut count = |k: usize| {
            before += 1;
            if !flags[k] {
                after += 1;
                let (x, y) = (k % size.width, k / size.width);
                let [x0, y0, x1, y1] = edges.unwrap_or([x, y, x + 1, y + 1]);
                edges = Some([x0.min(x), y0.min(y), x1.max(x + 1), y1.max(y + 1)]);
            }
        };
        match own {
            Some(own) => (0..flags.len()).filter(|k| own(*k)).for_each(&mut count),
            None => self.each_pixel(size, &mut count),
        }
        // What is smaller than a pixel is hidden by nothing.
        let share = if before == 0 { 1.0 } else { after as f64 / before as f64 };
        let around = edges.map(|edges| edges.map(|edge| edge as f64)).map(|[x0, y0, x1, y1]| Rect::new(x0, y0, x1, y1));
        if before == 0 { Some((Rect::of(size), share)) } else { around.map(|around| (around, share)) }
    }
}

/// The values of a mask, row by row.
pub fn values(mask: &Mask) -> impl Iterator<Item = u32> {
    mask.bytes().chunks_exact(mask.element().max(1)).map(value_of)
}

/// The rows and columns of a frame that a rectangle touches.
fn places(around: Rect, size: Size) -> (std::ops::Range<usize>, std::ops::Range<usize>) {
    let range = |from: f64, to: f64, n: usize| (from.max(0.0) as usize)..(to.ceil().max(0.0) as usize).min(n);
    (range(around.y0, around.y1, size.height), range(around.x0, around.x1, size.width))
}

/// Whether a point lies in a convex piece.
fn holds(piece: &[Point], p: Point) -> bool {
    let (mut left, mut right) = (false, false);
    for (k, a) in piece.iter().enumerate() {
        let b = piece[(k + 1) % piece.len()];
        let side = (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x);
        left |= side > 0.0;
        right |= side < 0.0;
    }
    !(left && right)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::known::Known;
    use variegate_picture::{BoxFormat, Boxes, FieldKey, Points, boxes::Shape};
    use variegate_plan::node::Mix;
    use variegate_plan::{BoxRules, Builder, Meaning, Node, Plan};

    const FRAME: Size = Size { height: 4, width: 8 };
    const ALL: Sought = Sought::Instances { chance: 1.0, key: FieldKey(1, 2) };

    fn sample(boxes: &[Rect], label: i32, mask: Option<Vec<u8>>, mask_of_boxes: bool) -> Carried {
        let shapes = boxes.iter().map(|rect| Shape::Upright(*rect)).collect();
        let boxes = Boxes { shapes, format: BoxFormat::XYXY };
        let labels = vec![label; boxes.shapes.len()];
        let mask = mask.map(|bytes| Mask::new(FRAME, 1, bytes).expect("a mask"));
        Carried::of(&Known { boxes, labels, points: Points::default(), points_of_box: 0, mask, mask_of_boxes })
    }

    /// A mask of one value in columns of all rows.
    fn columns(range: std::ops::Range<usize>, value: u8) -> Vec<u8> {
        (0..32).map(|k| if range.contains(&(k % 8)) { value } else { 0 }).collect()
    }

    fn plan(sought: Sought) -> Plan {
        let mut plan = Builder::new(variegate_picture::Frame { size: FRAME, channels: 3 });
        plan.push(Node::Mix(Mix::seeking(7, sought, 0.0)));
        plan.into_plan(Meaning::Continuous)
    }

    fn joined(own: Carried, other: &Carried, sought: Sought) -> Carried {
        let mut plan = plan(sought);
        plan.settle(|_, sought| Some((other.shown(sought, FRAME), FRAME)));
        own.through(&plan.written, FRAME, &[0], |_| Some(other)).expect("joins")
    }

    #[test]
    fn a_pasted_instance_takes_pixels_and_box_from_what_it_covers() {
        // Columns 0 to 6 are covered from 4 on; a second instance is covered wholly.
        let mut mask = columns(0..6, 1);
        mask.iter_mut().enumerate().filter(|(k, _)| k % 8 == 6).for_each(|(_, v)| *v = 2);
        let boxes = [Rect::new(0.0, 0.0, 6.0, 4.0), Rect::new(6.0, 0.0, 7.0, 4.0)];
        let own = sample(&boxes, 1, Some(mask), true);
        let other = sample(&[Rect::new(4.0, 0.0, 8.0, 4.0)], 2, Some(columns(4..8, 1)), true);
        let joined = joined(own, &other, ALL);
        let (rects, labels, kept) = joined.boxes(&BoxRules::default());
        assert_eq!(rects, [Rect::new(0.0, 0.0, 4.0, 4.0), Rect::new(4.0, 0.0, 8.0, 4.0)]);
        assert_eq!((labels, kept), (vec![1, 2], vec![0, 2]));
        let strict = BoxRules { min_visibility: 0.7, ..BoxRules::default() };
        assert_eq!(joined.boxes(&strict).1, [2], "two thirds of the first are left");
        let mask = joined.into_mask().expect("a mask");
        assert!(mask.bytes().chunks(8).all(|row| row == [1, 1, 1, 1, 3, 3, 3, 3]), "{:?}", mask.bytes());
    }

    #[test]
    fn boxes_alone_are_pasted_as_they_are() {
        let other = sample(&[Rect::new(1.0, 1.0, 3.0, 3.0)], 2, None, false);
        let shown = other.shown(&ALL, FRAME);
        let set: Vec<usize> = (0..32).filter(|k| shown[*k]).collect();
        assert_eq!(set, [9, 10, 17, 18]);
        let joined = joined(sample(&[Rect::new(0.0, 0.0, 2.0, 2.0)], 1, None, false), &other, ALL);
        // A quarter of it is hidden, and what is left still needs the whole box.
        let strict = |share| joined.boxes(&BoxRules { min_visibility: share, ..BoxRules::default() }).1;
        assert_eq!((strict(0.74), strict(0.76)), (vec![1, 2], vec![2]));
    }

    #[test]
    fn classes_are_copied_where_they_are_chosen() {
        let other = sample(&[], 0, Some(columns(2..5, 9)), false);
        let sought = Sought::Classes { share: 0.5, ignore: Some(0), key: FieldKey(1, 2) };
        let joined = joined(sample(&[], 0, Some(columns(0..8, 4)), false), &other, sought);
        let mask = joined.into_mask().expect("a mask");
        assert!(mask.bytes().chunks(8).all(|row| row == [4, 4, 9, 9, 9, 4, 4, 4]), "{:?}", mask.bytes());
        // Where nothing else is known each class but the background is an instance.
        assert_eq!(other.chosen(&ALL), [9]);
    }
}
