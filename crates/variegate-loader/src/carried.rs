//! Carried: boxes and masks of a sample that others are mixed into, cut where another sample covers them.
//!
//! The maker carries a sample and its partners along the plan's warps, from mixing to mixing. A box is carried as what
//! is seen of it, in pieces, beside its whole outline, so that what one partner hides stays hidden. Samples that
//! nothing is mixed into never come here. What cannot be joined is refused when a loader is made.

use variegate_engine::move_mask;
use variegate_ops::Pipeline;
use variegate_ops::pipeline::{Stage, Step};
use variegate_picture::geometry::{area, clip};
use variegate_picture::{BoxFormat, Boxes, Error, Mask, Point, Rect, Result, Size, boxes::Shape};
use variegate_plan::node::{Mix, Outline};
use variegate_plan::{BoxRules, Node, Route};

use crate::annotations::Kinds;
use crate::known::Known;
use crate::sought::values;
use crate::targets::renumber;

/// The operations that show others alone, inside rectangles.
const IN_RECTANGLES: [&str; 3] = ["mosaic", "cut_mix", "resize_mix"];

/// The operations that show what is sought of others.
const PASTING: [&str; 2] = ["copy_paste", "class_mix"];

/// Refuses a pipeline that mixes in a way which annotations of these kinds cannot follow.
pub fn check(pipeline: &Pipeline, kinds: Kinds) -> Result<()> {
    fn steps<'a>(stages: &'a [Stage], found: &mut Vec<&'a Step>) {
        for stage in stages {
            match stage {
                Stage::Step(step) => found.push(step),
                Stage::Group(group) => steps(&group.of, found),
            }
        }
    }
    let mut found = Vec::new();
    steps(&pipeline.stages, &mut found);
    for spec in found.into_iter().map(|step| step.spec).filter(|spec| spec.family == "mix" && spec.mixes()) {
        let fades = spec.name == "mix_up";
        let pastes = PASTING.contains(&spec.name);
        if pastes && !kinds.masks && !(kinds.boxes && spec.name == "copy_paste") {
            return Err(Error::unsupported(format!(
                "{} shows what masks{} of another sample mark, and the source delivers none; use a source that knows them, \
                 and name them in targets=",
                spec.name,
                if spec.name == "copy_paste" { " or boxes" } else { "" }
            )));
        }
        let why = if kinds.points {
            "points keep their number, and each sample has its own"
        } else if kinds.masks && fades {
            "a mask holds one class or id a pixel, and cannot be faded into another"
        } else if kinds.boxes && !fades && !pastes && !IN_RECTANGLES.contains(&spec.name) {
            "boxes cannot be cut along its patches"
        } else {
            continue;
        };
        return Err(Error::unsupported(format!(
            "{} cannot carry all that the source knows: {why}; use mosaic, cut_mix or resize_mix, or name in targets= \
             what is to be delivered",
            spec.name
        )));
    }
    Ok(())
}

/// A box on its way.
#[derive(Clone, Debug)]
pub struct Trace {
    /// Its outline, whether seen or not.
    whole: Vec<Point>,
    /// What is seen of it.
    pub seen: Vec<Vec<Point>>,
    /// The share of that which shapes of other samples leave.
    left: f64,
    label: i32,
}

/// Boxes and mask of a sample, somewhere along its plan.
#[derive(Clone, Debug, Default)]
pub struct Carried {
    /// Its boxes.
    pub traces: Vec<Trace>,
    /// Its mask.
    pub mask: Option<Mask>,
    /// Whether the mask's value k + 1 is the instance of trace k.
    pub mask_of_boxes: bool,
}

impl Carried {
    /// Those of a sample as it is known.
    pub fn of(known: &Known) -> Self {
        let traces = known.boxes.shapes.iter().zip(&known.labels).map(|(shape, label)| {
            let whole = shape.corners().to_vec();
            Trace { seen: vec![whole.clone()], whole, left: 1.0, label: *label }
        });
        Self { traces: traces.collect(), mask: known.mask.clone(), mask_of_boxes: known.mask_of_boxes }
    }

