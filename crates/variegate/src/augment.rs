//! One sample at a time: a picture and everything attached to it under one drawn geometry.
//!
//! The Python package and the command line call this; it owns no thread and keeps nothing between calls.

use std::borrow::Cow;

use variegate_engine::{Scratch, move_mask, run, run_to_picture};
use variegate_loader::Local;
use variegate_ops::{Pipeline, Recipe};
use variegate_picture::boxes::Shape;
use variegate_picture::{Boxes, Error, Mask, MaskView, Picture, Point, Points, Rect, Result, Size, Slot, View};
use variegate_plan::{Attached, Builder, Plan, Route, Stack, Warp};

use crate::fields::{Field, move_field};
use crate::stack;

/// What goes in: all under one geometry, so all of the size of the first picture.
#[derive(Clone, Debug, Default)]
pub struct Sample<'a> {
    /// Pictures; colour operations change every one of them alike.
    pub images: Vec<View<'a>>,
    /// Masks.
    pub masks: Vec<MaskView<'a>>,
    /// What each mask holds where nothing is seen, as bytes of an element; the mask's own zero where it is missing.
    pub mask_fills: Vec<Vec<u8>>,
    /// Boxes.
    pub boxes: Option<Boxes>,
    /// Points.
    pub points: Option<Points>,
    /// Polygons, each a list of corners.
    pub polygons: Vec<Vec<Point>>,
    /// Measured values: heat maps, flow, normals.
    pub fields: Vec<Field<'a>>,
    /// Volumes and clips: their slices or frames, at least one, all of one size, channels and type.
    pub stacks: Vec<Vec<View<'a>>>,
    /// Masks of volumes and clips, with what an element holds where nothing is seen: at least one each, all of one
    /// size and element.
    pub mask_stacks: Vec<(Vec<MaskView<'a>>, Vec<u8>)>,
}

/// What comes out.
#[derive(Clone, Debug)]
pub struct Augmented {
    /// The pictures, in order. Float and in final numbers where the pipeline normalises, otherwise of their own dtype.
    pub images: Vec<Picture>,
    /// The masks, in order.
    pub masks: Vec<Mask>,
    /// The boxes that stay, and the index each had.
    pub boxes: Option<(Boxes, Vec<usize>)>,
    /// The points, and which of them are seen.
    pub points: Option<(Points, Vec<bool>)>,
    /// The polygons, in order; one of which nothing is left is empty.
    pub polygons: Vec<Vec<Point>>,
    /// The fields, in order.
    pub fields: Vec<Picture>,
    /// The volumes and clips, in order; as many slices or frames as the pipeline left.
    pub stacks: Vec<Vec<Picture>>,
    /// The masks of volumes and clips, in order.
    pub mask_stacks: Vec<Vec<Mask>>,
    /// The size of everything that came out.
    pub size: Size,
}

/// The recipe with what is attached to the sample, where one of its operations looks at that and it is not known yet.
///
/// [`apply`] does so by itself. Keep what this returns where the recipe is to be replayed or undone without the sample.
pub fn seeing<'a>(recipe: &'a Recipe, sample: &Sample<'_>) -> Cow<'a, Recipe> {
    if !recipe.sees_attached() || !recipe.attached.is_empty() {
        return Cow::Borrowed(recipe);
    }
    let boxes = sample.boxes.iter().flat_map(|boxes| &boxes.shapes).map(Shape::around).collect();
    let corners = |rect: Rect| [Point::new(rect.x0, rect.y0), Point::new(rect.x1, rect.y1)];
    let marked = Rect::around(sample.masks.iter().filter_map(|mask| mask.marked()).flat_map(corners));
    Cow::Owned(Recipe { attached: Attached { boxes, marked }, ..recipe.clone() })
}

/// The plan of a recipe for pictures of `channels` channels.
pub fn plan(pipeline: &Pipeline, recipe: &Recipe, channels: usize) -> Plan {
    let frame = variegate_picture::Frame { channels, ..recipe.frame };
    pipeline.lower_from(Builder::new(frame), recipe, pipeline.options.meaning)
}

