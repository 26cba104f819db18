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