    /// Carries them through nodes, from a picture of `size`; `partner` gives what is joined by its number. `fill` is an
    /// element of the mask where nothing is seen.
    pub fn through<'p>(
        mut self,
        nodes: &[Node],
        mut size: Size,
        fill: &[u8],
        partner: impl Fn(u64) -> Option<&'p Carried>,
    ) -> Result<Self> {
        for part in nodes.split_inclusive(|node| matches!(node, Node::Mix(_))) {
            let to = part.iter().rev().find_map(|node| if let Node::Warp(warp) = node { Some(warp.to) } else { None });
            let route = Route::of(part, size, to.unwrap_or(size));
            self = self.moved(&route, fill);
            size = route.to();
            if let Some(Node::Mix(mix)) = part.last()
                && let Some(other) = partner(mix.partner)
            {
                self.join(mix, other.clone(), size, fill)?;
            }
        }
        Ok(self)
    }

    /// The boxes that stay under these rules, their labels, and which of all that were joined they are.
    pub fn boxes(&self, rules: &BoxRules) -> (Vec<Rect>, Vec<i32>, Vec<usize>) {
        let stays = |(k, trace): (usize, &Trace)| {
            let (visible, total) = (trace.left * trace.seen_area(), area(&trace.whole));
            let seen = Rect::around(trace.seen.iter().flatten().copied())?;
            let around = if rules.clip { seen } else { Rect::around(trace.whole.iter().copied()).unwrap_or(seen) };
            let share = if total > 0.0 { visible / total } else { 0.0 };
            let stays = visible > 0.0 && around.area() >= rules.min_area && share + 1e-9 >= rules.min_visibility;
            stays.then_some((around, trace.label, k))
        };
        self.traces.iter().enumerate().filter_map(stays).collect()
    }

    /// The mask, where there is one.
    pub fn into_mask(self) -> Option<Mask> {
        self.mask
    }

    fn moved(mut self, route: &Route, fill: &[u8]) -> Self {
        if route.is_empty() {
            return self;
        }
        for trace in &mut self.traces {
            trace.seen = trace.seen.iter().map(|piece| outline(route, piece, true)).collect();
            trace.whole = outline(route, &trace.whole, false);
            trace.drop_nothing();
        }
        self.mask = self.mask.map(|mask| move_mask(route, mask.view(), fill));
        self
    }

    /// Joins another sample's, as a mixing shows it.
    fn join(&mut self, mix: &Mix, mut other: Carried, size: Size, fill: &[u8]) -> Result<()> {
        let parts = parts(mix, size)?;
        if let Some(warp) = &mix.laid {
            other = other.moved(&Route::of(&[Node::Warp((**warp).clone())], size, size), fill);
        }
        let faded = mix.weight < 1.0;
        if let (Some(_), Some(flags)) = (&mix.sought, &mix.mask) {
            self.hide(flags, size);
        }
        for trace in &mut self.traces {
            for part in &parts {
                trace.seen = trace.seen.iter().flat_map(|piece| outside(piece, *part, size)).collect();
            }
            if mix.weight <= 0.0 {
                trace.seen.clear();
            }
            trace.drop_nothing();
        }
        if let Some(sought) = &mix.sought {
            let chosen = other.chosen(sought);
            let shown = |number: u32| chosen.contains(&number) && (other.mask_of_boxes || !sought.is_of_classes());
            let gone: Vec<bool> = (1..).take(other.traces.len()).map(|number| !shown(number)).collect();
            other.traces.iter_mut().zip(gone).filter(|(_, gone)| *gone).for_each(|(trace, _)| trace.seen.clear());
        } else if !faded {
            for trace in &mut other.traces {
                trace.seen = trace.seen.iter().flat_map(|piece| parts.iter().map(|part| clip(piece, *part))).collect();
                trace.drop_nothing();
            }
        }
        if let (true, Some(mask)) = (self.mask_of_boxes, &mut other.mask) {
            let (before, element) = (self.traces.len() as u32, mask.element());
            renumber(mask.bytes_mut(), element, |instance| if instance == 0 { 0 } else { instance + before });
        }
        self.traces.append(&mut other.traces);
        if let (Some(own), mask) = (&mut self.mask, other.mask) {
            if faded {
                return Err(Error::unsupported(
                    "a mask cannot be faded into another; name in targets= what is to be delivered",
                ));
            }
            paint(own, mask.as_ref(), mix, &parts, fill);
        }
        Ok(())
    }
}