/// The plan of a recipe for a volume or clip of `depth` slices or frames.
pub fn stack_plan(pipeline: &Pipeline, recipe: &Recipe, channels: usize, depth: usize) -> Plan {
    let frame = variegate_picture::Frame { channels, ..recipe.frame };
    pipeline.lower_from(Builder::of_stack(frame, depth), recipe, pipeline.options.meaning)
}

/// Applies a recipe to a sample. A pipeline that mixes is refused, whatever the recipe: a sample alone has no partner.
pub fn apply(pipeline: &Pipeline, recipe: &Recipe, sample: &Sample<'_>, scratch: &mut Scratch) -> Result<Augmented> {
    pipeline.check_alone()?;
    check_sizes(recipe.frame.size, sample)?;
    let seen = seeing(recipe, sample);
    let recipe = seen.as_ref();
    let white = pipeline.options.value_range.1 as f32;
    let mut images = Vec::with_capacity(sample.images.len());
    let mut made: Option<(usize, Plan)> = None;
    for image in &sample.images {
        let channels = image.channels();
        if made.as_ref().is_none_or(|(c, _)| *c != channels) {
            made = Some((channels, plan(pipeline, recipe, channels)));
        }
        if let Some((_, plan)) = &made {
            images.push(run_to_picture(plan, *image, white, scratch, &Local)?);
        }
    }
    let plan = match made {
        Some((_, plan)) => plan,
        None => self::plan(pipeline, recipe, recipe.frame.channels),
    };
    let plans = stack_plans(pipeline, recipe, sample);
    let flat = !sample.masks.is_empty()
        || sample.boxes.is_some()
        || sample.points.is_some()
        || !sample.polygons.is_empty()
        || !sample.fields.is_empty();
    if flat && let Some(step) = moving(&plan, &plans) {
        return Err(flat_refusal(step));
    }
    let stacks = plans.iter().zip(&sample.stacks).map(|(plan, frames)| stack::run(plan, frames, white, scratch));
    let stacks = stacks.collect::<Result<Vec<_>>>()?;
    let mask_stacks = sample.mask_stacks.iter().map(|(masks, fill)| {
        stack::move_masks(&stack_plan(pipeline, recipe, recipe.frame.channels, masks.len()), masks, fill)
    });
    let mask_stacks = mask_stacks.collect::<Result<Vec<_>>>()?;
    Ok(Augmented { stacks, mask_stacks, ..attached(&plan.route(), pipeline, sample, images, scratch)? })
}

/// Applies a recipe to one picture, straight into its place in a batch.
pub fn apply_into(
    pipeline: &Pipeline,
    recipe: &Recipe,
    image: View<'_>,
    slot: &mut Slot<'_>,
    scratch: &mut Scratch,
) -> Result<()> {
    pipeline.check_alone()?;
    let plan = plan(pipeline, recipe, image.channels());
    run(&plan, image, pipeline.options.value_range.1 as f32, slot, scratch, &Local)
}

/// Takes predictions on an augmented picture back to the plane of the original. Colour is not undone.
///
/// Everything in `sample` is of the size the recipe ends in; what comes out is of the size it started from. Pictures
/// (probability maps, say) are read bilinearly, masks by the nearest pixel; black and the fill where nothing is known.
pub fn undo(pipeline: &Pipeline, recipe: &Recipe, sample: &Sample<'_>, scratch: &mut Scratch) -> Result<Augmented> {
    let plan = plan(pipeline, recipe, recipe.frame.channels);
    let plans = stack_plans(pipeline, recipe, sample);
    if let Some(step) = moving(&plan, &plans) {
        return Err(Error::unsupported(format!(
            "{} moves a whole volume or video, which cannot be undone yet",
            step.solid.name()
        )));
    }
    let route = plan.route();
    check_sizes(route.to(), sample)?;
    let back = route
        .inverse()
        .ok_or_else(|| Error::unsupported("a step of this recipe cannot be undone: it maps many places onto one"))?;
    let one = |image: &View<'_>, scratch: &mut Scratch| {
        let mut builder = Builder::new(image.frame());
        for warp in back.warps() {
            builder.warp(Warp { border: variegate_picture::Border::Constant, ..warp.clone() });
        }
        run_to_picture(&builder.into_plan(pipeline.options.meaning), *image, 1.0, scratch, &Local)
    };
    let images = sample.images.iter().map(|image| one(image, scratch)).collect::<Result<Vec<_>>>()?;
    let frames =
        sample.stacks.iter().map(|frames| frames.iter().map(|frame| one(frame, scratch)).collect::<Result<Vec<_>>>());
    let stacks = frames.collect::<Result<Vec<_>>>()?;
    let each =
        |(masks, fill): &(Vec<MaskView<'_>>, Vec<u8>)| masks.iter().map(|mask| move_mask(&back, *mask, fill)).collect();
    let mask_stacks = sample.mask_stacks.iter().map(each).collect();
    Ok(Augmented { stacks, mask_stacks, ..attached(&back, pipeline, sample, images, scratch)? })
}

