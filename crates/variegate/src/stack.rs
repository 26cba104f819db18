//! Volumes and clips: a plan over all slices or frames.
//!
//! [`crate::augment`] calls it. Most of a plan goes over each frame by itself, under one draw; where a node sees the
//! whole stack, all frames meet in one block of reals. At most two stacks are in memory beside the one that was given.

use variegate_engine::{Scratch, move_mask, run_to_picture};
use variegate_loader::Local;
use variegate_picture::{Dtype, Error, Mask, MaskView, Picture, Result, View};
use variegate_plan::{Block, Extent, Plan, Section};

/// A stack between two sections of a plan.
enum Held<'a> {
    Given(&'a [View<'a>]),
    Frames(Vec<Picture>),
    Whole(Block),
}

/// Runs a plan over the frames of a stack, at least one, all of one size, channels and type; `white` is the value of
/// white in float pictures.
pub fn run(plan: &Plan, frames: &[View<'_>], white: f32, scratch: &mut Scratch) -> Result<Vec<Picture>> {
    let Some(first) = frames.first() else {
        return Err(Error::input("a volume or video without a frame; expected at least one"));
    };
    if let Some(k) = frames.iter().position(|f| (f.frame(), f.dtype()) != (first.frame(), first.dtype())) {
        return Err(Error::input(format!("frame {k} is of another size, channels or type than frame 0")));
    }
    let dtype = first.dtype();
    let stored = match dtype {
        Dtype::U8 => 255.0,
        Dtype::U16 => 65535.0,
        _ => white,
    };
    let mut held = Held::Given(frames);
    for section in plan.sections() {
        held = match section {
            // Between two steps that see the whole, values stay reals where nothing else happens.
            Section::Frames(plan) if plan.is_idle() => held,
            Section::Frames(plan) => {
                let mut one = |frame: View<'_>| run_to_picture(&plan, frame, white, scratch, &Local);
                Held::Frames(match held {
                    Held::Given(frames) => frames.iter().map(|frame| one(*frame)).collect::<Result<_>>()?,
                    held => held.stored(dtype, stored)?.iter().map(|frame| one(frame.view())).collect::<Result<_>>()?,
                })
            }
            Section::Whole(stack) => Held::Whole(stack.run(held.whole(stored))),
        };
    }
    held.stored(dtype, stored)
}

impl Held<'_> {
    fn whole(self, white: f32) -> Block {
        match self {
            Held::Given(frames) => Block::of(frames, white),
            Held::Frames(list) => Block::of(&list.iter().map(Picture::view).collect::<Vec<_>>(), white),
            Held::Whole(block) => block,
        }
    }

    fn stored(self, dtype: Dtype, white: f32) -> Result<Vec<Picture>> {
        match self {
            Held::Given(frames) => Ok(frames.iter().map(View::to_picture).collect()),
            Held::Frames(list) => Ok(list),
            Held::Whole(block) => block.to_pictures(dtype, white),
        }
    }
}

/// Moves the masks of a stack along a plan; `fill` is one element, shown where nothing is seen.
pub fn move_masks(plan: &Plan, masks: &[MaskView<'_>], fill: &[u8]) -> Result<Vec<Mask>> {
    let mut held: Vec<Mask> = Vec::with_capacity(masks.len());
    for mask in masks {
        if (mask.size(), mask.element()) != (plan.input.size, fill.len()) {
            return Err(Error::input("the masks of a volume or video are of one size and one type"));
        }
        held.push(Mask::new(mask.size(), mask.element(), mask.bytes().to_vec())?);
    }
    for section in plan.sections() {
        match section {
            Section::Frames(plan) => {
                let route = plan.route();
                if !route.is_empty() {
                    held.iter_mut().for_each(|mask| *mask = move_mask(&route, mask.view(), fill));
                }
            }
            Section::Whole(stack) => {
                let Some(gather) = stack.solid.gather() else { continue };
                let size = stack.from.size();
                let bytes: Vec<u8> = held.iter().flat_map(|mask| mask.bytes()).copied().collect();
                let from = Extent::new(held.len(), size.height, size.width);
                let moved = gather.ids(&bytes, from, fill, stack.to);
                let slices = moved.chunks_exact((stack.to.size().pixels() * fill.len()).max(1));
                let slices = slices.map(|slice| Mask::new(stack.to.size(), fill.len(), slice.to_vec()));
                held = slices.collect::<Result<_>>()?;
            }
        }
    }
    Ok(held)
}

#[cfg(test)]
mod tests {
    use super::*;
    use variegate_ops::Pipeline;
    use variegate_ops::colour::Invert;
    use variegate_ops::crop::Crop;
    use variegate_ops::video::{Reverse, TemporalCrop};
    use variegate_picture::{Frame, Pixels, Size};

    use crate::augment::{Sample, apply, stack_plan};

    /// Three frames of 1 × 2, numbered from 0.
    fn clip() -> Vec<Picture> {
        let frame = |k: u8| Picture::new(Size::new(1, 2), 1, Pixels::U8(vec![2 * k, 2 * k + 1]));
        (0..3).map(|k| frame(k).expect("two pixels")).collect()
    }

    #[test]
    fn frames_and_masks_go_through_both_kinds_of_steps() {
        let pipeline = Pipeline::builder()
            .then(Invert::config())
            .then(Reverse::config())
            .then(Crop::config().size(Size::new(1, 1)).x(1.0))
            .then(TemporalCrop::config().frames(2i64).t(0.0))
            .build()
            .expect("builds");
        let clip = clip();
        let recipe = pipeline.draw(Frame::new(1, 2, 1), 0, 0);
        let frames: Vec<_> = clip.iter().map(Picture::view).collect();
        let ids: Vec<Mask> = (0..3).map(|k| Mask::filled(Size::new(1, 2), &[k, 7])).collect();
        let sample = Sample {
            stacks: vec![frames],
            mask_stacks: vec![(ids.iter().map(Mask::view).collect(), vec![0, 0])],
            ..Sample::default()
        };
        let made = apply(&pipeline, &recipe, &sample, &mut Scratch::default()).expect("applies");
        let pixels: Vec<_> = made.stacks[0].iter().map(Picture::pixels).collect();
        assert_eq!(pixels, [&Pixels::U8(vec![250]), &Pixels::U8(vec![252])]);
        let moved: Vec<_> = made.mask_stacks[0].iter().map(Mask::bytes).collect();
        assert_eq!(moved, [[2, 7], [1, 7]]);
        let plan = stack_plan(&pipeline, &recipe, 1, 3);
        assert_eq!((plan.sections().len(), plan.stacks().count()), (5, 2));
    }

    #[test]
    fn a_picture_or_its_boxes_refuse_what_moves_a_whole_stack() {
        let pipeline = Pipeline::builder().then(Reverse::config()).build().expect("builds");
        let recipe = pipeline.draw(Frame::new(1, 2, 1), 0, 0);
        let clip = clip();
        let said = |sample: &Sample<'_>| match apply(&pipeline, &recipe, sample, &mut Scratch::default()) {
            Err(error) => error.to_string(),
            Ok(_) => String::new(),
        };
        let alone = said(&Sample { images: vec![clip[0].view()], ..Sample::default() });
        assert!(alone.contains("reverse") && alone.contains("volume="), "{alone}");
        let mask = Mask::filled(Size::new(1, 2), &[1]);
        let flat = said(&Sample { masks: vec![mask.view()], ..Sample::default() });
        assert!(flat.contains("video_mask"), "{flat}");
    }
}