impl Carried {
    /// Takes from what is seen the pixels that another sample covers.
    fn hide(&mut self, flags: &[bool], size: Size) {
        let instances: Option<Vec<u32>> =
            self.mask.as_ref().filter(|_| self.mask_of_boxes).map(|m| values(m).collect());
        for (trace, number) in self.traces.iter_mut().zip(1..) {
            let own = instances.as_ref().map(|values| move |k: usize| values[k] == number);
            let own = own.as_ref().map(|own| own as &dyn Fn(usize) -> bool);
            match trace.left(flags, size, own) {
                None => trace.seen.clear(),
                Some((_, 1.0)) => {}
                Some((around, share)) => {
                    let before = trace.seen_area();
                    trace.seen = trace.seen.iter().map(|piece| clip(piece, around)).collect();
                    trace.drop_nothing();
                    trace.left *= share * before / trace.seen_area().max(f64::MIN_POSITIVE);
                }
            }
        }
    }
}

impl Trace {
    fn seen_area(&self) -> f64 {
        self.seen.iter().map(|piece| area(piece)).sum()
    }

    /// Drops pieces of which nothing is left.
    fn drop_nothing(&mut self) {
        self.seen.retain(|piece| piece.len() >= 3 && area(piece) > 0.0);
    }
}

/// The rectangles in which a mixing shows the other sample alone.
fn parts(mix: &Mix, size: Size) -> Result<Vec<Rect>> {
    let rect = |shape: &Outline| match shape {
        Outline::Rect(rect) => Ok(rect.intersect(Rect::of(size))),
        _ => Err(Error::unsupported("boxes and masks cannot be cut along a shape that is no rectangle")),
    };
    mix.shapes.iter().map(rect).collect()
}

/// Where an outline goes. A torn map scatters it; the box around its parts stands for it then.
fn outline(route: &Route, piece: &[Point], cut: bool) -> Vec<Point> {
    if !route.is_torn() {
        return route.polygon(piece, cut);
    }
    let Some(rect) = Rect::around(piece.iter().copied()) else { return Vec::new() };
    let boxes = Boxes { shapes: vec![Shape::Upright(rect)], format: BoxFormat::XYXY };
    let (moved, _) = route.boxes(&boxes, &BoxRules { clip: cut, ..BoxRules::default() });
    moved.shapes.first().map_or_else(Vec::new, |shape| shape.corners().to_vec())
}

/// What of a convex piece lies outside a rectangle: left and right of it, above and below.
fn outside(piece: &[Point], part: Rect, size: Size) -> Vec<Vec<Point>> {
    let frame = Rect::of(size);
    [
        Rect::new(frame.x0, frame.y0, part.x0, frame.y1),
        Rect::new(part.x1, frame.y0, frame.x1, frame.y1),
        Rect::new(part.x0, frame.y0, part.x1, part.y0),
        Rect::new(part.x0, part.y1, part.x1, frame.y1),
    ]
    .into_iter()
    .filter(|rest| rest.area() > 0.0)
    .map(|rest| clip(piece, rest))
    .collect()
}