/// The plans of the volumes and clips of a sample.
fn stack_plans(pipeline: &Pipeline, recipe: &Recipe, sample: &Sample<'_>) -> Vec<Plan> {
    let plan =
        |frames: &Vec<View<'_>>| stack_plan(pipeline, recipe, frames.first().map_or(1, View::channels), frames.len());
    sample.stacks.iter().map(plan).collect()
}

/// The first step of any plan that moves a whole stack.
fn moving<'a>(plan: &'a Plan, plans: &'a [Plan]) -> Option<&'a Stack> {
    std::iter::once(plan).chain(plans).flat_map(Plan::stacks).find(|step| step.moves())
}

fn attached(
    route: &Route,
    pipeline: &Pipeline,
    sample: &Sample<'_>,
    images: Vec<Picture>,
    scratch: &mut Scratch,
) -> Result<Augmented> {
    let options = &pipeline.options;
    if route.is_torn() && !sample.polygons.is_empty() {
        return Err(Error::unsupported(
            "this pipeline tears the picture into pieces, and a polygon would fall apart; give instance_masks instead",
        ));
    }
    let fields = sample.fields.iter().map(|field| move_field(route, field, scratch)).collect::<Result<_>>()?;
    let masks = sample.masks.iter().enumerate().map(|(k, mask)| {
        let zero = vec![0u8; mask.element()];
        let fill = sample.mask_fills.get(k).unwrap_or(&zero);
        move_mask(route, *mask, fill)
    });
    Ok(Augmented {
        images,
        fields,
        polygons: sample.polygons.iter().map(|corners| route.polygon(corners, options.boxes.clip)).collect(),
        masks: masks.collect(),
        boxes: sample.boxes.as_ref().map(|boxes| route.boxes(boxes, &options.boxes)),
        points: sample.points.as_ref().map(|points| route.points(points, &options.swap)),
        size: route.to(),
        stacks: Vec::new(),
        mask_stacks: Vec::new(),
    })
}

/// What masks, boxes and points of a frame say to a step that moves a whole stack.
fn flat_refusal(step: &Stack) -> Error {
    Error::unsupported(format!(
        "{} moves a whole volume or video; masks go with it as volume_mask or video_mask, what else is attached \
         to its frames cannot yet: leave it out",
        step.solid.name()
    ))
}

fn check_sizes(size: Size, sample: &Sample<'_>) -> Result<()> {
    let images = sample.images.iter().map(|image| ("picture", image.size()));
    let masks = sample.masks.iter().map(|mask| ("mask", mask.size()));
    let fields = sample.fields.iter().map(|field| ("field", field.values.size()));
    let frames = sample.stacks.iter().flatten().map(|frame| ("frame", frame.size()));
    let slices = sample.mask_stacks.iter().flat_map(|(masks, _)| masks).map(|mask| ("mask", mask.size()));
    for (k, (what, found)) in images.chain(masks).chain(fields).chain(frames).chain(slices).enumerate() {
        if found != size {
            return Err(Error::input(format!(
                "{what} {k} is {found} (height × width), the recipe is for {size}; resize it first or draw again"
            )));
        }
    }
    Ok(())
}