/// Copies another mask to where a mixing shows the other sample; the fill, where the other has none.
fn paint(own: &mut Mask, other: Option<&Mask>, mix: &Mix, parts: &[Rect], fill: &[u8]) {
    let (size, element) = (own.size(), own.element());
    let shown = |k: usize| {
        let centre = Point::new((k % size.width) as f64 + 0.5, (k / size.width) as f64 + 0.5);
        mix.mask.as_ref().is_some_and(|flags| flags.get(k) == Some(&true))
            || parts.iter().any(|part| part.contains(centre))
    };
    for (k, pixel) in own.bytes_mut().chunks_exact_mut(element).enumerate().filter(|(k, _)| shown(*k)) {
        let from = other.and_then(|mask| mask.bytes().get(k * element..(k + 1) * element));
        pixel.copy_from_slice(from.unwrap_or(fill));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use variegate_picture::{Homography, Points};
    use variegate_plan::Warp;

    const FRAME: Size = Size { height: 10, width: 20 };

    fn sample(boxes: &[Rect], label: i32, mark: u8) -> Carried {
        let shapes = boxes.iter().map(|rect| Shape::Upright(*rect)).collect();
        let boxes = Boxes { shapes, format: BoxFormat::XYXY };
        let labels = vec![label; boxes.shapes.len()];
        let mask = Some(Mask::filled(FRAME, &[mark]));
        Carried::of(&Known { boxes, labels, points: Points::default(), points_of_box: 0, mask, mask_of_boxes: true })
    }

    fn mixed(own: &[Rect], other: &[Rect], mix: Mix) -> Carried {
        let (own, other) = (sample(own, 1, 10), sample(other, 2, 20));
        own.through(&[Node::Mix(mix)], FRAME, &[0], |_| Some(&other)).expect("joins")
    }

    fn boxes(carried: &Carried) -> Vec<(Rect, i32)> {
        let (boxes, labels, _) = carried.boxes(&BoxRules::default());
        boxes.into_iter().zip(labels).collect()
    }

    #[test]
    fn a_partner_cuts_what_it_covers_and_is_cut_to_what_it_shows() {
        let own = [Rect::new(2.0, 2.0, 8.0, 8.0), Rect::new(12.0, 1.0, 14.0, 3.0), Rect::new(0.0, 0.0, 20.0, 10.0)];
        let other = [Rect::new(3.0, 4.0, 7.0, 6.0), Rect::new(0.0, 0.0, 4.0, 4.0)];
        let joined = mixed(&own, &other, Mix::within(7, Rect::new(5.0, 0.0, 15.0, 10.0), FRAME));
        // One is cut, one is gone, and what is left of the widest lies on both sides.
        let wanted = [(Rect::new(2.0, 2.0, 5.0, 8.0), 1), (own[2], 1), (Rect::new(5.0, 4.0, 7.0, 6.0), 2)];
        assert_eq!(boxes(&joined), wanted);
        let strict = BoxRules { min_visibility: 0.5, ..BoxRules::default() };
        assert_eq!(joined.boxes(&strict).1, [1, 1, 2], "3 of 6, 10 of 20 and 2 of 4 columns are seen");
        let strict = BoxRules { min_visibility: 0.51, ..BoxRules::default() };
        assert!(joined.boxes(&strict).1.is_empty());
        // Instances of the partner count on after the three of its own.
        let mask = joined.into_mask().expect("a mask");
        let row: Vec<u8> = (0..20).map(|x| if (5..15).contains(&x) { 23 } else { 10 }).collect();
        assert!(mask.bytes().chunks(20).all(|found| found == row));
    }

    #[test]
    fn a_box_at_the_corner_of_several_partners_is_cut_by_all_of_them() {
        let own = sample(&[Rect::new(6.0, 3.0, 14.0, 8.0)], 1, 10);
        let parts =
            [Rect::new(10.0, 0.0, 20.0, 5.0), Rect::new(0.0, 5.0, 10.0, 10.0), Rect::new(10.0, 5.0, 20.0, 10.0)];
        let nodes: Vec<Node> = parts.iter().map(|part| Node::Mix(Mix::within(7, *part, FRAME))).collect();
        let other = sample(&[], 2, 20);
        let joined = own.through(&nodes, FRAME, &[0], |_| Some(&other)).expect("joins");
        assert_eq!(boxes(&joined), [(Rect::new(6.0, 3.0, 10.0, 5.0), 1)]);
    }

    #[test]
    fn a_partner_is_laid_and_everything_moves_on() {
        let (own, other) = (sample(&[], 1, 10), sample(&[Rect::new(0.0, 0.0, 4.0, 4.0)], 2, 20));
        let laid = Warp::new(Homography::translate(-10.0, 0.0), FRAME, FRAME);
        let mix = Mix::within(7, Rect::new(10.0, 0.0, 20.0, 10.0), FRAME).laid(laid);
        let flip = Warp::new(Homography::affine(-1.0, 0.0, 20.0, 0.0, 1.0, 0.0), FRAME, FRAME);
        let nodes = [Node::Mix(mix), Node::Warp(flip)];
        let joined = own.through(&nodes, FRAME, &[0], |_| Some(&other)).expect("joins");
        assert_eq!(boxes(&joined), [(Rect::new(6.0, 0.0, 10.0, 4.0), 2)]);
        let mask = joined.into_mask().expect("a mask");
        assert_eq!(mask.bytes()[..20], [[20u8; 10], [10; 10]].concat());
    }

    #[test]
    fn a_faded_partner_cuts_nothing() {
        let (own, other) = ([Rect::new(2.0, 2.0, 8.0, 8.0)], [Rect::new(3.0, 4.0, 7.0, 6.0)]);
        let mut one = sample(&own, 1, 10);
        one.mask = None;
        let second = sample(&other, 2, 20);
        let joined = one.through(&[Node::Mix(Mix::faded(7, 0.3))], FRAME, &[0], |_| Some(&second)).expect("joins");
        assert_eq!(boxes(&joined), [(own[0], 1), (other[0], 2)]);
        let error = sample(&own, 1, 10).through(&[Node::Mix(Mix::faded(7, 0.3))], FRAME, &[0], |_| Some(&second));
        assert!(error.expect_err("masks").message().contains("faded"));
    }
}
